/// What the engine asks a plug-in host to do.
public enum HostRequest: Equatable, Sendable {
    case load(LoadRequest)
    case unload(request: UInt32, instance: UInt32)
    /// From the next block on these instances, in order, are what a lane's audio goes through.
    case chain(request: UInt32, lane: UInt32, isAhead: Bool, instances: [UInt32])
    /// A bypassed instance passes its input, as late as itself.
    case bypass(instance: UInt32, isOn: Bool)
    case getState(request: UInt32, instance: UInt32)
    case getParams(request: UInt32, instance: UInt32)
    /// How the plug-in writes a value, 0 to 1, of a parameter.
    case getText(request: UInt32, instance: UInt32, param: UInt32, value: Double)
    /// Parameters take values outside of any block, also where no block comes. Never answered.
    case set(instance: UInt32, values: [ParamValue])

    var kind: UInt32 {
        switch self {
        case .load: 1
        case .unload: 2
        case .chain: 3
        case .bypass: 4
        case .getState: 5
        case .getParams: 6
        case .getText: 7
        case .set: 8
        }
    }
}

/// A plug-in to load, and how it shall be when it is first heard.
public struct LoadRequest: Equatable, Sendable {
    public static let classIdBytes = 16

    public var request: UInt32
    /// The number by which everything else names it; not 0.
    public var instance: UInt32
    /// Path of the bundle.
    public var bundle: String
    /// 16 bytes.
    public var classId: [UInt8]
    public var sampleRateHz: Double
    public var blockFramesMax: UInt32
    /// Nil = as it comes.
    public var state: [UInt8]?
    /// Set after the state.
    public var values: [ParamValue]

    public init(
        request: UInt32, instance: UInt32, bundle: String, classId: [UInt8],
        sampleRateHz: Double, blockFramesMax: UInt32, state: [UInt8]? = nil,
        values: [ParamValue] = []
    ) {
        self.request = request
        self.instance = instance
        self.bundle = bundle
        self.classId = classId
        self.sampleRateHz = sampleRateHz
        self.blockFramesMax = blockFramesMax
        self.state = state
        self.values = values
    }
}

/// A parameter and its value, 0 to 1.
public struct ParamValue: Equatable, Sendable {
    public var param: UInt32
    public var value: Double

    public init(param: UInt32, value: Double) {
        self.param = param
        self.value = value
    }
}
