extension FlowEngine {
    /// Makes any frames of the past a take, in memory and on disk; answered by an event.
    ///
    /// - Thread: control; the frames are read on the disk's own thread. Without a disk only the ring
    ///   is asked, at once.
    ///
    /// - Returns: 0, or the code why it cannot be asked for.
    func keep(_ range: TakeRange) -> UInt32 {
        let id = TakeID(range.id)
        let frameMax = Double(1 << 52)
        let countMax = Double(Limits.loopCacheBytesMax / 8)
        let beatMax = Double(60 * Limits.rateHzMax / Limits.bpmMin)
        guard !id.isNone(), [range.fromFrame, range.toFrame].allSatisfy((0...frameMax).contains),
            (1...countMax).contains(range.toFrame - range.fromFrame),
            (1...beatMax).contains(range.framesPerBeat), (0...countMax).contains(range.barFrames),
            range.sourceIndex <= UInt32(Limits.printSource), range.flags & ~RangeFlags.aside == 0,
            LoopRate.isPossible(Int(range.sampleRateHz)),
            [range.takeFromFrame, range.takeToFrame].allSatisfy((0...frameMax).contains),
            (0...countMax).contains(range.takeToFrame - range.takeFromFrame),
            (0...countMax).contains(range.takePreFrames)
        else { return ErrorCode.commandBounds }
        worker.pump()
        if range.flags & RangeFlags.aside != 0 { return keepDry(id, range) }
        if pool.keep(id) {
            loaded(id, 0)
            return 0
        }
        let folder = EngineConfiguration.text(range.spoolPath, TakeRange.spoolPathBytes)
        let window = TakeWindow(
            id: id, fromFrame: UInt64(range.fromFrame), toFrame: UInt64(range.toFrame),
            barFrames: Int(range.barFrames), sourceIndex: Int(range.sourceIndex),
            spoolFolder: folder == configuration.spoolPath ? "" : folder,
            files: takeFiles(of: range))
        guard
            window.isOfEarlierRun || !window.isSpooled
                || 2 * window.sourceIndex < store.channelCount
        else {
            return ErrorCode.commandBounds
        }
        loads.begin(
            id,
            TakeLoads.Wish(
                framesPerBeat: range.framesPerBeat, rateHz: Int(range.sampleRateHz), ends: .seam))
        if !desk.keepPast(window) {
            let ring = PastReader(
                files: PosixFileSystem(), folder: "", feed: store, dry: dry, gaps: [])
            handle(PastReader.report(id, ring.read(window)))
        }
        return 0
    }

    /// The dry side of a window that may end ahead: onto disk alone, nobody plays it yet.
    ///
    /// Answered by the events of its files, or by takeLoaded with the code why there is none.
    private func keepDry(_ id: TakeID, _ range: TakeRange) -> UInt32 {
        guard range.sourceIndex == UInt32(Limits.drySource), dry.newestFrame() > 0 else {
            return ErrorCode.rangeNotKept
        }
        worker.findDry(
            TakeWindow(
                id: id, fromFrame: UInt64(range.fromFrame), toFrame: UInt64(range.toFrame),
                barFrames: Int(range.barFrames), sourceIndex: Limits.drySource))
        if stepper == nil { loopThread.ring() }
        return 0
    }

    private func takeFiles(of range: TakeRange) -> TakeFiles? {
        let path = EngineConfiguration.text(range.takePath, TakeRange.takePathBytes)
        if path.isEmpty { return nil }
        return TakeFiles(
            window: UInt64(range.takeFromFrame)..<UInt64(range.takeToFrame), path: path,
            rollsPath: EngineConfiguration.text(
                range.takeRollsPath, TakeRange.takeRollsPathBytes),
            preFrames: Int(range.takePreFrames))
    }

    /// The longest part of what was asked for that is still there.
    func notKept(_ id: TakeID, _ kept: Range<UInt64>) {
        guard loads.finish(id) != nil else { return }
        var event = CoreEvent.takeLoaded(
            id, ErrorCode.rangeNotKept, at: rings.status.read().frame)
        event.fromFrame = Int64(kept.lowerBound)
        event.toFrame = Int64(kept.upperBound)
        events.post(event)
    }
}
