/// Commands from the control side to the audio thread; a group becomes visible as a whole.
///
/// Adding a kind of command never touches this file.
struct CommandRing: @unchecked Sendable {
    private let index: RingIndex
    private let slots: UnsafeMutablePointer<CoreCommand>

    init(capacity: Int) {
        index = RingIndex(capacity: capacity)
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: CoreCommand(code: .mark, kind: 0), count: capacity)
    }

    func deallocate() {
        index.deallocate()
        slots.deallocate()
    }

    /// Puts a whole group on the ring, or nothing of it.
    ///
    /// - Thread: control, one at a time.
    /// - Returns: false when there is not room for all of it.
    func push(_ group: [CoreCommand]) -> Bool {
        guard group.count <= index.writable() else { return false }
        for (offset, command) in group.enumerated() {
            slots[index.writeSlot(offset)] = command
        }
        index.publish(group.count)
        return true
    }

    /// Commands that still fit. Thread: control.
    var room: Int { index.writable() }

    /// Commands waiting. Thread: audio.
    @_noLocks @_noAllocation
    func count() -> Int { index.readable() }

    /// The `offset`-th waiting command. Thread: audio.
    @_noLocks @_noAllocation
    func peek(_ offset: Int) -> CoreCommand { slots[index.readSlot(offset)] }

    /// Drops the first `count` waiting commands. Thread: audio.
    @_noLocks @_noAllocation
    func drop(_ count: Int) { index.release(count) }
}
