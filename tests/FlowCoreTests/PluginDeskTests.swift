import CFlowLeaf
import Foundation
import Testing

@testable import FlowCore
@testable import PluginFixture

/// Real hosts with the plug-ins of `tests/plugins/fixture`.
@Suite("plug-in desk", .enabled(if: Fixture.canBuild), .serialized)
struct PluginDeskTests {
    @Test("a plug-in is loaded, played, and killed: back with its parameter, most within 50 ms")
    func killed() throws {
        let rig = DeskRig()
        let id = try rig.load(Fixture.named("Well"))
        let player = try rig.chain([id])
        try player.run("wet") { player.level() == Fixture.gainDefault }
        try player.move(id, Fixture.gain, 0.8)
        try player.run("the move") { player.level() == 0.8 }
        var timesMs: [Double] = []
        for _ in 1...20 {
            // A machine that stalls may make it miss blocks besides: what counts is the news since the last loss.
            try player.run("the news") { isToldWet(id, rig) }
            let pid = try #require(rig.pid(id))
            let at = flow_monotonic_ns()
            kill(pid, SIGKILL)
            try player.run("dry") { player.level() == nil }
            try player.run("wet again") { player.level() == 0.8 }
            timesMs.append(Double(flow_monotonic_ns() - at) / 1e6)
            #expect(rig.desk.retry(id) == 0)
        }
        timesMs.sort()
        print("SIGKILL to wet: p50 \(timesMs[10]) ms, p95 \(timesMs[18]) ms, max \(timesMs[19]) ms")
        #expect(timesMs[10] < 250)
        #expect(rig.losses(ErrorCode.pluginCrash) == 20)
        try player.run("the news") { isToldWet(id, rig) }
        #expect(rig.count(.pluginHeard) { $0.detail == PluginHeard.dry } >= 20)
    }

