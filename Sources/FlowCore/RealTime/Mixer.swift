/// Sums slots and monitored input, opens and closes the gates, and hands the master out.
///
/// Gates at 1 multiply by nothing at all: a loop at gain 1 and pan 0 leaves bit for bit as it was.
struct Mixer: BitwiseCopyable {
    /// Interleaved stereo, `chunkFrames` long.
    let bus: UnsafeMutablePointer<Float>
    /// Shut while the transport is paused; the slots keep their phase behind it.
    var transport: Ramp
    /// Shut by PANIC, for everything that sounds.
    var master: Ramp
    /// Gain of source 0 in the master; 0 = not monitored.
    var monitor: Ramp

    init(bus: UnsafeMutablePointer<Float>, isMonitored: Bool) {
        self.bus = bus
        transport = Ramp(1)
        master = Ramp(1)
        monitor = Ramp(isMonitored ? 1 : 0)
    }

    @_noLocks @_noAllocation
    func clear(_ count: Int) {
        Wide.clear(bus, frames: count)
    }

    /// Whether the slots cannot be heard in this stretch.
    @_noLocks @_noAllocation
    func hidesSlots() -> Bool {
        (transport.end() == 0 && !transport.isMoving()) || (master.end() == 0 && !master.isMoving())
    }

    /// Applies the transport gate to the slots, adds the monitored input, applies the master gate.
    @_noLocks @_noAllocation
    mutating func finish(input: UnsafePointer<Float>, count: Int) {
        Mixer.apply(transport, to: bus, count: count)
        transport.advance(count)
        if monitor.isMoving() || monitor.end() != 0 {
            Wide.add(input, times: monitor, to: bus, frames: count)
            monitor.advance(count)
        }
        Mixer.apply(master, to: bus, count: count)
    }

    /// Writes the bus to the device's planar buffers; the last step of a stretch.
    ///
    /// A zero leaves without a sign: whether a gate made it or skipped it cannot be told.
    @_noLocks @_noAllocation
    mutating func emit(
        left: UnsafeMutablePointer<Float>, right: UnsafeMutablePointer<Float>, count: Int
    ) {
        Wide.split(bus, left: left, right: right, frames: count)
        master.advance(count)
    }

    @_noLocks @_noAllocation
    private static func apply(_ gate: Ramp, to bus: UnsafeMutablePointer<Float>, count: Int) {
        if gate.end() == 1, !gate.isMoving() { return }
        Wide.scale(bus, by: gate, frames: count)
    }
}
