import CFlowLeaf
import Foundation
import Testing

@testable import FlowCore

/// An engine that ends while its overflow holds sound: a ring of 4000 frames, blocks of 500.
@Suite("The overflow after the end of its engine", .serialized)
struct OverflowAdoptionTests {
    private static let sizes = DiskRig.sizes(blocks: 8)
    private let name = CoreRig.ringName("overflow")
    private var shelf: OverflowShelf {
        OverflowShelf(ringName: name, runId: [1, 2, 3, 4], sampleRateHz: 22_050, channelCount: 2)
    }

    @Test("the next engine writes what outgrew the ring, before the ring's own, without a gap")
    func adopts() throws {
        defer { OverflowShelf.removeAll(besideRing: name) }
        let next = try stalled(for: 6500).next(shelf)
        try next.recover()
        next.keep(1, 800..<1300)
        #expect(next.desk.counts().queued == 6500)
        for _ in 0..<30 { next.play(10, ms: 500) }
        next.finish()
        let counts = next.desk.counts()
        #expect(counts.gap == 0 && counts.queued == 0 && counts.overflowBytes == 0)
        #expect(next.gapReports == [])
        #expect(next.spooled == [.numbered(1)] && next.lost == [])
        #expect(try next.firstWrongFrame(in: 0..<next.feed.newest) == nil)
        #expect(names.count == 2, "spares alone")
    }

    @Test("negative control: without what it left the same end is a gap, and the take is lost")
    func withoutAdoption() throws {
        defer { OverflowShelf.removeAll(besideRing: name) }
        let next = try stalled(for: 6500).next(nil)
        try next.recover()
        next.keep(1, 800..<1300)
        for _ in 0..<30 { next.play(10, ms: 500) }
        next.finish()
        // The ring went on by ten frames before anybody looked.
        #expect(next.desk.counts().gap == 2510)
        #expect(next.lost == [.numbered(1)])
    }

    @Test("it goes on while that one's disk hangs too, and the one after it has all of both")
    func twice() throws {
        defer { OverflowShelf.removeAll(besideRing: name) }
        let second = try stalled(for: 5500).next(shelf)
        for _ in 0..<15 { stall(second, 100) }
        let third = second.next(shelf)
        try third.recover()
        for _ in 0..<30 { third.play(10, ms: 500) }
        third.finish()
        #expect(third.desk.counts().gap == 0)
        #expect(try third.firstWrongFrame(in: 0..<third.feed.newest) == nil)
    }

    @Test("an end at any frame of a long stall costs none")
    func anyFrame() throws {
        for frames in stride(from: UInt64(3700), through: 7900, by: 350) {
            defer { OverflowShelf.removeAll(besideRing: name) }
            let next = try stalled(for: frames).next(shelf)
            try next.recover()
            for _ in 0..<30 { next.play(10, ms: 500) }
            next.finish()
            #expect(next.desk.counts().gap == 0, "after \(frames) frames")
            #expect(try next.firstWrongFrame(in: 0..<next.feed.newest) == nil, "\(frames)")
        }
    }

    @Test("frames that were being copied when it ended are not taken for sound")
    func halfCopied() throws {
        defer { OverflowShelf.removeAll(besideRing: name) }
        var dead: SpoolOverflow? = overflow(newestFrame: 0)
        dead?.prepare()
        let (block, frames) = try #require(dead?.reserve(0..<300))
        dead?.settle(block, isCopied: true)
        #expect(frames == 300)
        _ = try #require(dead?.reserve(300..<400))
        dead = nil
        #expect(overflow(newestFrame: 4000).ranges == [0..<300])
    }

    @Test("a block that is not whole, of another run or shape, or from beyond the ring goes")
    func strangers() throws {
        defer { OverflowShelf.removeAll(besideRing: name) }
        let word = OverflowBlock.Word.self
        let changes: [(Int, UInt64)] = [
            (word.magic, 0), (word.layout, 99), (word.runLow, 7), (word.runHigh, 7),
            (word.sampleRateHz, 48_000), (word.channelCount, 4), (word.capacityFrames, 0),
            (word.capacityFrames, 1 << 60), (word.firstFrame, 3901), (word.firstFrame, .max),
            (word.frameCount, 0), (word.frameCount, 501), (word.frameCount, .max),
        ]
        for (index, value) in changes {
            let block = try leaveBlock()
            withExtendedLifetime(block) { block.word(index).pointee.store(value) }
            #expect(overflow(newestFrame: 4000).ranges == [], "word \(index) = \(value)")
            #expect(names == [], "word \(index) = \(value)")
        }
        _ = try leaveBlock()
        #expect(overflow(newestFrame: 4000).ranges == [0..<100], "as it was left")
    }

    @Test("one that is shorter than it says, or no more than its header, goes")
    func cut() throws {
        for bytes in [1, OverflowBlock.headerBytes, OverflowBlock.headerBytes + 3999] {
            defer { OverflowShelf.removeAll(besideRing: name) }
            _ = try leaveBlock()
            let fd = shm_open(OverflowShelf.name(0, besideRing: name), O_RDWR, 0)
            #expect(fd >= 0)
            let isCut = ftruncate(fd, off_t(bytes)) == 0
            close(fd)
            // A Mac cannot shorten what it has made.
            if !isCut { continue }
            #expect(overflow(newestFrame: 4000).ranges == [], "\(bytes) bytes")
            #expect(names == [])
        }
    }

