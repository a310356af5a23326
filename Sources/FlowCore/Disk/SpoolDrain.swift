/// The drain thread's work, all in memory: what must go on while the disk hangs.
///
/// It keeps the ledger true to what the ring overwrites, judges the backlog, copies into the overflow
/// what the ring would overwrite before it is durable, and where that is full, the windows of kept
/// takes into memory of their own.
///
/// - Thread: drain. The only one that makes, fills and frees the overflow's blocks.
final class SpoolDrain: @unchecked Sendable {
    /// Frames are saved when the ring comes so near to them, or by a quarter of a smaller ring.
    static let marginSeconds = 5
    private static let framesPerCopy: UInt64 = 16_384

    private let desk: SpoolDesk
    /// Whether the take thread was woken for what memory alone holds.
    private var hasWokenTakes = false

    init(desk: SpoolDesk) { self.desk = desk }

    func step(nowMs: UInt64) {
        // Until the files of before have been read nobody knows what they hold.
        desk.feed.overflow.drop(
            upTo: desk.locked { $0.isRecovered ? $0.ledger.durableEnd : 0 })
        desk.feed.overflow.prepare()
        if desk.feed.overflow.takeVolatileNews() { desk.locked { $0.tell(.memoryVolatile) } }
        fillOverflow()
        desk.account()
        judgeBacklog(nowMs: nowMs)
        pinTakes()
        let hasRescuedTake = desk.locked { $0.hasRescuedTake }
        // Once: the bell wakes this thread too, and would keep all five running.
        if hasRescuedTake, !hasWokenTakes { desk.monitor.ring() }
        hasWokenTakes = hasRescuedTake
        desk.sendReports()
    }

    /// One past the last frame that the ring overwrites soon.
    private var nearFrame: UInt64 {
        let margin = min(
            UInt64(Self.marginSeconds * desk.feed.sampleRateHz), desk.feed.ringFrames / 4)
        let end = desk.feed.newestFrame() + margin
        return end - min(end, desk.feed.ringFrames)
    }

    private func fillOverflow() {
        while let range = nextToKeep() {
            guard let (block, frames) = desk.locked({ _ in desk.feed.overflow.reserve(range) })
            else {
                return desk.locked { book in book.changeHealth { $0.overwhelmed() } }
            }
            let target = block.samples + Int(block.frameCount) * desk.feed.channelCount
            let isCopied = desk.feed.ring.copy(
                from: range.lowerBound, frames: Int(frames), into: target)
            desk.feed.overflow.settle(block, isCopied: isCopied)
            if !isCopied { desk.account() }
            desk.feed.overflow.prepare()
        }
    }

    /// The next frames that the ring overwrites soon and that nothing else has.
    private func nextToKeep() -> Range<UInt64>? {
        let (near, oldest) = (min(nearFrame, desk.feed.newestFrame()), desk.feed.oldestFrame())
        return desk.locked { book in
            let first = max(book.ledger.durableEnd, oldest)
            guard first < near else { return nil }
            let gaps = book.ledger.gaps.lazy.map(\.range).filter { $0.upperBound > first }
            let missing = FrameRanges.without(
                [first..<near], desk.feed.overflow.ranges + gaps
            ).first
            return missing.map {
                $0.lowerBound..<min($0.upperBound, $0.lowerBound + Self.framesPerCopy)
            }
        }
    }

    private func judgeBacklog(nowMs: UInt64) {
        let newest = desk.feed.newestFrame()
        let usesOverflow = desk.feed.overflow.usedBytes > 0
        desk.locked { book in
            guard book.isRecovered else { return }
            let backlog = DiskHealth.Backlog(
                frames: book.backlogFrames(newest: newest), ringFrames: desk.feed.ringFrames,
                rateHz: desk.feed.sampleRateHz, usesOverflow: usesOverflow)
            book.changeHealth { $0.judge(backlog, nowMs: nowMs) }
        }
    }

    private func pinTakes() {
        while let window = nextToPin() {
            let frames = window.fromFrame..<window.toFrame
            let sound = StereoFrames(frameCount: frames.count)
            let isWhole = RingReader(feed: desk.feed).read(
                frames, source: window.sourceIndex, into: sound.samples)
            // What memory has not whole any more it never will.
            desk.locked { book in
                let index = book.keptTakes.firstIndex { $0.window.id == window.id }
                guard let index else { return }
                book.keptTakes[index].isPinTried = true
                if isWhole { book.keptTakes[index].pinned = sound }
            }
        }
    }

    private func nextToPin() -> TakeWindow? {
        let (newest, near) = (desk.feed.newestFrame(), nearFrame)
        return desk.locked { book in
            guard book.isRecovered, near > 0 else { return nil }
            let overflow = desk.feed.overflow.ranges
            return book.keptTakes.first { take in
                let range = take.frames
                return take.phase == .waiting && take.pinned == nil && !take.isPinTried
                    && range.upperBound > book.ledger.durableEnd && range.upperBound <= newest
                    && range.lowerBound < near
                    && !overflow.contains {
                        $0.lowerBound <= range.lowerBound
                            && $0.upperBound >= min(near, range.upperBound)
                    }
                    && book.canRescue(range.count)
            }?.window
        }
    }
}
