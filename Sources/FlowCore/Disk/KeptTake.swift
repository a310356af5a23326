/// A take on its way to disk.
struct KeptTake {
    /// What has been done.
    enum Phase {
        /// Its window is not wholly durable.
        case waiting
        /// All of it is somewhere now, perhaps in an older take's files alone, where nobody looks for it
        /// after a restart: it is safe when it has a file of its own.
        case found
        /// The spool holds the window, synced; the player was told.
        case spooled
        /// The window has a file; what was around it has none.
        case filed
    }

    let window: TakeWindow
    var phase = Phase.waiting
    /// The window in memory, as long as no file holds all of it and the ring may lose it.
    var pinned: StereoFrames?
    /// Of a print: what was heard right before it.
    var before: StereoFrames?
    var isPinTried = false
    /// Its sound cannot be read as it was written; the player knows.
    var isDamaged = false
    /// After a failure nothing is tried before this time.
    var retryAtMs: UInt64 = 0
    var retryDelayMs: UInt64 = 0

    var frames: Range<UInt64> { window.frames }

    /// Memory that it has, or will need when the disk takes no more.
    var owedBytes: Int {
        pinned?.byteCount ?? (phase == .waiting ? 8 * frames.count : 0)
    }

    /// One past the last frame of the bar after the window.
    var rollsEnd: UInt64 { window.toFrame + UInt64(max(0, window.barFrames)) }

    init(window: TakeWindow) { self.window = window }

    mutating func failed(nowMs: UInt64) {
        retryDelayMs = min(30_000, max(500, retryDelayMs * 2))
        retryAtMs = nowMs + retryDelayMs
    }
}

extension SpoolBook {
    /// Whether memory may hold so many frames more.
    func canPin(_ frameCount: Int) -> Bool { fits(frameCount, into: pinnedBytesMax) }

    /// Whether memory may hold the window of a take that was answered for: also more than is answered for,
    /// as those were that nobody had kept yet when the next came.
    func canRescue(_ frameCount: Int) -> Bool { fits(frameCount, into: 2 * pinnedBytesMax) }

    private func fits(_ frameCount: Int, into byteCount: Int) -> Bool {
        let pinned = keptTakes.reduce(0) { $0 + ($1.pinned?.byteCount ?? 0) }
        return pinned + 8 * frameCount <= byteCount
    }

    /// What no file holds of a window of this run, of which the spool's files have `inSpool`: neither
    /// synced ones of the spool nor an older take's.
    func unfiled(_ window: TakeWindow, inSpool: [Range<UInt64>]) -> [Range<UInt64>] {
        let synced = ledger.startFrame..<ledger.durableEnd
        let spooled = FrameRanges.without(
            inSpool.map { $0.clamped(to: synced) }, ledger.gaps.map(\.range))
        let held = spooled + [window.files?.window].compactMap { $0 }
        return FrameRanges.without([window.frames], held)
    }

    /// Whether a gap has bitten into the take's window, so that the spool will never have it whole.
    func isBitten(_ take: KeptTake) -> Bool {
        take.window.fromFrame < ledger.startFrame || ledger.lostFrames(in: take.frames) > 0
    }

    /// Whether memory alone holds a kept take's window.
    var hasRescuedTake: Bool {
        keptTakes.contains { $0.phase == .waiting && $0.pinned != nil && isBitten($0) }
    }

    /// Whether a window that no file has is in nothing but memory of this process.
    var holdsPrivate: Bool {
        keptTakes.contains { take in
            take.pinned != nil && (!take.window.isSpooled || isBitten(take))
        }
    }

    /// Whether a take that waits for the spool shall not: a gap has bitten it, or the disk refuses the
    /// spool, where there may yet be room for one take.
    func needsOwnFile(_ take: KeptTake, newest: UInt64) -> Bool {
        if isBitten(take) { return take.pinned != nil }
        return health.isRefusing && take.window.toFrame <= newest
    }

    /// Whether another take of so many frames will be safe in memory for as long as the disk is away.
    ///
    /// - Parameters:
    ///   - frames: Its length.
    ///   - endFrame: It ends no later.
    ///   - reachFrame: Up to here the overflow has room for everything: until the disk is given up, takes
    ///     before it need no memory of their own.
    /// - Returns: false when it shall be refused.
    func canKeep(frames: Int, endFrame: UInt64, reachFrame: UInt64) -> Bool {
        let reach = health.state == .critical ? 0 : reachFrame
        if endFrame <= reach { return true }
        let owed = keptTakes.reduce(0) { sum, take in
            let isReached = take.window.toFrame <= reach
            return sum + (isReached ? take.pinned?.byteCount ?? 0 : take.owedBytes)
        }
        return owed + 8 * frames <= pinnedBytesMax
    }

