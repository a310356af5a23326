extension FlowEngine {
    /// Fills the record with the engine at this moment.
    ///
    /// - Thread: any but audio.
    func writeStatus(to status: EngineStatus) {
        let picture = rings.status.read()
        let counts = desk.counts
        status.frame = Double(picture.frame)
        status.firstFrame = Double(store.firstFrame)
        status.nowMs = nowMs()
        status.blocks = Double(picture.blocks)
        let counters = device.counters
        status.xruns = Double(
            counters.xruns.pointee.load() &+ counters.lateBlocks.pointee.load())
        status.framesIn = Double(counts.framesIn)
        status.framesDurable = Double(counts.durable)
        status.framesWritten = Double(counts.written)
        status.framesQueued = Double(counts.queued)
        status.framesGap = Double(counts.gap)
        status.bufferFrames = Double(max(counts.bufferFrames, store.ringFrames))
        status.isSecondFolder = counts.isSecond ? 1 : 0
        status.overflowBytes = Double(counts.overflowBytes)
        status.ringOldestFrame = Double(store.oldestFrame())
        status.ringFrames = Double(store.memory.capacityFrames)
        status.beat = Double(picture.beat)
        status.beatFrac = picture.beatFrac
        status.framesPerBeat = Double(picture.framesPerBeat)
        status.outputLatencyFrames = Double(device.outputLatencyFrames)
        status.inputLatencyFrames = Double(device.inputLatencyFrames)
        status.loopBytes = Double(pool.byteCount)
        status.sampleRateHz = UInt32(settings.rateHz)
        status.blockFrames = UInt32(device.blockFrames)
        status.sourceCount = UInt32(settings.sourceCount)
        status.deviceKind = device.kind
        status.deviceKey = device.key
        status.deviceState = device.isThere ? 1 : 0
        status.diskState = counts.state.rawValue
        status.isPlaying = picture.isPlaying ? 1 : 0
        status.hasRealTime = device.hasRealTime ? 1 : 0
        status.ringIsShared = store.isShared ? 1 : 0
        status.adopted = store.inherited == nil ? 0 : 1
        status.eventsLost = UInt32(truncatingIfNeeded: picture.eventsLost)
        status.load = Float(picture.load)
        status.loadPeak = Float(picture.loadPeak)
        status.syncSeconds = counts.syncTimes.seconds
        for (index, count) in counts.syncTimes.counts.enumerated() {
            status.syncCounts[index] = count
        }
    }
}
