import CFlowLeaf
import Foundation

/// The core on the control side: wires rooms to each other, starts and stops them.
///
/// - Thread: control, one call at a time, unless a function says otherwise.
final class FlowEngine: @unchecked Sendable {
    let configuration: EngineConfiguration
    let settings: RenderSettings
    let rings: RenderRings
    let store: CaptureStore
    let dry: DryStore
    let pool: LoopPool
    let worker: LoopWorker
    let renders: RenderWorker
    let events: EventQueue
    let intake: CommandIntake
    let features: FeatureThread
    let stepper: HeadlessDevice?
    let desk: DiskDesk
    let loads = TakeLoads()
    let plugins: PluginDesk
    let chains: any ChainSource
    /// Made with the first export.
    private(set) lazy var exports = ExportWorker(
        files: PosixFileSystem(),
        reserveBytes: UInt64(Limits.spoolSegmentSeconds * settings.rateHz * 4)
            * UInt64(store.channelCount)
    ) { [weak self] in self?.handle($0) }
    /// Made with the first loop that gets a file.
    private(set) lazy var filer = LoopFiler(
        pool: pool, files: PosixFileSystem(), rateHz: settings.rateHz,
        reserveBytes: SpoolSync.spaceSecondsMin * UInt64(settings.rateHz * 4)
            * UInt64(store.channelCount)
    ) { [weak self] in self?.filed($0, $1) }
    /// Made with the first who listens.
    private(set) lazy var master = MasterFollower(tap: rings.masterTap)
    /// Begins with the first loop that is printed.
    private(set) lazy var prints = PrintWorker { [weak self] in
        self?.printing($0, $1)
    } onDone: { [weak self] in
        self?.printed($0, $1)
    }
    let supervisor = WorkThread()
    let loopThread = WorkThread()
    let featureThread = WorkThread()
    let logThread = WorkThread()
    let startedNs: Int64
    let clockNs: @Sendable () -> Int64
    var device: any AudioDevice
    var headless: HeadlessDevice?
    let block: UnsafeMutablePointer<RenderBlock>
    /// What the block sends out to be measured; its samples are the block's.
    let calibration: CalibrationSound
    let context: UnsafeMutablePointer<RenderContext>
    var disk: DiskService?
    var recorder: LogRecorder?
    var isRunning = false
    var isEnded = false
    /// Whether the disk had written all it owed when the engine ended.
    var isDiskDone = true
    /// Whether the headless clock drives the blocks. Thread: supervisor.
    var isDeviceLost = false

    /// `chains` makes the chains of plug-ins; nil = the engine's own desk does. `clockNs` says where an
    /// adopted timeline has come to.
    init(
        _ configuration: EngineConfiguration, chains: (any ChainSource)? = nil,
        clockNs: @escaping @Sendable () -> Int64 = { flow_monotonic_ns() }
    ) throws(EngineError) {
        _ = FlowEngine.warmUp
        startedNs = flow_monotonic_ns()
        self.clockNs = clockNs
        let left = FlowEngine.leftRing(configuration)
        let opened = try FlowEngine.openDevice(configuration, left: left)
        device = opened.device
        var configuration = configuration
        if configuration.has(ConfigFlags.deviceSources) {
            configuration.sourceCount = left.map { $0.channelCount / 2 } ?? device.sourceCount
        }
        self.configuration = configuration
        headless = opened.headless
        stepper = device.kind == DeviceKind.stepped ? opened.headless : nil
        let rate = device.sampleRateHz
        settings = FlowEngine.settings(configuration, rateHz: rate)
        store = try CaptureStore(
            CaptureStore.Shape(
                name: configuration.ringName, runId: configuration.runId, sampleRateHz: rate,
                channelCount: 2 * configuration.sourceCount,
                capacityFrames: configuration.ringFrames(sampleRateHz: rate),
                mayAdopt: configuration.has(ConfigFlags.adoptRing)))
        dry = DryStore(ring: store)
        rings = FlowEngine.rings(
            store.memory, isLogged: !configuration.logPath.isEmpty,
            isReplay: configuration.isReplay, dry: dry.tape)
        events = EventQueue(audio: rings.events)
        pool = LoopPool(
            byteLimit: configuration.isReplay ? Int.max : Limits.loopCacheBytesMax)
        let desk = DiskDesk()
        let (events, status) = (events, rings.status)
        plugins = FlowEngine.plugins(
            configuration, rateHz: rate, blockFrames: device.blockFrames
        ) { event in
            var event = event
            event.frame = status.read().frame
            events.post(event)
        }
        let source = chains ?? plugins
        self.chains = source
        worker = LoopWorker(
            rings: rings, pool: pool, store: store, dry: dry, chains: source,
            onCapture: { desk.keep($0) },
            onDry: { window, sound in
                if let sound, desk.keepAside(window, sound) { return }
                let code = sound == nil ? ErrorCode.rangeNotKept : ErrorCode.loopMemory
                events.post(.takeLoaded(window.id, code, at: status.read().frame))
            })
        intake = CommandIntake(
            ring: rings.commands, pool: pool, worker: worker, chains: source, dry: dry,
            settings: settings,
            startedNs: stepper == nil ? startedNs : nil
        ) { [status = rings.status] bars in
            let picture = status.read()
            return desk.canKeep(
                frames: bars * Int(picture.beatsPerBar * picture.framesPerBeat))
        }
        renders = RenderWorker(pool: pool, byteLimit: Limits.loopCacheBytesMax) { id, news in
            events.post(.of(news, of: id, at: status.read().frame))
        }
        let start = startedNs
        features = FeatureThread(
            composer: FeatureComposer(
                ring: rings.features, rateHz: rate, slotCount: settings.slotCount),
            now: { Double(flow_monotonic_ns() - start) / 1e6 },
            diskState: { desk.state })
        block = RenderBlock.make(
            settings: settings, rings: rings, counters: device.counters,
            start: FlowEngine.start(configuration, store, rateHz: rate))
        calibration = block.pointee.calibration
        context = .allocate(capacity: 1)
        context.initialize(
            to: RenderContext(
                block: block, playsDemo: configuration.has(ConfigFlags.demoPlayer), rateHz: rate))
        self.desk = desk
        announce(opened)
    }

