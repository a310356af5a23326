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
    mutating func addZeros(_ count: Int) {
        let zeros = [UInt8](repeating: 0, count: min(count, 65_536))
        var rest = count
        while rest > 0 {
            let piece = min(rest, zeros.count)
            zeros.withUnsafeBytes { add(UnsafeRawBufferPointer(rebasing: $0[..<piece])) }
            rest -= piece
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

/// Four tables of 256, one per byte of a word: four bytes a turn.
private let crcTable: [UInt32] = {
    var table = [UInt32](repeating: 0, count: 1024)
    for index in 0..<256 {
        var value = UInt32(index)
        for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
        table[index] = value
    }
    for index in 256..<1024 {
        let below = table[index - 256]
        table[index] = table[Int(below & 255)] ^ (below >> 8)
    }
    return table
}()
