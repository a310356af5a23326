/// Loops the audio thread no longer plays, on their way back to whoever frees them.
struct RetiredRing: @unchecked Sendable {
    private let index: RingIndex
    private let slots: UnsafeMutablePointer<LoopHandle>

    init(capacity: Int) {
        index = RingIndex(capacity: capacity)
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: LoopHandle.none(), count: capacity)
    }

    func deallocate() {
        index.deallocate()
        slots.deallocate()
    }

    /// Loops that still fit. Thread: audio.
    @_noLocks @_noAllocation
    func room() -> Int { index.writable() }

    /// Thread: audio.
    ///
    /// - Returns: false when the ring is full; the caller then keeps the loop and tries again.
    @_noLocks @_noAllocation
    func push(_ loop: LoopHandle) -> Bool {
        guard index.writable() > 0 else { return false }
        slots[index.writeSlot(0)] = loop
        index.publish(1)
        return true
    }

    /// The oldest loop given back, if there is one. Thread: loop worker.
    func pop() -> LoopHandle? {
        guard index.readable() > 0 else { return nil }
        let loop = slots[index.readSlot(0)]
        index.release(1)
        return loop
    }
}