    mutating func change(_ id: TakeID, _ body: (inout KeptTake) -> Void) {
        if let index = keptTakes.firstIndex(where: { $0.window.id == id }) {
            body(&keptTakes[index])
        }
    }

    /// Has a take kept on disk; asked twice for the same one, the second is ignored.
    ///
    /// One of an earlier run, or with files of an older take, must be there already.
    mutating func keep(_ asked: KeptTake) {
        let window = asked.window
        if keptTakes.contains(where: { $0.window.id == window.id }) { return }
        var take = asked
        if window.files != nil || !window.isSpooled {
            take.phase = .found
        } else if window.isOfEarlierRun {
            // Its spool grows no more: it survives a power cut now.
            take.phase = .spooled
            tell(.takeSpooled(id: window.id))
        }
        keptTakes.append(take)
        tellSpooledTakes()
    }

    /// Tells of every take whose whole window is durable now.
    mutating func tellSpooledTakes() {
        guard isRecovered else { return }
        for index in keptTakes.indices where keptTakes[index].phase == .waiting {
            let take = keptTakes[index]
            if take.window.toFrame > ledger.durableEnd || isBitten(take) { continue }
            keptTakes[index].phase = .spooled
            keptTakes[index].pinned = nil
            tell(.takeSpooled(id: take.window.id))
        }
    }
}

extension SpoolDesk {
    /// Whether another take of so many frames, that ends now or soon, will be safe until it is on disk.
    func canKeep(frames: Int) -> Bool {
        let end = feed.newestFrame() + UInt64(max(0, frames))
        return locked { book in
            book.canKeep(
                frames: frames, endFrame: end,
                reachFrame: feed.overflow.reachFrame(from: book.ledger.durableEnd))
        }
    }

    /// Whether memory has room for the sound of another take from now on, beside what it owes to others.
    private func hasMemory(for frames: Int, _ book: SpoolBook) -> Bool {
        let reach = feed.overflow.reachFrame(from: book.ledger.durableEnd)
        return book.canPin(frames)
            && book.canKeep(frames: frames, endFrame: .max, reachFrame: reach)
    }

    /// Has a window of which this is the sound, and no spool, kept until it has files.
    ///
    /// - Returns: false when memory has no room for it; then it is not kept.
    func keepAside(
        _ window: TakeWindow, _ sound: StereoFrames, before: StereoFrames? = nil
    ) -> Bool {
        var take = KeptTake(window: window)
        take.pinned = sound
        take.before = before
        return locked { book in
            guard hasMemory(for: sound.frameCount, book) else { return false }
            book.keep(take)
            return true
        }
    }

    /// Has a window of the past kept on disk, of which this is the sound.
    ///
    /// What no file holds yet is held in memory until one does: the ring may lose it sooner, and a full
    /// disk takes nothing. So is what the spool has held and has given up to make room: it will not come
    /// back there, and is safe when it has a file of its own.
    ///
    /// - Parameters:
    ///   - window: Of this run or, with `isOfEarlierRun`, of one before.
    ///   - audio: Its sound.
    ///   - inSpool: What the spool's files have of it.
    /// - Returns: false when memory has no room for it; then it is not kept.
    func keepPast(
        _ window: TakeWindow, _ audio: LoopAudio, inSpool: [Range<UInt64>]
    ) -> Bool {
        var take = KeptTake(window: window)
        if window.isOfEarlierRun {
            locked { $0.keep(take) }
            return true
        }
        let (isFiled, isGone, hasRoom) = locked { book in
            let unfiled = book.unfiled(window, inSpool: inSpool)
            return (
                unfiled.isEmpty,
                unfiled.contains { $0.lowerBound < book.ledger.durableEnd },
                hasMemory(for: window.frames.count, book)
            )
        }
        if isGone || !window.isSpooled { take.phase = .found }
        if !isFiled {
            guard hasRoom else { return false }
            take.pinned = StereoFrames(copyOf: audio)
        }
        locked { $0.keep(take) }
        return true
    }
}
