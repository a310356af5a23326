/// One device as the system tells of it.
struct SoundCard: Equatable {
    /// Of this run of the system only; a device that comes back has another one.
    var id: UInt32
    /// The same for ever.
    var uid: String
    var name: String
    var inputChannels: Int
    var outputChannels: Int

    /// Of the device that two are joined to.
    static let joinedPrefix = "flowzone.joined."
    /// Of those that the system joins for itself.
    private static let systemPrefix = "CADefaultDeviceAggregate"

    /// Whether it is made of others, by us or by the system, for the time that somebody plays.
    var isPassing: Bool { uid.hasPrefix(Self.joinedPrefix) || uid.hasPrefix(Self.systemPrefix) }
}

/// All that is plugged in, and what the system's settings name as default.
struct SoundPicture: Equatable {
    var cards: [SoundCard] = []
    /// 0 = there is none.
    var defaultInput: UInt32 = 0
    var defaultOutput: UInt32 = 0
}

/// Whether this process may listen.
enum MicrophoneState {
    case allowed, refused
    /// Nobody was asked yet.
    case unknown
}

/// What a graph is built for.
struct GraphPlan: Equatable {
    /// The one device that plays and, where `listens`, is heard.
    var device: UInt32
    /// Whether the system would take that device by itself.
    var isDefault: Bool
    var listens: Bool
    /// Of the core: what is played has it.
    var rateHz: Int
    /// Channels of the input that come before those that are meant.
    var inputsBefore = 0
}

/// The way from the core to the loudspeaker and from the microphone to the core, built for one plan.
///
/// - Thread: the supervisor's; the port is called on the system's audio thread.
protocol SoundGraph: AnyObject {
    /// Of what is heard; 0 when nothing is.
    var inputRateHz: Int { get }
    /// Begins to call the port.
    func start() throws(DeviceError)
    /// Ends the calls and takes the graph apart. Harmless when stopped.
    func stop()
}

/// What is asked of the operating system; the rules of when and why are `AppleDevice`'s.
///
/// - Thread: the supervisor's.
protocol SoundSystem: AnyObject {
    func picture() -> SoundPicture
    func isAlive(_ device: UInt32) -> Bool

    /// Rate of the hardware in Hz; 0 when it does not tell.
    func rateHz(_ device: UInt32) -> Int
    /// Asks for a rate; the hardware takes it later, or not at all. False when it has no such rate.
    func setRate(_ device: UInt32, hz: Int) -> Bool
    /// Frames of the hardware's block; 0 when it does not tell.
    func blockFrames(_ device: UInt32) -> Int
    /// Asks for the nearest block the hardware has.
    func setBlock(_ device: UInt32, frames: Int)
    func terms(_ device: UInt32, isInput: Bool) -> LatencyTerms

    /// A private device of two, whole and ready; 0 when it was refused, or did not become whole.
    ///
    /// Its channels are those of the output, then those of the input, in both directions.
    func join(output: SoundCard, input: SoundCard) -> UInt32
    func part(_ joined: UInt32)

    var microphone: MicrophoneState { get }
    /// Lets the system ask the player; the answer raises `SoundMailbox.changed`.
    func askForMicrophone(_ mailbox: SoundMailbox)

    /// From now on changes of the system, or of these devices, raise the mailbox.
    func watch(_ devices: [UInt32], _ mailbox: SoundMailbox)
    func unwatch()

    /// Keeps the system from slowing this process down while it plays.
    func setPlaying(_ isPlaying: Bool)

    func open(
        _ plan: GraphPlan, _ port: SoundPort, _ mailbox: SoundMailbox
    ) throws(DeviceError) -> any SoundGraph
}
