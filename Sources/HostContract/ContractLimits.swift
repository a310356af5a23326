/// Bounds of what goes over the control socket; both sides keep them.
///
/// A writer cuts texts and leaves out what is more of a list than may be; a longer state it must not
/// be given. A reader takes what is beyond them for a broken peer.
public enum ContractLimits {
    /// Version of the messages: the host tells it first.
    public static let version: UInt32 = 2
    /// Longest state of a plug-in, in bytes.
    public static let stateBytesMax = 64 * 1024 * 1024
    /// Longest message without its two leading words: a state and what goes with it, in bytes.
    public static let payloadBytesMax = stateBytesMax + 64 * 1024
    /// Longest name or text, in bytes of UTF-8.
    public static let textBytesMax = 4_096
    /// Longest path of a bundle, in bytes of UTF-8.
    public static let pathBytesMax = 4_096
    /// Parameters in one PARAMS message.
    public static let paramsPerMessageMax = 256
    /// Parameter values that a LOAD or a SET carries.
    public static let loadValuesMax = 4_096
    /// Plug-ins of one lane.
    public static let chainMax = 64
    /// Longest delay of a plug-in that is believed, in frames.
    public static let latencyFramesMax: UInt32 = 1 << 20
    /// Length and kind in front of each message, in bytes.
    public static let headBytes = 8
}
