/// The peer on the control socket broke the contract: nothing more of it can be believed.
public enum ContractError: Error, Equatable, Sendable {
    /// A message says it is longer than any may be, in bytes.
    case tooLong(UInt32)
    /// No message has this number, or the other side sends it.
    case unknownKind(UInt32)
    /// A field reaches beyond its message, or bytes are left over.
    case malformed(kind: UInt32)
    /// What it has written of a lane in shared memory cannot be.
    case badCounter(lane: UInt32)
}
