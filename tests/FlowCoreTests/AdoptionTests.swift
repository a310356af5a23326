import CFlowLeaf
import Foundation
import Testing

@testable import FlowCore

@Suite("After an engine crash", .serialized)
struct AdoptionTests {
    /// A named ring of its own; the crash is an engine that is never stopped.
    private func configuration(_ name: String) -> (inout EngineConfiguration) -> Void {
        { configuration in
            configuration.bpm = 300
            configuration.ringSecondsMax = 10
            configuration.runId = [1, 2, 3, 4]
            configuration.ringName = "/flowzone-test-\(name)-\(getpid())"
            configuration.flags |= ConfigFlags.adoptRing
        }
    }

    @Test("the next engine goes on with the look-back, the grid and the captures")
    func adopts() throws {
        let change = configuration("adopt")
        let dead = try CoreRig(change)
        defer { dead.engine.store.unlink() }
        dead.step(100_000)
        dead.send(Ask(code: .tempo, a: 240))
        dead.step(50_000)
        dead.capture(2, bars: 1, take: 1)
        dead.step(6_000)
        dead.capture(3, bars: 4, take: 2, quantized: true)
        dead.step(100)
        let told = try #require(dead.all(.captured).first)
        let grid = dead.engine.block.pointee.transport.grid
        let anchor = try #require(dead.engine.store.memory.readAnchor())

        let next = try CoreRig(change)
        let elapsedNs = flow_monotonic_ns() - anchor.monotonicNs
        #expect(next.engine.store.inherited != nil)
        #expect(next.firstFrame >= dead.frame)
        let meant = anchor.frame + elapsedNs * 48_000 / 1_000_000_000
        #expect(abs(next.firstFrame - meant) <= 512 + 480)
        let after = next.engine.block.pointee.transport.grid
        #expect(after.frame(ofBeat: 1_000) == grid.frame(ofBeat: 1_000))
        next.step(1_000)
        let found = next.all(.captured)
        #expect(found.map(\.id) == [CoreRig.take(1)])
        #expect(found.map(\.marks.isRecovered) == [true])
        #expect(found.map(\.fromFrame) == [told.fromFrame])
        #expect(found.map(\.originBeat) == [told.originBeat])
        try checkLookBack(dead, next, told)
    }

    @Test("a device with fewer sources goes on with the ring of the one before, of its run only")
    func otherSources() throws {
        let change = configuration("sources")
        let dead = try CoreRig {
            change(&$0)
            $0.sourceCount = 3
        }
        defer { dead.engine.store.unlink() }
        dead.step(100_000)
        let next = try CoreRig {
            change(&$0)
            $0.flags |= ConfigFlags.deviceSources
        }
        #expect(next.engine.store.inherited != nil)
        #expect(next.engine.settings.sourceCount == 3)
        let other = try CoreRig {
            change(&$0)
            $0.flags |= ConfigFlags.deviceSources
            $0.runId = [1, 2, 3, 5]
        }
        #expect(other.engine.store.inherited == nil)
        #expect(other.engine.settings.sourceCount == 1)
    }

    @Test("a capture that was to join its slot, or was damaged, is told as such again")
    func recoveredMarks() throws {
        for (isOverdub, clips) in [(true, false), (false, true), (false, false)] {
            let change = configuration("marks-\(isOverdub)-\(clips)")
            let dead = try CoreRig(change)
            defer { dead.engine.store.unlink() }
            if clips { dead.input = { frame, _ in frame % 70_000 == 0 ? 1 : 0.25 } }
            dead.step(100_000)
            dead.capture(2, bars: 1, take: 1)
            dead.step(60_000)
            dead.send(
                Ask(
                    code: .capture, slot: 2,
                    flags: CommandFlags.quantized | (isOverdub ? CommandFlags.overdub : 0),
                    a: 2, d: 0.95, id: CoreRig.take(2)))
            dead.step(100)
            #expect(dead.all(.captured).map(\.marks.isOverdub) == [false, isOverdub])
            let next = try CoreRig(change)
            next.step(100)
            let found = next.all(.captured)
            #expect(found.map(\.marks.isRecovered) == [true, true])
            #expect(found.map(\.marks.isOverdub) == [false, isOverdub])
            #expect(found.map(\.marks.isTainted) == dead.all(.captured).map(\.marks.isTainted))
            #expect(found.map(\.marks.isTainted) == [clips, clips])
        }
    }

