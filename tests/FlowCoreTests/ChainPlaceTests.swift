import Testing

@testable import FlowCore

@Suite("chains in an engine: the input")
struct ChainPlaceTests {
    private func makeRig(
        _ chains: ScriptedChains, monitors: Bool = false
    ) throws -> CoreRig {
        try CoreRig(chains: chains) {
            $0.bpm = 300
            if monitors { $0.flags |= ConfigFlags.monitor }
        }
    }

    /// Source 0 of the ring.
    private func kept(_ rig: CoreRig) throws -> [Float] {
        let all = try #require(rig.kept(Int(rig.frame)))
        return stride(from: 0, to: all.count, by: 2).map { all[$0] }
    }

    @Test("what is played goes through the chain into ring and monitor, as late as the answer says")
    func input() throws {
        let chains = ScriptedChains()
        let rig = try makeRig(chains, monitors: true)
        let ports = [HostPort(), HostPort()]
        let hosts = try ports.map { try ScriptedHost($0) }
        chains.make(9, ports: ports, isInput: true)
        rig.step(64 * 50)
        #expect(rig.setChain(9, isInput: true) == 0)
        rig.step(64 * 100) { for host in hosts { host.answer { $0 * 0.5 } } }
        let applied = try #require(rig.all(.applied).last)
        #expect(applied.value == 128 && applied.value2 == 128)
        let ring = try kept(rig)
        // Dry for eight blocks a hop, then the host's.
        let set = 64 * 50
        for frame in set + 64..<set + 64 * 8 {
            #expect(ring[frame] == rig.noise.sample(Int64(frame - 128), 0))
        }
        for frame in set + 64 * 30..<ring.count {
            #expect(ring[frame] == rig.noise.sample(Int64(frame - 128), 0) * 0.25)
            #expect(rig.out(Int64(frame), 0) == ring[frame])
        }
        #expect(hosts.allSatisfy { $0.rings == 100 })
    }

    @Test("a chain that comes and goes makes no step, and what was played before is not lost")
    func steps() throws {
        let chains = ScriptedChains()
        let rig = try makeRig(chains, monitors: true)
        rig.input = { frame, _ in DemoMath.sine(Float(frame % 480) / 480) * 0.8 }
        let port = HostPort()
        chains.make(9, ports: [port], isInput: true)
        rig.step(64 * 20)
        rig.setChain(9, isInput: true)
        rig.step(64 * 20)
        rig.setChain(0, isInput: true)
        rig.step(64 * 20)
        let largest = zip(rig.left, rig.left.dropFirst()).map { abs($1 - $0) }.max() ?? 0
        #expect(largest < 0.0105 + 0.026, "largest step \(largest)")
        #expect(chains.givenBack == [9])
    }

    @Test("a group with a chain that nobody made is refused, and its other chains go back")
    func unknown() throws {
        let chains = ScriptedChains()
        let rig = try makeRig(chains)
        chains.make(9, ports: [HostPort()])
        let code = rig.send(
            Ask(code: .chainSet, slot: 0, id: CoreRig.take(9)),
            Ask(code: .chainSet, slot: 1, id: CoreRig.take(8)))
        #expect(code == ErrorCode.noSuchInstance)
        #expect(chains.givenBack == [9])
        #expect(rig.send(Ask(code: .chainSet, slot: 1, flags: CommandFlags.input)) != 0)
        #expect(rig.send(Ask(code: .chainSet, slot: 64)) != 0)
    }

    @Test("an engine that ends gives back every chain it has, wherever it is")
    func ends() throws {
        let chains = ScriptedChains()
        let rig = try makeRig(chains)
        for number in UInt32(1)...4 { chains.make(number, ports: [HostPort()]) }
        chains.make(5, ports: [HostPort()], isInput: true)
        rig.setChain(1, slot: 0)
        rig.setChain(5, isInput: true)
        rig.step(64)
        rig.setChain(2, slot: 0)
        rig.step(64)
        rig.send(Ask(code: .chainSet, slot: 3, atFrame: 1e9, id: CoreRig.take(3)))
        rig.step(64)
        rig.setChain(4, slot: 4)
        rig.engine.stop()
        #expect(chains.givenBack.sorted() == [1, 2, 3, 4, 5] && chains.waiting.isEmpty)
    }

