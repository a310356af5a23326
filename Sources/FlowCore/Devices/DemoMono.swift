/// Level of a note: rises, falls to a sustained part, and lets go when its time is over.
struct DemoEnvelope {
    /// Times in seconds; `sustain` 0…1.
    struct Shape {
        var attack: Double
        var decay: Double
        var sustain: Float
        var release: Double
    }

    private(set) var level: Float = 0
    private var framesLeft = 0
    private var isRising = false
    private let attack: Float
    private let decay: Float
    private let sustain: Float
    private let release: Float

    init(_ shape: Shape, sampleRateHz rate: Int) {
        attack = Float(1 / (shape.attack * Double(rate)))
        decay = DemoMath.decay(seconds: shape.decay, sampleRateHz: rate)
        sustain = shape.sustain
        release = DemoMath.decay(seconds: shape.release, sampleRateHz: rate)
    }

    @_noLocks @_noAllocation
    @inline(__always)
    func isSounding() -> Bool {
        framesLeft > 0 || level > 1e-5
    }

    @_noLocks @_noAllocation
    mutating func start(frames: Int) {
        framesLeft = frames
        isRising = true
    }

    @_noLocks @_noAllocation
    @inline(__always)
    mutating func next() -> Float {
        if framesLeft > 0 {
            framesLeft -= 1
            if isRising {
                level += attack
                if level >= 1 {
                    level = 1
                    isRising = false
                }
            } else {
                level = sustain + (level - sustain) * decay
            }
        } else {
            level *= release
        }
        return level
    }
}

/// One voice of a saw, a sub sine and a filter that opens with each note: bass and plucked lead.
struct DemoMono {
    /// Character of the voice; notes and octaves are semitones.
    struct Sound {
        var saw: Float
        var sub: Float
        var subOctave: Float
        var detune: Float
        var cutoffNote: Float
        var cutoffSweep: Float
        var damping: Float
        var drive: Float
        var level: DemoEnvelope.Shape
        var sweep: DemoEnvelope.Shape
    }

    private var phase: Float = 0
    private var detuned: Float = 0
    private var sub: Float = 0
    private var step: Float = 0
    private var stepTarget: Float = 0
    private var velocity: Float = 0
    private var pitchNote: Float = 60
    private var level: DemoEnvelope
    private var sweep: DemoEnvelope
    private var filter = DemoFilter()
    private let glide: Float
    private let sound: Sound
    private let tuning: DemoTuning
    private let mix: DemoMix

    init(_ sound: Sound, tuning: DemoTuning, sampleRateHz rate: Int, mix: DemoMix) {
        self.sound = sound
        self.tuning = tuning
        self.mix = mix
        level = DemoEnvelope(sound.level, sampleRateHz: rate)
        sweep = DemoEnvelope(sound.sweep, sampleRateHz: rate)
        glide = 1 - DemoMath.decay(seconds: 0.004, sampleRateHz: rate)
    }

    @_noLocks @_noAllocation
    mutating func play(_ note: DemoNote, frames: Int) {
        stepTarget = tuning.step(Int(note.midi))
        if !level.isSounding() { step = stepTarget }
        velocity = note.velocity
        pitchNote = Float(note.midi)
        level.start(frames: frames)
        sweep.start(frames: frames)
    }

    @_noLocks @_noAllocation
    mutating func render(into bus: DemoBus, from: Int, to: Int) {
        for i in from..<to {
            guard level.isSounding() else { return }
            step += (stepTarget - step) * glide
            phase += step
            if phase >= 1 { phase -= 1 }
            let wide = step * sound.detune
            detuned += wide
            if detuned >= 1 { detuned -= 1 }
            sub += step * sound.subOctave
            if sub >= 1 { sub -= 1 }
            let saws = DemoMath.saw(phase, step: step) + DemoMath.saw(detuned, step: wide)
            let open = sound.cutoffNote + 0.5 * (pitchNote - 60) + sound.cutoffSweep * sweep.next()
            filter.run(
                0.5 * sound.saw * saws, g: tuning.cutoff(open * (0.85 + 0.15 * velocity)),
                damping: sound.damping)
            let body = filter.low + sound.sub * DemoMath.sine(sub)
            let loud = level.next() * (0.55 + 0.45 * velocity)
            bus.add(DemoMath.warm(body * sound.drive) * loud, at: i, with: mix)
        }
    }
}
