import CFlowLeaf
import Foundation
import Testing

@testable import FlowCore

extension Int64 {
    /// So long after a crash that somebody must have played into the hole.
    fileprivate static var secondFromNow: Int64 { flow_monotonic_ns() + 1_000_000_000 }
}

@Suite("Damage survives the engine that had not told it", .serialized)
struct DamageNoteTests {
    /// Two clips within one second: the second one is still owed when the engine dies.
    private static let told: Int64 = 40_000
    private static let owed: Int64 = 60_000
    private static let dies = 70_000

    private func dead(_ change: (inout EngineConfiguration) -> Void, clips: [Int64]) throws
        -> CoreRig
    {
        let rig = try CoreRig(change)
        let noise = rig.noise
        rig.input = { clips.contains($0) && $1 == 0 ? 1 : noise.sample($0, $1) }
        rig.step(Self.dies)
        return rig
    }

    @Test("what was owed at a crash is told by the next engine, and known to its captures")
    func afterCrash() throws {
        for clips in [[Self.told, Self.owed], [Self.told], []] {
            let change = CoreRig.adopting("damage-note-\(clips.count)")
            let dead = try dead(change, clips: clips)
            defer { dead.engine.store.unlink() }
            let before = dead.all(.damaged)
            #expect(before.map(\.fromFrame) == Array(clips.prefix(1)), "the second was not told")
            #expect(before.allSatisfy { $0.toFrame == Self.told + 1 })

            let next = try CoreRig(atNs: .secondFromNow, change)
            #expect(next.engine.store.inherited != nil)
            next.step(2_000)
            let after = next.all(.damaged)
            let old = after.filter { $0.fromFrame < dead.frame }
            #expect(old.map(\.fromFrame) == clips)
            #expect(old.map(\.toFrame) == clips.map { $0 + 1 })
            #expect(old.allSatisfy { $0.source == 0 })
            let log = next.engine.block.pointee.taintLogs[0]
            for clip in [Self.told, Self.owed] {
                #expect(log.touches(from: clip, to: clip + 1) == clips.contains(clip))
            }
            #expect(!log.touches(from: 0, to: Self.told))
            #expect(!log.touches(from: Self.owed + 1, to: dead.frame))
            #expect(log.touches(from: dead.frame, to: next.firstFrame))
        }
    }

    @Test("the break of one crash is known after the next, although nobody polled in between")
    func twoCrashes() throws {
        let change = CoreRig.adopting("damage-twice")
        let first = try dead(change, clips: [Self.owed])
        defer { first.engine.store.unlink() }
        let second = try CoreRig(atNs: .secondFromNow, change)
        #expect(second.firstFrame > first.frame)
        let third = try CoreRig(change)
        third.step(2_000)
        let ranges = third.all(.damaged).filter { $0.fromFrame < second.firstFrame }
        #expect(ranges.contains { $0.fromFrame <= Self.owed && $0.toFrame > Self.owed })
        #expect(ranges.contains { $0.fromFrame <= first.frame && $0.toFrame >= second.firstFrame })
    }

