import Testing

@testable import FlowCore

@Suite("Proof: block sizes")
struct BlockProofTests {
    /// A life of 16,000 frames: capture, gain, mute, tempo, alignment, undo of it all.
    private func play(block: Int, first: Int, shift: Double = 0) throws -> CoreRig {
        let rig = try CoreRig {
            $0.bpm = 300
            $0.sampleRateHz = 22_050
            $0.ringSecondsMax = 2
        }
        let quantized = CommandFlags.quantized
        rig.send(Ask(code: .meter, atFrame: 1, a: 1, b: 4))
        rig.send(Ask(code: .latency, atFrame: 2, a: 300))
        rig.send(
            Ask(
                code: .capture, slot: 0, flags: quantized, atFrame: 5_003, a: 1,
                id: CoreRig.take(1)))
        rig.send(Ask(code: .capture, slot: 1, atFrame: 6_007, a: 1, id: CoreRig.take(2)))
        rig.send(Ask(code: .slotGain, slot: 0, atFrame: 7_001 + shift, a: 0.3))
        rig.send(Ask(code: .slotMute, slot: 1, flags: CommandFlags.on, atFrame: 9_013))
        rig.send(Ask(code: .tempo, atFrame: 10_009, a: 271))
        rig.send(Ask(code: .slotMute, slot: 1, flags: quantized, atFrame: 11_003))
        rig.send(Ask(code: .align, atFrame: 12_345))
        rig.send(Ask(code: .slotSet, slot: 0, atFrame: 14_001))
        if first > 0 { rig.step(first, block: first) }
        rig.step(to: 16_000, block: block)
        return rig
    }

    private func trace(_ rig: CoreRig) -> [[Int64]] {
        rig.events.map { [$0.frame, Int64($0.code.rawValue), Int64($0.slot)] }
    }

    @Test("every size from 1 to 512, begun at a random offset, gives the same audio and events")
    func everySize() throws {
        let reference = try play(block: 4_096, first: 0)
        #expect(reference.left.contains { $0 != 0 })
        print("blocks: seed \(CoreRig.seed)")
        var random = SeededRandom(seed: CoreRig.seed)
        var lives = 0
        for block in 1...512 {
            let first = Int.random(in: 0..<block, using: &random)
            let other = try play(block: block, first: first)
            #expect(firstDifference(other, reference) == nil, "block \(block), first \(first)")
            #expect(trace(other) == trace(reference), "block \(block), first \(first)")
            lives += 1
        }
        print("blocks: \(lives) lives of 16000 frames, sizes 1…512, the same to the bit")
        #expect(firstDifference(try play(block: 77, first: 3, shift: 1), reference) != nil)
    }

    @Test("every offset of a block of 64 gives the same audio")
    func everyOffset() throws {
        let reference = try play(block: 4_096, first: 0)
        for first in 0..<64 {
            #expect(firstDifference(try play(block: 64, first: first), reference) == nil)
        }
    }
}
