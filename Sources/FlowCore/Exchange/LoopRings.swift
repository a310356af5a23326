/// A range of the capture ring that a slot already plays and that shall become a loop buffer.
struct BakeRequest: BitwiseCopyable {
    var id = TakeID.none()
    var slot = 0
    /// Names the voice that waits for the buffer.
    var voice: UInt64 = 0
    var sourceIndex = 0
    var fromFrame: Int64 = 0
    var toFrame: Int64 = 0
    var framesPerBeat = 1.0
    var barFrames = 0
    /// Whether the frames before the window can be used for the seam.
    var hasPreRoll = false

    @_noLocks @_noAllocation
    init() {}
}

/// A baked loop buffer for the voice that plays the same range from the ring.
struct LoopHandover: BitwiseCopyable {
    var slot: Int
    var voice: UInt64
    var loop: LoopHandle
}

/// Bake requests from the audio thread to the loop worker.
struct BakeRing: @unchecked Sendable {
    private let index: RingIndex
    private let slots: UnsafeMutablePointer<BakeRequest>

    init(capacity: Int) {
        index = RingIndex(capacity: capacity)
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: BakeRequest(), count: capacity)
    }

    func deallocate() {
        index.deallocate()
        slots.deallocate()
    }

    /// Requests that still fit. Thread: audio.
    @_noLocks @_noAllocation
    func room() -> Int { index.writable() }

    /// Thread: audio; only when there is room.
    @_noLocks @_noAllocation
    func push(_ request: BakeRequest) {
        slots[index.writeSlot(0)] = request
        index.publish(1)
    }

    /// The oldest request, if there is one. Thread: loop worker.
    func pop() -> BakeRequest? {
        guard index.readable() > 0 else { return nil }
        let request = slots[index.readSlot(0)]
        index.release(1)
        return request
    }
}

/// Baked loops from the loop worker to the audio thread.
struct HandoverRing: @unchecked Sendable {
    private let index: RingIndex
    private let slots: UnsafeMutablePointer<LoopHandover>

    init(capacity: Int) {
        index = RingIndex(capacity: capacity)
        slots = .allocate(capacity: capacity)
        let nothing = LoopHandover(slot: 0, voice: 0, loop: LoopHandle.none())
        slots.initialize(repeating: nothing, count: capacity)
    }

    func deallocate() {
        index.deallocate()
        slots.deallocate()
    }

    /// Thread: loop worker.
    ///
    /// - Returns: false when the ring is full; the voice then goes on playing from the ring.
    func push(_ handover: LoopHandover) -> Bool {
        guard index.writable() > 0 else { return false }
        slots[index.writeSlot(0)] = handover
        index.publish(1)
        return true
    }

    /// Hand-overs waiting. Thread: audio.
    @_noLocks @_noAllocation
    func count() -> Int { index.readable() }

    /// Takes the oldest; only when `count` is not 0. Thread: audio.
    @_noLocks @_noAllocation
    func take() -> LoopHandover {
        let handover = slots[index.readSlot(0)]
        index.release(1)
        return handover
    }
}
