/// When each source was last heard: one past its last frame that was not silent, 0 = never.
///
/// - Thread: audio for everything that is marked; `init` and `deallocate` control.
struct HeardFrames: BitwiseCopyable {
    private let frames: UnsafeMutablePointer<Int64>
    private let count: Int

    /// Of each source, in order.
    init(_ known: [Int64]) {
        count = known.count
        frames = .allocate(capacity: count)
        frames.initialize(from: known, count: count)
    }

    func deallocate() { frames.deallocate() }

    @_noLocks @_noAllocation
    func frame(ofSource source: Int) -> Int64 { frames[source] }

    @_noLocks @_noAllocation
    func note(_ source: Int, at frame: Int64) {
        if source < count { frames[source] = frame }
    }

    /// Leaves them to an engine after a crash.
    @_noLocks @_noAllocation
    func write(to memory: RingMemory) {
        for source in 0..<count {
            memory.heardFrame(source).pointee.store(UInt64(bitPattern: frames[source]))
        }
    }
}
