extension FlowEngine {
    /// Runs every path of the audio thread once, on a throw-away block, before the first real one.
    ///
    /// What the system does at the first use of anything (binding symbols, making metadata, loading
    /// pages of code) is then done on the control thread. Once a process.
    static let warmUp: Void = { _ = rehearse() }()

    /// - Returns: what the throw-away block told.
    static func rehearse() -> [CoreEvent] {
        let capacity = 96_000
        let memory = RingMemory(
            base: .allocate(
                byteCount: RingMemory.bytes(capacityFrames: capacity, channelCount: 2),
                alignment: 16_384),
            capacityFrames: capacity, channelCount: 2)
        memory.base.initializeMemory(
            as: UInt8.self, repeating: 0,
            count: RingMemory.bytes(capacityFrames: capacity, channelCount: 2))
        var configuration = EngineConfiguration()
        configuration.bpm = Double(Limits.bpmMax)
        let rate = configuration.sampleRateHz
        let settings = FlowEngine.settings(configuration, rateHz: rate)
        let rings = FlowEngine.rings(memory, isLogged: true)
        var grid = Grid()
        grid.framesPerBeat = Grid.framesPerBeat(rateHz: rate, bpm: configuration.bpm)
        grid.beatsPerBar = 1
        let counters = DeviceCounters()
        let block = RenderBlock.make(
            settings: settings, rings: rings, counters: counters,
            start: RenderBlock.Start(
                transport: Transport(grid: grid, isPlaying: true), frame: 0, heardFrames: [0],
                monitorsInput: true))
        let loop = makeLoop(frames: 4_800)
        let port = HostPort()
        let chains = [true, false].map { makeChain(port, isInput: $0) }
        // The block only points into the counters: they must outlive every block it renders.
        withExtendedLifetime(counters) { perform(block, rings, loop, chains, rateHz: rate) }
        var events: [CoreEvent] = []
        while let event = rings.events.pop() { events.append(event) }
        RenderBlock.free(block)
        rings.deallocate()
        memory.base.deallocate()
        loop.pointee.samples.deallocate()
        loop.deallocate()
        for chain in chains { PluginChain.free(chain) }
        port.deallocate()
        return events
    }

    /// One whose host is not there.
    private static func makeChain(
        _ port: HostPort, isInput: Bool
    ) -> UnsafeMutablePointer<PluginChain> {
        let hop = ChainHop(
            port: port, lane: 0, latencyFrames: 10, hasInput: true, instances: [1])
        return PluginChain.make(
            id: rehearsed, hops: [hop], isInput: isInput, blockFrames: 64, rateHz: 48_000)
    }

    /// Each to its place, and out of it.
    private static func setChains(
        _ chains: [UnsafeMutablePointer<PluginChain>], isOn: Bool
    ) -> [CoreCommand] {
        chains.map { chain in
            var command = CoreCommand(code: .chainSet, kind: CommandKind.chainSet)
            command.isSource = chain.pointee.isInput
            if isOn { command.chain = ChainHandle(chain) }
            return command
        }
    }

    private static func makeLoop(frames: Int) -> UnsafeMutablePointer<LoopView> {
        let samples = UnsafeMutablePointer<Float>.allocate(capacity: 2 * frames)
        samples.initialize(repeating: 0.1, count: 2 * frames)
        let loop = UnsafeMutablePointer<LoopView>.allocate(capacity: 1)
        loop.initialize(
            to: LoopView(
                samples: UnsafePointer(samples), frames: frames, framesPerBeat: 4_800,
                id: rehearsed))
        return loop
    }

    private static let rehearsed = TakeID(w0: 1, w1: 0, w2: 0, w3: 0)

    /// Every kind of command once, and those that need a loop with one.
    private static func everyCommand(_ loop: UnsafeMutablePointer<LoopView>) -> [CoreCommand] {
        (CommandKind.capture...CommandKind.pluginNote).compactMap { kind in
            guard let code = CommandCode(rawValue: kind) else { return nil }
            var command = CoreCommand(code: code, kind: kind)
            command.a = code == .tempo ? 10_000 : 1
            command.b = code == .capture ? 0 : 4
            command.id = rehearsed
            command.other = rehearsed
            if code.carriesLoop() { command.loop = LoopHandle(loop) }
            return command
        }
    }

    /// What has another path when it comes after something else.
    private static func again() -> [CoreCommand] {
        var overdub = CoreCommand(code: .capture, kind: CommandKind.capture)
        overdub.a = 1
        overdub.isOverdub = true
        overdub.d = 0.5
        overdub.id = TakeID(w0: 2, w1: 0, w2: 0, w3: 0)
        var free = CoreCommand(code: .slotFree, kind: CommandKind.slotFree)
        free.isOn = true
        var tempo = CoreCommand(code: .tempo, kind: CommandKind.tempo)
        tempo.a = 9_000
        return [overdub, free, tempo]
    }

    private static func wakeNobody() {
        let word = UnsafeMutablePointer<AtomicCell>.allocate(capacity: 1)
        word.initialize(to: AtomicCell(0))
        Leaf.wake(word)
        word.deinitialize(count: 1)
        word.deallocate()
    }

    /// A third of a second with every kind of command in it.
    private static func perform(
        _ block: UnsafeMutablePointer<RenderBlock>, _ rings: RenderRings,
        _ loop: UnsafeMutablePointer<LoopView>, _ chains: [UnsafeMutablePointer<PluginChain>],
        rateHz: Int
    ) {
        let frames = 512
        let sound = UnsafeMutablePointer<Float>.allocate(capacity: 3 * frames)
        sound.initialize(repeating: 0.1, count: 3 * frames)
        let root = UnsafeMutablePointer<RenderContext>.allocate(capacity: 1)
        root.initialize(to: RenderContext(block: block, playsDemo: true, rateHz: rateHz))
        let bound = CoreCommand(code: .slotFree, kind: CommandKind.slotFree)
        let groups = [
            18: setChains(chains, isOn: true), 20: everyCommand(loop), 22: again(),
            26: [bound], 28: setChains(chains, isOn: false),
        ]
        for round in 0..<30 {
            if var group = groups[round] {
                for index in group.indices {
                    group[index].groupCount = index == 0 ? group.count : 0
                }
                _ = rings.commands.push(group)
            }
            process(
                UnsafeMutableRawPointer(root), sound, sound, sound + frames, sound + 2 * frames,
                UInt32(frames))
        }
        wakeNobody()
        root.deinitialize(count: 1)
        root.deallocate()
        sound.deallocate()
    }
}
