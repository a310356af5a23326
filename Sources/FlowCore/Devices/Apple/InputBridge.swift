/// Carries what is heard from the call that brings it to the call that asks for sound.
///
/// The system brings the input and asks for the output one after the other, in blocks that need not be
/// equal. What was brought waits here; in an even run nothing does. It is filled and emptied by one
/// thread each, which may be the same.
struct InputBridge: ~Copyable {
    let channelCount: Int
    /// Frames that fit.
    private let capacityFrames: Int
    private let planes: UnsafeMutablePointer<Float>
    /// Frames ever brought, and ever taken.
    private let counts: UnsafeMutablePointer<AtomicCell>

    init(channelCount: Int, capacityFrames: Int) {
        self.channelCount = channelCount
        self.capacityFrames = capacityFrames
        planes = .allocate(capacity: max(1, channelCount) * capacityFrames)
        planes.initialize(repeating: 0, count: max(1, channelCount) * capacityFrames)
        counts = .allocate(capacity: 2)
        counts.initialize(to: AtomicCell(0))
        (counts + 1).initialize(to: AtomicCell(0))
    }

    deinit {
        planes.deallocate()
        counts.deinitialize(count: 2)
        counts.deallocate()
    }

    /// Frames that wait. Thread: any.
    @_noLocks @_noAllocation
    func waiting() -> Int { Int(counts.pointee.load() &- (counts + 1).pointee.load()) }

    /// Forgets what waits. Nobody may bring or take meanwhile.
    func clear() { (counts + 1).pointee.store(counts.pointee.load()) }

    /// Where the next frame of a channel goes, and how many fit there in one piece.
    ///
    /// - Thread: audio, the one that brings.
    @_noLocks @_noAllocation
    func place(_ channel: Int, after frames: Int) -> (UnsafeMutablePointer<Float>, Int) {
        let at = (Int(counts.pointee.loadRelaxed()) + frames) % capacityFrames
        return (planes + channel * capacityFrames + at, capacityFrames - at)
    }

    /// Frames that can still be brought. Thread: audio, the one that brings.
    @_noLocks @_noAllocation
    func room() -> Int { capacityFrames - waiting() }

    /// Publishes frames that were written to their places.
    @_noLocks @_noAllocation
    func brought(_ frames: Int) {
        counts.pointee.store(counts.pointee.loadRelaxed() &+ UInt64(frames))
    }

    /// Copies the oldest frames into planes of `strideFrames`; they must be there.
    ///
    /// - Thread: audio, the one that takes.
    @_noLocks @_noAllocation
    func take(_ frames: Int, into stage: UnsafeMutablePointer<Float>, strideFrames: Int) {
        let from = (counts + 1).pointee.loadRelaxed()
        let at = Int(from) % capacityFrames
        let first = min(frames, capacityFrames - at)
        for channel in 0..<channelCount {
            let plane = planes + channel * capacityFrames
            let out = stage + channel * strideFrames
            for index in 0..<first { out[index] = plane[at + index] }
            for index in first..<max(first, frames) { out[index] = plane[index - first] }
        }
        (counts + 1).pointee.store(from &+ UInt64(frames))
    }

    /// Lets the oldest frames go unheard. Thread: audio, the one that takes.
    @_noLocks @_noAllocation
    func skip(_ frames: Int) {
        (counts + 1).pointee.store((counts + 1).pointee.loadRelaxed() &+ UInt64(frames))
    }
}
