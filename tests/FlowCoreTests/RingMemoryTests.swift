import Testing

@testable import FlowCore

@Suite("What the ring's memory keeps for the next engine")
struct RingMemoryTests {
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
        let ids = { rig.engine.store.memory.noted.map(\.id) }
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

    @Test("a take that is lost leaves no note in the ring, and a notice says so")
    func lostTake() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(100_000)
        rig.capture(0, bars: 1, take: 1)
        rig.step(100)
        let memory = rig.engine.store.memory
        #expect(memory.noted.map(\.id) == [CoreRig.take(1)])
        rig.engine.handle(.takeLost(id: CoreRig.take(1)))
        rig.step(100)
        #expect(memory.noted.isEmpty)
        #expect(rig.all(.notice).map(\.errorCode) == [ErrorCode.takeLost])
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
        let entry = memory.nextIntent(from: 0)
        for field in [3, 4, 5, 6, 10, 11] {
            let cell = memory.intent(entry, field)
            let kept = cell.pointee.load()
            for word in [UInt64.max, least] {
                cell.pointee.store(word)
                #expect(memory.readIntent(entry) == nil, "\(field)")
            }
            cell.pointee.store(kept)
        }
        #expect(memory.readIntent(entry)?.id == CoreRig.take(1))
    }
}
