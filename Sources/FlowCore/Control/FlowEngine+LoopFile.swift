extension FlowEngine {
    /// Gives a loop in memory a file; answered by an event.
    ///
    /// - Thread: control.
    ///
    /// - Returns: 0, or the code why it cannot be asked for.
    func file(_ request: LoopFile) -> UInt32 {
        let folder = EngineConfiguration.text(request.folder, LoopFile.folderBytes)
        if folder.isEmpty { return ErrorCode.commandBounds }
        return filer.add(TakeID(request.id), folder: folder)
    }

    /// Thread: the filer's.
    func filed(_ id: TakeID, _ outcome: LoopFiler.Outcome) {
        var event = CoreEvent(.loopFile)
        event.id = id
        event.frame = rings.status.read().frame
        switch outcome {
        case .success(let file):
            event.value = Double(file.byteCount)
            event.setSha(file.sha)
        case .failure(let error): event.errorCode = error.code
        }
        events.post(event)
    }
}
