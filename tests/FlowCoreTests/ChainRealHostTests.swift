import CFlowLeaf
import Foundation
import Testing

@testable import FlowCore
@testable import PluginFixture

/// Engines whose plug-ins run in real hosts, stepped at the pace of a device.
@Suite("chains in real hosts", .enabled(if: Fixture.canBuild), .serialized)
struct ChainRealHostTests {
    private static let frames = 64

    private func makeRig() throws -> CoreRig {
        try CoreRig {
            $0.bpm = 300
            $0.blockFrames = Self.frames
            $0.flags |= ConfigFlags.monitor
            $0.pluginHostPath = HostProgram.path
        }
    }

    private func load(_ rig: CoreRig, _ number: UInt32, _ name: String, _ group: String) throws {
        let plugin = try Fixture.named(name)
        let order = PluginOrder(
            id: CoreRig.take(number), classId: plugin.classId, group: group,
            bundle: plugin.bundle)
        #expect(rig.engine.plugins.load(order) == 0)
        try until("\(name) is loaded", seconds: 20) {
            rig.step(Self.frames)
            return rig.all(.pluginLoaded).contains { $0.id == order.id && $0.errorCode == 0 }
        }
    }

    private func setChain(
        _ rig: CoreRig, _ number: UInt32, of plugins: [UInt32], isInput: Bool
    ) throws {
        let order = ChainOrder(
            id: CoreRig.take(number), isInput: isInput, plugins: plugins.map(CoreRig.take))
        #expect(rig.engine.plugins.makeChain(order) == 0)
        #expect(rig.setChain(number, isInput: isInput) == 0)
    }

    /// Block by block at a device's pace until so many in a row are as they should be.
    private func run(
        _ rigs: [CoreRig], _ what: String, good: Int = 40, _ isGood: (Int64) -> Bool
    ) throws {
        var next = flow_monotonic_ns()
        let end = next + 20_000_000_000
        var inRow = 0
        while inRow < good {
            guard next < end else { throw Missed(description: "\(what): not within 20 s") }
            next = max(next, flow_monotonic_ns() - 20_000_000)
            next += Int64(Self.frames) * 1_000_000_000 / 48_000
            flow_sleep_until(next)
            for rig in rigs { rig.step(Self.frames, block: Self.frames) }
            inRow = isGood(rigs[0].frame - Int64(Self.frames)) ? inRow + 1 : 0
        }
    }

    /// Whether the block at a frame is the input `late` frames ago, times a gain.
    private func isInput(_ rig: CoreRig, _ frame: Int64, late: Int, gain: Float) -> Bool {
        (0..<Int64(Self.frames)).allSatisfy {
            rig.out(frame + $0, 0) == rig.noise.sample(frame + $0 - Int64(late), 0) * gain
        }
    }

    @Test("an input through [A][B][A] comes as late as announced, dry, wet and after a crash")
    func input() throws {
        let rig = try makeRig()
        defer { rig.engine.stop() }
        try load(rig, 1, "Well", "A")
        try load(rig, 2, "Latency", "B")
        try load(rig, 3, "Well", "A")
        rig.step(4_800)
        try setChain(rig, 9, of: [1, 2, 3], isInput: true)
        let late = 3 * Self.frames + 256
        try run([rig], "wet") { isInput(rig, $0, late: late, gain: 0.125) }
        #expect(rig.all(.applied).last { $0.detail == CommandKind.chainSet }?.value == Double(late))
        rig.send(Ask(code: .pluginParam, a: Double(Fixture.gain), b: 1, id: CoreRig.take(3)))
        try run([rig], "a parameter") { isInput(rig, $0, late: late, gain: 0.25) }
        let pids = rig.engine.plugins.hosts().map(\.pid)
        #expect(pids.count == 2)
        for pid in pids { kill(pid, SIGKILL) }
        try run([rig], "dry", good: 2) { isInput(rig, $0, late: late, gain: 1) }
        try run([rig], "wet again") { isInput(rig, $0, late: late, gain: 0.25) }
    }

    @Test("a slot through a plug-in that is late is heard in time, and changes at its frame")
    func slot() throws {
        let rig = try makeRig()
        let plain = try makeRig()
        defer {
            rig.engine.stop()
            plain.engine.stop()
        }
        try load(rig, 1, "Latency", "A")
        for each in [rig, plain] {
            each.send(Ask(code: .input, a: 0))
            each.step(to: 96_000)
            each.capture(0, bars: 1, take: 5)
        }
        try setChain(rig, 9, of: [1], isInput: false)
        let isWet = { (frame: Int64) in
            (0..<Int64(Self.frames)).allSatisfy {
                rig.out(frame + $0, 0) == plain.out(frame + $0, 0) * 0.5
            }
        }
        try run([rig, plain], "wet", isWet)
        for each in [rig, plain] {
            each.send(Ask(code: .tempo, a: 280))
        }
        try run([rig, plain], "wet again", isWet)
        #expect(rig.all(.applied).last { $0.detail == CommandKind.chainSet }?.value == 0)
    }
}
