/// The drain thread's work, all in memory: what must go on while the disk hangs.
///
/// It keeps the ledger true to what the ring overwrites, judges the backlog, and takes a kept
/// take's window into memory when the ring would overwrite it before the spool has it.
///
/// - Thread: drain.
final class SpoolDrain: @unchecked Sendable {
    /// A window is pinned when the ring comes so near to it.
    private static let marginSeconds = 5

    private let desk: SpoolDesk
    /// Whether the take thread was woken for what memory alone holds.
    private var hasWokenTakes = false

    init(desk: SpoolDesk) { self.desk = desk }

    func step(nowMs: UInt64) {
        desk.account()
        judgeBacklog(nowMs: nowMs)
        while let window = nextToPin() {
            let frames = window.fromFrame..<window.toFrame
            let sound = StereoFrames(frameCount: frames.count)
            let isWhole = RingReader(feed: desk.feed).read(
                frames, source: window.sourceIndex, into: sound.samples)
            // What the ring has not whole any more it never will.
            desk.locked { book in
                let index = book.keptTakes.firstIndex { $0.window.id == window.id }
                guard let index else { return }
                book.keptTakes[index].isPinTried = true
                if isWhole { book.keptTakes[index].pinned = sound }
            }
        }
        let hasRescuedTake = desk.locked { $0.hasRescuedTake }
        // Once: the bell wakes this thread too, and would keep all five running.
        if hasRescuedTake, !hasWokenTakes { desk.monitor.ring() }
        hasWokenTakes = hasRescuedTake
        desk.sendReports()
    }

    private func judgeBacklog(nowMs: UInt64) {
        let newest = desk.feed.newestFrame()
        let held = Double(newest - min(newest, desk.feed.oldestFrame()))
        let rate = Double(desk.feed.sampleRateHz)
        desk.locked { book in
            guard book.isRecovered else { return }
            let queued = Double(book.ledger.queuedFrames(newest: newest))
            book.changeHealth {
                $0.judge(
                    backlogShare: held > 0 ? queued / held : 0, backlogSeconds: queued / rate,
                    nowMs: nowMs)
            }
        }
    }

    private func nextToPin() -> TakeWindow? {
        let newest = desk.feed.newestFrame()
        let near = desk.feed.oldestFrame() + UInt64(Self.marginSeconds * desk.feed.sampleRateHz)
        return desk.locked { book in
            guard book.isRecovered, desk.feed.oldestFrame() > 0 else { return nil }
            return book.keptTakes.first { take in
                take.phase == .waiting && take.pinned == nil && !take.isPinTried
                    && take.window.toFrame > book.ledger.durableEnd
                    && take.window.toFrame <= newest && take.window.fromFrame < near
                    && book.canPin(take.frames.count)
            }?.window
        }
    }
}
