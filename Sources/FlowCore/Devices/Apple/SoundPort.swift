/// The core's end of every graph: owns what the system's audio thread works on.
///
/// Outlives the graphs; one of them at a time calls it.
///
/// - Thread: the supervisor's, with the gate closed unless a function says otherwise.
final class SoundPort {
    let state: UnsafeMutablePointer<PortState>
    let gate = PortGate()
    let channelCount: Int

    /// `channelCount` channels of input are heard, whatever the device of the moment has: an even number.
    init(channelCount: Int, counters: DeviceCounters) {
        self.channelCount = channelCount
        state = .allocate(capacity: 1)
        state.initialize(
            to: PortState(channelCount: channelCount, gate: gate, counters: counters))
    }

    deinit {
        gate.close()
        setResampler(nil)
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Makes ready for a graph whose input has this rate; 0 = it brings none.
    func prepare(inputRateHz: Int, rateHz: Int, ticksPerSecond: Double) {
        gate.close()
        state.pointee.begin()
        state.pointee.listens = inputRateHz > 0
        state.pointee.ticksPerFrame = ticksPerSecond / Double(rateHz)
        guard inputRateHz > 0, inputRateHz != rateHz else { return setResampler(nil) }
        let made = UnsafeMutablePointer<InputResampler>.allocate(capacity: 1)
        made.initialize(
            to: InputResampler(channelCount: channelCount, fromHz: inputRateHz, toHz: rateHz))
        setResampler(made)
    }

    /// Lets the graph in; `target` is called from now on.
    func open(_ target: RenderTarget) {
        state.pointee.target = target
        gate.open()
    }

    /// After it the target is not called any more.
    func close() {
        gate.close()
        state.pointee.target = nil
    }

    /// Frames by which the input is heard late here, at the core's rate.
    func delayFrames(inputRateHz: Int, rateHz: Int) -> Int {
        guard let resampler = state.pointee.resampler, inputRateHz > 0 else { return 0 }
        return resampler.pointee.delayFrames * rateHz / inputRateHz
    }

    private func setResampler(_ next: UnsafeMutablePointer<InputResampler>?) {
        if let old = state.pointee.resampler {
            old.deinitialize(count: 1)
            old.deallocate()
        }
        state.pointee.resampler = next
    }
}
