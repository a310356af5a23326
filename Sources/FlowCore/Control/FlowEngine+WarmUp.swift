extension FlowEngine {
    /// Runs every path of the audio thread once, on a throw-away block, before the first real one.
    ///
    /// What the system does at the first use of anything (binding symbols, making metadata, loading
    /// pages of code) is then done on the control thread. Once a process.
    static let warmUp: Void = {
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
        let rings = FlowEngine.rings(memory)
        var grid = Grid()
        grid.framesPerBeat = Grid.framesPerBeat(rateHz: rate, bpm: configuration.bpm)
        grid.beatsPerBar = 1
        let block = RenderBlock.make(
            settings: settings, rings: rings, counters: DeviceCounters(),
            start: RenderBlock.Start(
                transport: Transport(grid: grid, isPlaying: true), frame: 0, heardFrame: 0,
                monitorsInput: true))
        perform(block, rings, rateHz: rate)
        RenderBlock.free(block)
        rings.deallocate()
        memory.base.deallocate()
    }()

    /// A third of a second with every kind of command in it.
    private static func perform(
        _ block: UnsafeMutablePointer<RenderBlock>, _ rings: RenderRings, rateHz: Int
    ) {
        let frames = 512
        let sound = UnsafeMutablePointer<Float>.allocate(capacity: 3 * frames)
        sound.initialize(repeating: 0.1, count: 3 * frames)
        let root = UnsafeMutablePointer<RenderContext>.allocate(capacity: 1)
        root.initialize(to: RenderContext(block: block, playsDemo: true, rateHz: rateHz))
        var group = (CommandKind.capture...CommandKind.slotFree).compactMap { kind in
            CommandCode(rawValue: kind).map { CoreCommand(code: $0, kind: kind) }
        }
        for index in group.indices {
            group[index].a = 1
            group[index].b = 4
            group[index].id = TakeID(w0: 1, w1: 0, w2: 0, w3: 0)
            group[index].groupCount = index == 0 ? group.count : 0
            if group[index].code == .capture { group[index].b = 0 }
            if group[index].code == .tempo { group[index].a = 10_000 }
        }
        for round in 0..<30 {
            if round == 20 { _ = rings.commands.push(group) }
            process(
                UnsafeMutableRawPointer(root), sound, sound, sound + frames, sound + 2 * frames,
                UInt32(frames))
        }
        root.deinitialize(count: 1)
        root.deallocate()
        sound.deallocate()
    }
}
