/// The eight players of the demo: which voice each part uses, how loud, how far away.
struct DemoBand {
    private var kick: DemoKick
    private var snare: DemoStruck
    private var hat: DemoHiss
    private var rim: DemoStruck
    private var lowConga: DemoStruck
    private var highConga: DemoStruck
    private var shaker: DemoHiss
    private var bass: DemoMono
    private var lead: DemoMono
    private var flute: DemoMono
    private var keys: DemoFm
    private var bells: DemoFm
    private var pad: DemoPad
    private let closedFall: Float
    private let openFall: Float
    private let shakerFall: Float

    init(tuning: DemoTuning, sampleRateHz rate: Int) {
        kick = DemoKick(sampleRateHz: rate, mix: DemoMix(gain: 0.44))
        snare = DemoStruck(
            DemoSounds.snare, tuning: tuning, sampleRateHz: rate, seed: 0xA5A5,
            mix: DemoMix(gain: 0.27, room: 0.16))
        rim = DemoStruck(
            DemoSounds.rim, tuning: tuning, sampleRateHz: rate, seed: 0x1357,
            mix: DemoMix(gain: 0.25, pan: -0.45, room: 0.2))
        lowConga = DemoStruck(
            DemoSounds.lowConga, tuning: tuning, sampleRateHz: rate, seed: 0x2468,
            mix: DemoMix(gain: 0.33, pan: 0.3, room: 0.2))
        highConga = DemoStruck(
            DemoSounds.highConga, tuning: tuning, sampleRateHz: rate, seed: 0x369C,
            mix: DemoMix(gain: 0.28, pan: -0.2, room: 0.2))
        hat = DemoHiss(
            note: 121, attackSeconds: 0.0004, tuning: tuning, sampleRateHz: rate, seed: 0xBEEF,
            mix: DemoMix(gain: 0.13, pan: 0.25))
        shaker = DemoHiss(
            note: 116, attackSeconds: 0.008, tuning: tuning, sampleRateHz: rate, seed: 0xCAFE,
            mix: DemoMix(gain: 0.16, pan: 0.4, room: 0.06))
        bass = DemoMono(
            DemoSounds.bass, tuning: tuning, sampleRateHz: rate, mix: DemoMix(gain: 0.3))
        lead = DemoMono(
            DemoSounds.lead, tuning: tuning, sampleRateHz: rate,
            mix: DemoMix(gain: 0.3, pan: -0.1, echo: 0.5, room: 0.12))
        flute = DemoMono(
            DemoSounds.flute, tuning: tuning, sampleRateHz: rate,
            mix: DemoMix(gain: 0.2, pan: 0.12, echo: 0.25, room: 0.3))
        keys = DemoFm(
            DemoSounds.keys, voiceCount: 10, swayHz: 4.2, swayDepth: 0.28, tuning: tuning,
            sampleRateHz: rate, mix: DemoMix(gain: 0.085, room: 0.16))
        bells = DemoFm(
            DemoSounds.bells, voiceCount: 6, swayHz: 0.7, swayDepth: 0.45, tuning: tuning,
            sampleRateHz: rate, mix: DemoMix(gain: 0.13, echo: 0.3, room: 0.2))
        pad = DemoPad(tuning: tuning, sampleRateHz: rate, gain: 0.08, room: 0.25)
        closedFall = DemoMath.decay(seconds: 0.028, sampleRateHz: rate)
        openFall = DemoMath.decay(seconds: 0.11, sampleRateHz: rate)
        shakerFall = DemoMath.decay(seconds: 0.04, sampleRateHz: rate)
    }

    func deallocate() {
        keys.deallocate()
        bells.deallocate()
        pad.deallocate()
    }

