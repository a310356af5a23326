import CoreAudio
import Foundation

/// A main bus of a unit.
package final class StubBus {
    package var rate = 44_100.0
    package var channels: Int

    init(_ channels: Int) { self.channels = channels }
}

/// One instance of a unit that is installed on the stub Mac.
package final class StubPlug: @unchecked Sendable {
    let model: StubModel
    let tree: AUParameterTree
    package let input: StubBus?
    package let output: StubBus
    var framesMax = 16
    var context: AUHostMusicalContextBlock?
    var transport: AUHostTransportStateBlock?
    /// Whether it has its render resources.
    package private(set) var isPlaying = false
    /// The unit that it is part of, as others know it.
    var unit: UnsafeMutableRawPointer?
    /// Where what has its resources is played.
    var stage: StubStage?
    /// Beats as long as the main run loop runs.
    private var timer: Timer?

    init(_ model: StubModel) {
        self.model = model
        tree = AUParameterTree(Self.parameters(of: model))
        input = model.hasInput ? StubBus(model.channels[0]) : nil
        output = StubBus(model.channels[0])
    }

    func begin() {
        let ticks = tree.parameter(withAddress: 10)?.room
        // It is ended before the parameter is.
        nonisolated(unsafe) let room = ticks
        let timer = Timer(timeInterval: 0.01, repeats: true) { _ in room?.pointee += 1 }
        RunLoop.main.add(timer, forMode: .default)
        self.timer = timer
        tree.onSet = { [unowned self] in follow($0) }
    }

    func end() {
        if isPlaying { fatalError("a unit given up while it has its resources") }
        timer?.invalidate()
    }

    private static func parameters(of model: StubModel) -> [AUParameter] {
        switch model.voice {
        case .late: [AUParameter(1, "Frames", 0...1_000, at: 64)]
        case .beat: [AUParameter(1, "Nothing", 0...1, at: 0)]
        case .tone: [AUParameter(1, "Level", 0...1, at: 0.5)]
        case .crash, .gone:
            [AUParameter(7, "Gain", 0...2, at: 1), AUParameter(2, "Now", 0...1, at: 0)]
        case .gain:
            [
                AUParameter(7, "Gain", 0...2, at: 1, unit: .linearGain, unitName: "times"),
                AUParameter(
                    8, "Cut", 20...20_000, at: 200, unit: .hertz, unitName: "Hz",
                    flags: [.flag_IsReadable, .flag_IsWritable, .flag_DisplayLogarithmic]),
                AUParameter(
                    9, "Preset", 0...2, at: 0, unit: .indexed, strings: ["One", "Half", "Double"]),
                AUParameter(10, "Ticks", 0...1_000_000, at: 0, flags: .flag_IsReadable),
                AUParameter(1 << 32 | 6, "Far", 0...1, at: 0.25),
                AUParameter(11, "On", 0...1, at: 1, unit: .boolean),
            ]
        }
    }

    /// A preset turns another knob, as one in a unit's own window does.
    private func follow(_ parameter: AUParameter) {
        guard model.voice == .gain, parameter.address == 9 else { return }
        let gain: AUValue = [1, 0.5, 2][Int(parameter.value)]
        tree.parameter(withAddress: 7)?.setValue(gain, originator: nil)
    }

    var latency: TimeInterval {
        model.voice == .late ? Double(tree.allParameters[0].value) / output.rate : 0
    }

    func refuseWhilePlaying(_ what: String) {
        if isPlaying { fatalError("\(what) of a unit that has its resources") }
    }

    /// An answer of `AUAudioUnitBus`: other channels than the unit takes are refused.
    package func set(_ bus: StubBus, rate: Double, channels: Int) throws {
        refuseWhilePlaying("a format")
        guard model.channels.contains(channels) else { throw AUAudioUnit.error(-10_868) }
        bus.rate = rate
        bus.channels = channels
    }

    func allocate() throws {
        if isPlaying { fatalError("resources made twice") }
        guard model.channelsPlayed.contains(output.channels) else {
            throw AUAudioUnit.error(-10_868)
        }
        if let input, input.rate != output.rate || input.channels != output.channels {
            throw AUAudioUnit.error(-10_868)
        }
        stage = StubStage(self)
        isPlaying = true
    }

    func deallocate() {
        if stage?.isOpen == true { fatalError("resources given up under who plays it") }
        stage = nil
        isPlaying = false
    }

    // MARK: - State

    var fullState: [String: Any]? {
        get {
            let values = tree.allParameters.map(\.value)
            return [
                "type": Int(model.component.componentType),
                "subtype": Int(model.component.componentSubType),
                "manufacturer": Int(model.component.componentManufacturer),
                "data": values.withUnsafeBytes { Data($0) },
            ]
        }
        set {
            guard let data = newValue?["data"] as? Data,
                data.count == 4 * tree.allParameters.count
            else { return }
            for (index, parameter) in tree.allParameters.enumerated() {
                let bits = data[data.startIndex + 4 * index..<data.startIndex + 4 * index + 4]
                    .reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                parameter.room.pointee = AUValue(bitPattern: bits)
            }
        }
    }
}
