/// What a plug-in host tells the engine.
public enum HostAnswer: Equatable, Sendable {
    /// The first message of a life.
    case hello(version: UInt32)
    case loaded(LoadedPlugin)
    /// A request that could not be done; see `HostFailureReason`. Request 0: the instance asked to be
    /// made anew and could not be, so that it is gone.
    case failed(request: UInt32, instance: UInt32, reason: UInt32, text: String)
    case done(request: UInt32)
    case state(request: UInt32, instance: UInt32, bytes: [UInt8])
    /// Parts of up to 256; the last one says so.
    case params(request: UInt32, instance: UInt32, isLast: Bool, params: [ParamInfo])
    case text(request: UInt32, text: String)
    /// The plug-in is later by another number of frames from now on.
    case latency(instance: UInt32, frames: UInt32)
    /// The plug-in moved a parameter outside of a block, as an editor does.
    case edited(instance: UInt32, param: UInt32, value: Double)
    /// Its state is no longer the one last asked for, and its parameters may be others. Told once until
    /// the state is asked for.
    case dirty(instance: UInt32)
    case log(text: String)

    var kind: UInt32 {
        switch self {
        case .hello: 101
        case .loaded: 102
        case .failed: 103
        case .done: 104
        case .state: 105
        case .params: 106
        case .text: 107
        case .latency: 108
        case .edited: 109
        case .dirty: 110
        case .log: 111
        }
    }
}

/// A plug-in that is loaded and can be put into a chain.
public struct LoadedPlugin: Equatable, Sendable {
    public var request: UInt32
    public var instance: UInt32
    public var latencyFrames: UInt32
    public var isInstrument: Bool
    /// Channels of the main busses; 0 = it has none.
    public var inputs: UInt32
    public var outputs: UInt32
    public var paramCount: UInt32

    public init(
        request: UInt32, instance: UInt32, latencyFrames: UInt32, isInstrument: Bool,
        inputs: UInt32, outputs: UInt32, paramCount: UInt32
    ) {
        self.request = request
        self.instance = instance
        self.latencyFrames = latencyFrames
        self.isInstrument = isInstrument
        self.inputs = inputs
        self.outputs = outputs
        self.paramCount = paramCount
    }
}

/// One parameter of a plug-in; values are 0 to 1.
public struct ParamInfo: Equatable, Sendable {
    public var id: UInt32
    public var title: String
    public var units: String
    /// 0 = continuous, 1 = a switch, n = n + 1 values.
    public var stepCount: UInt32
    public var defaultValue: Double
    public var value: Double
    /// As the plug-in's interface has them.
    public var flags: UInt32
    /// The value as the plug-in writes it.
    public var text: String

    public init(
        id: UInt32, title: String, units: String, stepCount: UInt32, defaultValue: Double,
        value: Double, flags: UInt32, text: String
    ) {
        self.id = id
        self.title = title
        self.units = units
        self.stepCount = stepCount
        self.defaultValue = defaultValue
        self.value = value
        self.flags = flags
        self.text = text
    }
}
