import CFlowLeaf
import Testing

@testable import FlowCore
@testable import PluginFixture

/// What is asked for of `DeskRig` beside the desk.
func until(_ what: String, seconds: Double = 10, _ isDone: () -> Bool) throws {
    let end = flow_monotonic_ns() + Int64(seconds * 1e9)
    while !isDone() {
        guard flow_monotonic_ns() < end else {
            throw Missed(description: "\(what): not within \(seconds) s")
        }
        flow_sleep_until(flow_monotonic_ns() + 1_000_000)
    }
}

/// The engine's whole way to a unit and back: real hosts, of the stub Mac.
@Suite("Audio Units at the desk", .serialized)
struct UnitDeskTests {
    private static let gain: UInt32 = 7
    private static let now: UInt32 = 2

    @Test(
        "a unit that ends its process, or its own, is lost once, and comes back as it was turned",
        arguments: ["crsh", "gone"])
    func ends(_ code: String) throws {
        let rig = DeskRig()
        let id = try rig.load(
            PluginName(
                bundle: "audiounit:", classId: Array("aufx\(code)Stub".utf8) + [0, 0, 0, 0],
                description: code))
        let player = try rig.chain([id])
        try player.run("wet") { player.level() == 1 }
        try player.move(id, Self.gain, 0.25)
        try player.run("the move") { player.level() == 0.5 }
        // Not by a command: a value that ends it twice is given up, and told.
        player.point(try #require(rig.desk.instance(of: id)), Self.now, 1)
        try player.run("the loss") { rig.losses(ErrorCode.pluginCrash) == 1 }
        let lost = try #require(
            rig.events.first { $0.detail == HostState.lost && $0.code == .pluginHost })
        #expect(lost.id == id && lost.value == 1)
        try player.run("wet again") { player.level() == 0.5 }
        #expect(rig.losses(ErrorCode.pluginCrash) == 1)
    }
}
