import CFlowLeaf
import Testing

/// How dropouts are found, with no server: blocks come at the frame times that are written here.
@Suite("dropouts")
struct DropoutTests {
    /// Blocks of 128 frames at 48 kHz, which begin anywhere.
    private final class Blocks {
        private let cells = UnsafeMutablePointer<UInt64>.allocate(capacity: 2)
        private var dropouts = flow_dropouts()
        private var now: UInt32

        init(from frame: UInt32 = 1_000) {
            cells.initialize(repeating: 0, count: 2)
            now = frame
            begin()
        }

        deinit { cells.deallocate() }

        func begin() { flow_dropouts_begin(&dropouts, 48_000, cells, cells + 1) }

        func play(_ count: Int, frames: UInt32 = 128) {
            for _ in 0..<count {
                flow_dropouts_block(&dropouts, now, frames)
                now &+= frames
            }
        }

        func skip(_ frames: UInt32) { now &+= frames }

        func tell(lateUs: Float) { flow_dropouts_told(&dropouts, lateUs) }

        /// Dropouts, and frames that they may have damaged.
        var found: [UInt64] { [cells[0], cells[1]] }
    }

    @Test(
        "blocks one behind the other have none, whatever their size and where the counter comes round",
        arguments: [0, 1_000, UInt32.max - 1_000])
    func none(from frame: UInt32) {
        let blocks = Blocks(from: frame)
        blocks.play(20)
        blocks.play(20, frames: 512)
        blocks.play(20)
        #expect(blocks.found == [0, 0])
    }

    @Test(
        "frames that are left out are one dropout, at the block that follows; the block before is damaged",
        arguments: [1_000, UInt32.max - 600])
    func skipped(from frame: UInt32) {
        let blocks = Blocks(from: frame)
        blocks.play(3)
        blocks.play(1, frames: 64)
        blocks.skip(1)
        #expect(blocks.found == [0, 0])
        blocks.play(1)
        #expect(blocks.found == [1, 64])
        blocks.play(20)
        #expect(blocks.found == [1, 64])
        blocks.skip(4_800)
        blocks.play(20)
        #expect(blocks.found == [2, 192])
    }

    @Test("what the server tells counts at the next block that misses no frame")
    func told() {
        let blocks = Blocks()
        blocks.play(3)
        blocks.tell(lateUs: 2_000)
        #expect(blocks.found == [0, 0])
        blocks.play(1)
        #expect(blocks.found == [1, 96])
        blocks.play(20)
        #expect(blocks.found == [1, 96])
    }

    @Test("what it tells several times before a block counts as often, each with its lateness")
    func toldTwice() {
        let blocks = Blocks()
        blocks.play(3)
        blocks.tell(lateUs: 2_000)
        blocks.tell(lateUs: 0)
        blocks.tell(lateUs: 1_000)
        blocks.play(1)
        #expect(blocks.found == [3, 144])
        blocks.play(20)
        #expect(blocks.found == [3, 144])
    }

    @Test(
        "a lateness that cannot be costs no more than the count of frames holds",
        arguments: [
            (-Float.infinity, 0), (-5, 0), (Float.nan, 0),
            (Float.greatestFiniteMagnitude, UInt64(UInt32.max)),
            (Float.infinity, UInt64(UInt32.max)),
        ] as [(Float, UInt64)])
    func absurd(lateUs: Float, frames: UInt64) {
        let blocks = Blocks()
        blocks.play(1)
        blocks.tell(lateUs: lateUs)
        blocks.tell(lateUs: lateUs)
        blocks.play(1)
        #expect(blocks.found == [2, frames])
    }

    @Test("what it tells of a dropout that was found is no news for an eighth of a second")
    func toldOfSkip() {
        let blocks = Blocks()
        blocks.play(3)
        blocks.tell(lateUs: 2_000)
        blocks.skip(256)
        blocks.play(2)
        #expect(blocks.found == [1, 128])
        blocks.tell(lateUs: 2_000)
        blocks.play(45)
        #expect(blocks.found == [1, 128])
        blocks.play(1)
        blocks.tell(lateUs: 2_000)
        blocks.play(1)
        #expect(blocks.found == [2, 224])
    }

    @Test("after a new beginning neither the pause nor what was told before it counts")
    func anew() {
        let blocks = Blocks()
        blocks.play(3)
        blocks.tell(lateUs: 2_000)
        blocks.skip(9_999)
        blocks.begin()
        blocks.play(3)
        #expect(blocks.found == [0, 0])
    }
}
