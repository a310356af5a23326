import CFlowLeaf
import Foundation
import Testing

@testable import FlowCore
@testable import PluginFixture

/// The class Poison ends its process in a block with the trigger set, or with a gain of 1 or more.
@Suite("what a plug-in dies of is not tried for ever", .enabled(if: Fixture.canBuild), .serialized)
struct DeskPoisonTests {
    private let rig = DeskRig()
    private let folder: DiskFolder

    init() throws { folder = try DiskFolder() }

    /// A state file with this gain, as `Sources/CVST3/state.c` puts it together.
    private func state(_ gain: Double) throws -> String {
        let files = StateFiles(folder: folder.path + "/states")
        let head: [UInt8] = Array("FZVST3".utf8) + [0, 1, 8, 0, 0, 0, 0, 0, 0, 0]
        let bytes = head + withUnsafeBytes(of: gain) { Array($0) }
        files.write(bytes) { _ in }
        let path = folder.path + "/states/\(StateFiles.sha(of: bytes).hex).state"
        try until("the file") { FileManager.default.fileExists(atPath: path) }
        files.stop(deadlineMs: 100)
        return path
    }

    private var crashes: Int { rig.losses(ErrorCode.pluginCrash) }

    private func stateLosses(_ id: TakeID) -> Int {
        rig.count(.notice) { $0.errorCode == ErrorCode.pluginState && $0.id == id }
    }

    private func isSettled(_ id: TakeID) -> Bool {
        rig.desk.lock.withLock { rig.desk.plugins[id]?.isSettled == true }
    }

    @Test("a value: given up after the second process, told, and all other values stay")
    func value() throws {
        let id = try rig.load(Fixture.named("Poison"))
        let player = try rig.chain([id])
        try player.move(id, Fixture.gain, 0.75)
        try player.run("settled") { isSettled(id) && player.level() == 0.75 }
        try player.move(id, Fixture.now, 1)
        try player.run("the end of two processes") { crashes == 2 }
        try player.run("wet again") { player.level() != nil }
        #expect(player.level() == 0.75)
        try player.run("a good while") { isSettled(id) && stateLosses(id) == 1 }
        #expect(crashes == 2 && stateLosses(id) == 1)
    }

    @Test("a trigger that is moved again in each life takes no other value and no state along")
    func touched() throws {
        let id = try rig.load(Fixture.named("Crash"), state: state(0.25))
        let player = try rig.chain([id])
        try player.run("wet") { player.level() == 0.25 }
        try player.move(id, Fixture.gain, 0.75)
        try player.run("the move") { player.level() == 0.75 }
        for life in 1...3 {
            var looks = 0
            try player.move(id, Fixture.now, 0)
            try player.run("it is there") {
                looks += 1
                return looks > 20
            }
            try player.move(id, Fixture.now, 1)
            try player.run("the end") { crashes == life }
            try player.run("wet again") { player.level() != nil }
            #expect(player.level() == 0.75)
        }
        #expect(crashes == 3)
        #expect(stateLosses(id) == 0)
    }

    @Test("a state that kills in a block: newest twice, then the earlier one")
    func newest() throws {
        let id = try rig.load(
            Fixture.named("Poison"), state: state(1), earlier: state(0.25))
        let player = try rig.chain([id])
        try player.run("the end of two processes") { crashes == 2 }
        try player.run("wet") { player.level() != nil }
        #expect(player.level() == 0.25)
        try player.run("a good while") { isSettled(id) }
        #expect(crashes == 2)
    }

    @Test("two states that kill in a block: newest, newest, earlier, and none is well")
    func both() throws {
        let id = try rig.load(Fixture.named("Poison"), state: state(1), earlier: state(2))
        let player = try rig.chain([id])
        try player.run("the end of three processes") { crashes == 3 }
        try player.run("wet") { player.level() != nil }
        #expect(player.level() == Fixture.gainDefault)
        try player.run("it is told") { isSettled(id) && stateLosses(id) == 1 }
        #expect(crashes == 3)
        #expect(rig.count(.pluginHost) { $0.detail == HostState.gaveUp } == 0)
    }

    @Test("who kills it again and again as soon as it is heard takes neither state nor value")
    func killed() throws {
        let id = try rig.load(Fixture.named("Poison"), state: state(0.25))
        let player = try rig.chain([id])
        try player.run("wet") { player.level() == 0.25 }
        try player.move(id, Fixture.gain, 0.75)
        try player.run("the move") { player.level() == 0.75 }
        for _ in 1...3 {
            let pid = try #require(rig.pid(id))
            kill(pid, SIGKILL)
            try player.run("dry") { player.level() == nil }
            try player.run("wet again") { player.level() != nil }
            #expect(player.level() == 0.75)
        }
        #expect(crashes == 3 && stateLosses(id) == 0)
    }

    @Test("each death on the way takes a step: same, earlier, none; a hang in getState takes none")
    func steps() {
        let group = HostGroup(
            number: 1, name: "", isQuarantine: false,
            shape: HostGroup.Shape(sampleRateHz: 48_000, blockFrames: 64), owner: rig.desk)
        let order = PluginOrder(id: rig.newID(), classId: [], group: "", bundle: "")
        let plugin = PluginRecord(order, number: 1, group: group)
        plugin.ladder = StateLadder(newest: [1], earlier: [2])
        var steps: [StateLadder.Step] = []
        for _ in 1...4 {
            steps.append(plugin.ladder.step)
            plugin.askedToLoad(atMs: 0)
            #expect(plugin.isOnTrial(inPhase: UInt64(FLOW_PHASE_LOAD)))
            plugin.diedEarly(inPhase: UInt64(FLOW_PHASE_LOAD))
            plugin.lifeEnded()
        }
        #expect(steps == [.newest, .newest, .earlier, .bare])
        plugin.stage = .loaded
        #expect(!plugin.isOnTrial(inPhase: UInt64(FLOW_PHASE_GET_STATE)))
        #expect(plugin.isOnTrial(inPhase: UInt64(FLOW_PHASE_RUN)))
    }
}
