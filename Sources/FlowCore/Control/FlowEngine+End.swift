extension FlowEngine {
    /// Ends the device, then writes what disk and master still owe.
    ///
    /// A clean end: the ring's name goes, so that the next engine begins a new run. While sound or a
    /// take in it is still owed to disk or store, it stays for the next engine; `retire` asks once more.
    /// Called again it waits once more for what the disk had not taken.
    func stop() {
        guard isRunning else { return waitForDisk() }
        isRunning = false
        isEnded = true
        supervisor.stop()
        device.stop()
        headless?.stop()
        block.pointee.tellDamage(isLast: true)
        prints.stop()
        plugins.stop(deadlineMs: Limits.shutdownMs / 2)
        loopThread.stop()
        featureThread.stop()
        renders.stop()
        returnChains()
        worker.pump()
        stopLog()
        stopDisk()
        headless?.close()
        _ = giveUpRing()
    }

    /// Takes the ring's name away unless somebody still needs what is in it.
    private func giveUpRing() -> Bool {
        let isNeeded = !isDiskDone || store.hasIntents()
        guard !isNeeded || configuration.has(ConfigFlags.noDisk) else { return false }
        store.unlink()
        return true
    }

    func stopDisk() {
        exports.stop(deadlineMs: Limits.shutdownMs / 2)
        filer.stop(deadlineMs: Limits.shutdownMs / 4)
        desk.close()
        waitForDisk()
    }

    private func waitForDisk() {
        guard let disk else { return }
        isDiskDone = disk.stop(deadlineMs: Limits.shutdownMs, isRingKept: store.isShared)
        guard isDiskDone else { return }
        disk.close()
        desk.forget()
        self.disk = nil
    }

    /// What becomes of the sound of an engine that ends.
    enum End: Int32 {
        /// Nobody needs the ring any more.
        case over = 0
        /// It stays for the next engine, with all that is owed.
        case kept = 1
        /// So it does, and a part of what is owed was in memory of this process.
        case keptInPart = 2
    }

    /// Ends an engine for good: stops it, or takes back the ring of one that never started.
    func retire() -> End {
        if isRunning { stop() }
        let isInPart = disk.map { !store.isShared || $0.holdsPrivate } ?? false
        if isEnded { return giveUpRing() ? .over : isInPart ? .keptInPart : .kept }
        plugins.stop(deadlineMs: 0)
        guard block.pointee.blocks == 0, store.inherited == nil else { return .kept }
        store.unlink()
        return .over
    }
}