    @Test(
        "what ends its process is lost once and comes back",
        arguments: ["Crash", "Abort", "Exit"])
    func ends(_ name: String) throws {
        let rig = DeskRig()
        let id = try rig.load(Fixture.named(name))
        let player = try rig.chain([id])
        try player.run("wet") { player.level() == Fixture.gainDefault }
        try player.move(id, Fixture.gain, 0.75)
        try player.run("the move") { player.level() == 0.75 }
        // Not by a command: a value that ends it twice is given up, and told.
        try fire(player, id, rig)
        try player.run("the loss") { rig.losses(ErrorCode.pluginCrash) == 1 }
        let lost = try #require(
            rig.events.first { $0.detail == HostState.lost && $0.code == .pluginHost })
        #expect(lost.id == id && lost.value == 1)
        try player.run("wet again") { player.level() == 0.75 }
    }

    /// Whether the last that was told of a plug-in is that it is heard.
    private func isToldWet(_ id: TakeID, _ rig: DeskRig) -> Bool {
        rig.events.last { $0.code == .pluginHeard && $0.id == id }?.detail == PluginHeard.wet
    }

    /// Begins the fault by a point that no command noted.
    private func fire(_ player: HopPlayer, _ id: TakeID, _ rig: DeskRig) throws {
        player.point(try #require(rig.desk.instance(of: id)), Fixture.now, 1)
    }

    @Test("a hang is ended after 1.0 to 1.25 s and comes back")
    func hangs() throws {
        let rig = DeskRig()
        let id = try rig.load(Fixture.named("Hang"))
        let player = try rig.chain([id])
        try player.run("wet") { player.level() != nil }
        let at = Double(flow_monotonic_ns()) / 1e6
        try fire(player, id, rig)
        try player.run("dry") { player.level() == nil }
        try player.run("the loss") { rig.losses(ErrorCode.pluginTimeout) == 1 }
        let told = try #require(rig.timed.first { $0.event.errorCode == ErrorCode.pluginTimeout })
        let ms = told.atMs - at
        print("a hang was ended after \(Int(ms)) ms, this thread \(Int(player.lateMs)) late")
        #expect(ms >= 1_000 && ms <= 1_250 + 2 * player.lateMs)
        #expect(told.event.id == id)
        try player.run("wet again") { player.level() != nil }
    }

    @Test("one stall of 300 ms ends nothing")
    func stalls() throws {
        let rig = DeskRig()
        let id = try rig.load(Fixture.named("Stall"))
        let player = try rig.chain([id])
        try player.run("wet") { player.level() != nil }
        try fire(player, id, rig)
        try player.run("dry") { player.level() == nil }
        try player.run("wet again") { player.level() != nil }
        #expect(rig.count(.pluginHost) { $0.detail == HostState.lost } == 0)
    }

    @Test("a load of five seconds is waited for")
    func slowLoad() throws {
        let rig = DeskRig()
        _ = try rig.load(Fixture.named("Slow Load"))
        #expect(rig.count(.pluginHost) { $0.detail == HostState.lost } == 0)
    }

    @Test("one that crashes whenever it is made is given up after three retries, and says so")
    func crashesAtLoad() throws {
        let rig = DeskRig()
        let id = rig.ask(try Fixture.named("Crash On Create"))
        try until("the end of tries") {
            rig.has(.pluginLoaded, id) { $0.errorCode == ErrorCode.pluginLoad }
        }
        #expect(rig.losses(ErrorCode.pluginCrash) == 4)
        #expect(
            rig.count(.pluginHost) {
                $0.detail == HostState.gaveUp && $0.errorCode == ErrorCode.pluginOff && $0.id == id
            } == 1)
        #expect(
            rig.desk.makeChain(ChainOrder(id: rig.newID(), isInput: true, plugins: [id]))
                == ErrorCode.noSuchInstance)
        #expect(rig.desk.retry(id) == 0)
        try until("four more") { rig.losses(ErrorCode.pluginCrash) == 8 }
        // Whoever never had it loaded asks for it as at first.
        try until("the end of these") {
            rig.count(.pluginHost) { $0.detail == HostState.gaveUp } == 2
        }
        _ = rig.ask(try Fixture.named("Crash On Create"), id: id)
        try until("four more") { rig.losses(ErrorCode.pluginCrash) == 12 }
    }

    @Test("one that fails twice gets a process of its own, and its mates play on")
    func quarantine() throws {
        let rig = DeskRig()
        let good = try rig.load(Fixture.named("Well"))
        let bad = try rig.load(Fixture.named("Crash"))
        let goodPlayer = try rig.chain([good])
        let badPlayer = try rig.chain([bad])
        let both = {
            goodPlayer.block()
            badPlayer.block()
        }
        func run(_ what: String, _ isDone: () -> Bool) throws {
            for _ in 0..<20_000 where !isDone() { both() }
            try #require(isDone(), "\(what)")
        }
        for round in 1...3 {
            try run("both wet") {
                isToldWet(bad, rig) && isToldWet(good, rig)
                    && badPlayer.level() != nil && goodPlayer.level() != nil
            }
            try fire(badPlayer, bad, rig)
            try run("loss \(round)") {
                rig.losses(ErrorCode.pluginCrash) == round && badPlayer.level() == nil
            }
        }
        try run("the last is back") { isToldWet(bad, rig) && goodPlayer.level() != nil }
        #expect(
            rig.count(.pluginHost) { $0.errorCode == ErrorCode.pluginQuarantined && $0.id == bad }
                == 1)
        #expect(rig.pid(good) != rig.pid(bad))
        let hosts = rig.desk.hosts()
        #expect(hosts.count == 2 && hosts.count { $0.isQuarantine } == 1)
        // A stall of this machine has no code.
        #expect(
            rig.count(.pluginHeard) { $0.id == good && $0.errorCode == ErrorCode.pluginCrash } == 2)
        try fire(badPlayer, bad, rig)
        try run("the fourth") {
            rig.count(.pluginHost) { $0.detail == HostState.gaveUp } == 1
                && badPlayer.level() == nil
        }
        #expect(goodPlayer.level() != nil)
    }

    @Test("no process is left when the desk has ended, within a second")
    func ending() throws {
        let rig = DeskRig()
        let ids = try ["One", "Two", "Three"].map { try rig.load(Fixture.named("Well"), group: $0) }
        let pids = try ids.map { try #require(rig.pid($0)) }
        #expect(Set(pids).count == 3)
        let at = flow_monotonic_ns()
        rig.desk.stop(deadlineMs: 1_000)
        #expect(flow_monotonic_ns() - at < 1_000_000_000)
        #expect(pids.allSatisfy { kill($0, 0) != 0 })
        #expect(rig.desk.hosts().isEmpty)
    }

    @Test("an unloaded plug-in goes when its chain is given back, and its process with the last")
    func unloads() throws {
        let rig = DeskRig()
        let id = try rig.load(Fixture.named("Well"))
        let player = try rig.chain([id])
        try player.run("wet") { player.level() != nil }
        let pid = try #require(rig.pid(id))
        #expect(rig.desk.unload(id) == 0)
        player.blocks(100)
        #expect(player.level() != nil && rig.pid(id) == pid)
        player.giveBack()
        try until("its end") { kill(pid, 0) != 0 && rig.desk.hosts().isEmpty }
        #expect(rig.desk.instance(of: id) == nil && rig.desk.unload(id) == ErrorCode.noSuchInstance)
    }
}
