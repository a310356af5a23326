import Foundation

/// Plays and listens through the Mac's sound system, and looks after itself.
///
/// One graph at a time is built around the core's `RenderTarget`. When hardware goes, comes back or
/// changes, the graph is built anew; until it plays the headless clock calls the target, so that loops,
/// grid and recording go on. Without permission to listen it plays all the same.
///
/// Everything that knows Apple's frameworks is behind `SoundSystem`: the rules here run on any system.
///
/// - Thread: control until `start` returns and from `stop` on, the supervisor's between; `told` is read
///   from any.
final class AppleDevice: AudioDevice, @unchecked Sendable {
    struct Settings {
        var sampleRateHz: Int
        var blockFrames: Int
        var wish = DeviceWish()
    }

    /// Makes what calls the target while no hardware does, for a rate and a block.
    typealias StandInMaker = (_ sampleRateHz: Int, _ blockFrames: Int) -> any AudioDevice

    /// What others may ask at any time.
    struct Told {
        var blockFrames: Int
        var inputLatencyFrames = 0
        var outputLatencyFrames = 0
        /// Of the ways through the hardware alone, both directions.
        var wayFrames = 0
        var key: UInt32 = 0
        var isThere = false
    }

    /// All that a graph depends on; what is joined only while somebody plays is not of it.
    struct Seen: Equatable {
        let picture: SoundPicture
        let microphone: MicrophoneState

        init(_ system: any SoundSystem) {
            var picture = system.picture()
            picture.cards.removeAll(where: \.isPassing)
            self.picture = picture
            microphone = system.microphone
        }
    }

    let kind = DeviceKind.coreaudio
    let name = "CoreAudio"
    let sampleRateHz: Int
    let counters: DeviceCounters
    let settings: Settings
    let system: any SoundSystem
    let port: SoundPort
    let mailbox: SoundMailbox
    let makeStandIn: StandInMaker
    var target: RenderTarget?
    var graph: (any SoundGraph)?
    var standIn: (any AudioDevice)?
    /// What the graph was built for.
    var plan: DevicePlan?
    var planRateHz = 0
    /// The device of the graph; 0 = there is no graph.
    var device: UInt32 = 0
    /// Two devices that are joined for the graph; 0 = none are.
    var joined: UInt32 = 0
    /// What there was when a graph was last tried.
    var tried: Seen?
    var care = DeviceCare()
    var silence = SilenceWatch()
    var hasAsked = false
    /// Conditions the player was told of.
    var isOn: Set<UInt32> = []
    private let lock = NSLock()
    private var told: Told

    /// Finds the hardware; nothing is built before `start`.
    init(
        _ settings: Settings, system: any SoundSystem, counters: DeviceCounters = DeviceCounters(),
        makeStandIn: @escaping StandInMaker = AppleDevice.clock
    ) throws(DeviceError) {
        let picture = system.picture()
        guard let plan = DevicePlan.make(settings.wish, picture, mayListen: true) else {
            throw DeviceError(
                code: ErrorCode.deviceOpen, detail: "there is no device to play through")
        }
        self.settings = settings
        self.system = system
        self.counters = counters
        self.makeStandIn = makeStandIn
        sampleRateHz = Self.rate(settings, plan, system)
        mailbox = SoundMailbox(counters: counters)
        port = SoundPort(channelCount: Self.channels(plan), counters: counters)
        told = Told(blockFrames: settings.blockFrames, key: plan.key)
    }

    var snapshot: Told { lock.withLock { told } }
    var blockFrames: Int { snapshot.blockFrames }
    var key: UInt32 { snapshot.key }
    var isThere: Bool { snapshot.isThere }
    /// The system calls on a thread of its own that has a deadline.
    var hasRealTime: Bool { isThere }
    var outputLatencyFrames: Int { snapshot.outputLatencyFrames }

    /// By the system's own times where it tells them, else by the sum of the hardware's terms.
    var inputLatencyFrames: Int {
        let told = snapshot
        let turn = Int(port.gate.turnaroundFrames.pointee.load())
        guard turn > 0, told.isThere, told.inputLatencyFrames > 0 else {
            return told.inputLatencyFrames
        }
        return max(0, turn + told.wayFrames - told.outputLatencyFrames)
    }

    /// One pair, or the sum of several and each of them.
    var sourceCount: Int { port.channelCount > 2 ? 1 + port.channelCount / 2 : 1 }

    func start(_ target: RenderTarget) throws(DeviceError) {
        self.target = target
        do {
            try build()
        } catch {
            takeApart(isEnding: true)
            self.target = nil
            throw error
        }
        care.succeeded(0)
    }

    func stop() {
        takeApart(isEnding: true)
        endStandIn()
        target = nil
    }

    func tell(_ change: (inout Told) -> Void) { lock.withLock { change(&told) } }

    /// The rate that was asked for where the hardware has it; else the hardware's, if the core can.
    private static func rate(
        _ settings: Settings, _ plan: DevicePlan, _ system: any SoundSystem
    ) -> Int {
        let wanted = settings.sampleRateHz
        if system.setRate(plan.output.id, hz: wanted) { return wanted }
        let own = system.rateHz(plan.output.id)
        return (Limits.rateHzMin...Limits.rateHzMax).contains(own) ? own : wanted
    }

    /// An even number of input channels; one of them is left for the sum.
    private static func channels(_ plan: DevicePlan) -> Int {
        let pairs = ((plan.input?.inputChannels ?? 2) + 1) / 2
        return 2 * min(max(1, pairs), Limits.sourceCountMax - 1)
    }

    /// The clock of the headless device, in real time.
    static func clock(_ sampleRateHz: Int, _ blockFrames: Int) -> any AudioDevice {
        HeadlessDevice(
            HeadlessDevice.Settings(
                sampleRateHz: sampleRateHz, blockFrames: blockFrames, isStepped: false, input: nil,
                output: nil))
    }
}
