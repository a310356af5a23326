import Testing

@testable import FlowCore

/// What becomes of a log whose disk is slow or full; the sound is the same as without one.
@Suite("A log that cannot be written")
struct LogFaultTests {
    private static let rateHz = Limits.rateHzMin

    /// Five seconds of the input, monitored, and a loop; `each` is called after each tenth of one.
    private func play(
        log: String, ringSeconds: Int = 60, seconds: Int = 5, each: (CoreRig) -> Void = { _ in }
    ) throws -> CoreRig {
        let rig = try CoreRig {
            $0.bpm = 300
            $0.sampleRateHz = Self.rateHz
            $0.ringSecondsMax = ringSeconds
            $0.logPath = log
        }
        rig.send(Ask(code: .input, flags: CommandFlags.on, a: 0.5))
        for tenth in 0..<10 * seconds {
            if tenth == 20 { rig.capture(0, bars: 1, take: 1) }
            rig.step(Self.rateHz / 10)
            each(rig)
        }
        return rig
    }

    private func write(_ rig: CoreRig) { rig.engine.recorder?.pump() }

    /// Ends the engine and repeats its log.
    private func replay(_ rig: CoreRig, _ log: String) throws(EngineError) -> LogReplay.Outcome {
        rig.engine.stop()
        return try LogReplay.run(logPath: log, blockFrames: 512, outputPath: "")
    }

    /// What its log says of itself; the player has been told while it still played, once.
    private func refusal(_ rig: CoreRig, _ log: String) -> String {
        #expect(notices(rig) == [])
        for _ in 0..<2 { write(rig) }
        rig.step(0)
        #expect(notices(rig) == [ErrorCode.logFile])
        defer { #expect(notices(rig) == [ErrorCode.logFile]) }
        return reason(rig, log)
    }

    private func notices(_ rig: CoreRig) -> [UInt32] { rig.all(.notice).map(\.errorCode) }

    private func reason(_ rig: CoreRig, _ log: String) -> String {
        do throws(EngineError) {
            _ = try replay(rig, log)
            return ""
        } catch {
            return error.code == ErrorCode.logFile ? error.detail : "\(error.code)"
        }
    }

    @Test("one that is written in time is whole")
    func inTime() throws {
        let folder = try DiskFolder()
        let log = folder.path + "/log"
        let rig = try play(log: log, each: write)
        let outcome = try replay(rig, log)
        #expect(outcome.isEqual && outcome.isWhole)
        #expect(notices(rig) == [])
        #expect(outcome.secondsCompared == 5)
        #expect(outcome.groups == 2)
    }

    @Test("one round of the tap behind the master it is broken, and says that the disk was slow")
    func behindTheMaster() throws {
        let folder = try DiskFolder()
        let log = folder.path + "/log"
        let rig = try play(log: log, seconds: 25)
        #expect(refusal(rig, log).contains("the disk was too slow"))
        #expect(firstDifference(rig, try play(log: "", seconds: 25)) == nil)
    }

    @Test("one round of the ring behind the input it is broken, and says so")
    func behindTheInput() throws {
        let folder = try DiskFolder()
        let log = folder.path + "/log"
        let rig = try play(log: log, ringSeconds: 2)
        #expect(refusal(rig, log).contains("the input came round"))
        #expect(firstDifference(rig, try play(log: "", ringSeconds: 2)) == nil)
    }

    @Test("of more commands than wait for it some are lost: it is broken, and says so")
    func behindTheCommands() throws {
        let folder = try DiskFolder()
        let log = folder.path + "/log"
        let marks = [Ask](repeating: Ask(code: .mark), count: 200)
        let rig = try play(log: log) { $0.send(marks) }
        #expect(refusal(rig, log).contains("commands came faster"))
        #expect(rig.all(.applied).filter { $0.detail == CommandKind.mark }.count == 200 * 49)
        #expect(firstDifference(rig, try play(log: "")) == nil)
    }

    @Test(
        "a disk that fills up ends it with one notice; what it holds can be repeated",
        .enabled(if: DiskMount.isAllowed, "mounting a small tmpfs needs root"))
    func fullDisk() throws {
        let folder = try DiskFolder()
        let mount = try DiskMount(folder.path, size: "640k")
        let log = folder.path + "/log"
        let rig = try play(log: log, each: write)
        #expect(notices(rig) == [ErrorCode.logFile])
        #expect(firstDifference(rig, try play(log: "")) == nil)
        let outcome = try replay(rig, log)
        #expect(outcome.isEqual && !outcome.isWhole)
        #expect((2...3).contains(outcome.secondsCompared))
        print("log: disk full after \(outcome.secondsCompared) s; they are the same again")
        withExtendedLifetime(mount) {}
    }

    @Test("one that begins after an engine crash is refused as such; the one before it is repeated")
    func afterRestart() throws {
        let folder = try DiskFolder()
        let logs = ["/before", "/after"].map { folder.path + $0 }
        let adopting = CoreRig.adopting("log")
        let rigs = try logs.map { log in
            let rig = try CoreRig {
                adopting(&$0)
                $0.logPath = log
            }
            rig.step(100_000)
            write(rig)
            return rig
        }
        defer { rigs[0].engine.store.unlink() }
        #expect(rigs[1].engine.store.inherited != nil)
        #expect(reason(rigs[1], logs[1]) == "\(ErrorCode.logContinued)")
        let before = try LogReplay.run(logPath: logs[0], blockFrames: 512, outputPath: "")
        #expect(before.isEqual && !before.isWhole)
        #expect(before.secondsCompared == 2)
    }

    @Test("a folder that holds a log, and one that cannot be made, are refused before any sound")
    func noFolder() throws {
        let folder = try DiskFolder()
        let log = folder.path + "/log"
        _ = try play(log: log, seconds: 1, each: write)
        for path in [log, "/dev/null/log"] {
            #expect { try play(log: path) } throws: { error in
                (error as? EngineError)?.code == ErrorCode.logFile
            }
        }
    }
}
