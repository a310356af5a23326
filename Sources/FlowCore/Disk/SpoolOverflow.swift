/// The second buffer: blocks that take over from the ring what is not durable yet.
///
/// They lie beside the ring in shared memory, as far as there is any, and the next engine goes on with
/// them. One thread fills, makes and frees blocks; any thread reads. Its lock is the innermost: it may be
/// taken under the desk's, never the other way round.
final class SpoolOverflow: @unchecked Sendable {
    typealias MakeBlock = @Sendable (_ bytes: Int, _ channelCount: Int) -> OverflowBlock?

    private let lock = DiskMonitor()
    private let channelCount: Int
    private let sizes: DiskSizes
    private let shelf: OverflowShelf?
    private let makeBlock: MakeBlock
    /// In the order they were begun.
    private var blocks: [OverflowBlock] = []
    private var spares: [OverflowBlock] = []
    /// The last block that was asked for could not be made.
    private var isShort = false
    private var isClosed = false
    /// A block had to be private although there is a shelf.
    private var isVolatile = false
    private var isVolatileTold = false

    /// - Parameters:
    ///   - channelCount: Of a frame.
    ///   - sizes: Of the blocks.
    ///   - shelf: Where they lie in shared memory; nil = they are private, as the ring is.
    ///   - newestFrame: One past the newest frame that an engine before this one heard.
    ///   - makeBlock: Makes a private one.
    init(
        channelCount: Int, sizes: DiskSizes, shelf: OverflowShelf? = nil, newestFrame: UInt64 = 0,
        makeBlock: @escaping MakeBlock = { OverflowBlock(bytes: $0, channelCount: $1) }
    ) {
        self.channelCount = channelCount
        self.sizes = sizes
        self.shelf = shelf
        self.makeBlock = makeBlock
        blocks = shelf?.left(upTo: newestFrame) ?? []
    }

    /// Frames there is room for when it is empty.
    var capacityFrames: UInt64 {
        UInt64(sizes.overflowBlockCount * (sizes.overflowBlockBytes / (4 * channelCount)))
    }

    /// Whether frames are held that end with this process.
    var holdsPrivate: Bool { lock.locked { blocks.contains { $0.number == nil } } }

    /// Memory of the blocks in use.
    var usedBytes: Int { lock.locked { blocks.count * sizes.overflowBlockBytes } }

    /// What is held or being copied in; in order, apart.
    var ranges: [Range<UInt64>] {
        FrameRanges.joined(lock.locked { blocks.map(\.promised) })
    }

    /// One past the last frame that there is room for when all from `frame` on is taken in, as far as
    /// memory is known to be there.
    func reachFrame(from frame: UInt64) -> UInt64 {
        lock.locked {
            let last = blocks.last
            let end = max(frame, last?.promised.upperBound ?? 0)
            let begun = last.map { $0.capacityFrames - UInt64($0.promised.count) } ?? 0
            let count = isShort ? spares.count : sizes.overflowBlockCount - blocks.count
            let blockFrames = UInt64(sizes.overflowBlockBytes / (4 * channelCount))
            return end + begun + UInt64(max(0, count)) * blockFrames
        }
    }

    /// Makes the blocks that shall be there before they are needed. Thread: drain.
    func prepare() {
        while lock.locked({ wantsSpare }) {
            let block = newBlock()
            lock.locked {
                isShort = block == nil
                if let block, isClosed { shelf?.remove(block) }
                if let block { spares.append(block) }
            }
            if block == nil { return }
        }
    }

    /// No block is needed any more: none is left for the next engine. Thread: control.
    func close() {
        lock.locked { isClosed = true }
        if let shelf { OverflowShelf.removeAll(besideRing: shelf.ringName) }
    }

    /// Whether a block had to be private since this was asked last. Told once.
    func takeVolatileNews() -> Bool {
        lock.locked {
            defer { isVolatileTold = isVolatile }
            return isVolatile && !isVolatileTold
        }
    }

    /// In shared memory where there is room. The drain alone makes and frees blocks: the number stays free.
    private func newBlock() -> OverflowBlock? {
        guard let shelf else { return makeBlock(sizes.overflowBlockBytes, channelCount) }
        let taken = lock.locked { Set((blocks + spares).compactMap(\.number)) }
        let number = (0..<Limits.overflowBlockCount).first { !taken.contains($0) }
        if let block = number.flatMap({ shelf.make($0, bytes: sizes.overflowBlockBytes) }) {
            return block
        }
        lock.locked { isVolatile = true }
        return makeBlock(sizes.overflowBlockBytes, channelCount)
    }

    /// Promises room for the first frames of a range. Thread: drain.
    ///
    /// - Returns: The block and how many of them it will take; nil when there is no room.
    func reserve(_ range: Range<UInt64>) -> (block: OverflowBlock, frames: UInt64)? {
        lock.locked {
            if let last = blocks.last, last.range.upperBound == range.lowerBound,
                last.frameCount < last.capacityFrames
            {
                return promise(range, in: last)
            }
            guard let block = spares.popLast() else { return nil }
            block.begin(at: range.lowerBound)
            blocks.append(block)
            return promise(range, in: block)
        }
    }

    /// The promised frames are there, or the ring was faster. Thread: drain.
    func settle(_ block: OverflowBlock, isCopied: Bool) {
        lock.locked {
            if isCopied { block.take() }
            block.comingFrames = 0
            if block.frameCount > 0 { return }
            blocks.removeAll { $0 === block }
            spares.append(block)
        }
    }

    /// Gives back what is durable. Thread: drain.
    func drop(upTo durableEnd: UInt64) {
        let dropped = lock.locked {
            let done = blocks.filter { $0.promised.upperBound <= durableEnd }
            blocks.removeAll { $0.promised.upperBound <= durableEnd }
            let kept = done.prefix(max(0, sizes.spareBlockCount - spares.count))
            for block in kept { block.begin(at: 0) }
            spares += kept
            return done.dropFirst(kept.count)
        }
        // The system takes its time to have them back: not under the lock.
        for block in dropped { shelf?.remove(block) }
    }

    /// Copies what one block holds from `frame` on.
    ///
    /// - Returns: How many frames that were; 0 when none holds this frame.
    func copy(from frame: UInt64, framesMax: Int, into out: UnsafeMutablePointer<Float>) -> Int {
        let found = lock.locked {
            blocks.first { $0.range.contains(frame) }.map { ($0, $0.range) }
        }
        guard let (block, range) = found else { return 0 }
        let count = min(framesMax, Int(range.upperBound - frame))
        // The drain may let go of it meanwhile.
        withExtendedLifetime(block) {
            let from = block.samples + Int(frame - range.lowerBound) * channelCount
            out.update(from: from, count: count * channelCount)
        }
        return count
    }

    private var wantsSpare: Bool {
        !isClosed && spares.count < sizes.spareBlockCount
            && blocks.count + spares.count < sizes.overflowBlockCount
    }

    private func promise(
        _ range: Range<UInt64>, in block: OverflowBlock
    ) -> (block: OverflowBlock, frames: UInt64) {
        let room = block.capacityFrames - block.frameCount
        block.comingFrames = min(UInt64(range.count), room)
        return (block, block.comingFrames)
    }
}