    deinit {
        context.deinitialize(count: 1)
        context.deallocate()
        RenderBlock.free(block)
        rings.deallocate()
    }

    /// Milliseconds since this engine was made. Thread: any.
    func nowMs() -> Double { Double(flow_monotonic_ns() - startedNs) / 1e6 }

    static func settings(
        _ configuration: EngineConfiguration, rateHz: Int
    ) -> RenderSettings {
        RenderSettings(
            rateHz: rateHz, slotCount: configuration.slotCount,
            sourceCount: configuration.sourceCount, chunkFrames: 512,
            rampFrames: rateHz * Limits.rampMs / 1_000,
            tempoChangeFrames: Int64(rateHz * Limits.tempoChangeMsMin / 1_000),
            silence: 1e-5, captureKind: CommandKind.capture,
            eventReserve: Limits.eventRingCount / 2, dropoutCode: ErrorCode.audioDropout,
            restartReason: GapReason.engineRestart.rawValue,
            isStepped: configuration.deviceKind == DeviceKind.stepped,
            isPlayedInside: configuration.isPlayedInside,
            sumsAllPairs: configuration.sumsAllPairs,
            pressAgeFrames: Int64(rateHz * Limits.atPastMsMax / 1_000),
            freesNotes: !configuration.has(ConfigFlags.noDisk) && !configuration.isReplay,
            hearsSources: configuration.isReplay)
    }

    static func rings(
        _ memory: RingMemory, isLogged: Bool, isReplay: Bool = false,
        dry: DryTape = DryTape.none()
    ) -> RenderRings {
        RenderRings(
            memory: memory, commands: CommandRing(capacity: Limits.commandRingCount),
            events: EventRing(capacity: Limits.eventRingCount), bakes: BakeRing(capacity: 1_024),
            handovers: HandoverRing(capacity: 1_024), retired: RetiredRing(capacity: 16_384),
            retiredChains: RetiredChainRing(capacity: 16_384),
            features: FeatureRing(), status: StatusBoard(),
            calibration: CalibrationCell(isAlwaysFree: isReplay),
            effects: EffectRing(capacity: 2 * Limits.commandRingCount, isOn: isLogged),
            masterTap: MasterTap(isOn: isLogged, blockFramesMax: Limits.blockFramesMax), dry: dry)
    }

    private static func plugins(
        _ configuration: EngineConfiguration, rateHz: Int, blockFrames: Int,
        post: @escaping @Sendable (CoreEvent) -> Void
    ) -> PluginDesk {
        let path = configuration.pluginHostPath
        return PluginDesk(
            PluginDesk.Setup(
                hosts: path.isEmpty ? nil : ChildHosts(executable: path, sampleRateHz: rateHz),
                states: StateFiles(folder: configuration.statePath), sampleRateHz: rateHz,
                blockFrames: blockFrames),
            post: post)
    }

    private static func start(
        _ configuration: EngineConfiguration, _ store: CaptureStore, rateHz: Int
    ) -> RenderBlock.Start {
        var grid = Grid()
        grid.framesPerBeat = Grid.framesPerBeat(rateHz: rateHz, bpm: configuration.bpm)
        var transport = Transport(grid: grid, isPlaying: true)
        if let inherited = store.inherited {
            transport = Transport(
                grid: inherited.anchor.grid, isPlaying: inherited.anchor.isPlaying)
            transport.heldBeat = inherited.anchor.heldBeat
            transport.heldFrac = inherited.anchor.heldFrac
        }
        return RenderBlock.Start(
            transport: transport, frame: Int64(store.firstFrame),
            heardFrames: store.inherited?.heardFrames
                ?? Array(repeating: 0, count: configuration.sourceCount),
            monitorsInput: configuration.has(ConfigFlags.monitor))
    }

    /// What whoever polls shall know from the start.
    private func announce(_ opened: OpenedDevice) {
        if opened.isResampled { post(notice: ErrorCode.inputResampled) }
        if !store.isShared, !configuration.ringName.isEmpty {
            post(notice: ErrorCode.lookbackVolatile)
        }
    }

    /// Thread: any but audio.
    func post(notice code: UInt32) {
        var event = CoreEvent(.notice)
        event.errorCode = code
        event.frame = rings.status.read().frame
        events.post(event)
    }
}

extension RenderRings {
    func deallocate() {
        commands.deallocate()
        events.deallocate()
        bakes.deallocate()
        handovers.deallocate()
        retired.deallocate()
        retiredChains.deallocate()
        features.deallocate()
        status.deallocate()
        calibration.deallocate()
        effects.deallocate()
        masterTap.deallocate()
    }
}
