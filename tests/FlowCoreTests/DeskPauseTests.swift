import Foundation
import Testing

@testable import FlowCore
@testable import PluginFixture

@Suite("what is turned while nothing plays", .enabled(if: Fixture.canBuild), .serialized)
struct DeskPauseTests {
    private let rig = DeskRig()

    /// A plug-in that is heard, and then not played any more; `isKnown` = its keeper has seen that.
    private func paused(isKnown: Bool) throws -> (id: TakeID, player: HopPlayer) {
        let id = try rig.load(Fixture.named("Well"))
        let player = try rig.chain([id])
        try player.run("heard for so long that a state has what came before") {
            player.level() == Fixture.gainDefault && isHeldHeard(id)
        }
        if isKnown { try until("its keeper knows") { !isPlayed(id) } }
        return (id, player)
    }

    private func isHeldHeard(_ id: TakeID) -> Bool {
        rig.desk.lock.withLock { rig.desk.plugins[id]?.isSettled == true }
    }

    private func isPlayed(_ id: TakeID) -> Bool {
        rig.desk.lock.withLock {
            rig.desk.plugins[id]?.group.seats.contains(where: \.isPlayed) == true
        }
    }

    /// A command, of which no block brings anything.
    private func turn(_ id: TakeID, _ value: Double) {
        rig.desk.noteParam(of: id, param: Fixture.gain, value: value)
    }

    @Test("is there when it plays again, be it turned long after the last block or right after it")
    func played() throws {
        for isKnown in [true, false] {
            let (id, player) = try paused(isKnown: isKnown)
            turn(id, 0.25)
            try until("its keeper knows") { !isPlayed(id) }
            try player.run("the value") { player.level() == 0.25 }
            player.giveBack()
        }
    }

    @Test("is there after its host was killed, also when a state was told meanwhile")
    func killed() throws {
        let (id, player) = try paused(isKnown: false)
        turn(id, 0.25)
        try until("a state after it") {
            rig.desk.lock.withLock { rig.desk.plugins[id]?.snapshots.isDirty == false }
        }
        let pid = try #require(rig.pid(id))
        kill(pid, SIGKILL)
        try until("another life") {
            rig.pid(id).map { $0 != pid } ?? false
                && rig.desk.lock.withLock { rig.desk.plugins[id]?.stage == .loaded }
        }
        // Its values come with its first block.
        try player.run("the value") { player.level() == 0.25 }
    }

    @Test("a chain that is made anew plays in its old place while its host loads another plug-in")
    func mateLoads() throws {
        let id = try rig.load(Fixture.named("Well"))
        let first = try rig.chain([id])
        try first.run("wet") { first.level() != nil }
        let mate = rig.ask(try Fixture.named("Slow Load"))
        try first.run("its load") {
            rig.desk.lock.withLock { rig.desk.plugins[mate]?.stage == .loading }
        }
        let second = try rig.chain([id])
        let isLoading = { !rig.has(.pluginLoaded, mate) }
        var (wet, all) = (0, 0)
        while isLoading() {
            first.block()
            second.block()
            all += 1
            if first.level() != nil { wet += 1 }
        }
        print("while a mate loads: \(wet) of \(all) blocks wet")
        #expect(all > 100 && 10 * wet > 8 * all)
        try first.run("the new place") {
            second.block()
            return second.level() == Fixture.gainDefault
        }
    }
}
