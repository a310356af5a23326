/// Takes a message of the other side apart and believes none of its lengths.
struct ByteReader {
    private let kind: UInt32
    private let bytes: ArraySlice<UInt8>
    private var at: Int

    init(_ bytes: ArraySlice<UInt8>, kind: UInt32) {
        self.bytes = bytes
        self.kind = kind
        at = bytes.startIndex
    }

    private var malformed: ContractError { .malformed(kind: kind) }

    private mutating func take(_ count: Int) throws(ContractError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.endIndex - at else { throw malformed }
        at += count
        return bytes[at - count..<at]
    }

    mutating func byte() throws(ContractError) -> UInt8 {
        let one = try take(1)
        return one[one.startIndex]
    }

    mutating func bool() throws(ContractError) -> Bool {
        switch try byte() {
        case 0: false
        case 1: true
        default: throw malformed
        }
    }

    mutating func word() throws(ContractError) -> UInt32 {
        var value: UInt32 = 0
        for byte in try take(4).reversed() { value = value << 8 | UInt32(byte) }
        return value
    }

    mutating func float() throws(ContractError) -> Float { Float(bitPattern: try word()) }

    mutating func double() throws(ContractError) -> Double {
        let low = UInt64(try word())
        return Double(bitPattern: UInt64(try word()) << 32 | low)
    }

    /// A number of things of which each takes at least `itemBytes`.
    mutating func count(max: Int, itemBytes: Int) throws(ContractError) -> Int {
        let count = Int(try word())
        guard count <= max, count * itemBytes <= bytes.endIndex - at else { throw malformed }
        return count
    }

    mutating func blob(max: Int) throws(ContractError) -> [UInt8] {
        let count = try count(max: max, itemBytes: 1)
        return Array(try take(count))
    }

    /// Exactly `count` bytes without a length.
    mutating func fixed(_ count: Int) throws(ContractError) -> [UInt8] { Array(try take(count)) }

    /// Bytes that are no text become replacement characters: plug-ins' texts are dirty.
    mutating func text(max: Int) throws(ContractError) -> String {
        String(decoding: try blob(max: max), as: UTF8.self)
    }

    /// Nothing may be left over.
    func end() throws(ContractError) {
        guard at == bytes.endIndex else { throw malformed }
    }
}
