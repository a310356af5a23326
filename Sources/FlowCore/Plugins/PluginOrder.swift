/// A plug-in that is asked for; a checked `PluginSpec`.
struct PluginOrder: Equatable, Sendable {
    var id: TakeID
    /// 16 bytes.
    var classId: [UInt8]
    /// Plug-ins of one group share a process: a maker's name, normalised by whoever asks.
    var group: String
    /// Path of the bundle.
    var bundle: String
    /// Files of its newest state and of the one before; nil = it comes as it likes.
    var statePath: String?
    var earlierStatePath: String?
    /// It comes as this one is now, if that is known.
    var like: TakeID?

    init(id: TakeID, classId: [UInt8], group: String, bundle: String) {
        self.id = id
        self.classId = classId
        self.group = group
        self.bundle = bundle
    }

    /// Nil when a field is out of bounds.
    init?(_ record: PluginSpec) {
        let words = (0..<PluginSpec.classIdCount).map { record.classId[$0] }
        self.init(
            id: TakeID(record.id),
            classId: words.flatMap { word in (0..<4).map { UInt8(word >> (8 * $0) & 0xff) } },
            group: EngineConfiguration.text(record.group, PluginSpec.groupBytes),
            bundle: EngineConfiguration.text(record.bundle, PluginSpec.bundleBytes))
        let state = EngineConfiguration.text(record.statePath, PluginSpec.statePathBytes)
        let earlier = EngineConfiguration.text(
            record.earlierStatePath, PluginSpec.earlierStatePathBytes)
        statePath = state.isEmpty ? nil : state
        earlierStatePath = earlier.isEmpty ? nil : earlier
        let original = TakeID(record.like)
        like = original.isNone() ? nil : original
        guard !id.isNone(), !group.isEmpty, !bundle.isEmpty else { return nil }
    }
}

/// A chain that is asked for; a checked `ChainSpec`.
struct ChainOrder: Equatable, Sendable {
    static let pluginsMax = ChainSpec.pluginsCount / 4

    var id: TakeID
    /// For a source, which is live; slots are known ahead.
    var isInput: Bool
    /// In the order in which sound goes through them; 1…8.
    var plugins: [TakeID]

    init(id: TakeID, isInput: Bool, plugins: [TakeID]) {
        self.id = id
        self.isInput = isInput
        self.plugins = plugins
    }

    /// Nil when a field is out of bounds.
    init?(_ record: ChainSpec) {
        guard (1...UInt32(Self.pluginsMax)).contains(record.count) else { return nil }
        self.init(
            id: TakeID(record.id), isInput: record.flags & ChainFlags.input != 0,
            plugins: (0..<Int(record.count)).map { TakeID(record.plugins + 4 * $0) })
        guard !id.isNone(), plugins.allSatisfy({ !$0.isNone() }),
            Set(plugins.map { [$0.w0, $0.w1, $0.w2, $0.w3] }).count == plugins.count
        else { return nil }
    }
}
