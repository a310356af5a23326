#if canImport(AudioToolbox)
    import AVFAudio
    import AudioToolbox
    import CFlowUnit
    import CVST3
    import CoreAudio
    import Foundation

    /// A loaded Audio Unit of version 2 or 3: the system shows both in the same way.
    final class UnitInstance: PluginInstance {
        /// Latency and parameters are asked for so many looks of the main thread apart.
        private static let looks = 8

        private let unit: AUAudioUnit
        private var knobs: UnitKnobs
        private var tables: [UnsafeMutablePointer<UnitScales>] = []
        private let scales = SharedWord()
        private let time = UnsafeMutablePointer<UnitTime>.allocate(capacity: 1)
        private let room = UnsafeMutablePointer<UnitRoom>.allocate(capacity: 1)
        private var isPlaying = false
        /// Channels in and out that it may be asked for, the best first.
        private var pairs: [(Int, Int)] = []
        private var channels = (0, 0)
        private var rateHz = 0.0
        private var framesMax = 0
        private var sampleTime = 0.0
        private var seenLatency = 0.0
        private var lookCount = 0

        /// Makes the unit with these 16 bytes of id.
        init(_ classId: [UInt8]) throws(PluginError) {
            guard let component = UnitName.component(of: classId) else {
                throw PluginError(code: Int32(VST3_NO_CLASS), text: "these bytes name no unit")
            }
            unit = try UnitMaking.make(component)
            knobs = UnitKnobs(unit.parameterTree)
            time.initialize(to: UnitTime())
            publishScales()
        }

        var player: SeatPlayer {
            SeatPlayer(
                handle: OpaquePointer(room), process: unitProcess, echoCount: unitEchoCount,
                echoAt: unitEchoAt)
        }

        private func publishScales() {
            let table = UnsafeMutablePointer<UnitScales>.allocate(capacity: 1)
            table.initialize(to: UnitScales(knobs.scales))
            tables.append(table)
            scales.store(UInt64(UInt(bitPattern: table)))
        }

        // MARK: - Life

        func setup(rateHz: Double, blockFramesMax: Int) throws(PluginError) {
            guard !isPlaying else { throw refusal("the unit is playing") }
            self.rateHz = rateHz
            framesMax = blockFramesMax
            unit.maximumFramesToRender = AUAudioFrameCount(blockFramesMax)
            unit.musicalContextBlock = UnitTime.context(of: time)
            unit.transportStateBlock = UnitTime.transport(of: time)
            guard unit.outputBusses.count > 0 else { throw refusal("the unit has no output") }
            // Stereo where the unit lets us; what it makes of one channel is heard on both sides.
            pairs = unit.inputBusses.count > 0 ? [(2, 2), (1, 2), (1, 1)] : [(0, 2), (0, 1)]
            guard let agreed = pairs.first(where: { agree($0) == nil }) else {
                throw refusal("the unit takes neither two channels nor one")
            }
            channels = agreed
        }

        /// Why it does not take these channels; nil when it does.
        private func agree(_ pair: (Int, Int)) -> String? {
            do {
                if pair.0 > 0 { try unit.inputBusses[0].setFormat(format(pair.0)) }
                try unit.outputBusses[0].setFormat(format(pair.1))
                return nil
            } catch { return "\(error)" }
        }

        /// Many units of version 2 refuse channels only here.
        private func allocate() throws(PluginError) {
            var reason = ""
            for pair in pairs.drop(while: { $0 != channels }) {
                if let refused = agree(pair) {
                    reason = refused
                    continue
                }
                do {
                    try unit.allocateRenderResources()
                    channels = pair
                    return
                } catch { reason = "\(error)" }
            }
            throw refusal("the unit cannot play: \(reason)")
        }

        private func format(_ channels: Int) throws(PluginError) -> AVAudioFormat {
            guard
                let format = AVAudioFormat(
                    standardFormatWithSampleRate: rateHz, channels: AVAudioChannelCount(channels))
            else { throw refusal("no unit plays at \(rateHz) Hz") }
            return format
        }

        func start() throws(PluginError) {
            guard !isPlaying else { return }
            try allocate()
            let planes = 2 * framesMax
            let input = UnsafeMutablePointer<Float>.allocate(capacity: planes)
            input.initialize(repeating: 0, count: planes)
            let output = UnsafeMutablePointer<Float>.allocate(capacity: planes)
            output.initialize(repeating: 0, count: planes)
            let opened = flow_unit_open(
                Unmanaged.passUnretained(unit).toOpaque(), unitPull, UnsafeMutableRawPointer(room))
            room.initialize(
                to: UnitRoom(
                    opened: opened, framesMax: framesMax, rateHz: rateHz,
                    inputChannels: channels.0, outputChannels: channels.1,
                    scales: scales, input: input, output: output,
                    list: AudioBufferList.allocate(maximumBuffers: channels.1), time: time,
                    sampleTime: sampleTime))
            isPlaying = true
            seenLatency = unit.latency
        }

        func stop() {
            guard isPlaying else { return }
            isPlaying = false
            sampleTime = room.pointee.sampleTime
            flow_unit_close(room.pointee.opened)
            room.pointee.deallocate()
            room.deinitialize(count: 1)
            unit.deallocateRenderResources()
        }

        func destroy() {
            stop()
            knobs.end()
            unit.musicalContextBlock = nil
            unit.transportStateBlock = nil
            for table in tables {
                table.pointee.deallocate()
                table.deallocate()
            }
            scales.deallocate()
            time.deallocate()
            room.deallocate()
        }

        private func refusal(_ text: String) -> PluginError {
            PluginError(code: Int32(VST3_REFUSED), text: text)
        }

        // MARK: - What it says of itself

        var layout: PluginLayout {
            PluginLayout(mainInputs: channels.0, mainOutputs: channels.1)
        }

        var latencyFrames: Int {
            let frames = unit.latency * rateHz
            return frames.isFinite ? Int(min(max(0, frames.rounded()), 1e9)) : 0
        }

        func state() -> [UInt8]? {
            guard let state = unit.fullState,
                let bytes = try? PropertyListSerialization.data(
                    fromPropertyList: state, format: .binary, options: 0)
            else { return nil }
            return [UInt8](bytes)
        }

        func restore(_ state: [UInt8]) -> Bool {
            let read = try? PropertyListSerialization.propertyList(
                from: Data(state), options: [], format: nil)
            guard let full = read as? [String: Any], isMine(full) else { return false }
            unit.fullState = full
            return true
        }

        /// Whether a state names no other unit; not every one names any.
        private func isMine(_ state: [String: Any]) -> Bool {
            let component = unit.componentDescription
            let codes = [
                "type": component.componentType, "subtype": component.componentSubType,
                "manufacturer": component.componentManufacturer,
            ]
            return codes.allSatisfy { key, code in
                guard let told = state[key] as? NSNumber else { return true }
                return told.uint32Value == code
            }
        }

        var parameterCount: Int { knobs.count }
        func parameters() -> [PluginParameter] { knobs.described() }
        func value(of id: UInt32) -> Double { knobs.value(of: id) }
        func set(_ id: UInt32, _ value: Double) { knobs.set(id, value) }
        func text(of id: UInt32, value: Double) -> String { knobs.text(of: id, value: value) }
        func takeEdit() -> (id: UInt32, value: Double)? { knobs.takeEdit() }

        func takeChanges() -> UInt32 {
            UnitHome.endIfGone(unit)
            lookCount += 1
            guard lookCount.isMultiple(of: Self.looks) else { return 0 }
            var changes = 0
            let latency = unit.latency
            if latency != seenLatency { changes |= VST3_CHANGED_LATENCY }
            seenLatency = latency
            if unit.parameterTree !== knobs.tree {
                knobs.end()
                knobs = UnitKnobs(unit.parameterTree)
                publishScales()
                changes |= VST3_CHANGED_TITLES
            }
            return UInt32(changes)
        }
    }
#endif
