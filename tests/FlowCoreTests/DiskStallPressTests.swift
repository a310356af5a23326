import Testing

@testable import FlowCore

/// Presses while the disk stands still: whoever got an answer keeps his take.
@Suite("presses in a stall")
struct DiskStallPressTests {
    private static let takeFrames = 500
    /// Takes that memory alone may hold.
    private static let pinnedCount = 4

    /// Presses every hundred frames for five times as long as the ring is, while nobody writes.
    private func press(_ rig: DiskRig) -> [UInt32] {
        (1...200).filter { number in
            rig.feed.advance(100)
            rig.nowMs += 20
            let isKept = rig.desk.canKeep(frames: Self.takeFrames)
            let end = rig.feed.newest
            if isKept { rig.keep(number, end - UInt64(Self.takeFrames)..<end) }
            rig.drain.step(nowMs: rig.nowMs)
            return isKept
        }
    }

    @Test("none that was answered is lost, whatever the overflow holds", arguments: [0, 1, 2, 6])
    func answered(blocks: Int) throws {
        var sizes = DiskRig.sizes(blocks: blocks)
        sizes.pinnedBytesMax = 8 * Self.pinnedCount * Self.takeFrames
        let rig = try DiskRig.started(sizes: sizes)
        rig.play(1000)
        let kept = press(rig)
        // In the overflow, and beside it; the first hundred frames of a block are the take before.
        #expect(kept.count >= Self.pinnedCount)
        #expect(kept.count <= 5 * blocks + Self.pinnedCount)
        #expect(rig.states.last == .critical)
        for _ in 0..<20 { rig.play(10, ms: 1000) }
        rig.finish()
        #expect(rig.lost == [])
        #expect(Set(rig.spooled) == Set(kept.map(TakeID.numbered)))
        for number in kept {
            let range = try #require(rig.windows[.numbered(number)])
            let request = try #require(rig.fileRequest(.numbered(number), range))
            let loaded = TakeLoader(files: rig.files).load(request)
            #expect(rig.isRight(loaded.audio, range), "take \(number)")
        }
    }

    @Test("memory that the system refuses is not counted on")
    func short() throws {
        var sizes = DiskRig.sizes(blocks: 6)
        sizes.pinnedBytesMax = 8 * Self.pinnedCount * Self.takeFrames
        let rig = DiskRig(
            feed: DiskFakeFeed(), files: DiskFakeFiles(), sizes: sizes, makeBlock: { _, _ in nil })
        try rig.files.makeFolder(DiskRig.audio)
        try #require(rig.writer.recover(nowMs: rig.nowMs, index: rig.index))
        rig.play(1000)
        #expect(press(rig).count == Self.pinnedCount)
        for _ in 0..<20 { rig.play(10, ms: 1000) }
        rig.finish()
        #expect(rig.lost == [])
        #expect(rig.spooled.count == Self.pinnedCount)
    }
}