    @Test("what is heard directly is captured later by the chain too, what is monitored is not")
    func captureWindow() throws {
        for monitors in [false, true] {
            let chains = ScriptedChains()
            let rig = try makeRig(chains, monitors: monitors)
            chains.make(9, ports: [HostPort(), HostPort()], isInput: true, latencies: [100, 50])
            rig.send(Ask(code: .latency, a: 300))
            rig.setChain(9, isInput: true)
            rig.step(90_000)
            rig.capture(0, bars: 1, take: 1, quantized: true)
            rig.step(45_000)
            let captured = try #require(rig.all(.captured).last)
            let bar = Int64(4 * 9_600)
            let late = (captured.fromFrame % bar + bar) % bar
            #expect(late == (monitors ? 0 : 300 + 128 + 150))
        }
    }

    @Test("parameters and notes reach their plug-in wherever it is; one that is gone does nothing")
    func events() throws {
        let chains = ScriptedChains()
        let rig = try makeRig(chains)
        let ports = [HostPort(), HostPort()]
        let hosts = try ports.map { try ScriptedHost($0) }
        chains.make(1, ports: [ports[0]], isInput: true)
        chains.make(2, ports: [ports[1]])
        rig.setChain(1, isInput: true)
        rig.setChain(2, slot: 5)
        rig.step(640) { for host in hosts { host.answer { $0 } } }
        #expect(
            rig.send(Ask(code: .pluginParam, a: 4_000_000_000, b: 0.5, id: CoreRig.take(2))) == 0)
        #expect(
            rig.send(
                Ask(
                    code: .pluginNote, flags: CommandFlags.on, a: 61, b: 0.75,
                    id: CoreRig.take(1))) == 0)
        #expect(rig.send(Ask(code: .pluginParam, a: 1, b: 0.5, id: CoreRig.take(77))) == 0)
        rig.step(64)
        #expect(hosts[0].newestPoints.isEmpty && hosts[1].newestNotes.isEmpty)
        #expect(hosts[0].newestNotes.map(\.note) == [61])
        #expect(hosts[0].newestNotes.map(\.velocity) == [0.75])
        #expect(hosts[1].newestPoints.map(\.param) == [4_000_000_000])
        #expect(chains.moves.first == [2, 4_000_000_000, 0.5])
        rig.send(Ask(code: .panic))
        rig.step(64)
        #expect(hosts[0].newestNotes.map(\.isOn) == [0])
        for ask in [
            Ask(code: .pluginParam, a: 1, b: 1.5, id: CoreRig.take(1)),
            Ask(code: .pluginParam, a: 0.5, b: 1, id: CoreRig.take(1)),
            Ask(code: .pluginNote, a: 128, b: 1, id: CoreRig.take(1)),
            Ask(code: .pluginNote, a: 1, b: -1, id: CoreRig.take(1)),
        ] {
            #expect(rig.send(ask) == ErrorCode.commandBounds)
        }
    }

    @Test(
        "keys that are down when their plug-in moves go up in its new place, whichever is set first"
    )
    func keysMove() throws {
        for isLeftFirst in [true, false] {
            let chains = ScriptedChains()
            let rig = try makeRig(chains)
            let ports = [HostPort(), HostPort()]
            let hosts = try ports.map { try ScriptedHost($0) }
            chains.make(1, ports: [ports[0]])
            rig.setChain(1, slot: 0)
            rig.step(640) { for host in hosts { host.answer { $0 } } }
            let key = Ask(
                code: .pluginNote, flags: CommandFlags.on, a: 61, b: 0.75, id: CoreRig.take(1))
            #expect(rig.send(key) == 0)
            rig.step(64) { for host in hosts { host.answer { $0 } } }
            #expect(hosts[0].newestNotes.map(\.note) == [61])
            chains.make(5, ports: [ports[1]], instances: [1])
            let leave = Ask(code: .chainSet, slot: 0)
            let enter = Ask(code: .chainSet, slot: 3, id: CoreRig.take(5))
            #expect(rig.send(isLeftFirst ? [leave, enter] : [enter, leave]) == 0)
            rig.step(64) { for host in hosts { host.answer { $0 } } }
            let heard = hosts[1].notes
            #expect(heard.map(\.note) == [61], "\(isLeftFirst)")
            #expect(heard.map(\.isOn) == [0] && heard.map(\.instance) == [1])
            rig.step(64) { for host in hosts { host.answer { $0 } } }
            #expect(hosts[1].newestNotes.isEmpty)
        }
    }
}
