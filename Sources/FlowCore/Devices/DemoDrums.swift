/// Kick drum: a sine whose pitch falls from a thud to the fundamental, with a short click.
struct DemoKick {
    private var phase: Float = 0
    private var sweep: Float = 0
    private var level: Float = 0
    private var click: Float = 0
    private var noise = DemoNoise(seed: 0x51ED)
    private var declick: DemoDeclick
    private let base: Float
    private let range: Float
    private let sweepFall: Float
    private let levelFall: Float
    private let clickFall: Float
    private let mix: DemoMix

    init(sampleRateHz rate: Int, mix: DemoMix) {
        declick = DemoDeclick(sampleRateHz: rate)
        base = 49 / Float(rate)
        range = 210 / Float(rate)
        sweepFall = DemoMath.decay(seconds: 0.022, sampleRateHz: rate)
        levelFall = DemoMath.decay(seconds: 0.13, sampleRateHz: rate)
        clickFall = DemoMath.decay(seconds: 0.0025, sampleRateHz: rate)
        self.mix = mix
    }

    @_noLocks @_noAllocation
    mutating func strike(_ velocity: Float) {
        declick.restart()
        phase = 0
        sweep = 1
        level = velocity
        click = velocity * 0.12
    }

    @_noLocks @_noAllocation
    mutating func render(into bus: DemoBus, from: Int, to: Int) {
        for i in from..<to {
            guard level > 1e-5 else { return }
            phase += base + range * sweep
            if phase >= 1 { phase -= 1 }
            sweep *= sweepFall
            level *= levelFall
            click *= clickFall
            let body = DemoMath.warm(1.5 * DemoMath.sine(phase) * level)
            bus.add(declick.smooth(body + noise.next() * click), at: i, with: mix)
        }
    }
}

/// A struck tone that falls a little in pitch, with as much noise as wanted: snare, rim, congas.
struct DemoStruck {
    /// Sound of one drum; times in seconds.
    struct Sound {
        var hz: Float
        var bend: Float
        var tone: Float
        var toneSeconds: Double
        var noise: Float = 0
        var noiseSeconds: Double = 0.05
        var noiseNote: Float = 100
        var damping: Float = 1.2
    }

    private var phase: Float = 0
    private var second: Float = 0
    private var bend: Float = 0
    private var tone: Float = 0
    private var hiss: Float = 0
    private var noise: DemoNoise
    private var filter = DemoFilter()
    private var declick: DemoDeclick
    private let sound: Sound
    private let step: Float
    private let bendFall: Float
    private let toneFall: Float
    private let hissFall: Float
    private let cutoff: Float
    private let mix: DemoMix

    init(_ sound: Sound, tuning: DemoTuning, sampleRateHz rate: Int, seed: UInt32, mix: DemoMix) {
        self.sound = sound
        self.mix = mix
        noise = DemoNoise(seed: seed)
        declick = DemoDeclick(sampleRateHz: rate)
        step = sound.hz / Float(rate)
        bendFall = DemoMath.decay(seconds: 0.015, sampleRateHz: rate)
        toneFall = DemoMath.decay(seconds: sound.toneSeconds, sampleRateHz: rate)
        hissFall = DemoMath.decay(seconds: sound.noiseSeconds, sampleRateHz: rate)
        cutoff = tuning.cutoff(sound.noiseNote)
    }

    @_noLocks @_noAllocation
    mutating func strike(_ velocity: Float) {
        declick.restart()
        phase = 0
        second = 0
        bend = sound.bend
        tone = velocity * sound.tone
        hiss = velocity * sound.noise
    }

    @_noLocks @_noAllocation
    mutating func render(into bus: DemoBus, from: Int, to: Int) {
        for i in from..<to {
            guard tone > 1e-5 || hiss > 1e-5 else { return }
            let pitch = step * (1 + bend)
            phase += pitch
            if phase >= 1 { phase -= 1 }
            second += pitch * 1.593
            if second >= 1 { second -= 1 }
            bend *= bendFall
            tone *= toneFall
            hiss *= hissFall
            filter.run(noise.next() * hiss, g: cutoff, damping: sound.damping)
            let body = (DemoMath.sine(phase) + 0.35 * DemoMath.sine(second)) * tone
            bus.add(declick.smooth(body + filter.band), at: i, with: mix)
        }
    }
}

/// Bright noise: hats, which choke each other, and a shaker, which swells before it falls.
struct DemoHiss {
    private var level: Float = 0
    private var target: Float = 0
    private var fall: Float = 0
    private var noise: DemoNoise
    private var filter = DemoFilter()
    private let attack: Float
    private let cutoff: Float
    private let mix: DemoMix

    init(
        note: Float, attackSeconds: Double, tuning: DemoTuning, sampleRateHz rate: Int,
        seed: UInt32,
        mix: DemoMix
    ) {
        noise = DemoNoise(seed: seed)
        attack = 1 - DemoMath.decay(seconds: attackSeconds, sampleRateHz: rate)
        cutoff = tuning.cutoff(note)
        self.mix = mix
    }

    /// Begins the sound; `fall` is a factor per frame, from `DemoMath.decay`.
    @_noLocks @_noAllocation
    mutating func strike(_ velocity: Float, fall: Float) {
        target = velocity
        self.fall = fall
    }

    @_noLocks @_noAllocation
    mutating func render(into bus: DemoBus, from: Int, to: Int) {
        for i in from..<to {
            guard target > 1e-5 || level > 1e-5 else { return }
            level += (target - level) * attack
            target *= fall
            filter.run(noise.next(), g: cutoff, damping: 1.1)
            bus.add(filter.high * level, at: i, with: mix)
        }
    }
}
