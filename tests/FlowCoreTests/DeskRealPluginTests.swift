import CFlowLeaf
import Foundation
import Testing

@testable import FlowCore
@testable import PluginFixture

@Suite("real plug-ins at the desk", .enabled(if: RealBundles.areThere), .serialized)
struct DeskRealPluginTests {
    private func plugin(_ bundle: String, _ name: String) throws -> PluginName {
        let classes = try RealBundles.classes(bundle)
        return try #require(classes[name] ?? classes.values.first)
    }

    @Test(
        "killed while it plays it comes back with its state",
        arguments: [("mda-vst3", "mda Delay"), ("DragonflyHallReverb", "Dragonfly Hall Reverb")])
    func killed(_ bundle: String, _ name: String) throws {
        let rig = DeskRig()
        let id = try rig.load(plugin(bundle, name))
        let player = try rig.chain([id])
        try player.run("wet") { player.level() != nil }
        try until("its parameters") { rig.desk.params(id, from: 0, capacity: 9)?.isEmpty == false }
        let param = try #require(rig.desk.params(id, from: 0, capacity: 1)?.first)
        let value = param.value < 0.5 ? 0.75 : 0.25
        try player.move(id, param.id, value)
        for _ in 0..<3 {
            kill(try #require(rig.pid(id)), SIGKILL)
            let at = flow_monotonic_ns()
            try player.run("dry") { player.level() == nil }
            try player.run("wet again") { player.level() != nil }
            print("\(name): wet again after \((flow_monotonic_ns() - at) / 1_000_000) ms")
            try player.run("its value") {
                let now = rig.desk.params(id, from: 0, capacity: 1)?.first?.value ?? -1
                return abs(now - value) < 0.01
            }
        }
        #expect(rig.count(.notice) { $0.errorCode == ErrorCode.pluginState } == 0)
    }

    @Test("a large one is not taken for a leak")
    func large() throws {
        let rig = DeskRig()
        let id = try rig.load(plugin("lsp-plugins", "Sampler Stereo"))
        let player = try rig.chain([id])
        try player.run("wet", seconds: 40) { player.level() != nil }
        player.blocks(2_000)
        #expect(rig.count(.notice) { $0.errorCode == ErrorCode.pluginMemory } == 0)
        #expect(rig.losses(ErrorCode.pluginMemory) == 0)
    }

    @Test("one that refuses its own state had no settings to lose: nothing is claimed")
    func refusesItsState() throws {
        let classes = try? RealBundles.classes("ProM")
        guard let prom = classes?.values.first else { return }
        let rig = DeskRig()
        let id = try rig.load(prom)
        let player = try rig.chain([id])
        try player.run("wet") { player.level() != nil }
        try player.run("a state") {
            rig.desk.lock.withLock { rig.desk.plugins[id]?.ladder.newest != nil }
        }
        kill(try #require(rig.pid(id)), SIGKILL)
        try player.run("dry") { player.level() == nil }
        try player.run("wet again") { player.level() != nil }
        player.blocks(1_000)
        #expect(rig.count(.notice) { $0.errorCode == ErrorCode.pluginState } == 0)
    }
}
