import CFlowLeaf
import Foundation

extension FlowEngine {
    private static let supervisePeriodMs = 50

    /// Opens disk and device and begins to listen.
    ///
    /// Once: a stopped engine has given its ring back.
    func start() throws(EngineError) {
        guard !isRunning else { return }
        guard !isEnded else {
            throw EngineError(code: ErrorCode.commandBounds, detail: "this engine was stopped")
        }
        // A long hole is silenced while nobody reads the ring yet.
        let nowNs = clockNs()
        disk = makeDisk()
        let frame = store.resume(atNs: nowNs, owedFrom: owedFrame)
        try startDisk()
        if let inherited = store.inherited, frame < store.clockFrame(atNs: nowNs) {
            // What the disk takes now holds the timeline back no longer.
            disk?.awaitDurable(
                upTo: UInt64(inherited.endFrame), deadlineMs: Limits.shutdownMs / 4)
        }
        resumeTimeline()
        recoverCaptures()
        headless?.onOutputTrouble = { [weak self] in self?.post(output: $0) }
        try startLog()
        do throws(DeviceError) {
            try device.start(target)
        } catch {
            stopLog()
            stopDisk()
            throw EngineError(code: error.code, detail: error.detail)
        }
        isRunning = true
        guard stepper == nil else { return }
        loopThread.start("fz-loops") { [unowned self] in
            measureLatency()
            return worker.pump()
        }
        featureThread.start("fz-features") { [unowned self] in features.step() }
        // The headless clock cannot be lost.
        guard headless == nil else { return }
        supervisor.start("fz-supervisor", periodMs: Self.supervisePeriodMs) { [unowned self] in
            supervise()
        }
    }

    /// Hands out the oldest events, at most `capacity`; whoever waits for a captured loop shall not wait
    /// for the worker's rest to end.
    ///
    /// - Thread: control, one call at a time.
    func poll(capacity: Int, _ body: (CoreEvent) -> Void) -> Int {
        var hasCapture = false
        let count = events.poll(capacity: capacity) { event in
            hasCapture = hasCapture || event.code == .captured
            body(event)
        }
        if hasCapture { loopThread.ring() }
        return count
    }

    /// Renders now, on the calling thread.
    ///
    /// Stepped engines only.
    ///
    /// - Returns: false when the engine is not stepped or not started.
    func step(frames: Int) -> Bool {
        guard let stepper, isRunning else { return false }
        renders.pump()
        var left = frames
        while left > 0 {
            let run = min(left, Limits.blockFramesMax)
            stepper.step(frames: run)
            worker.pump()
            measureLatency()
            features.step()
            recorder?.pump()
            left -= run
        }
        return true
    }

    private var target: RenderTarget {
        RenderTarget(
            context: UnsafeMutableRawPointer(context), process: Self.process,
            processPairs: Self.processPairs)
    }

    /// The first frame is the one at which the timeline stands when the first block is rendered.
    ///
    /// As late as can be: what start-up does afterwards would be an error of the phase.
    private func resumeTimeline() {
        let periodNs = Int64(1e9 * Double(device.blockFrames) / Double(device.sampleRateHz))
        // When another device begins nobody knows: from now on its first block counts the frames.
        let firstBlockNs = clockNs() + (headless == nil ? 0 : periodNs)
        let frame = store.resume(atNs: firstBlockNs, owedFrom: owedFrame)
        block.pointee.frame = frame
        if headless == nil, store.inherited != nil { block.pointee.dueNs = firstBlockNs }
        if let inherited = store.inherited { resumeDamage(after: inherited, at: frame) }
        // What is reported before the first block has the frame at which it will begin.
        var picture = StatusBoard.Picture()
        let transport = block.pointee.transport
        picture.frame = frame
        picture.beat = transport.beat(at: frame)
        picture.beatFrac = transport.frac(at: frame)
        picture.framesPerBeat = transport.grid.framesPerBeat
        picture.beatsPerBar = transport.grid.beatsPerBar
        picture.isPlaying = transport.isPlaying
        rings.status.write(picture)
        headless?.begin(at: frame, firstBlockNs: firstBlockNs)
    }

    /// What the engine before owes the disk is not overwritten; without a disk nothing is owed.
    private var owedFrame: UInt64? {
        disk.flatMap { store.owedFrame(besides: $0.overflowRanges) }
    }