    @Test("each source has its own note; the last seconds are whole, and beside it nothing changes")
    func notes() throws {
        print("seed \(CoreRig.seed)")
        var random = SeededRandom(seed: CoreRig.seed)
        let sources = Limits.sourceCountMax
        let bytes = RingMemory.bytes(capacityFrames: 16, channelCount: 2 * sources)
        let base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 4_096)
        defer { base.deallocate() }
        base.initializeMemory(as: UInt8.self, repeating: 0xff, count: bytes)
        let words = 1_088..<1_088 + 56 * sources
        let memory = RingMemory(base: base, capacityFrames: 16, channelCount: 2 * sources)
        #expect(memory.word(words.upperBound) <= memory.intentState(0))
        for word in words { memory.word(word).pointee.store(0) }
        let join: Int64 = 8_000
        var damages = [[Range<Int64>]](repeating: [], count: sources)
        var at: Int64 = 0
        for _ in 0..<4_000 {
            at += Int64.random(in: 1...2_000, using: &random)
            let source = Int.random(in: 0..<sources, using: &random)
            let end = at + Int64.random(in: 1...900, using: &random)
            memory.noteDamage(source, from: at, to: end, joinFrames: join)
            damages[source].append(at..<end)
        }
        for source in 0..<sources {
            let noted = memory.adoptDamage(source, before: .max)
            #expect(noted.count == RingMemory.damageCount)
            let since = try #require(noted.first?.lowerBound)
            #expect(at - since > 4 * 48_000 - 2 * 8_000)
            for _ in 0..<2_000 {
                let from = Int64.random(in: since...at, using: &random)
                let window = from..<from + Int64.random(in: (join + 1)...30_000, using: &random)
                let isDamaged = damages[source].contains { $0.overlaps(window) }
                #expect(noted.contains { $0.overlaps(window) } == isDamaged)
            }
        }
        let raw = base.assumingMemoryBound(to: UInt64.self)
        let others = (0..<bytes / 8).filter { !words.contains($0) }
        #expect(others.allSatisfy { raw[$0] == .max })
    }

    @Test("numbers that no frame can be are not read")
    func impossible() throws {
        let change = CoreRig.adopting("damage-broken")
        let dead = try dead(change, clips: [Self.owed])
        defer { dead.engine.store.unlink() }
        let first = dead.engine.store.memory.word(1_088 + 2)
        for start in [Int64(-5), Int64.max, Self.owed + 1] {
            first.pointee.store(UInt64(bitPattern: start))
            #expect(dead.engine.store.memory.adoptDamage(0, before: .max).isEmpty, "\(start)")
        }
        dead.engine.store.memory.word(1_088).pointee.store(.max)
        #expect(
            dead.engine.store.memory.adoptDamage(0, before: .max).count <= RingMemory.damageCount)
    }

    /// What the next engine tells of source 0, but for the break before its own first frame.
    private func told(_ next: CoreRig, after dead: CoreRig) -> [Range<Int64>] {
        next.step(2_000)
        return next.all(.damaged).filter { $0.source == 0 && $0.fromFrame != dead.frame }
            .map { $0.fromFrame..<$0.toFrame }
    }

    @Test("a poisoned word stops no engine, and what is damaged after it is told by each")
    func poisoned() throws {
        #expect(RingMemory.damageFrameMax == RingMemory.frameMax)
        let new: Range<Int64> = 65_000..<65_001
        let ends: [UInt64] = [
            UInt64(Int64.max), .max, 1 << 63, UInt64(RingMemory.frameMax), 0,
        ]
        for (word, value) in ends.map({ (3, $0) }) + [(0, .max), (0, 1 << 63)] {
            let change = CoreRig.adopting("damage-poisoned")
            let dead = try dead(change, clips: [Self.owed])
            defer { dead.engine.store.unlink() }
            let memory = dead.engine.store.memory
            memory.word(1_088 + word).pointee.store(value)
            memory.noteDamage(0, from: new.lowerBound, to: new.upperBound, joinFrames: 8_000)
            let next = try CoreRig(change)
            #expect(told(next, after: dead).contains(new), "\(word) \(value)")
            let third = try CoreRig(change)
            // One with the break that came after it.
            let again = told(third, after: next)
            #expect(again.contains { $0.contains(new.lowerBound) }, "\(word) \(value)")
        }
    }

    @Test("frames that were never in the ring are not damaged for the engine that plays them")
    func unpublished() throws {
        for (from, isTold) in [(Int64(-10), true), (0, false), (20, false)] {
            let change = CoreRig.adopting("damage-after\(from)")
            let dead = try dead(change, clips: [])
            defer { dead.engine.store.unlink() }
            // Noted by a block that never came to its end, and longer than any block.
            let start = dead.frame + from
            dead.engine.store.memory.noteDamage(
                0, from: start, to: dead.frame + 100_000_000, joinFrames: 8_000)
            var last = dead
            for life in 0..<2 {
                let next = try CoreRig(change)
                let ranges = told(next, after: last)
                if life == 0 { #expect(ranges.contains { $0.lowerBound == start } == isTold) }
                let log = next.engine.block.pointee.taintLogs[0]
                // The device may not have played at once.
                let played = next.all(.gap).map(\.toFrame).max() ?? next.firstFrame
                #expect(!log.touches(from: played, to: next.frame + 100_000))
                last = next
            }
        }
    }

    @Test("what was missed before the first frame of a run is told from that frame on")
    func beforeFirst() throws {
        let change = CoreRig.adopting("damage-first")
        let rig = try CoreRig(change)
        defer { rig.engine.store.unlink() }
        rig.step(64)
        rig.engine.device.counters.countXrun(frames: 200)
        rig.step(64)
        #expect(rig.all(.damaged).map(\.fromFrame) == [0])
        let next = try CoreRig(change)
        #expect(told(next, after: rig).contains { $0.contains(0) })
    }
}
