import Testing

@testable import FlowCore

/// What becomes of a press for which there is neither disk nor memory.
@Suite("A capture that nothing could keep")
struct RefusedCaptureTests {
    private static let bar = 4 * 60 * Limits.rateHzMin / Int(Limits.bpmMin)

    private func press(_ take: Int) -> Ask {
        Ask(
            code: .capture, token: UInt32(take), slot: take, flags: CommandFlags.quantized, a: 1,
            id: CoreRig.take(UInt32(take)))
    }

    /// An engine that has heard a bar; each of its takes is one, in a slot of its own.
    private func start(in folder: DiskFolder) throws -> CoreRig {
        let rig = try CoreRig {
            $0.sampleRateHz = Limits.rateHzMin
            $0.slotCount = Limits.slotCountMax
            $0.bpm = Double(Limits.bpmMin)
            $0.flags = 0
            $0.spoolPath = folder.spool
            $0.audioPath = folder.audio
        }
        rig.step(Self.bar + 64)
        return rig
    }

    /// Takes away both folders, for good, and waits until that is told.
    private func breakDisk(_ folder: DiskFolder, _ rig: CoreRig) {
        diskShell("cd '\(folder.path)' && rm -rf spool audio && touch spool audio")
        while rig.all(.disk).last?.detail != DiskState.critical.rawValue { rig.step(64) }
    }

    @Test("is refused with 1006 before it sounds, and what came with it; what plays plays on")
    func refused() throws {
        let folder = try DiskFolder()
        let rig = try start(in: folder)
        defer { rig.engine.stop() }
        breakDisk(folder, rig)
        // All presses in one bar: just before a line one would wait for that line.
        rig.step(to: (rig.frame / Int64(Self.bar) + 1) * Int64(Self.bar) + 64)
        let count = Limits.pinnedBytesMax / (8 * Self.bar)
        for take in 1...count {
            #expect(rig.send(press(take)) == 0)
            rig.step(64)
        }
        #expect(rig.all(.captured).count == count)
        let mute = Ask(code: .slotMute, token: 9_999, slot: 1, flags: CommandFlags.on)
        #expect(rig.send(press(count + 1), mute) == ErrorCode.takeNotKept)
        #expect(rig.send(press(count + 1)) == ErrorCode.takeNotKept)
        let frame = rig.frame
        rig.step(4_096)
        #expect(rig.all(.captured).count == count)
        #expect(rig.events.allSatisfy { $0.token != 9_999 })
        #expect((frame..<frame + 4_096).contains { rig.out($0, 0) != 0 })
        #expect(rig.send(mute) == 0)
    }

    @Test("the control: with its disk the same engine takes them all")
    func taken() throws {
        let folder = try DiskFolder()
        let rig = try start(in: folder)
        defer { rig.engine.stop() }
        let count = 1 + Limits.pinnedBytesMax / (8 * Self.bar)
        for take in 1...count {
            #expect(rig.send(press(take)) == 0)
            rig.step(64)
        }
        #expect(rig.all(.captured).count == count)
    }
}
