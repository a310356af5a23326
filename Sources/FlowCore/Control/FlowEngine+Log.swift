import Foundation

extension FlowEngine {
    private static let logPeriodMs = 50

    /// Begins the log of this run, if one was asked for.
    ///
    /// - Thread: control, before the device starts.
    func startLog() throws(EngineError) {
        let path = configuration.logPath
        guard !path.isEmpty, !configuration.isReplay else { return }
        do {
            let recorder = try LogRecorder(
                path: path, engine: describe(), inputHeader: inputHeader, rings: rings, store: store
            ) { [weak self] in self?.post(notice: ErrorCode.logFile) }
            pool.onForeign = { recorder.note($0, $1, framesPerBeat: $2) }
            self.recorder = recorder
            guard stepper == nil else { return }
            logThread.start("fz-log", periodMs: Self.logPeriodMs) { recorder.pump() }
        } catch {
            throw EngineError(code: ErrorCode.logFile, detail: "\(path): \(error)")
        }
    }

    /// Ends the log with the digest of the master.
    ///
    /// - Thread: control, after the device has ended.
    func stopLog() {
        logThread.stop()
        recorder?.finish()
        recorder = nil
    }

    /// What the demo player plays comes again by itself.
    private var inputHeader: Data? {
        if configuration.has(ConfigFlags.demoPlayer) { return nil }
        return LoggedInput.header(rateHz: settings.rateHz, channels: store.channelCount)
    }

    private func describe() -> LoggedEngine {
        LoggedEngine(
            rateHz: settings.rateHz, blockFrames: device.blockFrames,
            slotCount: settings.slotCount, sourceCount: settings.sourceCount,
            ringSecondsMax: configuration.ringSecondsMax, bpm: configuration.bpm,
            playsDemo: configuration.has(ConfigFlags.demoPlayer),
            monitors: configuration.has(ConfigFlags.monitor),
            deviceKind: configuration.deviceKind,
            firstFrame: block.pointee.frame, isAdopted: store.inherited != nil)
    }
}
