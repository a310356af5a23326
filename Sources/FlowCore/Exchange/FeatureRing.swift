/// How often and how fully the page is told.
enum PaceLevel: BitwiseCopyable {
    case full, half, sparse
}

/// What the audio thread measured since the frame before, a thirtieth of a second at full pace.
struct MeterFrame: BitwiseCopyable {
    /// One past the last measured frame.
    var frame: Int64 = 0
    var beat: Int64 = 0
    var beatFrac: Double = 0
    var framesPerBeat: Int64 = 24_000
    var barIndex: Int64 = 0
    var barPhase: Double = 0
    var isPlaying = true
    var load: Double = 0
    var xruns: UInt64 = 0
    var hasInputClip = false
    var hasMasterClip = false
    var pace = PaceLevel.full
    /// Absolute index of the newest complete bucket, and how many right before it are known.
    var newestBucket: Int64 = 0
    var bucketCount = 0
    /// Levels, then slots, then buckets, laid out as `FeatureTap` says.
    var values: UnsafeMutablePointer<Float>

    @_noLocks @_noAllocation
    init(values: UnsafeMutablePointer<Float>) { self.values = values }
}

/// The newest meter frame and the newest master sound: newest wins, nobody waits.
struct FeatureRing: @unchecked Sendable {
    /// Floats of a meter frame.
    static let valueCount = 8 + 3 * 32 + 2 * 24
    /// Frames of mono master sound kept; the reader takes the newest part only.
    static let tapFrames = 16_384

    private let frames: UnsafeMutablePointer<MeterFrame>
    private let values: UnsafeMutablePointer<Float>
    /// The frame between the two sides, with 4 added while it is unread.
    private let shared: UnsafeMutablePointer<AtomicCell>
    /// Frames ever written to the tap.
    private let tapped: UnsafeMutablePointer<AtomicCell>
    private let tap: UnsafeMutablePointer<Float>

    init() {
        values = .allocate(capacity: 3 * FeatureRing.valueCount)
        values.initialize(repeating: 0, count: 3 * FeatureRing.valueCount)
        frames = .allocate(capacity: 3)
        for index in 0..<3 {
            let own = values + index * FeatureRing.valueCount
            (frames + index).initialize(to: MeterFrame(values: own))
        }
        shared = .allocate(capacity: 1)
        shared.initialize(to: AtomicCell(1))
        tapped = .allocate(capacity: 1)
        tapped.initialize(to: AtomicCell(0))
        tap = .allocate(capacity: FeatureRing.tapFrames)
        tap.initialize(repeating: 0, count: FeatureRing.tapFrames)
    }

    func deallocate() {
        frames.deallocate()
        values.deallocate()
        shared.deallocate()
        tapped.deallocate()
        tap.deallocate()
    }

    /// The frame the audio thread may fill; `back` is 0, 1 or 2 and starts at 0.
    @_noLocks @_noAllocation
    func backFrame(_ back: Int) -> UnsafeMutablePointer<MeterFrame> { frames + back }

    /// Hands the filled frame over and returns the next one to fill. Thread: audio.
    @_noLocks @_noAllocation
    func publish(_ back: Int) -> Int {
        Int(shared.pointee.exchange(UInt64(back) | 4) & 3)
    }

    /// The newest frame if there is an unread one; `front` starts at 2. Thread: feature.
    func take(_ front: inout Int) -> UnsafeMutablePointer<MeterFrame>? {
        guard shared.pointee.load() & 4 != 0 else { return nil }
        front = Int(shared.pointee.exchange(UInt64(front)) & 3)
        return frames + front
    }

    /// Adds interleaved stereo sound to the tap as mono. Thread: audio.
    @_noLocks @_noAllocation
    func tap(_ interleaved: UnsafePointer<Float>, frames count: Int) {
        let start = tapped.pointee.loadRelaxed()
        var done = 0
        while done < count {
            let at = Int((start &+ UInt64(done)) % 16_384)
            let run = min(count - done, 16_384 - at)
            Wide.mono(interleaved + 2 * done, to: tap + at, frames: run)
            done += run
        }
        tapped.pointee.store(start &+ UInt64(count))
    }

    /// Copies the newest `count` tapped frames; fewer were tapped: silence first. Thread: feature.
    func copyTap(into out: UnsafeMutablePointer<Float>, count: Int) {
        let end = tapped.pointee.load()
        for index in 0..<count {
            let back = UInt64(count - index)
            out[index] = back > end ? 0 : tap[Int((end - back) % UInt64(FeatureRing.tapFrames))]
        }
    }
}
