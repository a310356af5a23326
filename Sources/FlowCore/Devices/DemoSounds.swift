/// Settings of the demo's voices: numbers found by ear and by measurement.
enum DemoSounds {
    static var snare: DemoStruck.Sound {
        .init(
            hz: 188, bend: 0.55, tone: 0.5, toneSeconds: 0.045, noise: 2.2, noiseSeconds: 0.085,
            noiseNote: 93, damping: 1.5)
    }

    static var rim: DemoStruck.Sound {
        .init(
            hz: 1690, bend: 0.1, tone: 0.5, toneSeconds: 0.012, noise: 1.2, noiseSeconds: 0.006,
            noiseNote: 99, damping: 0.8)
    }

    static var lowConga: DemoStruck.Sound {
        .init(
            hz: 196, bend: 0.22, tone: 0.85, toneSeconds: 0.12, noise: 0.5, noiseSeconds: 0.01,
            noiseNote: 86)
    }

    static var highConga: DemoStruck.Sound {
        .init(
            hz: 311, bend: 0.18, tone: 0.85, toneSeconds: 0.075, noise: 0.6, noiseSeconds: 0.008,
            noiseNote: 91)
    }

    static var bass: DemoMono.Sound {
        .init(
            saw: 0.8, sub: 0.62, subOctave: 1, detune: 1.0035, cutoffNote: 58, cutoffSweep: 30,
            damping: 0.75, drive: 1.35,
            level: .init(attack: 0.003, decay: 0.5, sustain: 0.72, release: 0.018),
            sweep: .init(attack: 0.002, decay: 0.11, sustain: 0.12, release: 0.05))
    }

    static var lead: DemoMono.Sound {
        .init(
            saw: 1, sub: 0.25, subOctave: 1, detune: 1.006, cutoffNote: 72, cutoffSweep: 42,
            damping: 0.7, drive: 1.1,
            level: .init(attack: 0.002, decay: 0.28, sustain: 0.3, release: 0.06),
            sweep: .init(attack: 0.0015, decay: 0.12, sustain: 0.1, release: 0.08))
    }

    static var flute: DemoMono.Sound {
        .init(
            saw: 0.3, sub: 0.85, subOctave: 1, detune: 1.004, cutoffNote: 84, cutoffSweep: 10,
            damping: 1.4, drive: 1,
            level: .init(attack: 0.05, decay: 0.6, sustain: 0.8, release: 0.09),
            sweep: .init(attack: 0.12, decay: 0.5, sustain: 0.6, release: 0.1))
    }

    static var keys: DemoFmVoice.Sound {
        .init(
            bodyDepth: 0.24, bodySeconds: 0.5, tineRatio: 14, tineDepth: 0.045,
            tineSeconds: 0.05,
            level: .init(attack: 0.0025, decay: 0.9, sustain: 0.12, release: 0.11))
    }

    static var bells: DemoFmVoice.Sound {
        .init(
            bodyDepth: 0.05, bodySeconds: 0.2, tineRatio: 3.5, tineDepth: 0.16,
            tineSeconds: 0.12,
            level: .init(attack: 0.0015, decay: 0.22, sustain: 0.06, release: 0.16))
    }
}
