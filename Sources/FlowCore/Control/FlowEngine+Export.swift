extension FlowEngine {
    /// Bits of `EXPORT_FORMAT` that this machine can write.
    ///
    /// Thread: any.
    static var exportFormats: UInt32 {
        let wav: UInt32 = 1 << ExportFormats.wav32f | 1 << ExportFormats.wav24
        return FlacSoundFile.isPossible ? wav | 1 << ExportFormats.flac : wav
    }

    /// Begins an export; told by job events.
    ///
    /// `parts` are `RenderPart` records of the riff; none for a range of the past session.
    ///
    /// - Thread: control.
    ///
    /// - Returns: 0, or the code why it cannot be begun.
    func export(_ plan: ExportPlan, parts: [RenderPart]) -> UInt32 {
        guard !configuration.has(ConfigFlags.noDisk) else { return ErrorCode.exportFailed }
        let areValid = parts.allSatisfy {
            isValid($0, flags: RenderFlags.ownSpeed) && $0.mode != RenderMode.once
        }
        guard areValid else { return ErrorCode.commandBounds }
        if parts.isEmpty { return exports.add(past(plan)) }
        worker.pump()
        guard let loops = HeldLoops(parts.map { TakeID($0.id) }, in: pool) else {
            return ErrorCode.takeNotLoaded
        }
        let list = ExportParts(
            parts.indices.map { index in
                var part = part(parts[index], loops.view(index))
                if parts[index].flags & RenderFlags.ownSpeed != 0 {
                    part.loop.framesPerBeat = plan.framesPerBeat
                }
                return part
            })
        let rateHz = settings.rateHz
        return exports.add(
            ExportWorker.Job(plan: plan) {
                RiffSound(
                    parts: list.parts, loops: loops, framesPerBeat: plan.framesPerBeat,
                    sampleRateHz: rateHz)
            })
    }

    private func past(_ plan: ExportPlan) -> ExportWorker.Job {
        let (feed, own) = (store, configuration.spoolPath)
        return ExportWorker.Job(plan: plan) {
            let files = PosixFileSystem()
            if plan.spoolFolder.isEmpty {
                return PastSound(feed: feed, files: files, spoolFolder: own)
            }
            return PastSound(of: plan.range, files: files, spoolFolder: plan.spoolFolder)
        }
    }

    /// Ends an export.
    ///
    /// - Thread: control.
    ///
    /// - Returns: 0, or the code of a job that is not known.
    func cancelExport(_ job: UInt32) -> UInt32 { exports.cancel(job) ? 0 : ErrorCode.noSuchJob }

    /// Thread: export, or control.
    func handle(_ news: ExportWorker.News) {
        var event = CoreEvent(.job)
        event.token = news.job
        event.detail = news.state
        event.value = news.progress
        event.value2 = Double(news.number)
        event.errorCode = news.code
        event.frame = rings.status.read().frame
        events.post(event)
    }
}

/// Parts on their way to the export's thread; their loops are held beside them.
private struct ExportParts: @unchecked Sendable {
    let parts: [LoopRender.Part]

    init(_ parts: [LoopRender.Part]) { self.parts = parts }
}
