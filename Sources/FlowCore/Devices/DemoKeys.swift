/// One note of an electric piano or a glassy bell: two sines that bend a third.
struct DemoFmVoice {
    /// Ratios to the note's frequency, depths in cycles, times in seconds.
    struct Sound {
        var bodyDepth: Float
        var bodySeconds: Double
        var tineRatio: Float
        var tineDepth: Float
        var tineSeconds: Double
        var level: DemoEnvelope.Shape
    }

    private var carrier: Float = 0
    private var tine: Float = 0
    private var step: Float = 0
    private var bodyDepth: Float = 0
    private var tineDepth: Float = 0
    private var velocity: Float = 0
    private var level: DemoEnvelope
    private var declick: DemoDeclick
    private let bodyFall: Float
    private let tineFall: Float
    private let sound: Sound

    init(_ sound: Sound, sampleRateHz rate: Int) {
        self.sound = sound
        level = DemoEnvelope(sound.level, sampleRateHz: rate)
        declick = DemoDeclick(sampleRateHz: rate)
        bodyFall = DemoMath.decay(seconds: sound.bodySeconds, sampleRateHz: rate)
        tineFall = DemoMath.decay(seconds: sound.tineSeconds, sampleRateHz: rate)
    }

    @_noLocks @_noAllocation
    mutating func play(step: Float, velocity: Float, frames: Int) {
        declick.restart()
        self.step = step
        self.velocity = velocity
        carrier = 0
        tine = 0
        // High notes get fewer overtones: they would be harsh and reach beyond half the rate.
        let tame = 1 / (1 + 60 * step)
        bodyDepth = sound.bodyDepth * velocity * tame
        tineDepth = step * sound.tineRatio > 0.35 ? 0 : sound.tineDepth * velocity * tame
        level.start(frames: frames)
    }

    /// Adds the note to the bus.
    @_noLocks @_noAllocation
    mutating func render(into bus: DemoBus, from: Int, to: Int, mix: DemoMix) {
        for i in from..<to {
            guard level.isSounding() else { return }
            carrier += step
            if carrier >= 1 { carrier -= 1 }
            tine += step * sound.tineRatio
            if tine >= 1 { tine -= Float(Int32(tine)) }
            bodyDepth *= bodyFall
            tineDepth *= tineFall
            let bend = bodyDepth * DemoMath.sine(carrier) + tineDepth * DemoMath.sine(tine)
            let loud = level.next() * (0.4 + 0.6 * velocity)
            bus.add(declick.smooth(DemoMath.sine(carrier + bend) * loud), at: i, with: mix)
        }
    }
}

/// A few FM voices taken in turn, with the slow stereo sway of a suitcase piano.
struct DemoFm {
    private let voices: UnsafeMutablePointer<DemoFmVoice>
    private let voiceCount: Int
    private var next = 0
    private var sway: Float = 0
    private let swayStep: Float
    private let swayDepth: Float
    private let own: DemoBus
    private let tuning: DemoTuning
    private let mix: DemoMix

    init(
        _ sound: DemoFmVoice.Sound, voiceCount: Int, swayHz: Float, swayDepth: Float,
        tuning: DemoTuning, sampleRateHz rate: Int, mix: DemoMix
    ) {
        self.voiceCount = voiceCount
        self.tuning = tuning
        self.mix = mix
        self.swayDepth = swayDepth
        swayStep = swayHz / Float(rate)
        own = DemoBus()
        voices = .allocate(capacity: voiceCount)
        voices.initialize(
            repeating: DemoFmVoice(sound, sampleRateHz: rate), count: voiceCount)
    }

    func deallocate() {
        voices.deallocate()
        own.deallocate()
    }

    @_noLocks @_noAllocation
    mutating func play(_ midi: Int, velocity: Float, frames: Int) {
        voices[next].play(step: tuning.step(midi), velocity: velocity, frames: frames)
        next = next + 1 == voiceCount ? 0 : next + 1
    }

    @_noLocks @_noAllocation
    mutating func render(into bus: DemoBus, from: Int, to: Int) {
        own.clear(frames: to - from)
        for index in 0..<voiceCount {
            voices[index].render(into: own, from: 0, to: to - from, mix: mix)
        }
        for i in from..<to {
            sway += swayStep
            if sway >= 1 { sway -= 1 }
            let lean = swayDepth * DemoMath.sine(sway)
            bus.left[i] += own.left[i - from] * (1 - lean)
            bus.right[i] += own.right[i - from] * (1 + lean)
            bus.echo[i] += own.echo[i - from]
            bus.room[i] += own.room[i - from]
        }
    }
}
