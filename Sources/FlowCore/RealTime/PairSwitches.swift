/// Which of a device's stereo pairs source 0 is the sum of: all that are switched on.
///
/// A pair comes and goes along a ramp; one that is on is added as it is captured.
///
/// - Thread: audio for everything that is marked; `init` and `deallocate` control.
struct PairSwitches: BitwiseCopyable {
    private let ramps: UnsafeMutablePointer<Ramp>

    /// Of several pairs all are on, or the first one.
    init(allOn: Bool) {
        ramps = .allocate(capacity: Limits.sourceCountMax)
        ramps.initialize(repeating: Ramp(allOn ? 1 : 0), count: Limits.sourceCountMax)
        ramps[0] = Ramp(1)
    }

    func deallocate() { ramps.deallocate() }

    @_noLocks @_noAllocation
    func set(_ pair: Int, isOn: Bool, rampFrames: Int) {
        ramps[pair].go(to: isOn ? 1 : 0, frames: rampFrames)
    }

    @_noLocks @_noAllocation
    func isOn(_ pair: Int) -> Bool { ramps[pair].end() != 0 }

    /// Whether something of it is in the sum.
    @_noLocks @_noAllocation
    func isHeard(_ pair: Int) -> Bool { isOn(pair) || ramps[pair].isMoving() }

    /// Source 0 of these frames, interleaved; a single pair is source 0 itself.
    ///
    /// A sum begins from zero also where it is of one pair: no sign of a zero hangs on the block size.
    @_noLocks @_noAllocation
    func sum(_ pairs: InputPairs, into out: UnsafeMutablePointer<Float>, frames: Int) {
        if pairs.hasSum || pairs.count == 1 {
            pairs.first(into: out, frames: frames)
            return
        }
        Wide.clear(out, frames: frames)
        for pair in 0..<pairs.count where isHeard(pair) {
            let (left, right) = (pairs.plane(2 * pair), pairs.plane(2 * pair + 1))
            if ramps[pair].isMoving() {
                for index in 0..<frames {
                    let gain = ramps[pair].value(index)
                    out[2 * index] += left[index] * gain
                    out[2 * index + 1] += right[index] * gain
                }
                ramps[pair].advance(frames)
            } else {
                Wide.add(left: left, right: right, to: out, frames: frames)
            }
        }
    }
}
