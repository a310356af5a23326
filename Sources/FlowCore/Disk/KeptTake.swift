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
    /// The window in memory, because the ring was about to lose it before the spool had it.
    var pinned: StereoFrames?
    var isPinTried = false
    /// After a failure nothing is tried before this time.
    var retryAtMs: UInt64 = 0
    var retryDelayMs: UInt64 = 0

    var frames: Range<UInt64> { window.frames }

    /// One past the last frame of the bar after the window.
    var rollsEnd: UInt64 { window.toFrame + UInt64(max(0, window.barFrames)) }

    init(window: TakeWindow) { self.window = window }

    mutating func failed(nowMs: UInt64) {
        retryDelayMs = min(30_000, max(500, retryDelayMs * 2))
        retryAtMs = nowMs + retryDelayMs
    }
}

extension SpoolBook {
    /// Whether a gap has bitten into the take's window, so that the spool will never have it whole.
    func isBitten(_ take: KeptTake) -> Bool {
        take.window.fromFrame < ledger.startFrame || ledger.lostFrames(in: take.frames) > 0
    }

    /// Whether memory alone holds a kept take's window.
    var hasRescuedTake: Bool {
        keptTakes.contains { $0.phase == .waiting && $0.pinned != nil && isBitten($0) }
    }

    mutating func change(_ id: TakeID, _ body: (inout KeptTake) -> Void) {
        if let index = keptTakes.firstIndex(where: { $0.window.id == id }) {
            body(&keptTakes[index])
        }
    }

    /// Has a window kept on disk; asked twice for the same take, the second is ignored.
    ///
    /// One of an earlier run, or with files of an older take, must be there already.
    mutating func keep(_ window: TakeWindow) {
        if keptTakes.contains(where: { $0.window.id == window.id }) { return }
        var take = KeptTake(window: window)
        if window.files != nil {
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