    @Test("what is durable gives its name back, and at a clean end none is left")
    func givesBack() throws {
        defer { OverflowShelf.removeAll(besideRing: name) }
        let overflow = overflow(newestFrame: 0)
        overflow.prepare()
        var at: UInt64 = 0
        while let (block, frames) = overflow.reserve(at..<at + 500) {
            overflow.settle(block, isCopied: true)
            at += frames
            overflow.prepare()
        }
        #expect(names.count == 8)
        overflow.drop(upTo: 4000)
        #expect(names.count == 2)
        #expect(self.overflow(newestFrame: 4000).ranges == [], "spares hold nothing")
        overflow.close()
        overflow.prepare()
        #expect(names == [])
    }

    @Test("a new ring of the name begins without them, and one that ends takes them along")
    func fate() throws {
        let shape = CaptureStore.Shape(
            name: name, runId: [1, 2, 3, 4], sampleRateHz: 22_050, channelCount: 2,
            capacityFrames: 4000, mayAdopt: true)
        _ = try leaveBlock()
        let store = try CaptureStore(shape)
        #expect(names == [])
        _ = try leaveBlock()
        store.unlink()
        #expect(names == [])
    }

    @Test("with too little shared memory the blocks are private, and that is told once")
    func tooLittle() throws {
        // A name that the system refuses, as it refuses a block that does not fit.
        let long = "/" + String(repeating: "n", count: 300)
        let shelf = OverflowShelf(
            ringName: long, runId: [1, 2, 3, 4], sampleRateHz: 22_050, channelCount: 2)
        let rig = DiskRig(
            feed: DiskFakeFeed(), files: DiskFakeFiles(), sizes: Self.sizes, shelf: shelf)
        try rig.files.makeFolder(DiskRig.audio)
        try rig.recover()
        rig.play(700)
        rig.play(0, ms: 1000)
        for _ in 0..<65 { stall(rig, 100) }
        #expect(rig.desk.counts().gap == 0 && rig.desk.feed.overflow.holdsPrivate)
        let told = rig.reports.count { if case .memoryVolatile = $0 { true } else { false } }
        #expect(told == 1)
    }

    @Test("the timeline goes on over what the overflow has, and stands still for the ring alone")
    func owed() throws {
        let change = CoreRig.adopting("overflow-owed")
        let dead = try CoreRig(change)
        defer { dead.engine.store.unlink() }
        dead.step(600_000)
        let next = try CoreRig(change).engine.store
        #expect(next.owedFrame() == 0)
        #expect(next.owedFrame(besides: [0..<200_000, 300_000..<400_000]) == 200_000)
        #expect(next.owedFrame(besides: [0..<600_000]) == nil)
    }

    /// An engine that has played so many frames since its disk began to hang, 700 frames after its start.
    private func stalled(for frames: UInt64) throws -> DiskRig {
        let rig = DiskRig(
            feed: DiskFakeFeed(), files: DiskFakeFiles(), sizes: Self.sizes, shelf: shelf)
        try rig.files.makeFolder(DiskRig.audio)
        try rig.recover()
        rig.play(700)
        rig.play(0, ms: 1000)
        for _ in 0..<(frames / 50) { stall(rig, 50) }
        #expect(rig.desk.counts().gap == 0)
        return rig
    }

    private func stall(_ rig: DiskRig, _ frames: UInt64) {
        rig.feed.advance(frames)
        rig.nowMs += 20
        rig.drain.step(nowMs: rig.nowMs)
        #expect(rig.isConserved)
    }

    private func overflow(newestFrame: UInt64) -> SpoolOverflow {
        SpoolOverflow(
            channelCount: 2, sizes: Self.sizes, shelf: shelf, newestFrame: newestFrame)
    }

    /// A block of 500 frames with the first 100 in it, as a dead engine left it.
    private func leaveBlock() throws -> OverflowBlock {
        let block = try #require(shelf.make(0, bytes: 4000))
        block.begin(at: 0)
        block.comingFrames = 100
        block.take()
        return block
    }

    /// Numbers of the blocks that are in shared memory.
    private var names: [Int] {
        (0..<Limits.overflowBlockCount).filter { number in
            var memory = flow_shared(base: nil, bytes: 0, fd: -1)
            defer { flow_shared_close(&memory) }
            return flow_shared_open(OverflowShelf.name(number, besideRing: name), &memory) == 0
        }
    }
}

extension DiskRig {
    /// The engine is gone; the next one finds ring, files and what `shelf` has.
    fileprivate func next(_ shelf: OverflowShelf?) -> DiskRig {
        feed.diskCursor = feed.cursorTold
        feed.firstFrame = feed.newest
        let next = DiskRig(
            feed: feed, files: files, sizes: DiskRig.sizes(blocks: 8), shelf: shelf)
        next.nowMs = nowMs
        return next
    }
}
