/// CRC-32 (the one of zip and PNG) of bytes that come piece by piece.
struct Crc32: Equatable {
    private var state: UInt32 = ~0

    var value: UInt32 { ~state }

    init() {}

    /// To go on from the checksum of what came before.
    init(after value: UInt32) { state = ~value }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var next = state
        crcTable.withUnsafeBufferPointer { table in
            var index = 0
            while index + 4 <= bytes.count {
                next ^= UInt32(
                    littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self))
                next =
                    table[768 + Int(next & 255)] ^ table[512 + Int(next >> 8 & 255)]
                    ^ table[256 + Int(next >> 16 & 255)] ^ table[Int(next >> 24)]
                index += 4
            }
            while index < bytes.count {
                next = table[Int((next ^ UInt32(bytes[index])) & 255)] ^ (next >> 8)
                index += 1
            }
        }
        state = next
    }

    /// Adds so many zero bytes: what a hole in a file reads as.
    ///
    /// Each multiplies the state, a polynomial, by x⁸; so many together by a power that takes as many
    /// squarings as `count` has bits.
    mutating func addZeros(_ count: Int) {
        var (rest, power) = (count, UInt32(0x0080_0000))
        while rest > 0 {
            if rest & 1 == 1 { state = crcProduct(state, power) }
            power = crcProduct(power, power)
            rest >>= 1
        }
    }
}

extension RawFile {
    /// Goes on from a checksum with a part of this file.
    func checksum(of part: Range<UInt64>, after before: Crc32) throws(FileError) -> Crc32 {
        var at = part.lowerBound
        var crc = before
        while at < part.upperBound {
            let bytes = try readArray(of: Int(min(part.upperBound - at, 1 << 20)), at: at)
            if bytes.isEmpty { throw FileError(.read, code: FileError.damaged) }
            bytes.withUnsafeBytes { crc.add($0) }
            at += UInt64(bytes.count)
        }
        return crc
    }
}

/// Of two polynomials, modulo the one of the checksum; bit 31 is that of x⁰.
private func crcProduct(_ left: UInt32, _ right: UInt32) -> UInt32 {
    var (product, shifted) = (UInt32(0), right)
    for bit in 0..<32 {
        if left << bit & 0x8000_0000 != 0 { product ^= shifted }
        shifted = shifted & 1 == 1 ? crcPolynomial ^ (shifted >> 1) : shifted >> 1
    }
    return product
}

private let crcPolynomial: UInt32 = 0xEDB8_8320

/// Four tables of 256, one per byte of a word: four bytes a turn.
private let crcTable: [UInt32] = {
    var table = [UInt32](repeating: 0, count: 1024)
    for index in 0..<256 {
        var value = UInt32(index)
        for _ in 0..<8 { value = value & 1 == 1 ? crcPolynomial ^ (value >> 1) : value >> 1 }
        table[index] = value
    }
    for index in 256..<1024 {
        let below = table[index - 256]
        table[index] = table[Int(below & 255)] ^ (below >> 8)
    }
    return table
}()
