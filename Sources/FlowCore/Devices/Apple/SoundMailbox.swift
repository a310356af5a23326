/// What the system's threads tell; read by the supervisor, which alone acts on it.
///
/// Flags only: notices come in any order, on any thread and several times for one event.
final class SoundMailbox: @unchecked Sendable {
    private static let cellCount = 3
    private let cells: UnsafeMutablePointer<AtomicCell>
    private let counters: DeviceCounters

    /// Overloads are counted in `counters`.
    init(counters: DeviceCounters) {
        self.counters = counters
        cells = .allocate(capacity: Self.cellCount)
        for index in 0..<Self.cellCount { (cells + index).initialize(to: AtomicCell(0)) }
    }

    deinit {
        cells.deinitialize(count: Self.cellCount)
        cells.deallocate()
    }

    /// Devices, defaults or permissions are not what they were. Thread: any.
    func changed() { cells.pointee.store(1) }

    /// The graph has stopped by itself: it must be built anew. Thread: any.
    func broke() { (cells + 1).pointee.store(1) }

    /// So many frames are lost with each overload from now on.
    func expect(blockFrames: Int) { (cells + 2).pointee.store(UInt64(max(0, blockFrames))) }

    /// The hardware came too late with a block. Thread: any, the audio thread too.
    func overloaded() { counters.countXrun(frames: (cells + 2).pointee.load()) }

    /// What was raised since the last time.
    func take() -> (hasChanged: Bool, isBroken: Bool) {
        (cells.pointee.exchange(0) == 1, (cells + 1).pointee.exchange(0) == 1)
    }
}
