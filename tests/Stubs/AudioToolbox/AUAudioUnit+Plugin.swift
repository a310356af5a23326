import CoreAudio
import Foundation

// doc: = https://developer.apple.com/documentation/

/// Tells a unit the tempo; true when something was told (doc: audiotoolbox/auhostmusicalcontextblock).
public typealias AUHostMusicalContextBlock = (
    _ currentTempo: UnsafeMutablePointer<Double>?,
    _ timeSignatureNumerator: UnsafeMutablePointer<Double>?,
    _ timeSignatureDenominator: UnsafeMutablePointer<Int>?,
    _ currentBeatPosition: UnsafeMutablePointer<Double>?,
    _ sampleOffsetToNextBeat: UnsafeMutablePointer<Int>?,
    _ currentMeasureDownbeatPosition: UnsafeMutablePointer<Double>?
) -> Bool

/// Whether the transport moves (doc: audiotoolbox/auhosttransportstateflags).
public struct AUHostTransportStateFlags: OptionSet, Sendable {
    /// doc: swift/rawrepresentable.
    public let rawValue: UInt

    /// doc: swift/optionset.
    public init(rawValue: UInt) { self.rawValue = rawValue }

    /// doc: audiotoolbox/auhosttransportstateflags/moving.
    public static let moving = AUHostTransportStateFlags(rawValue: 2)
}

/// Tells a unit the transport (doc: audiotoolbox/auhosttransportstateblock).
public typealias AUHostTransportStateBlock = (
    _ transportStateFlags: UnsafeMutablePointer<AUHostTransportStateFlags>?,
    _ currentSamplePosition: UnsafeMutablePointer<Double>?,
    _ cycleStartBeatPosition: UnsafeMutablePointer<Double>?,
    _ cycleEndBeatPosition: UnsafeMutablePointer<Double>?
) -> Bool

/// As somebody outside of the hardware uses a unit.
extension AUAudioUnit {
    private var mine: StubPlug {
        guard let plug else { fatalError("the hardware's unit is no plug-in") }
        return plug
    }

    /// Makes a unit, on the main thread only, and tells it through the main run loop.
    ///
    /// doc: audiotoolbox/auaudiounit/instantiate(with:options:completionhandler:).
    public static func instantiate(
        with componentDescription: AudioComponentDescription,
        options: AudioComponentInstantiationOptions = [],
        completionHandler: @escaping @Sendable (AUAudioUnit?, (any Error)?) -> Void
    ) {
        StubUnits.refuseOtherThreads("a unit made")
        DispatchQueue.main.async {
            guard let model = StubUnits.all.first(where: { $0.component == componentDescription }),
                !model.isNeverMade
            else { return completionHandler(nil, error(-3_000)) }
            completionHandler(AUAudioUnit(StubPlug(model)), nil)
        }
    }

    /// doc: audiotoolbox/auaudiounit/componentdescription.
    public var componentDescription: AudioComponentDescription { mine.model.component }
    /// doc: audiotoolbox/auaudiounit/parametertree.
    public var parameterTree: AUParameterTree? { mine.tree }
    /// In seconds (doc: audiotoolbox/auaudiounit/latency).
    public var latency: TimeInterval { mine.latency }

    /// Set before the resources are there (doc: audiotoolbox/auaudiounit/maximumframestorender).
    public var maximumFramesToRender: AUAudioFrameCount {
        get { AUAudioFrameCount(mine.framesMax) }
        set {
            mine.refuseWhilePlaying("the longest block")
            mine.framesMax = Int(newValue)
        }
    }

    /// Set before the resources are there (doc: audiotoolbox/auaudiounit/musicalcontextblock).
    public var musicalContextBlock: AUHostMusicalContextBlock? {
        get { mine.context }
        set {
            mine.refuseWhilePlaying("the musical context")
            mine.context = newValue
        }
    }

    /// Set before the resources are there (doc: audiotoolbox/auaudiounit/transportstateblock).
    public var transportStateBlock: AUHostTransportStateBlock? {
        get { mine.transport }
        set {
            mine.refuseWhilePlaying("the transport")
            mine.transport = newValue
        }
    }

    /// A property list (doc: audiotoolbox/auaudiounit/fullstate).
    public var fullState: [String: Any]? {
        get { mine.fullState }
        set {
            StubUnits.refuseAudioThread("a state set")
            mine.fullState = newValue
        }
    }

    /// doc: audiotoolbox/auaudiounit/renderresourcesallocated.
    public var renderResourcesAllocated: Bool { mine.isPlaying }

    /// doc: audiotoolbox/auaudiounit/allocaterenderresources().
    public func allocateRenderResources() throws {
        StubUnits.refuseAudioThread("resources made")
        if mine.model.refusesToPlay { throw Self.error(-10_875) }
        try mine.allocate()
    }

    /// doc: audiotoolbox/auaudiounit/deallocaterenderresources().
    public func deallocateRenderResources() {
        StubUnits.refuseAudioThread("resources given up")
        mine.deallocate()
    }
}
