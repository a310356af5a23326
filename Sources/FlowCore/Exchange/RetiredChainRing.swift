/// Chains the audio thread no longer holds, on their way back to whoever made them.
struct RetiredChainRing: @unchecked Sendable {
    private let index: RingIndex
    private let slots: UnsafeMutablePointer<ChainHandle>

    init(capacity: Int) {
        index = RingIndex(capacity: capacity)
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: ChainHandle.none(), count: capacity)
    }

    func deallocate() {
        index.deallocate()
        slots.deallocate()
    }

    /// Chains that still fit. Thread: audio.
    @_noLocks @_noAllocation
    func room() -> Int { index.writable() }

    /// Thread: audio.
    ///
    /// - Returns: false when the ring is full; the caller then keeps the chain.
    @_noLocks @_noAllocation
    func push(_ chain: ChainHandle) -> Bool {
        guard index.writable() > 0 else { return false }
        slots[index.writeSlot(0)] = chain
        index.publish(1)
        return true
    }

    /// The oldest chain given back, if there is one. Thread: any but audio, one at a time.
    func pop() -> ChainHandle? {
        guard index.readable() > 0 else { return nil }
        let chain = slots[index.readSlot(0)]
        index.release(1)
        return chain
    }
}
