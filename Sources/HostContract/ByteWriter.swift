/// Puts a message together: little endian, texts and bytes behind their length.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ value: UInt8) { bytes.append(value) }

    mutating func put(_ value: Bool) { bytes.append(value ? 1 : 0) }

    mutating func put(_ value: UInt32) {
        for shift in stride(from: 0, to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift)))
        }
    }

    mutating func put(_ value: Float) { put(value.bitPattern) }

    mutating func put(_ value: Double) {
        let bits = value.bitPattern
        put(UInt32(truncatingIfNeeded: bits))
        put(UInt32(truncatingIfNeeded: bits >> 32))
    }

    mutating func put(_ value: [UInt8]) {
        put(UInt32(value.count))
        bytes.append(contentsOf: value)
    }

    /// A text that is too long is cut at a character.
    mutating func put(_ value: String, max: Int) {
        guard value.utf8.count > max else { return put(Array(value.utf8)) }
        var kept: [UInt8] = []
        for character in value {
            let more = Array(String(character).utf8)
            if kept.count + more.count > max { break }
            kept += more
        }
        put(kept)
    }
}
