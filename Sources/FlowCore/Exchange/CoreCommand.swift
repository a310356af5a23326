/// What a command asks of the audio thread; the numbers are those of `COMMAND_KIND`.
enum CommandCode: UInt32, BitwiseCopyable {
    case capture = 1
    case slotSet = 2
    case slotGain = 3
    case slotPan = 4
    case slotMute = 5
    case slotSolo = 6
    case slotCancel = 7
    case tempo = 8
    case meter = 9
    case metronome = 10
    case play = 11
    case pause = 12
    case panic = 13
    case input = 14
    case mark = 15
    case align = 16
    case slotSwap = 17
    case latency = 18
    case calibrate = 19
    case slotFree = 20
    case chainSet = 21
    case pluginParam = 22
    case pluginNote = 23

    /// Whether the command is about plug-ins, and leaves loops as they are.
    @_noLocks @_noAllocation
    func isForPlugins() -> Bool {
        switch self {
        case .chainSet, .pluginParam, .pluginNote: return true
        default: return false
        }
    }

    /// Whether the command brings a loop for the audio thread.
    @_noLocks @_noAllocation
    func carriesLoop() -> Bool {
        switch self {
        case .slotSet, .slotSwap: return true
        default: return false
        }
    }
}

/// One checked command on its way to the audio thread.
///
/// `a` to `d` and `other` mean what `protocol/abi.ts` says for the kind. All bounds were checked by
/// `CommandIntake`: the audio thread trusts them.
struct CoreCommand: BitwiseCopyable {
    var code: CommandCode
    /// The number of `code`, as it is echoed in events.
    var kind: UInt32
    var token: UInt32
    var slot: Int
    var isOn: Bool
    var isQuantized: Bool
    var unmutes: Bool
    /// A capture that joins what its slot plays.
    var isOverdub: Bool
    /// A chain of a source, not of a slot.
    var isSource: Bool
    /// A capture that is only noted where an engine after a crash finds it.
    var isNote: Bool
    /// Frame at which to apply; 0 = one period after it reached the core.
    var atFrame: Int64
    /// When the hand moved, on the monotonic clock; 0 = when it reached the core.
    var atNs: Int64
    /// When it reached the core, on the monotonic clock, the same in a whole group; 0 = it is applied
    /// at the next block start.
    var arrivalNs: Int64
    /// The frame at which the hand moved or the command came, as the audio thread takes it in;
    /// far back before that, far ahead when none is known.
    var handFrame: Int64
    /// Commands of the group in its first one, 0 in the others.
    var groupCount: Int
    /// Of the first of a group: the frame at which it is taken in; 0 = when it is found. Replays use it.
    var takeFrame: Int64
    var a: Double
    var b: Double
    var c: Double
    var d: Double
    var id: TakeID
    var other: TakeID
    /// For `slotSet` and `slotSwap`: the loop, held for the audio thread until it comes back retired.
    var loop: LoopHandle
    /// For `chainSet`: the chain, the audio thread's until it comes back retired.
    var chain: ChainHandle
    /// For `pluginParam` and `pluginNote`: the plug-in's number in its hop; 0 = it is in none.
    var instance: UInt32

    /// Whether `c` may be the frame of the press.
    @_noLocks @_noAllocation
    func carriesPress() -> Bool {
        switch code {
        case .capture, .align: return true
        default: return false
        }
    }

    @_noLocks @_noAllocation
    init(code: CommandCode, kind: UInt32) {
        self.code = code
        self.kind = kind
        token = 0
        slot = 0
        isOn = false
        isQuantized = false
        unmutes = false
        isOverdub = false
        isSource = false
        isNote = false
        atFrame = 0
        atNs = 0
        arrivalNs = 0
        handFrame = Int64.min
        groupCount = 1
        takeFrame = 0
        a = 0
        b = 0
        c = 0
        d = 0
        id = TakeID.none()
        other = TakeID.none()
        loop = LoopHandle.none()
        chain = ChainHandle.none()
        instance = 0
    }

    /// Whether `handFrame` is still to be found out.
    @_noLocks @_noAllocation
    func hasUnreadHand() -> Bool { handFrame == Int64.min }
}
