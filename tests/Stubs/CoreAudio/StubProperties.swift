/// What each property of the stub hardware holds: only where the documentation has it.
enum StubProperty {
    case ids([AudioObjectID])
    case word(UInt32)
    case rate(Float64)
    case range([AudioValueRange])
    /// Channels of each stream, as a list of buffers.
    case streams([UInt32])
    case text(String)

    /// Nil = the object has no such property in that scope.
    static func of(
        _ object: AudioObjectID, _ address: AudioObjectPropertyAddress
    ) -> StubProperty? {
        let hal = StubHal.shared
        guard address.mElement == kAudioObjectPropertyElementMain else { return nil }
        if object == AudioObjectID(kAudioObjectSystemObject) { return ofSystem(hal, address) }
        if let device = hal.devices[object] { return ofDevice(device, address) }
        return ofStream(hal, object, address)
    }

    private static func ofSystem(
        _ hal: StubHal, _ address: AudioObjectPropertyAddress
    ) -> StubProperty? {
        guard address.mScope == kAudioObjectPropertyScopeGlobal else { return nil }
        switch address.mSelector {
        case kAudioHardwarePropertyDevices: return .ids(hal.devices.keys.sorted())
        case kAudioHardwarePropertyDefaultInputDevice: return .word(hal.defaultInput)
        case kAudioHardwarePropertyDefaultOutputDevice: return .word(hal.defaultOutput)
        default: return nil
        }
    }

    private static func ofDevice(
        _ device: StubDevice, _ address: AudioObjectPropertyAddress
    ) -> StubProperty? {
        switch address.mScope {
        case kAudioObjectPropertyScopeGlobal: return ofWhole(device, address.mSelector)
        case kAudioObjectPropertyScopeInput: return ofSide(device, 0, address.mSelector)
        case kAudioObjectPropertyScopeOutput: return ofSide(device, 1, address.mSelector)
        default: return nil
        }
    }

    private static func ofWhole(
        _ device: StubDevice, _ selector: AudioObjectPropertySelector
    ) -> StubProperty? {
        switch selector {
        case kAudioObjectPropertyName: .text(device.name)
        case kAudioDevicePropertyDeviceUID: .text(device.uid)
        case kAudioDevicePropertyDeviceIsAlive: .word(1)
        case kAudioDevicePropertyNominalSampleRate: .rate(device.rateHz)
        case kAudioDevicePropertyAvailableNominalSampleRates:
            .range(device.rates.map { AudioValueRange(mMinimum: $0, mMaximum: $0) })
        case kAudioDevicePropertyBufferFrameSize: .word(device.blockFrames)
        case kAudioDevicePropertyBufferFrameSizeRange:
            .range([
                AudioValueRange(
                    mMinimum: Float64(device.blockMin), mMaximum: Float64(device.blockMax))
            ])
        case kAudioDeviceProcessorOverload: .word(0)
        default: nil
        }
    }

    private static func ofSide(
        _ device: StubDevice, _ side: Int, _ selector: AudioObjectPropertySelector
    ) -> StubProperty? {
        let streams = side == 0 ? device.inputs : device.outputs
        switch selector {
        case kAudioDevicePropertyLatency: return .word(device.latencyFrames[side])
        case kAudioDevicePropertySafetyOffset: return .word(device.safetyFrames[side])
        case kAudioDevicePropertyStreams: return .ids(streams.map(\.id))
        case kAudioDevicePropertyStreamConfiguration: return .streams(streams.map(\.channels))
        default: return nil
        }
    }

    private static func ofStream(
        _ hal: StubHal, _ object: AudioObjectID, _ address: AudioObjectPropertyAddress
    ) -> StubProperty? {
        guard address.mScope == kAudioObjectPropertyScopeGlobal,
            address.mSelector == kAudioStreamPropertyLatency
        else { return nil }
        let streams = hal.devices.values.flatMap { $0.inputs + $0.outputs }
        return streams.first { $0.id == object }.map { .word($0.latencyFrames) }
    }

    /// Bytes as the caller must provide them.
    var byteCount: Int {
        switch self {
        case .ids(let ids): ids.count * 4
        case .word: 4
        case .rate: 8
        case .range(let ranges): ranges.count * 16
        case .streams(let channels): 8 + max(1, channels.count) * 16
        case .text: 8
        }
    }

    func write(to memory: UnsafeMutableRawPointer) {
        switch self {
        case .ids(let ids):
            for (index, id) in ids.enumerated() {
                memory.storeBytes(of: id, toByteOffset: 4 * index, as: AudioObjectID.self)
            }
        case .word(let word): memory.storeBytes(of: word, as: UInt32.self)
        case .rate(let rate): memory.storeBytes(of: rate, as: Float64.self)
        case .range(let ranges):
            for (index, range) in ranges.enumerated() {
                memory.storeBytes(
                    of: range, toByteOffset: 16 * index, as: AudioValueRange.self)
            }
        case .streams(let channels):
            memory.storeBytes(of: UInt32(channels.count), as: UInt32.self)
            for (index, count) in channels.enumerated() {
                memory.storeBytes(
                    of: AudioBuffer(mNumberChannels: count, mDataByteSize: 0, mData: nil),
                    toByteOffset: 8 + 16 * index, as: AudioBuffer.self)
            }
        case .text: preconditionFailure("a text of CoreFoundation is read in C")
        }
    }
}
