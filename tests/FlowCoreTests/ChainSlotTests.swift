import Testing

@testable import FlowCore

/// A rig whose slots go through chains, and one that does the same without.
private final class Pair {
    let chains = ScriptedChains()
    let wet: CoreRig
    let plain: CoreRig

    init(_ change: (inout EngineConfiguration) -> Void = { _ in }) throws {
        wet = try CoreRig(chains: chains) {
            $0.bpm = 300
            change(&$0)
        }
        plain = try CoreRig {
            $0.bpm = 300
            change(&$0)
        }
    }

    func send(_ asks: Ask...) {
        wet.send(asks)
        plain.send(asks)
    }

    func step(_ frames: Int, block: Int = 64, _ answer: () -> Void = {}) {
        wet.step(frames, block: block, answer)
        plain.step(frames, block: block)
    }

    /// The first frame from `start` on at which the wet master is not the plain one times `gain`.
    func difference(from start: Int = 0, to end: Int? = nil, gain: Float = 1) -> Int? {
        (start..<(end ?? wet.left.count)).first {
            wet.left[$0] != plain.left[$0] * gain || wet.right[$0] != plain.right[$0] * gain
        }
    }
}

@Suite("chains in an engine: slots")
struct ChainSlotTests {
    /// A bar of the input in slot 0.
    private func capture(_ pair: Pair, _ slot: Int = 0, take: UInt32 = 1) {
        pair.send(
            Ask(
                code: .capture, slot: slot, flags: CommandFlags.quantized, a: 1,
                id: CoreRig.take(take)))
    }

    @Test("a slot goes through its plug-ins without being late", arguments: [0, 100, 5_000])
    func inTime(latency: Int) throws {
        let pair = try Pair()
        let port = HostPort()
        let host = try ScriptedHost(port)
        let late = LatePlugin(latency)
        pair.step(80_000)
        capture(pair)
        pair.step(6_400)
        pair.chains.make(9, ports: [port], latencies: [latency])
        pair.wet.setChain(9)
        let set = pair.wet.left.count
        pair.step(64 * 400) { host.answer(late.play) }
        let applied = try #require(pair.wet.all(.applied).last)
        #expect(applied.value == 0 && applied.value2 == Double(4 * 64 + latency))
        #expect(port.isWet(lane: 0) && port.missedBlocks == 0)
        // Nothing changes at first; then the host is heard in the place of the loop, bit for bit.
        #expect(pair.difference(to: set + 64 * 8) == nil)
        #expect(pair.difference(from: set + 64 * 150, gain: 0.5) == nil)
    }

