import Testing

@testable import FlowCore

@Suite("chains that are not heard")
struct ChainDryTests {
    /// A life with every kind of change in it, at frames of their own.
    private static func life() -> [Ask] {
        let (on, quantized) = (CommandFlags.on, CommandFlags.quantized)
        func at(_ frame: Double, _ ask: Ask) -> Ask {
            var ask = ask
            ask.atFrame = frame
            return ask
        }
        return [
            at(2, Ask(code: .latency, a: 300)),
            at(80_003, Ask(code: .capture, flags: quantized, a: 2, id: CoreRig.take(1))),
            at(81_111, Ask(code: .capture, slot: 1, a: 1, id: CoreRig.take(2))),
            at(
                84_111,
                Ask(
                    code: .capture, slot: 0, flags: CommandFlags.overdub, a: 1, d: 0.8,
                    id: CoreRig.take(3))),
            at(90_001, Ask(code: .slotGain, slot: 0, a: 0.3)),
            at(90_101, Ask(code: .slotPan, slot: 1, a: -0.5)),
            at(95_555, Ask(code: .slotMute, slot: 1, flags: on)),
            at(101_000, Ask(code: .slotFree, slot: 0, flags: on)),
            at(120_001, Ask(code: .tempo, a: 270)),
            at(121_001, Ask(code: .slotMute, slot: 1)),
            at(123_011, Ask(code: .align)),
            at(126_007, Ask(code: .pause)),
            at(128_009, Ask(code: .play)),
            at(129_009, Ask(code: .slotFree, slot: 0)),
            at(133_001, Ask(code: .panic)),
            at(134_001, Ask(code: .play)),
            at(135_001, Ask(code: .slotSet, slot: 1)),
        ]
    }

    private func play(block: Int, hasChains: Bool) throws -> CoreRig {
        let chains = ScriptedChains()
        let rig = try CoreRig(chains: chains) { $0.bpm = 300 }
        for ask in Self.life() { rig.send(ask) }
        if hasChains {
            chains.make(1, ports: [HostPort()], latencies: [10])
            chains.make(2, ports: [HostPort(), HostPort()])
            rig.setChain(1, slot: 0)
            rig.setChain(2, slot: 1)
        }
        rig.step(to: 140_000, block: block)
        return rig
    }

    @Test("with dead hosts every slot sounds bit for bit as without chains, in any blocks")
    func isDry() throws {
        let reference = try play(block: 512, hasChains: false)
        #expect(reference.left.contains { $0 != 0 })
        for block in [64, 512, 100, 4_096] {
            let other = try play(block: block, hasChains: true)
            #expect(firstDifference(other, reference) == nil, "block \(block)")
        }
    }
}
