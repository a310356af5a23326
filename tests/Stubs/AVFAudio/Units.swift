import AudioToolbox
import CoreAudio
import Foundation

// doc: = https://developer.apple.com/documentation/

/// A bus of a unit (doc: audiotoolbox/auaudiounitbus).
public final class AUAudioUnitBus {
    private let plug: StubPlug
    private let bus: StubBus

    init(_ plug: StubPlug, _ bus: StubBus) {
        self.plug = plug
        self.bus = bus
    }

    /// doc: audiotoolbox/auaudiounitbus/format.
    public var format: AVAudioFormat {
        AVAudioFormat(rate: bus.rate, channels: AVAudioChannelCount(bus.channels))
    }

    /// doc: audiotoolbox/auaudiounitbus/setformat(_:).
    public func setFormat(_ format: AVAudioFormat) throws {
        try plug.set(bus, rate: format.sampleRate, channels: Int(format.channelCount))
    }
}

/// doc: audiotoolbox/auaudiounitbusarray.
public final class AUAudioUnitBusArray {
    private let busses: [AUAudioUnitBus]

    init(_ busses: [AUAudioUnitBus]) { self.busses = busses }

    /// doc: audiotoolbox/auaudiounitbusarray/count.
    public var count: Int { busses.count }

    /// doc: audiotoolbox/auaudiounitbusarray/subscript(_:).
    public subscript(index: Int) -> AUAudioUnitBus { busses[index] }
}

extension AUAudioUnit {
    /// doc: audiotoolbox/auaudiounit/inputbusses.
    public var inputBusses: AUAudioUnitBusArray { busses { $0.input } }
    /// doc: audiotoolbox/auaudiounit/outputbusses.
    public var outputBusses: AUAudioUnitBusArray { busses { $0.output } }

    private func busses(_ bus: (StubPlug) -> StubBus?) -> AUAudioUnitBusArray {
        guard let plug, let bus = bus(plug) else { return AUAudioUnitBusArray([]) }
        return AUAudioUnitBusArray([AUAudioUnitBus(plug, bus)])
    }
}

/// A unit that is installed (doc: avfaudio/avaudiounitcomponent).
public final class AVAudioUnitComponent {
    private let model: StubModel

    init(_ model: StubModel) { self.model = model }

    /// doc: avfaudio/avaudiounitcomponent/name.
    public var name: String { model.name }
    /// doc: avfaudio/avaudiounitcomponent/manufacturername.
    public var manufacturerName: String { model.manufacturer }
    /// doc: avfaudio/avaudiounitcomponent/versionstring.
    public var versionString: String { "1.2.0" }
    /// doc: avfaudio/avaudiounitcomponent/audiocomponentdescription.
    public var audioComponentDescription: AudioComponentDescription { model.component }
}

/// What is installed (doc: avfaudio/avaudiounitcomponentmanager).
public final class AVAudioUnitComponentManager: Sendable {
    private static let one = AVAudioUnitComponentManager()

    /// doc: avfaudio/avaudiounitcomponentmanager/shared().
    public class func shared() -> AVAudioUnitComponentManager { one }

    /// On the main thread only (doc: avfaudio/avaudiounitcomponentmanager/components(matching:)).
    public func components(matching desc: AudioComponentDescription) -> [AVAudioUnitComponent] {
        StubUnits.refuseOtherThreads("units listed")
        return StubUnits.all.filter { $0.component.fits(desc) }.map(AVAudioUnitComponent.init)
    }
}