    /// Takes over what the engine before could not write; begins nothing.
    private func makeDisk() -> DiskService? {
        guard !configuration.has(ConfigFlags.noDisk) else { return nil }
        return DiskService(
            feed: store, dry: dry, spoolFolder: configuration.spoolPath,
            secondFolder: configuration.secondSpoolPath, audioFolder: configuration.audioPath,
            sizes: configuration.diskSizes, shelf: store.shelf
        ) { [weak self] report in self?.handle(report) }
    }

    private func startDisk() throws(EngineError) {
        guard let disk else { return }
        do throws(DiskError) {
            try disk.start()
        } catch {
            self.disk = nil
            throw EngineError(code: error.code, detail: error.detail)
        }
        desk.open(disk)
    }

    /// Captures that the engine before had begun: those whose sound is whole are told again.
    private func recoverCaptures() {
        guard let inherited = store.inherited else { return }
        var gap = CoreEvent(.gap)
        gap.fromFrame = inherited.endFrame
        gap.toFrame = Int64(store.firstFrame)
        gap.detail = GapReason.engineRestart.rawValue
        gap.frame = gap.toFrame
        if gap.toFrame > gap.fromFrame { events.post(gap) }
        // In the order of the presses: of two for one slot the later one counts.
        let intents = inherited.intents.sorted { $0.pressFrame < $1.pressFrame }
        let whole = intents.filter { $0.toFrame <= inherited.endFrame }
        let newest = Dictionary(whole.map { ($0.slot, $0.id) }) { $1 }
        let memory = disk?.memory ?? store
        for intent in intents {
            let isWhole = intent.toFrame <= inherited.endFrame
            var event = recovered(intent, isWhole ? .captured : .cancelled)
            // Where it was cut off: what was heard until then is kept.
            if !isWhole { event.frame = inherited.endFrame }
            events.post(event)
            if isWhole {
                worker.adopt(
                    request(intent, memory), isBaked: newest[intent.slot] == intent.id,
                    from: memory)
            } else {
                store.memory.clearIntent(of: intent.id)
            }
        }
    }

    private func recovered(_ intent: CaptureIntent, _ code: EventCode) -> CoreEvent {
        var event = CoreEvent(code)
        event.marks = intent.marks
        event.marks.isRecovered = true
        event.detail = CommandKind.capture
        event.slot = intent.slot
        event.id = intent.id
        event.source = intent.source
        event.frame = Int64(store.firstFrame)
        event.fromFrame = intent.fromFrame
        event.toFrame = intent.toFrame
        event.originBeat = intent.originBeat
        event.lengthBeats = intent.lengthBeats
        event.offsetFrames = intent.offsetFrames
        event.framesPerBeat = Double(intent.framesPerBeat)
        event.value = Double(intent.bars)
        event.value2 = Double(intent.pressFrame)
        return event
    }

    private func request(_ intent: CaptureIntent, _ memory: any SpoolFeed) -> BakeRequest {
        var request = BakeRequest()
        request.id = intent.id
        request.slot = intent.slot
        request.sourceIndex = intent.source
        request.fromFrame = intent.fromFrame
        request.toFrame = intent.toFrame
        request.framesPerBeat = Double(intent.framesPerBeat)
        request.barFrames = Int((intent.toFrame - intent.fromFrame) / max(1, intent.bars))
        let seam = Seam.frames(
            rateHz: store.sampleRateHz, loopFrames: Int(intent.toFrame - intent.fromFrame))
        request.hasPreRoll = intent.fromFrame - Int64(seam) >= Int64(memory.heldFrom)
        return request
    }

    /// Lets the device look after itself.
    ///
    /// One that cannot and is lost: the headless clock drives the blocks, so that loops and events go on.
    func supervise() {
        for news in device.attend(nowNs: clockNs()) {
            var event = CoreEvent(.device)
            event.errorCode = news.code
            event.detail = news.isOn ? 0 : 1
            event.frame = rings.status.read().frame
            events.post(event)
        }
        guard !isDeviceLost, device.counters.lost.pointee.load() != 0 else { return }
        isDeviceLost = true
        device.stop()
        // What was played until now from its last block on is in no take.
        device.counters.countXrun(frames: 0)
        let clock = HeadlessDevice(
            HeadlessDevice.Settings(
                sampleRateHz: device.sampleRateHz, blockFrames: configuration.blockFrames,
                isStepped: false, input: nil, output: nil))
        headless = clock
        try? clock.start(target)
        var event = CoreEvent(.device)
        event.errorCode = ErrorCode.deviceLost
        event.frame = rings.status.read().frame
        events.post(event)
    }
}
