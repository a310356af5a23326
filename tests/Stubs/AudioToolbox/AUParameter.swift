import CoreAudio
import Foundation

// doc: = https://developer.apple.com/documentation/

/// doc: audiotoolbox/auvalue.
public typealias AUValue = Float
/// doc: audiotoolbox/auparameteraddress.
public typealias AUParameterAddress = UInt64
/// doc: audiotoolbox/auparameterobservertoken.
public typealias AUParameterObserverToken = UnsafeMutableRawPointer
/// doc: audiotoolbox/auparameterobserver.
public typealias AUParameterObserver = (
    _ address: AUParameterAddress, _ value: AUValue
) -> Void

/// doc: audiotoolbox/audiounitparameterunit.
public enum AudioUnitParameterUnit: UInt32, Sendable {
    case generic = 0
    case indexed = 1
    case boolean = 2
    case hertz = 8
    case linearGain = 14
}

/// doc: audiotoolbox/audiounitparameteroptions.
public struct AudioUnitParameterOptions: OptionSet, Sendable {
    /// doc: swift/rawrepresentable.
    public let rawValue: UInt32

    /// doc: swift/optionset.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    // swift-format-ignore: AlwaysUseLowerCamelCase
    /// doc: audiotoolbox/audiounitparameteroptions/flag_displaylogarithmic.
    public static let flag_DisplayLogarithmic = AudioUnitParameterOptions(rawValue: 1 << 22)
    // swift-format-ignore: AlwaysUseLowerCamelCase
    /// doc: audiotoolbox/audiounitparameteroptions/flag_isreadable.
    public static let flag_IsReadable = AudioUnitParameterOptions(rawValue: 1 << 30)
    // swift-format-ignore: AlwaysUseLowerCamelCase
    /// doc: audiotoolbox/audiounitparameteroptions/flag_iswritable.
    public static let flag_IsWritable = AudioUnitParameterOptions(rawValue: 1 << 31)
}

/// A parameter or a group of them (doc: audiotoolbox/auparameternode).
public class AUParameterNode {
    /// doc: audiotoolbox/auparameternode/displayname.
    public let displayName: String

    init(_ displayName: String) { self.displayName = displayName }
}

/// doc: audiotoolbox/auparameter.
public final class AUParameter: AUParameterNode {
    /// doc: audiotoolbox/auparameter/address.
    public let address: AUParameterAddress
    /// doc: audiotoolbox/auparameter/minvalue.
    public let minValue: AUValue
    /// doc: audiotoolbox/auparameter/maxvalue.
    public let maxValue: AUValue
    /// doc: audiotoolbox/auparameter/unit.
    public let unit: AudioUnitParameterUnit
    /// doc: audiotoolbox/auparameter/unitname.
    public let unitName: String?
    /// doc: audiotoolbox/auparameter/flags.
    public let flags: AudioUnitParameterOptions
    /// doc: audiotoolbox/auparameter/valuestrings.
    public let valueStrings: [String]?
    /// Where the unit keeps it.
    package let room: UnsafeMutablePointer<AUValue>
    fileprivate weak var tree: AUParameterTree?

    package init(
        _ address: AUParameterAddress, _ name: String, _ range: ClosedRange<AUValue>,
        at value: AUValue, unit: AudioUnitParameterUnit = .generic, unitName: String? = nil,
        flags: AudioUnitParameterOptions = [.flag_IsReadable, .flag_IsWritable],
        strings: [String]? = nil
    ) {
        self.address = address
        minValue = range.lowerBound
        maxValue = range.upperBound
        self.unit = unit
        self.unitName = unitName
        self.flags = flags
        valueStrings = strings
        room = .allocate(capacity: 1)
        room.initialize(to: value)
        super.init(name)
    }

    deinit { room.deallocate() }

    /// doc: audiotoolbox/auparameter/value.
    public var value: AUValue { room.pointee }

    /// Sets it and tells all observers but the originator.
    ///
    /// doc: audiotoolbox/auparameter/setvalue(_:originator:).
    public func setValue(_ value: AUValue, originator: AUParameterObserverToken?) {
        StubUnits.refuseAudioThread("a parameter set")
        guard flags.contains(.flag_IsWritable) else { return }
        room.pointee = min(max(value, minValue), maxValue)
        tree?.tell(self, but: originator)
    }

    /// doc: audiotoolbox/auparameter/string(fromvalue:).
    public func string(fromValue value: UnsafePointer<AUValue>?) -> String {
        let shown = value?.pointee ?? self.value
        if let valueStrings, valueStrings.indices.contains(Int(shown - minValue)) {
            return valueStrings[Int(shown - minValue)]
        }
        return String(format: "%.2f", Double(shown))
    }
}

/// All parameters of a unit (doc: audiotoolbox/auparametertree).
public final class AUParameterTree {
    private struct Observer {
        let token: AUParameterObserverToken
        let told: AUParameterObserver
    }

    private let lock = NSLock()
    private var observers: [Observer] = []
    /// Observers are told on a thread of the tree's own.
    private let queue = DispatchQueue(label: "stub.parameters")
    /// What a unit does when one of its parameters is set.
    package var onSet: (AUParameter) -> Void = { _ in }
    /// doc: audiotoolbox/auparametergroup/allparameters.
    public let allParameters: [AUParameter]

    package init(_ parameters: [AUParameter]) {
        allParameters = parameters
        for parameter in parameters { parameter.tree = self }
    }

    /// doc: audiotoolbox/auparametertree/parameter(withaddress:).
    public func parameter(withAddress address: AUParameterAddress) -> AUParameter? {
        allParameters.first { $0.address == address }
    }

    /// doc: audiotoolbox/auparameternode/token(byaddingparameterobserver:).
    public func token(
        byAddingParameterObserver observer: @escaping AUParameterObserver
    ) -> AUParameterObserverToken {
        let token = AUParameterObserverToken.allocate(byteCount: 1, alignment: 1)
        lock.withLock { observers.append(Observer(token: token, told: observer)) }
        return token
    }

    /// doc: audiotoolbox/auparameternode/removeparameterobserver(_:).
    public func removeParameterObserver(_ token: AUParameterObserverToken) {
        lock.withLock {
            guard let place = observers.firstIndex(where: { $0.token == token }) else {
                fatalError("an observer removed that is none")
            }
            observers.remove(at: place)
        }
        token.deallocate()
    }

    fileprivate func tell(_ parameter: AUParameter, but originator: AUParameterObserverToken?) {
        nonisolated(unsafe) let told = lock.withLock { observers }
            .filter { $0.token != originator }.map(\.told)
        let (address, value) = (parameter.address, parameter.value)
        queue.async { for each in told { each(address, value) } }
        onSet(parameter)
    }
}
