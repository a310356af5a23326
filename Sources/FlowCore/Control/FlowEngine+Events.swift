extension FlowEngine {
    /// Turns what the disk tells into events and loops.
    ///
    /// - Thread: the disk's.
    func handle(_ report: DiskReport) {
        var event: CoreEvent
        switch report {
        case .segmentOpened(let first):
            event = CoreEvent(.segment)
            event.fromFrame = Int64(first)
        case .segmentClosed(let first, let end, let crc):
            event = CoreEvent(.segmentClosed)
            event.fromFrame = Int64(first)
            event.toFrame = Int64(end)
            event.value = Double(crc)
        case .takeSpooled(let id):
            event = CoreEvent(.takeSpooled)
            event.id = id
        case .takeFile(let id, let sha, let bytes, let part, let preRoll):
            event = takeFile(id, sha, bytes, part, preRoll)
        case .takeLost(let id):
            // Nobody waits for it any more: its note would stay in the ring for ever.
            store.settle(id, .stored)
            store.settle(id, .filed)
            event = CoreEvent(.notice)
            event.errorCode = ErrorCode.takeLost
            event.id = id
        case .takeDamaged(let id):
            event = CoreEvent(.notice)
            event.errorCode = ErrorCode.takeDamaged
            event.id = id
        case .memoryVolatile:
            event = CoreEvent(.notice)
            event.errorCode = ErrorCode.lookbackVolatile
        case .unbalanced:
            event = CoreEvent(.notice)
            event.errorCode = ErrorCode.booksDiffer
        case .takeLoaded(let id, let code, let audio):
            accept(id, code, audio)
            return
        case .rangeNotKept(let id, let kept):
            notKept(id, kept)
            return
        case .gap(let from, let end, let reason, let isOld):
            event = CoreEvent(.gap)
            event.marks.isRecovered = isOld
            event.fromFrame = Int64(from)
            event.toFrame = Int64(end)
            event.detail = reason.rawValue
        case .state(let state, let isSpaceLow, let isSecond):
            event = CoreEvent(.disk)
            event.detail = state.rawValue
            event.value = isSpaceLow ? 1 : 0
            event.value2 = isSecond ? 1 : 0
        }
        event.frame = rings.status.read().frame
        events.post(event)
    }

    /// Reads a take into memory; answered by an event.
    ///
    /// - Thread: control.
    ///
    /// - Returns: 0, or the code why it cannot be asked for.
    func load(_ source: TakeSource) -> UInt32 {
        let id = TakeID(source.id)
        let places = [source.fromFrame, source.toFrame, source.preFrames]
        let frameMax = Double(1 << 52)
        let beatMax = Double(60 * Limits.rateHzMax / Limits.bpmMin)
        guard !id.isNone(), places.allSatisfy({ (0...frameMax).contains($0) }),
            source.fromFrame < source.toFrame, (1...beatMax).contains(source.framesPerBeat),
            source.origin <= TakeOrigin.spool, source.sourceIndex <= UInt32(Limits.printSource),
            LoopRate.isPossible(Int(source.sampleRateHz)),
            source.flags & ~(TakeFlags.tailSeam | TakeFlags.raw | TakeFlags.seamless) == 0,
            source.flags & TakeFlags.seamless == 0
                || Int(source.sampleRateHz) == settings.rateHz
        else { return ErrorCode.commandBounds }
        worker.pump()
        if pool.keep(id) {
            loaded(id, 0)
            return 0
        }
        let request = TakeLoadRequest(
            id: id, fromFrame: UInt64(source.fromFrame), toFrame: UInt64(source.toFrame),
            origin: source.origin,
            path: EngineConfiguration.text(source.path, TakeSource.pathBytes),
            rollsPath: EngineConfiguration.text(source.rollsPath, TakeSource.rollsPathBytes),
            preFrames: Int(source.preFrames), sourceIndex: Int(source.sourceIndex))
        loads.begin(
            id,
            TakeLoads.Wish(
                framesPerBeat: source.framesPerBeat, rateHz: Int(source.sampleRateHz),
                ends: LoopEnds(source.flags)))
        if !desk.load(request) { accept(id, ErrorCode.takeNotLoaded, nil) }
        return 0
    }

    func accept(_ id: TakeID, _ code: UInt32, _ audio: LoopAudio?) {
        guard let wish = loads.finish(id) else { return }
        let isThere = code == 0 && audio.map { worker.accept($0, id: id, wish) } ?? false
        loaded(id, isThere ? 0 : code == 0 ? ErrorCode.takeNotLoaded : code)
    }

    func loaded(_ id: TakeID, _ code: UInt32) {
        events.post(.takeLoaded(id, code, at: rings.status.read().frame))
    }

    private func takeFile(
        _ id: TakeID, _ sha: TakeSha, _ bytes: Int, _ part: TakePart, _ preRoll: Int
    ) -> CoreEvent {
        if part == .window { store.settle(id, .filed) }
        var event = CoreEvent(.takeFile)
        event.id = id
        event.detail = part.rawValue
        event.value = Double(bytes)
        event.value2 = Double(preRoll)
        event.setSha(sha)
        return event
    }
}

extension CoreEvent {
    mutating func setSha(_ sha: TakeSha) {
        let words = sha.words
        sha0 = TakeID(w0: words.0, w1: words.1, w2: words.2, w3: words.3)
        sha1 = TakeID(w0: words.4, w1: words.5, w2: words.6, w3: words.7)
    }

    /// A loop is in memory, or cannot be had: then with the code why.
    static func takeLoaded(_ id: TakeID, _ code: UInt32, at frame: Int64) -> CoreEvent {
        var event = CoreEvent(.takeLoaded)
        event.id = id
        event.errorCode = code
        event.frame = frame
        return event
    }
}
