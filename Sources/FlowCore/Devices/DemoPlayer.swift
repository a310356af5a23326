/// Plays something worth looping on a machine without a sound card.
///
/// A 32-bar piece of eight parts, four bars each, alone one after the other: drums, bass, electric
/// piano, lead, percussion, pad, arpeggio, flute. One press at the end of each part builds the whole
/// piece. Notes follow the grid that is passed in, so tempo and meter are followed too.
///
/// - Thread: made and dropped on the control thread; `render` runs on the audio thread. Bounded: no
///   allocation, no lock, no system call, no wait.
struct DemoPlayer: ~Copyable {
    /// Low enough that loops of all eight parts together stay below full scale.
    private static let gain: Float = 0.74
    private let score: DemoScore
    private let tuning: DemoTuning
    private let bus: DemoBus
    private var band: DemoBand
    private var echo: DemoEcho
    private var room: DemoRoom
    private var leftDc: DemoDcBlock
    private var rightDc: DemoDcBlock
    /// The next sixteenth to be played, counted from beat 0.
    private var nextStep = 0
    /// Where the next block should begin if nobody moves the grid; in beats.
    private var expectedBeats = -1.0

    init(sampleRateHz: Int) {
        score = DemoScore()
        tuning = DemoTuning(sampleRateHz: sampleRateHz)
        bus = DemoBus()
        band = DemoBand(tuning: tuning, sampleRateHz: sampleRateHz)
        echo = DemoEcho(sampleRateHz: sampleRateHz)
        room = DemoRoom(sampleRateHz: sampleRateHz)
        leftDc = DemoDcBlock(sampleRateHz: sampleRateHz)
        rightDc = DemoDcBlock(sampleRateHz: sampleRateHz)
    }

    deinit {
        score.deallocate()
        tuning.deallocate()
        bus.deallocate()
        band.deallocate()
        echo.deallocate()
        room.deallocate()
    }

    /// Writes the next `frames` frames of the performance.
    ///
    /// - Thread: audio.
    /// - Parameters:
    ///   - left: Receives `frames` samples, at most −3 dBFS.
    ///   - right: The same for the right side.
    ///   - frames: Any number, 0 too.
    ///   - beat: Grid beat in which the block begins.
    ///   - frac: Part of that beat that has passed, 0 ≤ frac < 1.
    ///   - framesPerBeat: Frames a beat, above 0.
    ///   - beatsPerBar: Beats a bar, at least 1.
    @_noLocks @_noAllocation
    mutating func render(
        left: UnsafeMutablePointer<Float>, right: UnsafeMutablePointer<Float>, frames: Int,
        beat: Int, frac: Double, framesPerBeat: Double, beatsPerBar: Int
    ) {
        guard framesPerBeat > 1, beatsPerBar > 0 else { return }
        let start = Double(beat) + frac
        follow(start)
        var done = 0
        while done < frames {
            let count = frames - done < bus.capacity ? frames - done : bus.capacity
            renderChunk(
                from: start + Double(done) / framesPerBeat, frames: count,
                framesPerBeat: framesPerBeat, beatsPerBar: beatsPerBar)
            for i in 0..<count {
                left[done + i] = DemoMath.softLimit(Self.gain * leftDc.run(bus.left[i]))
                right[done + i] = DemoMath.softLimit(Self.gain * rightDc.run(bus.right[i]))
            }
            done += count
        }
        expectedBeats = start + Double(frames) / framesPerBeat
    }

    /// Finds the next sixteenth anew when the grid was moved; a standing grid repeats nothing.
    @_noLocks @_noAllocation
    private mutating func follow(_ start: Double) {
        let moved = start - expectedBeats
        guard moved > 0.02 || moved < -0.2 || expectedBeats < 0 else { return }
        nextStep = Int(start * 4) - 1
        while position(of: nextStep) < start - 1e-7 { nextStep += 1 }
    }

    /// Beat position of a sixteenth: every second one comes late, that is the swing.
    @_noLocks @_noAllocation
    @inline(__always)
    private func position(of step: Int) -> Double {
        Double(step) * 0.25 + (step & 1 == 0 ? 0 : 0.028)
    }

    @_noLocks @_noAllocation
    private mutating func renderChunk(
        from start: Double, frames: Int, framesPerBeat: Double, beatsPerBar: Int
    ) {
        bus.clear(frames: frames)
        var done = 0
        while true {
            let ahead = (position(of: nextStep) - start) * framesPerBeat
            guard ahead < Double(frames) - 0.001 else { break }
            // The first frame at or after the sixteenth; the rest is rounding of the grid itself.
            let exact = ahead < Double(done) ? done : Int(ahead + 0.999)
            let at = exact < done ? done : exact
            band.render(into: bus, from: done, to: at)
            strike(nextStep, framesPerStep: framesPerBeat / 4, beatsPerBar: beatsPerBar)
            nextStep += 1
            done = at
        }
        band.render(into: bus, from: done, to: frames)
        echo.render(bus, frames: frames, delayFrames: Float(framesPerBeat * 0.75))
        room.render(bus, frames: frames)
    }

    /// Begins what the score has on a sixteenth.
    @_noLocks @_noAllocation
    private mutating func strike(_ absolute: Int, framesPerStep: Double, beatsPerBar: Int) {
        guard absolute >= 0 else { return }
        let stepsPerBar = beatsPerBar * 4
        let bar = absolute / stepsPerBar
        let stepInBar = absolute % stepsPerBar
        band.strike(
            score,
            part: score.part(atBar: bar),
            bar: bar % score.barCount,
            // Longer bars repeat their first beats, shorter ones leave the last out.
            step: stepInBar % score.stepCount,
            framesPerStep: framesPerStep,
            stepsLeftInBar: stepsPerBar - stepInBar)
    }
}
