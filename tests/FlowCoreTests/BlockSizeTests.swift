import Testing

@testable import FlowCore

@Suite("Block sizes")
struct BlockSizeTests {
    /// A short life with every kind of change, all at frames of their own.
    private func play(block: Int, first: Int, demo: Bool = false) throws -> CoreRig {
        let rig = try CoreRig {
            $0.bpm = 300
            if demo { $0.flags |= ConfigFlags.demoPlayer | ConfigFlags.monitor }
        }
        let quantized = CommandFlags.quantized
        rig.send(
            Ask(
                code: .capture, slot: 0, flags: quantized, atFrame: 80_003, a: 2,
                id: CoreRig.take(1)))
        rig.send(Ask(code: .capture, slot: 1, atFrame: 81_111, a: 1, id: CoreRig.take(2)))
        rig.send(Ask(code: .slotGain, slot: 0, atFrame: 90_001, a: 0.3))
        rig.send(Ask(code: .slotPan, slot: 1, atFrame: 90_101, a: -0.5))
        rig.send(Ask(code: .slotMute, slot: 1, flags: CommandFlags.on, atFrame: 95_555))
        rig.send(
            Ask(code: .slotSolo, slot: 1, flags: CommandFlags.on | quantized, atFrame: 100_007))
        rig.send(Ask(code: .metronome, flags: CommandFlags.on, atFrame: 101_000, a: 0.5))
        rig.send(Ask(code: .tempo, atFrame: 120_001, a: 270))
        rig.send(Ask(code: .slotMute, slot: 1, atFrame: 121_001))
        rig.send(Ask(code: .pause, atFrame: 126_007))
        rig.send(Ask(code: .play, atFrame: 128_009))
        rig.send(Ask(code: .panic, atFrame: 133_001))
        rig.step(first, block: first == 0 ? 1 : first)
        rig.step(to: 136_000, block: block)
        return rig
    }

    @Test("any block size at any offset gives the same audio and the same events")
    func sameAudio() throws {
        let reference = try play(block: 512, first: 0)
        #expect(reference.left.contains { $0 != 0 })
        for (block, first) in [
            (1, 0), (7, 3), (16, 0), (100, 1), (128, 127), (333, 64), (1_000, 5), (4_096, 1_001),
        ] {
            let other = try play(block: block, first: first)
            #expect(firstDifference(other, reference) == nil, "block \(block), first \(first)")
            let trace = { (rig: CoreRig) in
                rig.events.map { [$0.frame, Int64($0.code.rawValue), Int64($0.slot)] }
            }
            #expect(trace(other) == trace(reference), "block \(block), first \(first)")
        }
    }

    @Test("the demo player hears of a pause, a play and a tempo at their frames, in any block")
    func sameDemo() throws {
        let reference = try play(block: 512, first: 0, demo: true)
        #expect(reference.left.contains { $0 != 0 })
        for (block, first) in [(1, 0), (333, 64), (4_096, 1_001)] {
            let other = try play(block: block, first: first, demo: true)
            #expect(firstDifference(other, reference) == nil, "block \(block), first \(first)")
        }
    }
}
