/// The 128 bits of a take's UUID, as four words in the order of its hex string.
struct TakeID: Hashable, Sendable, BitwiseCopyable {
    var w0: UInt32
    var w1: UInt32
    var w2: UInt32
    var w3: UInt32

    @_noLocks @_noAllocation
    static func none() -> TakeID { TakeID(w0: 0, w1: 0, w2: 0, w3: 0) }

    @_noLocks @_noAllocation
    func isNone() -> Bool { (w0 | w1 | w2 | w3) == 0 }

    @_noLocks @_noAllocation
    init(w0: UInt32, w1: UInt32, w2: UInt32, w3: UInt32) {
        self.w0 = w0
        self.w1 = w1
        self.w2 = w2
        self.w3 = w3
    }

    /// The four words of a record's field.
    init(_ words: UnsafeMutablePointer<UInt32>) {
        self.init(w0: words[0], w1: words[1], w2: words[2], w3: words[3])
    }

    @_noLocks @_noAllocation
    func equals(_ other: TakeID) -> Bool {
        w0 == other.w0 && w1 == other.w1 && w2 == other.w2 && w3 == other.w3
    }
}

/// A range of the frame timeline that shall become a take on disk.
///
/// Ends are exclusive.
struct TakeWindow: Sendable {
    let id: TakeID
    let fromFrame: UInt64
    let toFrame: UInt64
    /// Length of one bar: what is kept before and after the window.
    let barFrames: Int
    /// The source's stereo pair in the interleaved feed; `Limits.drySource` and above are none of them.
    let sourceIndex: Int
    /// Spool of the earlier run whose frames these are; empty = this run.
    var spoolFolder = ""
    /// Of an older take of the same run and source, which may hold what ring and spool have lost.
    var files: TakeFiles?

    var frames: Range<UInt64> { fromFrame..<toFrame }

    /// Frames of an earlier run are in files that grow no more.
    var isOfEarlierRun: Bool { !spoolFolder.isEmpty }
}

/// A take's own files: what they hold of the timeline.
struct TakeFiles: Sendable {
    let window: Range<UInt64>
    let path: String
    /// Empty when there is no rolls file.
    let rollsPath: String
    /// Frames before the window at the start of the rolls file.
    let preFrames: Int
}

/// Where a take's audio lies on disk.
struct TakeLoadRequest: Sendable {
    let id: TakeID
    let fromFrame: UInt64
    let toFrame: UInt64
    /// A value of `TakeOrigin`.
    let origin: UInt32
    /// Empty, from a file: what was played after the window, which is in the rolls file.
    let path: String
    /// From a file: its rolls, empty when there are none. From the spool: the window's file, empty
    /// when there is none; what the spool holds must be what that name promises.
    let rollsPath: String
    /// Frames before the window at the start of the rolls file.
    let preFrames: Int
    /// Stereo pair of the spool's channels.
    var sourceIndex = 0
}

/// A take's audio in memory: the raw window, and what was played before it when that is known.
///
/// Interleaved stereo. Whoever makes one allocates both buffers; they are freed with it.
final class LoopAudio: @unchecked Sendable {
    let samples: UnsafeMutablePointer<Float>
    let frameCount: Int
    /// The frames right before the window: its last frame is the one before the window's first.
    private(set) var preRoll: UnsafeMutablePointer<Float>?
    private(set) var preRollFrames: Int
    /// Some of what belongs to it was not to be had this time: it plays, and is never kept in a file.
    var isIncomplete = false
    /// This run made it out of others; else it was read, or captured.
    var isRendered = false

    init(
        samples: UnsafeMutablePointer<Float>,
        frameCount: Int,
        preRoll: UnsafeMutablePointer<Float>?,
        preRollFrames: Int
    ) {
        self.samples = samples
        self.frameCount = frameCount
        self.preRoll = preRoll
        self.preRollFrames = preRollFrames
    }

    /// Frees what was played before the window; whoever made it a loop needs it no longer.
    func dropPreRoll() {
        preRoll?.deallocate()
        preRoll = nil
        preRollFrames = 0
    }

    deinit {
        samples.deallocate()
        preRoll?.deallocate()
    }
}