    /// The ring as both engines see it, the hole between them, and the take playing in phase.
    private func checkLookBack(_ dead: CoreRig, _ next: CoreRig, _ told: CoreEvent) throws {
        var kept = [Float](repeating: 1, count: 2 * 10_000)
        #expect(next.engine.store.copy(from: 140_000, frames: 10_000, into: &kept))
        let isSame = (0..<20_000).allSatisfy {
            kept[$0] == dead.noise.sample(140_000 + Int64($0 / 2), $0 % 2)
        }
        #expect(isSame)
        let hole = Int(next.firstFrame - dead.frame)
        if hole > 0 {
            var silence = [Float](repeating: 1, count: 2 * hole)
            #expect(
                next.engine.store.copy(
                    from: UInt64(dead.frame), frames: hole, into: &silence))
            #expect((silence.allSatisfy { $0 == 0 }) as Bool)
            let gap = try #require(next.all(.gap).first)
            #expect(gap.fromFrame == dead.frame)
            #expect(gap.toFrame == next.firstFrame)
        }
        let sent = next.send(
            Ask(
                code: .slotSet, slot: 2, a: Double(told.originBeat), b: 4,
                c: Double(told.offsetFrames), id: told.id))
        #expect(sent == 0)
        next.step(60_000)
        let from = next.firstFrame + 2_000
        #expect(CaptureTests.wrongFrames(next, told, from: from, to: next.frame) == 0)
    }

    @Test(
        "a ring of another run, rate or shape is not taken over",
        arguments: ["run", "rate", "size", "flag"])
    func refusesForeign(what: String) throws {
        let change = configuration(what)
        let dead = try CoreRig(change)
        dead.step(10_000)
        let next = try CoreRig { configuration in
            change(&configuration)
            switch what {
            case "run": configuration.runId = [1, 2, 3, 5]
            case "rate": configuration.sampleRateHz = 44_100
            case "size": configuration.ringSecondsMax = 11
            default: configuration.flags &= ~ConfigFlags.adoptRing
            }
        }
        defer { next.engine.store.unlink() }
        #expect(next.engine.store.inherited == nil)
        #expect(next.firstFrame == 0)
    }

    @Test("a clean stop takes the ring's name away")
    func cleanStop() throws {
        let change = configuration("clean")
        let first = try CoreRig(change)
        first.step(10_000)
        first.engine.stop()
        let next = try CoreRig(change)
        defer { next.engine.store.unlink() }
        #expect(next.engine.store.inherited == nil)
    }

    @Test("a crash in the middle of an anchor leaves the one before")
    func tornAnchor() throws {
        let rig = try CoreRig()
        rig.step(5_000, block: 100)
        let memory = rig.engine.store.memory
        let newest = try #require(memory.readAnchor())
        #expect(newest.frame == 4_900)
        let which = memory.anchor(0, 0).pointee.load() > memory.anchor(1, 0).pointee.load() ? 0 : 1
        memory.anchor(which, 0).pointee.store(0)
        #expect(try #require(memory.readAnchor()).frame == 4_800)
        memory.anchor(1 - which, 0).pointee.store(0)
        #expect(memory.readAnchor() == nil)
    }

    @Test("without shared memory the ring is private and a notice says so")
    func privateRing() throws {
        let rig = try CoreRig { $0.ringName = "/no/such/place" }
        rig.step(1_000)
        #expect(!rig.engine.store.isShared)
        #expect(rig.all(.notice).map(\.errorCode) == [ErrorCode.lookbackVolatile])
    }

    @Test("an intent is gone once its take has file and row, or the capture was called off")
    func intentsAreCleared() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(100_000)
        rig.capture(0, bars: 1, take: 1)
        rig.step(to: 150_000)
        rig.capture(1, bars: 1, take: 2)
        rig.step(100)
        let memory = rig.engine.store.memory
        let ids = { (0..<64).compactMap { memory.readIntent($0)?.id } }
        #expect(Set(ids()) == [CoreRig.take(1), CoreRig.take(2)])
        rig.send(Ask(code: .slotCancel, slot: 1))
        rig.step(100)
        #expect(ids() == [CoreRig.take(1)])
        let sha = TakeSha(words: (1, 2, 3, 4, 5, 6, 7, 8))
        rig.engine.handle(
            .takeFile(id: CoreRig.take(1), sha: sha, bytes: 1, part: .window, preRollFrames: 0))
        #expect(ids() == [CoreRig.take(1)])
        rig.engine.store.settle(CoreRig.take(1), .stored)
        #expect(ids().isEmpty)
    }

    @Test("a hole that is silenced in two steps is silent, and the sound before it is there")
    func resumesInSteps() throws {
        let change = configuration("steps")
        let dead = try CoreRig(change)
        defer { dead.engine.store.unlink() }
        dead.step(100_000)
        let next = try FlowEngine(
            {
                var configuration = EngineConfiguration()
                change(&configuration)
                return configuration
            }())
        let anchorNs = try #require(next.store.inherited).anchor.monotonicNs
        let first = next.store.resume(atNs: anchorNs + 4_000_000_000)
        let second = next.store.resume(atNs: anchorNs + 4_100_000_000)
        #expect(second == first + 4_800)
        #expect(next.store.resume(atNs: anchorNs) == second)
        #expect(next.store.newestFrame() == UInt64(second))
        let hole = Int(second) - 100_000
        var silence = [Float](repeating: 1, count: 2 * hole)
        #expect(next.store.copy(from: 100_000, frames: hole, into: &silence))
        #expect((silence.allSatisfy { $0 == 0 }) as Bool)
        var sound = [Float](repeating: 0, count: 2)
        #expect(next.store.copy(from: 99_999, frames: 1, into: &sound))
        #expect(sound[0] == dead.noise.sample(99_999, 0))
    }

    @Test("a device that begins late goes on at the frame the clock has reached")
    func lateDevice() throws {
        let change = configuration("late")
        let dead = try CoreRig(change)
        defer { dead.engine.store.unlink() }
        dead.step(50_000)
        let next = try CoreRig(change)
        let lateNs: Int64 = 100_000_000
        let dueNs = flow_monotonic_ns() - lateNs
        next.engine.block.pointee.dueNs = dueNs
        next.step(64)
        let anchor = try #require(next.engine.store.memory.readAnchor())
        #expect(anchor.frame == next.frame - 64)
        let late = (anchor.monotonicNs - dueNs) * 48_000 / 1_000_000_000
        #expect(late >= 4_800)
        #expect(anchor.frame == next.firstFrame + late)
        // A slow machine has a hole before it too, which the engine tells.
        let gaps = next.all(.gap)
        let gap = try #require(gaps.first { $0.fromFrame == next.firstFrame })
        #expect(gap.detail == GapReason.engineRestart.rawValue)
        #expect([gap.fromFrame, gap.toFrame] == [next.firstFrame, anchor.frame])
        var ring = [Float](repeating: 1, count: 2 * Int(late))
        #expect(
            next.engine.store.copy(from: UInt64(next.firstFrame), frames: Int(late), into: &ring))
        #expect((ring.allSatisfy { $0 == 0 }) as Bool)
        next.step(64)
        #expect(next.frame == anchor.frame + 128)
    }

    @Test("a take that is lost leaves no note in the ring, and a notice says so")
    func lostTake() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(100_000)
        rig.capture(0, bars: 1, take: 1)
        rig.step(100)
        let memory = rig.engine.store.memory
        #expect(memory.readIntent(0)?.id == CoreRig.take(1))
        rig.engine.handle(.takeLost(id: CoreRig.take(1)))
        rig.step(100)
        #expect(memory.readIntent(0) == nil)
        #expect(rig.all(.notice).map(\.errorCode) == [ErrorCode.diskCritical])
        #expect(rig.all(.notice).map(\.id) == [CoreRig.take(1)])
    }

    @Test("a ring with impossible numbers is not adopted, and never a trap")
    func impossibleNumbers() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(100_000)
        rig.capture(0, bars: 1, take: 1)
        rig.step(100)
        let memory = rig.engine.store.memory
        let which = Int(memory.newestAnchorNumber() & 1)
        let least = UInt64(bitPattern: .min)
        let notANumber = Double.nan.bitPattern
        let frames = [1, 3, 6, 7].map { (memory.anchor(which, $0), [.max, least, notANumber]) }
        let beats = [4, 9, 10, 13].map { (memory.anchor(which, $0), [least, notANumber]) }
        let parts = [5, 14].map { (memory.anchor(which, $0), [notANumber, (-1.0).bitPattern]) }
        let end = [(memory.writeFrame(), [.max, least, notANumber])]
        #expect(memory.readAnchor() != nil)
        for (cell, words) in frames + beats + parts + end {
            let kept = cell.pointee.load()
            for word in words {
                cell.pointee.store(word)
                #expect(memory.readAnchor() == nil, "\(word)")
            }
            cell.pointee.store(kept)
        }
        #expect(memory.readAnchor() != nil)
        for field in [3, 4, 5, 6, 10, 11] {
            let cell = memory.intent(0, field)
            let kept = cell.pointee.load()
            for word in [UInt64.max, least] {
                cell.pointee.store(word)
                #expect(memory.readIntent(0) == nil, "\(field)")
            }
            cell.pointee.store(kept)
        }
        #expect(memory.readIntent(0)?.id == CoreRig.take(1))
    }
}
