/// What the disk tells the engine; delivered from the disk's own threads.
enum DiskReport: Sendable {
    /// A spool segment was begun with this frame.
    case segmentOpened(firstFrame: UInt64)
    /// A segment is complete; the checksum is the CRC-32 of its samples.
    case segmentClosed(firstFrame: UInt64, toFrame: UInt64, crc: UInt32)
    /// The spool holds the take's whole window, synced.
    case takeSpooled(id: TakeID)
    /// The take has a file of its own: all four calls are done.
    case takeFile(id: TakeID, sha: TakeSha, bytes: Int, part: TakePart, preRollFrames: Int)
    /// The take will never be on disk: a gap bit into its window and memory has it no more.
    case takeLost(id: TakeID)
    /// The spool has rotted where a take lies that has no file yet: it gets one when what is read is as it
    /// was.
    case takeDamaged(id: TakeID)
    /// Answer to a load: the audio, or the code why there is none.
    case takeLoaded(id: TakeID, code: UInt32, audio: LoopAudio?)
    /// A part of the past that was asked for is not there; the longest part of it that is.
    case rangeNotKept(id: TakeID, kept: Range<UInt64>)
    /// These frames are not on disk and never will be; `isOld` when an engine before this one declared it.
    case gap(fromFrame: UInt64, toFrame: UInt64, reason: GapReason, isOld: Bool)
    /// What waits for the disk is not in shared memory alone: there is too little of it.
    case memoryVolatile
    /// The books no longer add up: frames are in none of them, or in two.
    case unbalanced
    /// The disk's health changed, or there is less than ten minutes of space on it, or more again, or the
    /// other folder is used.
    case state(DiskState, isSpaceLow: Bool, isSecond: Bool)
}

/// SHA-256 as eight words in the order of its hex string.
struct TakeSha: Hashable, Sendable {
    var words:
        (
            UInt32, UInt32, UInt32, UInt32,
            UInt32, UInt32, UInt32, UInt32
        )

    static func == (left: TakeSha, right: TakeSha) -> Bool { left.list == right.list }

    func hash(into hasher: inout Hasher) { hasher.combine(list) }

    /// The words as an array.
    var list: [UInt32] {
        [words.0, words.1, words.2, words.3, words.4, words.5, words.6, words.7]
    }
}

/// Which file of a take.
enum TakePart: UInt32, Sendable {
    case window = 0
    case rolls = 1
}

/// The books of the disk, in frames: `framesIn == durable + written + queued + gap` at every step.
struct DiskCounts: Sendable {
    var framesIn: UInt64 = 0
    var durable: UInt64 = 0
    /// Written, not yet synced.
    var written: UInt64 = 0
    var queued: UInt64 = 0
    var gap: UInt64 = 0
    /// Memory of the overflow's blocks in use.
    var overflowBytes: UInt64 = 0
    /// Frames there is room for in ring and overflow.
    var bufferFrames: UInt64 = 0
    var state: DiskState = .ok
    /// Frames go into the second folder.
    var isSecond = false
    var syncTimes = SyncTimes()
}

/// The disk service could not start.
struct DiskError: Error {
    /// A code of `protocol/errors.ts`.
    let code: UInt32
    /// What the system said, for the log.
    let detail: String
}
