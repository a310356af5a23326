extension FlowEngine {
    /// Prints what a chain makes of a loop in memory, as a loop; answered by a takeLoaded event.
    ///
    /// The chain is given back, also when this is refused; it was made for this alone.
    ///
    /// - Thread: control.
    ///
    /// - Returns: 0, or the code why it cannot be asked for.
    func printLoop(_ order: PrintOrder) -> UInt32 {
        guard let chain = chains.takeChain(TakeID(order.chain)) else {
            return ErrorCode.noSuchInstance
        }
        let code = printLoop(order, through: chain)
        if code != 0 { chains.giveBack(chain) }
        return code
    }

    /// Gives a print up that is asked for; it is answered all the same.
    ///
    /// - Returns: 0, or noSuchJob.
    func cancelPrint(_ id: TakeID) -> UInt32 { prints.cancel(id) ? 0 : ErrorCode.noSuchJob }

    /// Thread: the printer's.
    func printing(_ id: TakeID, _ share: Double) {
        events.post(.of(.progress(share), of: id, at: rings.status.read().frame))
    }

    private func printLoop(
        _ order: PrintOrder, through chain: UnsafeMutablePointer<PluginChain>
    ) -> UInt32 {
        let id = TakeID(order.id)
        let beatMax = Double(60 * Limits.rateHzMax / Limits.bpmMin)
        let placeMax = Double(1 << 32)
        guard !id.isNone(), (2...beatMax).contains(order.framesPerBeat),
            (-placeMax...placeMax).contains(order.beat), (1...16).contains(order.beatsPerBar),
            order.unit == 4 || order.unit == 8, order.flags & ~PrintFlags.kept == 0
        else { return ErrorCode.commandBounds }
        worker.pump()
        guard let loop = pool.acquire(TakeID(order.loop)) else { return ErrorCode.takeNotLoaded }
        var grid = Grid()
        grid.framesPerBeat = Int64(order.framesPerBeat.rounded())
        grid.epochBeat = Int64(order.beat.rounded(.down))
        grid.offsetFrames = (order.beat - order.beat.rounded(.down)) * order.framesPerBeat
        grid.beatsPerBar = Int64(order.beatsPerBar)
        grid.unit = Int64(order.unit)
        let print = LoopPrint(
            chain: chain, loop: loop.view(), grid: grid, rateHz: settings.rateHz)
        prints.add(
            PrintWorker.Job(
                id: id, print: print, loop: loop,
                isKept: order.flags & PrintFlags.kept != 0))
        return 0
    }

    /// Thread: the printer's.
    func printed(_ job: PrintWorker.Job, _ result: Result<LoopPrint.Sound, EngineError>) {
        let framesPerBeat = job.loop.view().framesPerBeat
        chains.giveBack(job.print.chain)
        pool.release(job.loop)
        switch result {
        case .success(let sound):
            loaded(job.id, keep(sound, as: job, framesPerBeat))
        case .failure(let error):
            loaded(job.id, error.code)
        }
    }

    private func keep(
        _ sound: LoopPrint.Sound, as job: PrintWorker.Job, _ framesPerBeat: Double
    ) -> UInt32 {
        let audio = LoopAudio(
            samples: sound.window.copy().handOn(), frameCount: sound.window.frameCount,
            preRoll: sound.preRoll.copy().handOn(), preRollFrames: sound.preRoll.frameCount)
        let wish = TakeLoads.Wish(
            framesPerBeat: framesPerBeat, rateHz: settings.rateHz, ends: .seam)
        guard worker.accept(audio, id: job.id, wish) else { return ErrorCode.loopMemory }
        let from = UInt64(sound.preRoll.frameCount)
        let window = TakeWindow(
            id: job.id, fromFrame: from, toFrame: from + UInt64(sound.window.frameCount),
            barFrames: sound.preRoll.frameCount, sourceIndex: Limits.printSource)
        let isSafe = !job.isKept || desk.keepAside(window, sound.window, before: sound.preRoll)
        return isSafe ? 0 : ErrorCode.loopMemory
    }
}
