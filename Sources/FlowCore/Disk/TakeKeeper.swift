/// The take thread's work: gives each kept take files of its own.
///
/// First the window, as soon as the spool has it; a bar later what was played around it.
///
/// - Thread: take.
final class TakeKeeper: @unchecked Sendable {
    private let desk: SpoolDesk
    private let files: any FileSystem
    private let spoolFolder: String
    private let maker: TakeFileMaker
    private let dry: (any SpoolFeed)?

    /// `dry` is source 0 without its plug-ins; nil = nobody keeps it.
    init(
        desk: SpoolDesk, files: any FileSystem, spoolFolder: String, maker: TakeFileMaker,
        dry: (any SpoolFeed)? = nil
    ) {
        self.desk = desk
        self.dry = dry
        self.files = files
        self.spoolFolder = spoolFolder
        self.maker = maker
    }

    /// Does what is due.
    ///
    /// - Parameters:
    ///   - nowMs: Time of the monotonic clock.
    ///   - isLast: At the end: rolls are as long as there is sound, nothing waits for a retry.
    func step(nowMs: UInt64, isLast: Bool = false) {
        dropLost()
        var tried: Set<TakeID> = []
        while let take = nextTake(nowMs: nowMs, isLast: isLast, except: tried) {
            do throws(FileError) {
                if take.phase == .filed {
                    try makeRolls(take)
                } else {
                    try makeWindow(take)
                }
                // At the end a window just made leaves its rolls to do.
                if isLast { continue }
            } catch {
                failed(take, error, nowMs: nowMs)
            }
            tried.insert(take.window.id)
        }
        desk.sendReports()
    }

    /// Whether nothing is left to do, now or later.
    var isIdle: Bool { desk.locked { $0.keptTakes.isEmpty } }

    private func nextTake(nowMs: UInt64, isLast: Bool, except tried: Set<TakeID>) -> KeptTake? {
        let newest = desk.feed.newestFrame()
        return desk.locked { book in
            guard book.isRecovered else { return nil }
            return book.keptTakes.first { take in
                if tried.contains(take.window.id) { return false }
                if nowMs < take.retryAtMs && !isLast { return false }
                switch take.phase {
                case .waiting: return book.needsOwnFile(take, newest: newest)
                case .found, .spooled: return true
                case .filed:
                    return isLast || take.window.isOfEarlierRun || take.rollsEnd <= newest
                }
            }
        }
    }

    /// A window that neither spool nor memory has whole is gone; its gap has been declared.
    private func dropLost() {
        let oldest = desk.feed.oldestFrame()
        desk.locked { book in
            guard book.isRecovered else { return }
            let lost = book.keptTakes.filter {
                $0.phase == .waiting && $0.pinned == nil && book.isBitten($0)
                    && $0.window.fromFrame < oldest
            }
            book.keptTakes.removeAll { take in lost.contains { $0.window.id == take.window.id } }
            for take in lost { book.tell(.takeLost(id: take.window.id)) }
        }
    }

    /// A disk that refuses is tried again; so is one that gives back other sound than it took, of a take that
    /// was called safe.
    private func failed(_ take: KeptTake, _ error: FileError, nowMs: UInt64) {
        let isRead = [.open, .read, .list, .format].contains(error.operation)
        let isGone = [FileError.damaged, FileError.missing].contains(error.code)
        let isNews = take.phase == .spooled && !take.isDamaged && isRead && isGone
        desk.locked { book in
            if isNews { book.tell(.takeDamaged(id: take.window.id)) }
            book.change(take.window.id) { kept in
                if isNews { kept.isDamaged = true }
                kept.failed(nowMs: nowMs)
            }
        }
    }

    private func makeWindow(_ take: KeptTake) throws(FileError) {
        let sound = sound(of: take)
        let made = try maker.make(
            name: take.window.id.fileName, ranges: [take.frames], sound: sound,
            sampleRateHz: try sound.sampleRateHz())
        desk.locked { book in
            book.tell(
                .takeFile(
                    id: take.window.id, sha: made.sha, bytes: made.byteCount, part: .window,
                    preRollFrames: 0))
            // Who calls it saved must know its file by then: it may be all there is of it.
            if take.phase != .spooled { book.tell(.takeSpooled(id: take.window.id)) }
            book.change(take.window.id) { kept in
                kept.phase = .filed
                kept.pinned = nil
                kept.retryDelayMs = 0
            }
        }
    }

    private func makeRolls(_ take: KeptTake) throws(FileError) {
        let window = take.window
        let sound = sound(of: take)
        let (before, after) = rolls(around: take, sound)
        if !before.isEmpty || !after.isEmpty {
            let made = try maker.make(
                name: window.id.fileName, ranges: [before, after], sound: sound,
                sampleRateHz: try sound.sampleRateHz())
            desk.locked { book in
                book.tell(
                    .takeFile(
                        id: window.id, sha: made.sha, bytes: made.byteCount, part: .rolls,
                        preRollFrames: before.count))
            }
        }
        desk.locked { book in book.keptTakes.removeAll { $0.window.id == window.id } }
    }

    /// A bar before the window and one after it, as far as there is sound without a hole: what the files
    /// hold is taken for sound by whoever looks for the past.
    private func rolls(
        around take: KeptTake, _ sound: TakeSound
    ) -> (before: Range<UInt64>, after: Range<UInt64>) {
        let (from, to) = (take.window.fromFrame, take.window.toFrame)
        let first = from - min(UInt64(max(0, take.window.barFrames)), from)
        let end = max(to, take.rollsEnd)
        let held = held(in: first..<end, of: take, sound)
        let before = held.map { $0.clamped(to: first..<from) }
        let after = held.map { $0.clamped(to: to..<end) }
        return (
            before.first { !$0.isEmpty && $0.upperBound == from } ?? from..<from,
            after.first { !$0.isEmpty && $0.lowerBound == to } ?? to..<to
        )
    }

    private func held(
        in range: Range<UInt64>, of take: KeptTake, _ sound: TakeSound
    ) -> [Range<UInt64>] {
        let (start, gaps) = desk.locked { ($0.ledger.startFrame, $0.ledger.gaps.map(\.range)) }
        if !take.window.isSpooled { return sound.held(in: range, spooled: [], without: []) }
        if take.window.isOfEarlierRun || take.window.files != nil {
            return sound.held(in: range, spooled: sound.spooled(in: range), without: gaps)
        }
        let heard = range.clamped(to: start..<max(start, desk.feed.newestFrame()))
        return FrameRanges.without([heard], gaps + desk.feed.holes())
    }

    private func sound(of take: KeptTake) -> TakeSound {
        TakeSound(
            of: take.window, pinned: take.pinned, before: take.before, feed: desk.feed, dry: dry,
            files: files,
            spoolFolder: spoolFolder)
    }
}

extension TakeID {
    /// 32 lower-case digits.
    var fileName: String {
        [w0, w1, w2, w3].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }
}
