/// How loud each of a device's stereo pairs is in source 0, their sum; one that is off is at 0.
///
/// A level is reached along a ramp. A pair at level 1 is added bit for bit.
///
/// - Thread: audio for everything that is marked; `init` and `deallocate` control.
struct PairMix: BitwiseCopyable {
    private let ramps: UnsafeMutablePointer<Ramp>

    /// Of several pairs all are on, or the first one.
    init(allOn: Bool) {
        ramps = .allocate(capacity: Limits.sourceCountMax)
        ramps.initialize(repeating: Ramp(allOn ? 1 : 0), count: Limits.sourceCountMax)
        ramps[0] = Ramp(1)
    }

    func deallocate() { ramps.deallocate() }

    @_noLocks @_noAllocation
    func set(_ pair: Int, to level: Float, rampFrames: Int) {
        ramps[pair].go(to: level, frames: rampFrames)
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
                    let level = ramps[pair].value(index)
                    out[2 * index] += left[index] * level
                    out[2 * index + 1] += right[index] * level
                }
                ramps[pair].advance(frames)
            } else if ramps[pair].end() == 1 {
                Wide.add(left: left, right: right, to: out, frames: frames)
            } else {
                let level = ramps[pair].end()
                for index in 0..<frames {
                    out[2 * index] += left[index] * level
                    out[2 * index + 1] += right[index] * level
                }
            }
        }
    }
}