    @Test("plug-ins that are later than can be looked ahead are late by the rest, and it is told")
    func tooLate() throws {
        let pair = try Pair()
        let port = HostPort()
        let host = try ScriptedHost(port)
        let late = LatePlugin(9_000)
        pair.step(80_000)
        capture(pair)
        pair.step(6_400)
        pair.chains.make(9, ports: [port], latencies: [9_000])
        pair.wet.setChain(9)
        pair.step(64 * 600) { host.answer(late.play) }
        #expect(pair.wet.all(.applied).last?.value == 808)
        let end = pair.wet.left.count
        #expect(
            (end - 10_000..<end).allSatisfy {
                pair.wet.left[$0] == pair.plain.left[$0 - 808] * 0.5
            })
    }

    @Test("a host that answers four blocks late is not missed")
    func tolerance() throws {
        let pair = try Pair()
        let port = HostPort()
        let host = try ScriptedHost(port)
        pair.step(80_000)
        capture(pair)
        pair.chains.make(9, ports: [port])
        pair.wet.setChain(9)
        pair.step(6_400) { host.answer { $0 * 0.5 } }
        let start = pair.wet.left.count
        for _ in 0..<200 {
            pair.step(64) {
                // Three blocks stay unanswered.
                while host.posted - host.answered > 3 {
                    host.answerOne { _, from, to, count in
                        for index in 0..<count { to[index] = from[index] * 0.5 }
                    }
                }
            }
        }
        #expect(port.missedBlocks == 0)
        #expect(pair.difference(from: start, gain: 0.5) == nil)
    }

    @Test("what changes the slot is heard at its frame, never the sound that was looked ahead")
    func flush() throws {
        let changes: [[Ask]] = [
            [Ask(code: .slotSet, slot: 0)],
            [Ask(code: .tempo, a: 270)],
            [Ask(code: .align)],
            [Ask(code: .slotFree, slot: 0, flags: CommandFlags.on), Ask(code: .tempo, a: 250)],
            [
                Ask(
                    code: .capture, slot: 0, flags: CommandFlags.quantized, a: 2,
                    id: CoreRig.take(2))
            ],
            [
                Ask(
                    code: .capture, slot: 0, flags: CommandFlags.overdub, a: 1, d: 0.8,
                    id: CoreRig.take(2))
            ],
        ]
        for (number, change) in changes.enumerated() {
            let pair = try Pair()
            let port = HostPort()
            let host = try ScriptedHost(port)
            pair.step(80_000)
            capture(pair)
            pair.chains.make(9, ports: [port])
            pair.wet.setChain(9)
            pair.step(12_800) { host.answer { $0 * 0.5 } }
            let at = pair.wet.left.count + 1_000
            for var ask in change {
                ask.atFrame = Double(at)
                pair.send(ask)
            }
            pair.step(64 * 100) { host.answer { $0 * 0.5 } }
            #expect(port.missedBlocks == 0, "change \(number)")
            #expect(pair.difference(from: at - 1_000, to: at, gain: 0.5) == nil, "change \(number)")
            // The wet sound fades as a difference; then the slot itself, until the host is back.
            #expect(
                pair.difference(from: at + 64, to: at + 64 * 8) == nil, "change \(number)")
            let end = pair.wet.left.count
            #expect(
                pair.difference(from: end - 640, to: end, gain: 0.5) == nil, "change \(number)")
        }
    }

    @Test("a pause and a play leave no old sound")
    func pause() throws {
        let pair = try Pair()
        let port = HostPort()
        let host = try ScriptedHost(port)
        pair.step(80_000)
        capture(pair)
        pair.chains.make(9, ports: [port])
        pair.wet.setChain(9)
        pair.step(12_800) { host.answer { $0 * 0.5 } }
        pair.send(Ask(code: .pause))
        pair.step(6_400) { host.answer { $0 * 0.5 } }
        let at = pair.wet.left.count
        pair.send(Ask(code: .play))
        pair.step(12_800) { host.answer { $0 * 0.5 } }
        #expect(pair.difference(from: at, to: at + 64 * 8) == nil)
        #expect(pair.difference(from: at + 64 * 40, gain: 0.5) == nil)
    }

    @Test("a chain that goes leaves without a step, and the slot settles again")
    func leaves() throws {
        let pair = try Pair()
        pair.wet.input = { frame, _ in DemoMath.sine(Float(frame % 480) / 480) * 0.8 }
        pair.plain.input = pair.wet.input
        let port = HostPort()
        let host = try ScriptedHost(port)
        pair.step(80_000)
        capture(pair)
        pair.chains.make(9, ports: [port])
        pair.wet.setChain(9)
        pair.step(12_800) { host.answer { $0 * -1 } }
        let at = pair.wet.left.count
        pair.wet.setChain(0)
        pair.step(6_400) { host.answer { $0 * -1 } }
        #expect(pair.chains.givenBack == [9])
        #expect(pair.difference(from: at + 64) == nil)
        #expect(pair.wet.engine.block.pointee.lines[0].isSettled())
        let part = pair.wet.left[(at - 2_000)...]
        let largest = zip(part, part.dropFirst()).map { abs($1 - $0) }.max() ?? 0
        // The loop's own steps: the sine, and at its seam a little more.
        #expect(largest < 0.0105 + 0.026, "largest step \(largest)")
    }

    @Test("an instrument sounds in an empty slot, and gain and mute come after it")
    func instrument() throws {
        let chains = ScriptedChains()
        let rig = try CoreRig(chains: chains)
        let port = HostPort()
        let host = try ScriptedHost(port)
        chains.make(9, ports: [port], hasInput: false)
        rig.setChain(9, slot: 2)
        let play: ScriptedHost.Play = { channel, _, to, frames in
            for index in 0..<frames { to[index] = channel == 0 ? 0.5 : 0.25 }
        }
        rig.step(6_400) { host.answer(play) }
        #expect(rig.out(6_399, 0) == 0.5 && rig.out(6_399, 1) == 0.25)
        rig.send(Ask(code: .slotGain, slot: 2, a: 0.5))
        rig.step(6_400) { host.answer(play) }
        #expect(rig.out(12_799, 0) == 0.25)
        rig.send(Ask(code: .slotMute, slot: 2, flags: CommandFlags.on))
        rig.step(6_400) { host.answer(play) }
        #expect(rig.out(19_199, 0) == 0 && port.isWet(lane: 0))
    }
}
