/// What happened; the numbers are those of `EVENT_KIND`.
enum EventCode: UInt32, BitwiseCopyable {
    case applied = 1
    case scheduled = 2
    case recording = 3
    case captured = 4
    case cancelled = 5
    case takeSpooled = 6
    case takeFile = 7
    case takeLoaded = 8
    case xrun = 9
    case gap = 10
    case disk = 11
    case device = 12
    case segment = 13
    case segmentClosed = 14
    case notice = 15
    case job = 16
    case calibrated = 17
    case rendering = 18
    case tainted = 19
    case grid = 20
    case loopFile = 21
    case pluginLoaded = 22
    case pluginState = 23
    case pluginMoved = 24
    case pluginHost = 25
    case pluginHeard = 26
    case damaged = 27
}

/// Why the audio thread refused a command.
enum Refusal: BitwiseCopyable {
    case nothing
    case nothingHeard
    /// What a press meant is no longer in the ring.
    case notKept
    /// The part of the ring a loop was played from is overwritten.
    case loopLost
    case busy
    /// As many captures wait for the disk as can be remembered over a crash.
    case noNote
    /// A slot plays something else than the command was made for.
    case slotChanged
}

/// Bits of an event, as `EVENT_FLAGS` names them.
struct EventMarks: BitwiseCopyable {
    var isRecovered = false
    var isAcrossChange = false
    var isTainted = false
    var startedTransport = false
    var isOverdub = false

    @_noLocks @_noAllocation
    init() {}
}

/// One event, before it is written into the caller's record.
struct CoreEvent: BitwiseCopyable {
    var code: EventCode
    var refusal: Refusal
    var marks: EventMarks
    var token: UInt32
    var slot: Int
    /// An error or notice code set off the audio thread; 0 = none.
    var errorCode: UInt32
    var detail: UInt32
    /// Of a capture.
    var source: Int
    var frame: Int64
    var fromFrame: Int64
    var toFrame: Int64
    var beat: Int64
    var beatFrac: Double
    var framesPerBeat: Double
    var originBeat: Int64
    var lengthBeats: Int64
    var offsetFrames: Int64
    var value: Double
    var value2: Double
    var id: TakeID
    var sha0: TakeID
    var sha1: TakeID

    @_noLocks @_noAllocation
    init(_ code: EventCode) {
        self.code = code
        refusal = .nothing
        marks = EventMarks()
        token = 0
        slot = 0
        errorCode = 0
        detail = 0
        source = 0
        frame = 0
        fromFrame = 0
        toFrame = 0
        beat = 0
        beatFrac = 0
        framesPerBeat = 0
        originBeat = 0
        lengthBeats = 0
        offsetFrames = 0
        value = 0
        value2 = 0
        id = TakeID.none()
        sha0 = TakeID.none()
        sha1 = TakeID.none()
    }
}