    /// Adds everybody's sound to frames `from`..<`to` of the bus.
    @_noLocks @_noAllocation
    mutating func render(into bus: DemoBus, from: Int, to: Int) {
        guard from < to else { return }
        kick.render(into: bus, from: from, to: to)
        snare.render(into: bus, from: from, to: to)
        hat.render(into: bus, from: from, to: to)
        rim.render(into: bus, from: from, to: to)
        lowConga.render(into: bus, from: from, to: to)
        highConga.render(into: bus, from: from, to: to)
        shaker.render(into: bus, from: from, to: to)
        bass.render(into: bus, from: from, to: to)
        lead.render(into: bus, from: from, to: to)
        flute.render(into: bus, from: from, to: to)
        keys.render(into: bus, from: from, to: to)
        bells.render(into: bus, from: from, to: to)
        pad.render(into: bus, from: from, to: to)
    }

    /// Begins what one part has on one sixteenth.
    @_noLocks @_noAllocation
    mutating func strike(
        _ score: DemoScore, part: DemoScore.Part, bar: Int, step: Int, framesPerStep: Double,
        stepsLeftInBar: Int
    ) {
        switch part {
        case .drums: strikeDrums(score, bar: bar, step: step)
        case .percussion: strikePercussion(score, bar: bar, step: step)
        case .keys:
            strikeKeys(score, bar: bar, step: step, framesPerStep: framesPerStep)
        case .pad:
            guard step == 0 else { return }
            pad.play(score, bar: bar, frames: Int(framesPerStep * Double(stepsLeftInBar)))
        case .bass:
            let note = score.note(.bass, bar: bar, step: step)
            if note.velocity > 0 { bass.play(note, frames: Self.length(note, framesPerStep)) }
        case .lead:
            let note = score.note(.lead, bar: bar, step: step)
            if note.velocity > 0 { lead.play(note, frames: Self.length(note, framesPerStep)) }
        case .flute:
            let note = score.note(.flute, bar: bar, step: step)
            if note.velocity > 0 { flute.play(note, frames: Self.length(note, framesPerStep)) }
        case .arpeggio:
            let note = score.note(.arpeggio, bar: bar, step: step)
            guard note.velocity > 0 else { return }
            bells.play(
                Int(note.midi), velocity: note.velocity, frames: Self.length(note, framesPerStep))
        }
    }

    /// Frames a note is held: nearly to the next one.
    @_noLocks @_noAllocation
    private static func length(_ note: DemoNote, _ framesPerStep: Double) -> Int {
        Int(framesPerStep * (Double(note.steps) - 0.12))
    }

    @_noLocks @_noAllocation
    private mutating func strikeDrums(_ score: DemoScore, bar: Int, step: Int) {
        if score.isHit(.kick, bar: bar, step: step) { kick.strike(step == 0 ? 1 : 0.94) }
        if score.isHit(.snare, bar: bar, step: step) { snare.strike(1) }
        if score.isHit(.ghost, bar: bar, step: step) { snare.strike(0.22) }
        if score.isHit(.openHat, bar: bar, step: step) {
            hat.strike(0.85, fall: openFall)
        } else if score.isHit(.closedHat, bar: bar, step: step) {
            hat.strike(step & 3 == 0 ? 0.6 : 0.42, fall: closedFall)
        }
    }

    @_noLocks @_noAllocation
    private mutating func strikePercussion(_ score: DemoScore, bar: Int, step: Int) {
        if score.isHit(.rim, bar: bar, step: step) { rim.strike(step == 0 ? 1 : 0.8) }
        if score.isHit(.lowConga, bar: bar, step: step) { lowConga.strike(step == 10 ? 1 : 0.8) }
        if score.isHit(.highConga, bar: bar, step: step) { highConga.strike(step == 8 ? 1 : 0.7) }
        if score.isHit(.shaker, bar: bar, step: step) {
            shaker.strike(step & 3 == 2 ? 1 : (step & 1 == 0 ? 0.6 : 0.4), fall: shakerFall)
        }
    }

    @_noLocks @_noAllocation
    private mutating func strikeKeys(
        _ score: DemoScore, bar: Int, step: Int, framesPerStep: Double
    ) {
        guard score.isHit(.keys, bar: bar, step: step) else { return }
        let steps = step == 0 ? 5.4 : 3.2
        for index in 0..<score.chordNotes {
            keys.play(
                score.chordNote(bar: bar, index: index), velocity: step == 0 ? 0.9 : 0.7,
                frames: Int(framesPerStep * steps))
        }
    }
}
