import Testing

@testable import FlowCore

@Suite("chains and the log")
struct ChainLogTests {
    private func play(_ log: String, _ asks: [Ask]) throws -> CoreRig {
        let chains = ScriptedChains()
        chains.make(1, ports: [HostPort()])
        let rig = try CoreRig(chains: chains) {
            $0.bpm = 300
            $0.logPath = log
        }
        rig.send(Ask(code: .input, flags: CommandFlags.on, a: 0.5))
        rig.step(48_000)
        rig.send(asks)
        rig.step(48_000)
        rig.engine.recorder?.pump()
        rig.engine.stop()
        return rig
    }

    @Test("a run with plug-ins is not repeated without them, and it says why")
    func refused() throws {
        let folder = try DiskFolder()
        let log = folder.path + "/log"
        let rig = try play(log, [Ask(code: .chainSet, id: CoreRig.take(1))])
        #expect(rig.all(.applied).contains { $0.detail == CommandKind.chainSet })
        #expect {
            _ = try LogReplay.run(logPath: log, blockFrames: 512, outputPath: "")
        } throws: { error in
            let error = error as? EngineError
            return error?.code == ErrorCode.logFile && error?.detail == "the run had plug-ins"
        }
    }

    @Test("what is said to plug-ins that are in no chain is repeated")
    func repeated() throws {
        let folder = try DiskFolder()
        let log = folder.path + "/log"
        _ = try play(
            log,
            [
                Ask(code: .chainSet, flags: CommandFlags.input), Ask(code: .chainSet, slot: 3),
                Ask(code: .pluginParam, a: 5, b: 0.5, id: CoreRig.take(1)),
                Ask(code: .pluginNote, flags: CommandFlags.on, a: 5, b: 0.5, id: CoreRig.take(1)),
            ])
        let outcome = try LogReplay.run(logPath: log, blockFrames: 512, outputPath: "")
        #expect(outcome.isEqual && outcome.isWhole && outcome.groups == 2)
    }
}
