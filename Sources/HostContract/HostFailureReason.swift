/// Why a host could not do what it was asked: the reason of FAILED.
public enum HostFailureReason: UInt32, Sendable {
    /// No instance has this number.
    case noInstance = 1
    /// An instance has this number already.
    case isThere = 2
    /// The path holds no plug-in for this machine.
    case notABundle = 3
    /// Its code cannot be loaded, or refuses to start.
    case cannotOpen = 4
    /// Its code offers no classes.
    case noFactory = 5
    /// The bundle has no class with this id.
    case noClass = 6
    /// The class makes no instance.
    case cannotCreate = 7
    /// The plug-in refuses a step, or gives no state.
    case refused = 8
    /// The system has no memory for it.
    case noMemory = 9
    /// The plug-in does not take the state; it can be loaded without.
    case stateRefused = 10
    /// Its state is longer than `ContractLimits.stateBytesMax`.
    case stateTooLong = 11
}
