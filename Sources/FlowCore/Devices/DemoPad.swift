/// A held chord of detuned saws behind a slowly moving filter; one chord swells over the other.
struct DemoPad {
    private static let noteCount = 5
    private static let chordCount = 2
    /// Two saws a note, one to each side.
    private let phases: UnsafeMutablePointer<Float>
    private let steps: UnsafeMutablePointer<Float>
    private var first: DemoEnvelope
    private var second: DemoEnvelope
    private var turn = 0
    private var drift: Float = 0
    private var leftFilter = DemoFilter()
    private var rightFilter = DemoFilter()
    private let driftStep: Float
    private let tuning: DemoTuning
    private let gain: Float
    private let room: Float

    init(tuning: DemoTuning, sampleRateHz rate: Int, gain: Float, room: Float) {
        let count = Self.chordCount * Self.noteCount * 2
        phases = .allocate(capacity: count)
        steps = .allocate(capacity: count)
        for index in 0..<count {
            // Spread starts, so that ten saws do not begin with one great step.
            phases[index] = Float((index * 7) % count) / Float(count)
            steps[index] = 0
        }
        let shape = DemoEnvelope.Shape(attack: 0.45, decay: 1, sustain: 1, release: 0.28)
        first = DemoEnvelope(shape, sampleRateHz: rate)
        second = DemoEnvelope(shape, sampleRateHz: rate)
        driftStep = 0.125 / Float(rate)
        self.tuning = tuning
        self.gain = gain
        self.room = room
    }

    func deallocate() {
        phases.deallocate()
        steps.deallocate()
    }

    /// Begins the chord of a bar, an octave above the keys' roots.
    @_noLocks @_noAllocation
    mutating func play(_ score: DemoScore, bar: Int, frames: Int) {
        turn = 1 - turn
        let base = turn * Self.noteCount
        for index in 0..<Self.noteCount {
            let step = tuning.step(score.chordNote(bar: bar, index: index) + (index == 0 ? 0 : 12))
            steps[2 * (base + index)] = step * 0.9972
            steps[2 * (base + index) + 1] = step * 1.0029
        }
        if turn == 0 { first.start(frames: frames) } else { second.start(frames: frames) }
    }

    @_noLocks @_noAllocation
    mutating func render(into bus: DemoBus, from: Int, to: Int) {
        for i in from..<to {
            guard first.isSounding() || second.isSounding() else { return }
            drift += driftStep
            if drift >= 1 { drift -= 1 }
            var left: Float = 0
            var right: Float = 0
            sum(chord: 0, level: first.next(), left: &left, right: &right)
            sum(chord: 1, level: second.next(), left: &left, right: &right)
            let g = tuning.cutoff(75 + 8 * DemoMath.sine(drift))
            leftFilter.run(left, g: g, damping: 1.3)
            rightFilter.run(right, g: g, damping: 1.3)
            bus.left[i] += gain * leftFilter.low
            bus.right[i] += gain * rightFilter.low
            bus.room[i] += room * gain * (leftFilter.low + rightFilter.low)
        }
    }

    @_noLocks @_noAllocation
    @inline(__always)
    private func sum(chord: Int, level: Float, left: inout Float, right: inout Float) {
        guard level > 1e-5 else { return }
        let base = 2 * chord * Self.noteCount
        for index in 0..<Self.noteCount {
            let one = base + 2 * index
            left += level * turnOn(one)
            right += level * turnOn(one + 1)
        }
    }

    @_noLocks @_noAllocation
    @inline(__always)
    private func turnOn(_ index: Int) -> Float {
        let step = steps[index]
        var phase = phases[index] + step
        if phase >= 1 { phase -= 1 }
        phases[index] = phase
        return DemoMath.saw(phase, step: step)
    }
}
