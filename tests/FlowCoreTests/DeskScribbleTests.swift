import Foundation
import Testing

@testable import FlowCore
@testable import PluginFixture

@Suite("what a plug-in writes over the memory that its host shares", .serialized)
struct DeskScribbleTests {
    private enum Count: CaseIterable {
        case ahead
        case back
    }

    @Test(
        "a count that no host would write ends the process, and the next one is heard",
        arguments: Count.allCases)
    private func counts(_ count: Count) throws {
        let rig = DeskRig()
        let id = try rig.load(Fixture.named("Well"))
        let player = try rig.chain([id])
        try player.run("wet") { player.level() != nil }
        // So long that its keeper has seen the count grow.
        player.blocks(100)
        let hop = player.chain.pointee.hops[0]
        let life = try #require(rig.desk.lock.withLock { rig.desk.plugins[id]?.group.life })
        let lane = life.lease.pointee.lane(hop.lane)
        try until("all blocks are answered") {
            lane.done.pointee.load() == lane.posted.pointee.load()
        }
        // Nothing is posted meanwhile: the host has no reason to write its own.
        lane.done.pointee.store(count == .ahead ? lane.posted.pointee.load() + 1 : 1)
        try until("the loss") { rig.losses(ErrorCode.pluginCrash) == 1 }
        try player.run("wet again") { player.level() != nil }
        #expect(rig.losses(ErrorCode.pluginCrash) == 1)
    }

    @Test("one that scribbles over all of it is heard again, from this process or another")
    func scribbles() throws {
        let rig = DeskRig()
        let id = try rig.load(Fixture.named("Scribble"))
        let player = try rig.chain([id])
        try player.run("wet") { player.level() != nil }
        player.point(try #require(rig.desk.instance(of: id)), Fixture.now, 1)
        player.blocks(100)
        try player.run("wet again") { player.level() != nil }
        #expect(rig.count(.pluginHost) { $0.detail == HostState.gaveUp } == 0)
    }
}
