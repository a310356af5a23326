import CFlowLeaf
import Foundation
import Testing

@testable import FlowCore

extension CoreRig {
    /// Of this process and test; a Mac takes thirty bytes at most.
    static func ringName(_ name: String) -> String {
        var hash: UInt32 = 2_166_136_261
        for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return "/fz-test-\(String(hash, radix: 16))-\(getpid())"
    }

    /// A named ring of its own, which the next engine takes over; a crash is an engine that is never
    /// stopped.
    static func adopting(_ name: String) -> (inout EngineConfiguration) -> Void {
        { configuration in
            configuration.bpm = 300
            configuration.ringSecondsMax = 10
            configuration.runId = [1, 2, 3, 4]
            configuration.ringName = CoreRig.ringName(name)
            configuration.flags |= ConfigFlags.adoptRing
        }
    }
}

@Suite("After an engine crash", .serialized)
struct AdoptionTests {
    @Test("the next engine goes on with the look-back, the grid and the captures")
    func adopts() throws {
        let change = CoreRig.adopting("adopt")
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

        // The stepped device has blocks of its own length after that moment.
        let next = try CoreRig(atNs: anchor.monotonicNs + 2_000_000_000, change)
        #expect(next.engine.store.inherited != nil)
        #expect(next.firstFrame > dead.frame)
        let block = Int64(next.engine.device.blockFrames)
        #expect(next.firstFrame == anchor.frame + 2 * 48_000 + block)
        let after = next.engine.block.pointee.transport.grid
        #expect(after.frame(ofBeat: 1_000) == grid.frame(ofBeat: 1_000))
        next.step(1_000)
        let found = next.all(.captured)
        #expect(found.map(\.id) == [CoreRig.take(1)])
        #expect(found.map(\.marks.isRecovered) == [true])
        #expect(found.map(\.fromFrame) == [told.fromFrame])
        #expect(found.map(\.originBeat) == [told.originBeat])
        // The other was still recording: it is told where it was cut off.
        let cut = next.all(.cancelled)
        #expect(cut.map(\.id) == [CoreRig.take(2)])
        #expect(cut.map(\.marks.isRecovered) == [true])
        #expect(cut.map(\.frame) == [dead.frame])
        try checkLookBack(dead, next, told)
    }

    #if os(Linux)
        @Test(
            "a ring that is longer by part of a page, as a Mac makes it, is taken over all the same"
        )
        func rounded() throws {
            let change = CoreRig.adopting("rounded")
            let dead = try CoreRig(change)
            defer { dead.engine.store.unlink() }
            dead.step(50_000)
            let fd = shm_open(CoreRig.ringName("rounded"), O_RDWR, 0)
            var info = stat()
            #expect(fd >= 0 && fstat(fd, &info) == 0)
            #expect(ftruncate(fd, info.st_size + 12_345) == 0)
            close(fd)
            let next = try CoreRig(change)
            #expect(next.engine.store.inherited?.endFrame == 50_000)
        }
    #endif

    /// The ring as both engines see it, the hole between them, and the take playing in phase.
    private func checkLookBack(_ dead: CoreRig, _ next: CoreRig, _ told: CoreEvent) throws {
        var kept = [Float](repeating: 1, count: 2 * 10_000)
        #expect(next.engine.store.copy(from: 140_000, frames: 10_000, into: &kept))
        let isSame = (0..<20_000).allSatisfy {
            kept[$0] == dead.noise.sample(140_000 + Int64($0 / 2), $0 % 2)
        }
        #expect(isSame)
        let hole = Int(next.firstFrame - dead.frame)
        var silence = [Float](repeating: 1, count: 2 * hole)
        #expect(
            next.engine.store.copy(
                from: UInt64(dead.frame), frames: hole, into: &silence))
        #expect((silence.allSatisfy { $0 == 0 }) as Bool)
        let gap = try #require(next.all(.gap).first)
        #expect(gap.fromFrame == dead.frame)
        #expect(gap.toFrame == next.firstFrame)
        let sent = next.send(
            Ask(
                code: .slotSet, slot: 2, a: Double(told.originBeat), b: 4,
                c: Double(told.offsetFrames), id: told.id))
        #expect(sent == 0)
        next.step(60_000)
        let from = next.firstFrame + 2_000
        #expect(CaptureTests.wrongFrames(next, told, from: from, to: next.frame) == 0)
    }

    @Test("a device with fewer sources goes on with the ring of the one before, of its run only")
    func otherSources() throws {
        let change = CoreRig.adopting("sources")
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
            let change = CoreRig.adopting("marks-\(isOverdub)-\(clips)")
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

    @Test(
        "a ring of another run or layout is not taken over",
        arguments: ["run", "layout", "flag"])
    func refusesForeign(what: String) throws {
        let change = CoreRig.adopting(what)
        let dead = try CoreRig(change)
        dead.step(10_000)
        if what == "layout" {
            dead.engine.store.memory.word(RingMemory.Word.layout).pointee.store(0)
        }
        let next = try CoreRig { configuration in
            change(&configuration)
            switch what {
            case "run": configuration.runId = [1, 2, 3, 5]
            case "flag": configuration.flags &= ~ConfigFlags.adoptRing
            default: break
            }
        }
        defer { next.engine.store.unlink() }
        #expect(next.engine.store.inherited == nil)
        #expect(next.firstFrame == 0)
    }

    @Test("an engine that has no rate or length of its own goes on with the ring's")
    func otherWish() throws {
        let change = CoreRig.adopting("wish")
        let dead = try CoreRig(change)
        defer { dead.engine.store.unlink() }
        dead.step(100_000)
        let next = try CoreRig {
            change(&$0)
            $0.sampleRateHz = 44_100
            $0.ringSecondsMax = 11
        }
        #expect(next.engine.store.inherited?.endFrame == 100_000)
        #expect(next.engine.settings.rateHz == 48_000)
        #expect(next.engine.store.ringFrames == dead.engine.store.ringFrames)
    }

    @Test("a device of another rate leaves the ring to be written out first")
    func otherRate() throws {
        let change = CoreRig.adopting("rate")
        let dead = try CoreRig(change)
        defer { dead.engine.store.unlink() }
        dead.step(10_000)
        let shape = CaptureStore.Shape(
            name: CoreRig.ringName("rate"), runId: [1, 2, 3, 4], sampleRateHz: 44_100,
            channelCount: 2, capacityFrames: 441_000, mayAdopt: true)
        #expect(throws: EngineError.self) { _ = try CaptureStore(shape) }
        let next = try CoreRig(change)
        #expect(next.engine.store.inherited?.endFrame == 10_000)
    }

    @Test("a clean stop takes the ring's name away")
    func cleanStop() throws {
        let change = CoreRig.adopting("clean")
        let first = try CoreRig(change)
        first.step(10_000)
        first.engine.stop()
        let next = try CoreRig(change)
        defer { next.engine.store.unlink() }
        #expect(next.engine.store.inherited == nil)
    }
}
