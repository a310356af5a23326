import Foundation
import Testing

@testable import FlowCore

/// What an engine could not get onto the disk before it ended is there for the next one, however long
/// that takes to come.
@Suite("The pause between two engines", .serialized)
struct PauseTests {
    private static let hourNs: Int64 = 3_600_000_000_000

    @Test("an hour later the sound that no file has, and a press in it, are in the ring")
    func owed() throws {
        let folder = try DiskFolder()
        let change = CoreRig.adopting("owed")
        let dead = try CoreRig(change)
        defer { dead.engine.store.unlink() }
        dead.step(100_000)
        dead.capture(1, bars: 1, take: 1)
        dead.step(512)
        let told = try #require(dead.all(.captured).first)
        let anchor = try #require(dead.engine.store.memory.readAnchor())
        let next = try CoreRig(atNs: anchor.monotonicNs + Self.hourNs) {
            change(&$0)
            Self.spool(&$0, folder)
        }
        defer { next.engine.stop() }
        let frames = Int(dead.frame - told.fromFrame)
        var heard = [Float](repeating: 0, count: 2 * frames)
        #expect(
            next.engine.store.copy(from: UInt64(told.fromFrame), frames: frames, into: &heard))
        let isSame = (0..<2 * frames).allSatisfy {
            heard[$0] == next.noise.sample(told.fromFrame + Int64($0 / 2), $0 % 2)
        }
        #expect(isSame)
        next.step(512)
        #expect(next.all(.captured).map(\.id) == [told.id])
        let disk = try #require(next.engine.disk)
        next.engine.stop()
        let counts = disk.counts()
        #expect(counts.gap == 0 && counts.durable == UInt64(next.frame))
    }

    @Test("an hour later a ring that owes nothing is as far as the clock")
    func nothingOwed() throws {
        let folder = try DiskFolder()
        let change = CoreRig.adopting("even")
        let dead = try CoreRig {
            change(&$0)
            Self.spool(&$0, folder)
        }
        defer { dead.engine.store.unlink() }
        dead.step(100_000)
        dead.engine.disk?.awaitDurable(upTo: 100_000, deadlineMs: 20_000)
        let anchor = try #require(dead.engine.store.memory.readAnchor())
        let next = try CoreRig(atNs: anchor.monotonicNs + Self.hourNs) {
            change(&$0)
            Self.spool(&$0, folder)
        }
        defer { next.engine.stop() }
        #expect(next.firstFrame >= anchor.frame + 3_600 * 48_000)
        next.step(512)
        let gaps = next.all(.gap)
        #expect(!gaps.isEmpty)
        #expect(gaps.allSatisfy { $0.detail == GapReason.engineRestart.rawValue })
    }

    private static func spool(_ configuration: inout EngineConfiguration, _ folder: DiskFolder) {
        configuration.flags = ConfigFlags.adoptRing
        configuration.spoolPath = folder.spool
        configuration.audioPath = folder.audio
    }
}
