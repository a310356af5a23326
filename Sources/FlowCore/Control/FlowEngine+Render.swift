extension FlowEngine {
    private static let beatMax = Double(60 * Limits.rateHzMax / Limits.bpmMin)

    /// Renders a loop of loops in memory; answered by an event.
    ///
    /// `parts` are as many records as the recipe says.
    ///
    /// - Thread: control.
    ///
    /// - Returns: 0, or the code why it cannot be asked for.
    func render(_ recipe: RenderRecipe, _ parts: UnsafeMutableRawPointer) -> UInt32 {
        let id = TakeID(recipe.id)
        let count = Int(recipe.partCount)
        let frameMax = Double(Limits.loopCacheBytesMax / 8)
        guard !id.isNone(), (1...frameMax).contains(recipe.frames),
            recipe.frames == recipe.frames.rounded(),
            (1...Self.beatMax).contains(recipe.framesPerBeat), recipe.flags == 0,
            (1...Limits.renderPartsMax).contains(count)
        else { return ErrorCode.commandBounds }
        let records = (0..<count).map { RenderPart(base: parts + $0 * RenderPart.byteCount) }
        guard records.allSatisfy({ isValid($0) }) else { return ErrorCode.commandBounds }
        worker.pump()
        if pool.keep(id) {
            loaded(id, 0)
            return 0
        }
        let held = records.compactMap { pool.acquire(TakeID($0.id)) }
        guard held.count == count else {
            for loop in held { pool.release(loop) }
            loaded(id, ErrorCode.takeNotLoaded)
            return 0
        }
        let render = LoopRender(
            parts: zip(records, held).map { part($0, $1.view()) }, frames: Int(recipe.frames),
            framesPerBeat: recipe.framesPerBeat, rateHz: settings.rateHz,
            stretchLibrary: configuration.stretchLibrary)
        guard render.isPossible else {
            for loop in held { pool.release(loop) }
            return ErrorCode.commandBounds
        }
        return renders.add(
            RenderWorker.Job(id: id, render: render, held: held), onThread: stepper == nil)
    }

    /// Whether its numbers are in bounds; `flags` are those that count here.
    func isValid(_ part: RenderPart, flags: UInt32 = 0) -> Bool {
        let gainMax = 1_024.0
        return part.mode <= RenderMode.once && part.flags & ~flags == 0
            && (-Double(1 << 40)...Double(1 << 40)).contains(part.startFrames)
            && (-gainMax...gainMax).contains(part.gainLeft)
            && (-gainMax...gainMax).contains(part.gainRight)
    }

    func part(_ record: RenderPart, _ loop: LoopView) -> LoopRender.Part {
        let mode: LoopRender.Mode =
            switch record.mode {
            case RenderMode.stretch: .stretch
            case RenderMode.once: .once
            default: .repitch
            }
        return LoopRender.Part(
            loop: loop, mode: mode, startFrames: record.startFrames,
            gainLeft: Float(record.gainLeft), gainRight: Float(record.gainRight))
    }
}

extension LoopRender {
    /// No take's tempo and rate are further from the result's.
    private static let ratioMax =
        1.01 * Double(Limits.bpmMax) / Double(Limits.bpmMin) * Double(Limits.rateHzMax)
        / Double(Limits.rateHzMin)

    /// Whether its parts are not so much faster or slower than the result that memory would not hold
    /// what is between them.
    var isPossible: Bool {
        parts.allSatisfy { part in
            let ratio = part.loop.framesPerBeat / framesPerBeat
            let stretched = Double(part.loop.frames) / ratio
            return (1 / Self.ratioMax...Self.ratioMax).contains(ratio)
                && (part.mode != .stretch || stretched <= Double(Limits.loopCacheBytesMax / 8))
        }
    }
}

extension CoreEvent {
    static func of(_ news: RenderWorker.News, of id: TakeID, at frame: Int64) -> CoreEvent {
        switch news {
        case .done(let code): return .takeLoaded(id, code, at: frame)
        case .progress(let share):
            var event = CoreEvent(.rendering)
            event.id = id
            event.value = share
            event.frame = frame
            return event
        }
    }
}
