/// Something that took effect on the audio thread, with the frame at which it did.
struct Effect: BitwiseCopyable {
    enum Kind: BitwiseCopyable {
        /// A command was taken in; its `atFrame` is the frame at which it applies, if that is later.
        case command
        /// The command had no effect, for a reason that is not in the log.
        case refused
        /// Frames before `frame` came too late.
        case xrun
        /// Nobody listened from `frame` to `toFrame`.
        case gap
        /// From here on what is heard hangs on something that is not in the log.
        case unrepeatable
    }

    var kind: Kind
    var frame: Int64
    var toFrame: Int64
    /// Only for `command` and `refused`.
    var command: CoreCommand

    @_noLocks @_noAllocation
    init(_ kind: Kind, frame: Int64, toFrame: Int64) {
        self.kind = kind
        self.frame = frame
        self.toFrame = toFrame
        command = CoreCommand(code: .mark, kind: 0)
    }
}

/// Effects on their way from the audio thread to the log; off unless a log is written.
///
/// When it is full the audio thread goes on and counts what the log will lack.
struct EffectRing: @unchecked Sendable {
    private let index: RingIndex
    private let slots: UnsafeMutablePointer<Effect>
    private let lost: UnsafeMutablePointer<AtomicCell>
    private let isOn: Bool

    init(capacity: Int, isOn: Bool) {
        self.isOn = isOn
        index = RingIndex(capacity: isOn ? capacity : 1)
        slots = .allocate(capacity: index.capacity)
        slots.initialize(
            repeating: Effect(.unrepeatable, frame: 0, toFrame: 0), count: index.capacity)
        lost = .allocate(capacity: 1)
        lost.initialize(to: AtomicCell(0))
    }

    func deallocate() {
        index.deallocate()
        slots.deallocate()
        lost.deallocate()
    }

    /// Whether the next `count` effects are taken; if not they are counted as lost. Thread: audio.
    @_noLocks @_noAllocation
    func takes(_ count: Int) -> Bool {
        if !isOn { return false }
        if index.writable() >= count { return true }
        lost.pointee.add(UInt64(count))
        return false
    }

    /// Thread: audio; only as many as `takes` allowed.
    @_noLocks @_noAllocation
    func push(_ effect: Effect) {
        slots[index.writeSlot(0)] = effect
        index.publish(1)
    }

    /// The oldest effect, if there is one. Thread: log.
    func pop() -> Effect? {
        guard index.readable() > 0 else { return nil }
        let effect = slots[index.readSlot(0)]
        index.release(1)
        return effect
    }

    /// Effects that did not fit. Thread: any.
    func lostCount() -> UInt64 { lost.pointee.load() }
}
