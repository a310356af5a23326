@testable import FlowCore

/// A life of the engine, short and with every kind of change in it, to be played in any blocks.
struct BlockLife {
    /// All that came out of it.
    struct Outcome: Equatable {
        let sound: [Float]
        let events: [[Int64]]
    }

    static let frames = 9_000
    /// Until here nothing happens and nothing sounds; from here on the blocks are those asked for.
    static let start = 3_500
    private static let bpm = 300.0

    private let heard: [Float]

    init() {
        let noise = CodedNoise(seed: CoreRig.seed)
        heard = (0..<2 * Self.frames).map {
            noise.sample(Int64($0 % Self.frames), $0 / Self.frames)
        }
    }

    /// Captures of all kinds, layers over each other, a loop at its own speed and one repitched,
    /// levels, lines that are waited for, a pause. `shift` moves one command by that many frames.
    private static func commands(shift: Int) -> [Ask] {
        let (on, quantized) = (CommandFlags.on, CommandFlags.quantized)
        func at(_ frame: Int, _ ask: Ask) -> Ask {
            var ask = ask
            ask.atFrame = Double(frame)
            return ask
        }
        func capture(_ slot: Int, _ flags: UInt32 = 0, take: UInt32) -> Ask {
            Ask(code: .capture, slot: slot, flags: flags, a: 1, d: 0.95, id: CoreRig.take(take))
        }
        return [
            at(1, Ask(code: .meter, a: 1, b: 4)),
            at(2, Ask(code: .latency, a: 300)),
            at(3_907, capture(1, quantized, take: 1)),
            at(4_205, Ask(code: .slotSolo, slot: 1, flags: on | quantized)),
            at(4_603, capture(0, take: 2)),
            at(4_801, Ask(code: .slotGain, slot: 0, a: 0.3)),
            at(4_903, Ask(code: .slotSolo, slot: 1)),
            at(5_003, capture(0, CommandFlags.overdub, take: 3)),
            at(5_407, Ask(code: .slotFree, slot: 1, flags: on)),
            at(5_501, Ask(code: .tempo, a: 270)),
            at(5_803 + shift, Ask(code: .slotPan, slot: 1, a: -0.5)),
            at(6_007, Ask(code: .slotMute, slot: 0, flags: on)),
            at(6_205, Ask(code: .slotMute, slot: 0)),
            at(6_301, Ask(code: .metronome, flags: on, a: 0.5)),
            at(6_511, Ask(code: .align)),
            at(6_703, Ask(code: .tempo, a: bpm)),
            at(6_911, Ask(code: .pause)),
            at(7_109, Ask(code: .play)),
            at(7_903, Ask(code: .slotFree, slot: 1)),
            at(8_101, Ask(code: .panic)),
            at(8_307, Ask(code: .play)),
            at(8_503, Ask(code: .slotSet, slot: 1)),
        ]
    }

    /// Plays it in blocks of `block` frames, of which the first one ends after `first` frames.
    func play(block: Int, first: Int, shift: Int = 0) throws -> Outcome {
        var configuration = EngineConfiguration()
        configuration.bpm = Self.bpm
        configuration.sampleRateHz = Limits.rateHzMin
        configuration.ringSecondsMax = 1
        let engine = try FlowEngine(configuration)
        try engine.start()
        for ask in Self.commands(shift: shift) { _ = CoreRig.send([ask], to: engine) }
        var sound = [Float](repeating: 0, count: 2 * Self.frames)
        var events: [[Int64]] = []
        heard.withUnsafeBufferPointer { heard in
            sound.withUnsafeMutableBufferPointer { sound in
                guard let heard = heard.baseAddress, let sound = sound.baseAddress else { return }
                var frame = 0
                for run in Self.runs(block: block, first: first) {
                    FlowEngine.process(
                        UnsafeMutableRawPointer(engine.context), heard + frame,
                        heard + Self.frames + frame, sound + frame, sound + Self.frames + frame,
                        UInt32(run))
                    engine.worker.pump()
                    frame += run
                }
            }
        }
        _ = engine.events.poll(capacity: 65_536) {
            events.append([
                $0.frame, Int64($0.code.rawValue), Int64($0.slot), $0.fromFrame, $0.toFrame,
            ])
        }
        return Outcome(sound: sound, events: events)
    }

    private static func runs(block: Int, first: Int) -> [Int] {
        var runs = [start] + (first > 0 ? [first] : [])
        var left = frames - start - first
        while left > 0 {
            runs.append(min(block, left))
            left -= block
        }
        return runs
    }
}
