/// What an engine is made from: an `EngineConfig` record, decoded and checked.
struct EngineConfiguration {
    var sampleRateHz = Limits.rateHzDefault
    var blockFrames = Limits.blockFramesDefault
    var slotCount = Limits.slotCountDefault
    var sourceCount = 1
    var deviceKind = DeviceKind.stepped
    var flags: UInt32 = ConfigFlags.noDisk
    /// Upper bound for the ring, for tests; 0 = the full size.
    var ringSecondsMax = 0
    /// Upper bound for the blocks of the overflow, for tests; 0 = the full size.
    var overflowBlocksMax = 0
    var bpm = Double(Limits.bpmDefault)
    var runId: [UInt32] = [0, 0, 0, 0]
    /// Empty = private memory.
    var ringName = ""
    var inputPath = ""
    var outputPath = ""
    var spoolPath = ""
    /// Where the spool goes on when that folder takes nothing.
    var secondSpoolPath: String?
    var audioPath = ""
    /// Where loops are stretched with.
    var stretchLibrary = StretchLibrary.installed
    /// Folder that receives a log of the run; empty = none.
    var logPath = ""
    /// The program that runs plug-ins; empty = there are none.
    var pluginHostPath = ""
    /// Folder for the states of plug-ins.
    var statePath = ""
    /// Names or UIDs of the devices that are heard and played through; empty = the system's default.
    var inputDevice = ""
    var outputDevice = ""
    /// Whether this engine repeats a log: everything it has heard stays in memory.
    var isReplay = false
    /// Of a replay: the device of the engine it repeats.
    var replayedKind: UInt32?

    init() {}

    /// Reads the record; nil when a field is out of bounds.
    init?(_ record: EngineConfig) {
        sampleRateHz = Int(record.sampleRateHz)
        blockFrames = Int(record.blockFrames)
        slotCount = Int(record.slotCount)
        sourceCount = Int(record.sourceCount)
        deviceKind = record.deviceKind
        flags = record.flags
        ringSecondsMax = Int(record.ringSecondsMax)
        overflowBlocksMax = Int(record.overflowBlocksMax)
        bpm = record.bpm
        runId = (0..<EngineConfig.runIdCount).map { record.runId[$0] }
        ringName = Self.text(record.ringName, EngineConfig.ringNameBytes)
        inputPath = Self.text(record.inputPath, EngineConfig.inputPathBytes)
        outputPath = Self.text(record.outputPath, EngineConfig.outputPathBytes)
        spoolPath = Self.text(record.spoolPath, EngineConfig.spoolPathBytes)
        let second = Self.text(record.secondSpoolPath, EngineConfig.secondSpoolPathBytes)
        secondSpoolPath = second.isEmpty ? nil : second
        audioPath = Self.text(record.audioPath, EngineConfig.audioPathBytes)
        logPath = Self.text(record.logPath, EngineConfig.logPathBytes)
        pluginHostPath = Self.text(record.pluginHostPath, EngineConfig.pluginHostPathBytes)
        statePath = Self.text(record.statePath, EngineConfig.statePathBytes)
        inputDevice = Self.text(record.inputDevice, EngineConfig.inputDeviceBytes)
        outputDevice = Self.text(record.outputDevice, EngineConfig.outputDeviceBytes)
        guard isValid else { return nil }
    }

    func has(_ flag: UInt32) -> Bool { flags & flag != 0 }

    /// Whether what is heard is played by the engine itself, so that nothing delays it.
    var isPlayedInside: Bool {
        heardKind == DeviceKind.headless || has(ConfigFlags.demoPlayer)
    }

    /// Whether source 0 begins as the sum of all pairs: a file's. Of a card's it is the first: the
    /// others may carry what is played.
    var sumsAllPairs: Bool {
        heardKind == DeviceKind.headless || heardKind == DeviceKind.stepped
    }

    private var heardKind: UInt32 { replayedKind ?? deviceKind }

    /// Frames of the ring: 256 MiB over all sources, at least 132 s.
    func ringFrames(sampleRateHz: Int) -> Int {
        let frames = max(
            Limits.ringBytesMin / (8 * sourceCount), Limits.ringSecondsMin * sampleRateHz)
        guard ringSecondsMax > 0 else { return frames }
        return min(frames, ringSecondsMax * sampleRateHz)
    }

    var diskSizes: DiskSizes {
        var sizes = DiskSizes()
        guard overflowBlocksMax > 0 else { return sizes }
        sizes.overflowBlockCount = min(sizes.overflowBlockCount, overflowBlocksMax)
        return sizes
    }

    /// Whether every field is within its bounds.
    var isValid: Bool {
        (Limits.rateHzMin...Limits.rateHzMax).contains(sampleRateHz)
            && (Limits.blockFramesMin...Limits.blockFramesMax).contains(blockFrames)
            && (1...Limits.slotCountMax).contains(slotCount)
            && (1...Limits.sourceCountMax).contains(sourceCount)
            && (Double(Limits.bpmMin)...Double(Limits.bpmMax)).contains(bpm)
            && ringSecondsMax <= 86_400
    }

    /// The text up to its zero byte; the buffer's last byte never counts.
    static func text(_ bytes: UnsafeMutablePointer<UInt8>, _ capacity: Int) -> String {
        let buffer = UnsafeBufferPointer(start: bytes, count: capacity - 1)
        return String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
    }
}
