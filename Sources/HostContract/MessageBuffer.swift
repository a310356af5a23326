/// Cuts what comes from a socket into messages.
///
/// Holds at most one message beside what was read last: a length that no message may have is refused
/// when its four bytes are there, before anything is kept for it.
public struct MessageBuffer: Sendable {
    private var bytes: [UInt8] = []
    private var at = 0

    public init() {}

    /// Adds what was read, in any pieces.
    public mutating func add(_ more: UnsafeRawBufferPointer) {
        if at > 0 {
            bytes.removeFirst(at)
            at = 0
        }
        bytes.append(contentsOf: more)
    }

    /// The next whole message, or nil until more has come; throws when the peer is broken.
    public mutating func next() throws(ContractError) -> (kind: UInt32, payload: ArraySlice<UInt8>)?
    {
        guard bytes.count - at >= 4 else { return nil }
        let length = word(at)
        guard length <= UInt32(ContractLimits.payloadBytesMax) else { throw .tooLong(length) }
        guard bytes.count - at >= ContractLimits.headBytes else { return nil }
        let begin = at + ContractLimits.headBytes
        let end = begin + Int(length)
        guard end <= bytes.count else { return nil }
        let kind = word(at + 4)
        at = end
        return (kind, bytes[begin..<end])
    }

    private func word(_ index: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[index + $1]) << UInt32(8 * $1) }
    }
}

/// A payload behind its length and kind.
func framed(_ kind: UInt32, _ payload: [UInt8]) -> [UInt8] {
    var head = ByteWriter()
    head.put(UInt32(payload.count))
    head.put(kind)
    return head.bytes + payload
}
