/// Events from the audio thread to whoever polls.
struct EventRing: @unchecked Sendable {
    private let index: RingIndex
    private let slots: UnsafeMutablePointer<CoreEvent>

    init(capacity: Int) {
        index = RingIndex(capacity: capacity)
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: CoreEvent(.notice), count: capacity)
    }

    func deallocate() {
        index.deallocate()
        slots.deallocate()
    }

    /// Events that still fit. Thread: audio.
    @_noLocks @_noAllocation
    func room() -> Int { index.writable() }

    /// Thread: audio.
    ///
    /// - Returns: false when the ring is full; the event is then lost and the caller counts it.
    @_noLocks @_noAllocation
    func push(_ event: CoreEvent) -> Bool {
        guard index.writable() > 0 else { return false }
        slots[index.writeSlot(0)] = event
        index.publish(1)
        return true
    }

    /// The oldest event, if there is one. Thread: control.
    func pop() -> CoreEvent? {
        guard index.readable() > 0 else { return nil }
        let event = slots[index.readSlot(0)]
        index.release(1)
        return event
    }
}
