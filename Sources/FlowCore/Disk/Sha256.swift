/// SHA-256 (FIPS 180-4) of bytes that come piece by piece; names the files in the audio folder.
struct Sha256 {
    private var words:
        (
            UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32
        ) = (
            0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c,
            0x1f83_d9ab,
            0x5be0_cd19
        )
    /// Bytes of a block that is not full yet.
    private var rest: [UInt8] = []
    private var byteCount: UInt64 = 0

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        byteCount += UInt64(bytes.count)
        var from = 0
        if !rest.isEmpty {
            from = min(64 - rest.count, bytes.count)
            rest += bytes[..<from]
            if rest.count < 64 { return }
            let full = rest
            rest = []
            full.withUnsafeBytes { addBlock($0) }
        }
        while from + 64 <= bytes.count {
            addBlock(UnsafeRawBufferPointer(rebasing: bytes[from..<from + 64]))
            from += 64
        }
        rest += bytes[from...]
    }

    /// The digest as eight words; nothing may be added afterwards.
    mutating func finish() -> TakeSha {
        let bitCount = byteCount * 8
        var padding: [UInt8] = [0x80]
        padding += [UInt8](repeating: 0, count: (119 - rest.count) % 64)
        for index in 0..<8 {
            padding.append(UInt8(truncatingIfNeeded: bitCount >> (56 - 8 * index)))
        }
        padding.withUnsafeBytes { add($0) }
        return TakeSha(words: words)
    }

    private mutating func addBlock(_ block: UnsafeRawBufferPointer) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
            for index in 0..<16 {
                schedule[index] = UInt32(
                    bigEndian: block.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
            }
            for index in 16..<64 {
                let near = schedule[index - 2]
                let far = schedule[index - 15]
                let mixedNear = turn(near, 17) ^ turn(near, 19) ^ (near >> 10)
                let mixedFar = turn(far, 7) ^ turn(far, 18) ^ (far >> 3)
                schedule[index] =
                    mixedNear &+ schedule[index - 7] &+ mixedFar &+ schedule[index - 16]
            }
            mix(UnsafeMutableBufferPointer(rebasing: schedule[...]))
        }
    }

    private mutating func mix(_ schedule: UnsafeMutableBufferPointer<UInt32>) {
        var (a, b, c, d, e, f, g, h) = words
        roundConstants.withUnsafeBufferPointer { constants in
            for index in 0..<64 {
                let first = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)
                let choice = (e & f) ^ (~e & g)
                let one = h &+ first &+ choice &+ constants[index] &+ schedule[index]
                let second = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)
                let majority = (a & b) ^ (a & c) ^ (b & c)
                (h, g, f, e, d, c, b, a) = (g, f, e, d &+ one, c, b, a, one &+ second &+ majority)
            }
        }
        words.0 &+= a
        words.1 &+= b
        words.2 &+= c
        words.3 &+= d
        words.4 &+= e
        words.5 &+= f
        words.6 &+= g
        words.7 &+= h
    }
}

extension TakeSha {
    /// 64 lower-case digits, as `sha256sum` prints them.
    var hex: String {
        list.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }
}

@inline(__always)
private func turn(_ value: UInt32, _ bits: UInt32) -> UInt32 {
    value >> bits | value << (32 - bits)
}

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
private let roundConstants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
]
