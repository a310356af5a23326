import Foundation
import Testing

@testable import FlowCore

/// A press that waits for its turn: it means the frame at which it came, and a crash does not lose it.
@Suite("A press that is noted", .serialized)
struct NotedPressTests {
    private static let slotCount = 8
    /// More than a press may be late.
    private static let waitFrames = 150_000

    private func configuration(_ name: String) -> (inout EngineConfiguration) -> Void {
        { configuration in
            configuration.bpm = 300
            configuration.slotCount = Self.slotCount
            configuration.ringSecondsMax = 10
            configuration.runId = [1, 2, 3, 4]
            configuration.ringName = CoreRig.ringName("noted-\(name)")
            configuration.flags |= ConfigFlags.adoptRing
        }
    }

    private func press(
        _ slot: Int, token: UInt32, flags: UInt32 = 0, atMs: Double = 0, c: Double = 0
    ) -> Ask {
        Ask(
            code: .capture, token: token, slot: slot, flags: CommandFlags.quantized | flags,
            atMs: atMs, a: 1, c: c, id: CoreRig.take(token))
    }

    private func noted(_ rig: CoreRig, token: UInt32) throws -> Double {
        rig.send(press(Self.slotCount, token: token, flags: CommandFlags.note))
        rig.step(1_024)
        return try #require(rig.all(.applied).first { $0.token == token }).value2
    }

    @Test("its capture, however late, has the window of the press")
    func window() throws {
        let rig = try CoreRig(configuration("window"))
        defer { rig.engine.store.unlink() }
        rig.step(100_000)
        let pressFrame = try noted(rig, token: 1)
        #expect(rig.all(.captured).isEmpty)
        let bar = rig.engine.block.pointee.transport.grid.barFrames()
        rig.step(Self.waitFrames)
        rig.send(press(1, token: 1, c: pressFrame))
        rig.send(press(2, token: 2, atMs: pressFrame / 48))
        rig.step(1_024)
        let told = rig.all(.captured)
        #expect(told.map(\.value2).first == pressFrame)
        #expect(told.map(\.toFrame).first == Int64(pressFrame) / bar * bar)
        // The control: the time alone is too old to be believed.
        #expect(abs(told[1].value2 - pressFrame) > Double(Self.waitFrames) - 2_048)
    }

    @Test("an engine after a crash finds it once, where it was noted, until it is called off")
    func crash() throws {
        for isMade in [false, true] {
            let change = configuration("crash-\(isMade)")
            let dead = try CoreRig(change)
            defer { dead.engine.store.unlink() }
            dead.step(100_000)
            let pressFrame = try noted(dead, token: 1)
            _ = try noted(dead, token: 2)
            dead.send(Ask(code: .slotCancel, slot: 0, id: CoreRig.take(2)))
            if isMade { dead.send(press(1, token: 1, c: pressFrame)) }
            dead.step(1_024)
            #expect(dead.all(.captured).count == (isMade ? 1 : 0))
            let next = try CoreRig(change)
            next.step(1_024)
            let found = next.all(.captured)
            #expect(found.map(\.id) == [CoreRig.take(1)])
            #expect(found.map(\.slot) == [Self.slotCount])
            #expect(found.map(\.value2) == [pressFrame])
        }
    }

    @Test("one that is refused or asks for what plays already leaves no note")
    func refused() throws {
        let change = configuration("refused")
        let dead = try CoreRig(change)
        defer { dead.engine.store.unlink() }
        dead.step(100_000)
        dead.capture(1, bars: 1, take: 7)
        dead.step(1_024)
        let pressFrame = try noted(dead, token: 1)
        dead.send(press(1, token: 1, c: pressFrame))
        dead.step(1_024)
        #expect(dead.all(.captured).count == 1)
        let next = try CoreRig(change)
        next.step(1_024)
        #expect(next.all(.captured).map(\.id) == [CoreRig.take(7)])
    }

    @Test("there is no slot behind the last for a capture that is made, and no half frame")
    func bounds() throws {
        let rig = try CoreRig(configuration("bounds"))
        defer { rig.engine.store.unlink() }
        #expect(rig.send(press(Self.slotCount, token: 1)) == ErrorCode.commandBounds)
        let beyond = press(Self.slotCount + 1, token: 1, flags: CommandFlags.note)
        #expect(rig.send(beyond) == ErrorCode.commandBounds)
        #expect(rig.send(press(0, token: 1, c: 0.5)) == ErrorCode.commandBounds)
        #expect(rig.send(press(0, token: 1, c: -1)) == ErrorCode.commandBounds)
    }
}
