import Testing

@testable import FlowCore

/// The second buffer: what the ring gives up before it is durable.
///
/// A ring of 4000 frames, blocks of 500 frames.
@Suite("disk overflow")
struct DiskOverflowTests {
    @Test("a stall longer than the ring costs nothing while the overflow has room")
    func stall() throws {
        for channelCount in [2, 32] {
            let rig = try rig(blocks: 8, channelCount: channelCount)
            rig.play(700)
            rig.play(0, ms: 1000)
            for _ in 0..<65 { stall(rig, 100) }
            #expect(rig.states == [.slow])
            let stalled = rig.desk.counts()
            #expect(stalled.gap == 0 && stalled.queued == 6500)
            #expect(stalled.overflowBytes > 0)
            for _ in 0..<30 { rig.play(10, ms: 500) }
            #expect(rig.states == [.slow, .ok])
            rig.finish()
            let counts = rig.desk.counts()
            #expect(counts.gap == 0 && counts.queued == 0 && counts.overflowBytes == 0)
            for source in 0..<channelCount / 2 {
                #expect(
                    try rig.firstWrongFrame(in: 0..<rig.feed.newest, source: source) == nil)
            }
        }
    }

    @Test("negative control: without an overflow the same stall is a gap")
    func stallWithoutOverflow() throws {
        let rig = try rig(blocks: 0)
        rig.play(700)
        rig.play(0, ms: 1000)
        for _ in 0..<65 { stall(rig, 100) }
        #expect(rig.desk.counts().gap == 2500)
    }

    @Test("negative control: a block with one wrong sample is seen in the files")
    func wrongBlock() throws {
        let rig = try rig(blocks: 8)
        rig.play(700)
        rig.play(0, ms: 1000)
        for _ in 0..<63 { stall(rig, 100) }
        // The last block has room behind frame 3999.
        let (block, _) = try #require(rig.desk.feed.overflow.reserve(4000..<4001))
        #expect(block.firstFrame == 3700)
        block.samples[0] += 1
        rig.desk.feed.overflow.settle(block, isCopied: false)
        for _ in 0..<30 { rig.play(10, ms: 500) }
        rig.finish()
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) != nil)
    }

    @Test("past both buffers there is one gap, to the frame, and the disk recovers by itself")
    func exhausted() throws {
        let rig = try rig(blocks: 4)
        rig.play(700)
        rig.play(0, ms: 1000)
        for _ in 0..<100 { stall(rig, 100) }
        #expect(rig.states == [.slow, .critical])
        let stalled = rig.desk.counts()
        // Four blocks and the ring; the rest of what was played is lost.
        #expect(stalled.gap == 10_000 - 4 * 500 - 4000)
        rig.play(0)
        for _ in 0..<30 { rig.play(10, ms: 500) }
        rig.finish()
        #expect(rig.states == [.slow, .critical, .ok])
        #expect(rig.gapReports.count == 1)
        #expect(rig.gapReports.first.map { UInt64($0.count) } == stalled.gap)
        for case .gap(_, _, let reason, _) in rig.reports { #expect(reason == .diskStalled) }
        #expect(rig.isConserved)
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
    }

    @Test("memory that the system refuses makes it critical earlier, never wrong")
    func refusedMemory() throws {
        for allowed in 0...4 {
            let source = LimitedMemory(allowed)
            let rig = DiskRig(
                feed: DiskFakeFeed(), files: DiskFakeFiles(), sizes: DiskRig.sizes(blocks: 8),
                makeBlock: { source.make($0, $1) })
            try rig.files.makeFolder(DiskRig.audio)
            try #require(rig.writer.recover(nowMs: rig.nowMs, index: rig.index))
            rig.play(700)
            rig.play(0, ms: 1000)
            for _ in 0..<100 { stall(rig, 100) }
            #expect(rig.states.last == .critical)
            #expect(rig.desk.counts().gap == 6000 - UInt64(500 * allowed), "\(allowed) blocks")
            for _ in 0..<30 { rig.play(10, ms: 500) }
            rig.finish()
            #expect(rig.states.last == .ok)
            #expect(rig.isConserved)
            #expect(rig.gapReports.count == 1)
            #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
        }
    }

    @Test("two blocks are there before they are needed, and more than that are given back")
    func spares() throws {
        let source = LimitedMemory(100)
        let overflow = SpoolOverflow(channelCount: 2, sizes: DiskRig.sizes(blocks: 8)) {
            source.make($0, $1)
        }
        overflow.prepare()
        #expect(source.living == 2)
        var at: UInt64 = 0
        while let (block, frames) = overflow.reserve(at..<at + 500) {
            overflow.settle(block, isCopied: true)
            at += frames
            overflow.prepare()
        }
        #expect(at == 4000 && source.living == 8)
        overflow.drop(upTo: 3499)
        #expect(source.living == 4, "two of use and two spare")
        overflow.drop(upTo: 4000)
        #expect(source.living == 2)
        #expect(overflow.usedBytes == 0)
    }

    @Test("what is written and not durable is not given up, and comes back after a failed sync")
    func unsynced() throws {
        let rig = try rig(blocks: 8)
        rig.play(700)
        rig.play(0, ms: 1000)
        // Writing goes on, no sync returns: the ring comes round over what a power cut would take.
        for _ in 0..<60 {
            rig.feed.advance(100)
            rig.nowMs += 20
            rig.drain.step(nowMs: rig.nowMs)
            rig.writer.step(nowMs: rig.nowMs)
        }
        #expect(rig.desk.counts().written == 6000)
        rig.files.fault = { operation, _ in operation == .sync ? FileError.inputOutput : nil }
        rig.sync.step(nowMs: rig.nowMs, isForced: true)
        let counts = rig.desk.counts()
        #expect(counts.written == 0 && counts.queued == 6000 && counts.gap == 0)
        rig.files.fault = { _, _ in nil }
        for _ in 0..<40 { rig.play(10, ms: 500) }
        rig.finish()
        #expect(rig.desk.counts().gap == 0)
        try expectDurableFramesSurvive(rig, "at the end")
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
    }

    private func rig(blocks: Int, channelCount: Int = 2) throws -> DiskRig {
        var sizes = DiskRig.sizes(blocks: blocks)
        sizes.overflowBlockBytes = 500 * 4 * channelCount
        return try DiskRig.started(feed: DiskFakeFeed(channelCount: channelCount), sizes: sizes)
    }

    /// Frames come in while write and sync hang in the disk.
    private func stall(_ rig: DiskRig, _ frames: UInt64) {
        rig.feed.advance(frames)
        rig.nowMs += 20
        rig.drain.step(nowMs: rig.nowMs)
        #expect(rig.isConserved)
    }
}

/// Memory of which there are only so many blocks, and a count of those that are not given back.
private final class LimitedMemory: @unchecked Sendable {
    private let allowed: Int
    private var blocks: [() -> OverflowBlock?] = []

    init(_ allowed: Int) { self.allowed = allowed }

    var living: Int { blocks.count { $0() != nil } }

    func make(_ bytes: Int, _ channelCount: Int) -> OverflowBlock? {
        guard living < allowed, let block = OverflowBlock(bytes: bytes, channelCount: channelCount)
        else { return nil }
        blocks.append { [weak block] in block }
        return block
    }
}
