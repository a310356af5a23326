import Dispatch
import Foundation

// doc: = https://developer.apple.com/documentation/

/// What a listener is (doc: coreaudio/audioobjectpropertylistenerblock).
public typealias AudioObjectPropertyListenerBlock = @Sendable (
    UInt32, UnsafePointer<AudioObjectPropertyAddress>
) -> Void

/// What a listener is in C (doc: coreaudio/audioobjectpropertylistenerproc).
public typealias AudioObjectPropertyListenerProc = @convention(c) (
    AudioObjectID, UInt32, UnsafePointer<AudioObjectPropertyAddress>, UnsafeMutableRawPointer?
) -> OSStatus

// swift-format-ignore: AlwaysUseLowerCamelCase
/// The size of a property's value (doc: coreaudio/audioobjectgetpropertydatasize(_:_:_:_:_:)).
public func AudioObjectGetPropertyDataSize(
    _ inObjectID: AudioObjectID, _ inAddress: UnsafePointer<AudioObjectPropertyAddress>,
    _ inQualifierDataSize: UInt32, _ inQualifierData: UnsafeRawPointer?,
    _ outDataSize: UnsafeMutablePointer<UInt32>
) -> OSStatus {
    StubHal.shared.locked {
        guard isKnown(inObjectID) else { return kAudioHardwareBadObjectError }
        guard let property = StubProperty.of(inObjectID, inAddress.pointee) else {
            return kAudioHardwareUnknownPropertyError
        }
        outDataSize.pointee = UInt32(property.byteCount)
        return noErr
    }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
/// Reads a property (doc: coreaudio/audioobjectgetpropertydata(_:_:_:_:_:_:)).
public func AudioObjectGetPropertyData(
    _ inObjectID: AudioObjectID, _ inAddress: UnsafePointer<AudioObjectPropertyAddress>,
    _ inQualifierDataSize: UInt32, _ inQualifierData: UnsafeRawPointer?,
    _ ioDataSize: UnsafeMutablePointer<UInt32>, _ outData: UnsafeMutableRawPointer
) -> OSStatus {
    StubHal.shared.locked {
        guard isKnown(inObjectID) else { return kAudioHardwareBadObjectError }
        guard let property = StubProperty.of(inObjectID, inAddress.pointee) else {
            return kAudioHardwareUnknownPropertyError
        }
        guard ioDataSize.pointee == UInt32(property.byteCount), inQualifierDataSize == 0 else {
            return kAudioHardwareBadPropertySizeError
        }
        property.write(to: outData)
        return noErr
    }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
/// Writes a property (doc: coreaudio/audioobjectsetpropertydata(_:_:_:_:_:_:)).
public func AudioObjectSetPropertyData(
    _ inObjectID: AudioObjectID, _ inAddress: UnsafePointer<AudioObjectPropertyAddress>,
    _ inQualifierDataSize: UInt32, _ inQualifierData: UnsafeRawPointer?, _ inDataSize: UInt32,
    _ inData: UnsafeRawPointer
) -> OSStatus {
    let hal = StubHal.shared
    if inObjectID == AudioObjectID(kAudioObjectSystemObject) {
        return setOfSystem(inAddress.pointee, inDataSize, inData)
    }
    guard let device = hal.locked({ hal.devices[inObjectID] }) else {
        return kAudioHardwareBadObjectError
    }
    guard let property = StubProperty.of(inObjectID, inAddress.pointee) else {
        return kAudioHardwareUnknownPropertyError
    }
    guard inDataSize == UInt32(property.byteCount) else {
        return kAudioHardwareBadPropertySizeError
    }
    switch inAddress.pointee.mSelector {
    case kAudioDevicePropertyNominalSampleRate:
        let rate = inData.load(as: Float64.self)
        guard device.rates.contains(rate) else { return kAudioHardwareIllegalOperationError }
        if device.takesRateAtOnce {
            hal.setRate(inObjectID, rate)
        } else {
            hal.change(inObjectID) { $0.pendingRateHz = rate }
        }
    case kAudioDevicePropertyBufferFrameSize:
        let frames = inData.load(as: UInt32.self)
        guard (device.blockMin...device.blockMax).contains(frames) else {
            return kAudioHardwareIllegalOperationError
        }
        hal.change(inObjectID) { $0.blockFrames = frames }
    default: return kAudioHardwareIllegalOperationError
    }
    return noErr
}

private func setOfSystem(
    _ address: AudioObjectPropertyAddress, _ bytes: UInt32, _ data: UnsafeRawPointer
) -> OSStatus {
    guard address.mSelector == kAudioHardwarePropertyRunLoop,
        address.mScope == kAudioObjectPropertyScopeGlobal,
        address.mElement == kAudioObjectPropertyElementMain
    else { return kAudioHardwareUnknownPropertyError }
    guard bytes == 8 else { return kAudioHardwareBadPropertySizeError }
    StubHal.shared.listensItself(data.loadUnaligned(as: UInt.self) == 0)
    return noErr
}

// swift-format-ignore: AlwaysUseLowerCamelCase
/// Begins to listen: function and context are what it is known by.
///
/// doc: coreaudio/audioobjectaddpropertylistener(_:_:_:_:).
public func AudioObjectAddPropertyListener(
    _ inObjectID: AudioObjectID, _ inAddress: UnsafePointer<AudioObjectPropertyAddress>,
    _ inListener: AudioObjectPropertyListenerProc, _ inClientData: UnsafeMutableRawPointer?
) -> OSStatus {
    let hal = StubHal.shared
    guard hal.locked({ isKnown(inObjectID) }) else { return kAudioHardwareBadObjectError }
    guard hal.locked({ StubProperty.of(inObjectID, inAddress.pointee) }) != nil else {
        return kAudioHardwareUnknownPropertyError
    }
    hal.add(StubHal.Listener(inObjectID, inAddress.pointee, inListener, inClientData))
    return noErr
}

// swift-format-ignore: AlwaysUseLowerCamelCase
/// Ends to listen (doc: coreaudio/audioobjectremovepropertylistener(_:_:_:_:)).
public func AudioObjectRemovePropertyListener(
    _ inObjectID: AudioObjectID, _ inAddress: UnsafePointer<AudioObjectPropertyAddress>,
    _ inListener: AudioObjectPropertyListenerProc, _ inClientData: UnsafeMutableRawPointer?
) -> OSStatus {
    let isDone = StubHal.shared.remove(
        StubHal.Listener(inObjectID, inAddress.pointee, inListener, inClientData))
    return isDone ? noErr : kAudioHardwareBadObjectError
}

// swift-format-ignore: AlwaysUseLowerCamelCase
/// Begins to listen (doc: coreaudio/audioobjectaddpropertylistenerblock(_:_:_:_:)).
public func AudioObjectAddPropertyListenerBlock(
    _ inObjectID: AudioObjectID, _ inAddress: UnsafePointer<AudioObjectPropertyAddress>,
    _ inDispatchQueue: DispatchQueue?, _ inListener: @escaping AudioObjectPropertyListenerBlock
) -> OSStatus {
    // The main queue is another object each time it is asked for.
    guard let queue = inDispatchQueue, queue.label != DispatchQueue.main.label else {
        fatalError("a listener without a queue of its own is never told")
    }
    let hal = StubHal.shared
    guard hal.locked({ isKnown(inObjectID) }) else { return kAudioHardwareBadObjectError }
    guard hal.locked({ StubProperty.of(inObjectID, inAddress.pointee) }) != nil else {
        return kAudioHardwareUnknownPropertyError
    }
    hal.add(StubHal.Listener(inObjectID, inAddress.pointee, queue, inListener))
    return noErr
}

// swift-format-ignore: AlwaysUseLowerCamelCase
/// Never finds what was added: each time a Swift closure crosses to C it is another block.
///
/// doc: coreaudio/audioobjectremovepropertylistenerblock(_:_:_:_:).
public func AudioObjectRemovePropertyListenerBlock(
    _ inObjectID: AudioObjectID, _ inAddress: UnsafePointer<AudioObjectPropertyAddress>,
    _ inDispatchQueue: DispatchQueue?, _ inListener: @escaping AudioObjectPropertyListenerBlock
) -> OSStatus {
    inDispatchQueue == nil ? kAudioHardwareUnspecifiedError : noErr
}

// swift-format-ignore: AlwaysUseLowerCamelCase
/// Gives an aggregate up (doc: coreaudio/audiohardwaredestroyaggregatedevice(_:)).
public func AudioHardwareDestroyAggregateDevice(_ inDeviceID: AudioObjectID) -> OSStatus {
    let hal = StubHal.shared
    guard let device = hal.locked({ hal.devices[inDeviceID] }), !device.parts.isEmpty else {
        return kAudioHardwareBadDeviceError
    }
    hal.retire(inDeviceID)
    return noErr
}

private func isKnown(_ object: AudioObjectID) -> Bool {
    let devices = StubHal.shared.devices
    if object == AudioObjectID(kAudioObjectSystemObject) || devices[object] != nil { return true }
    return devices.values.contains { device in
        (device.inputs + device.outputs).contains { $0.id == object }
    }
}

/// Behind `flow_apple_text`.
@_cdecl("stub_hal_text")
func stubHalText(
    _ object: UInt32, _ selector: UInt32, _ out: UnsafeMutablePointer<CChar>, _ bytes: Int
) -> Int32 {
    let address = AudioObjectPropertyAddress(
        mSelector: selector, mScope: kAudioObjectPropertyScopeGlobal,
        mElement: kAudioObjectPropertyElementMain)
    guard case .text(let text)? = StubHal.shared.locked({ StubProperty.of(object, address) })
    else { return kAudioHardwareUnknownPropertyError }
    let chars = Array(text.utf8CString)
    guard chars.count <= bytes else { return kAudioHardwareBadPropertySizeError }
    for (index, char) in chars.enumerated() { out[index] = char }
    return noErr
}

/// Behind `flow_apple_join`.
@_cdecl("stub_hal_join")
func stubHalJoin(
    _ uid: UnsafePointer<CChar>, _ output: UnsafePointer<CChar>, _ input: UnsafePointer<CChar>,
    _ made: UnsafeMutablePointer<UInt32>
) -> Int32 {
    let hal = StubHal.shared
    let parts = [output, input].map { wanted in
        hal.locked { hal.devices.first { $0.value.uid == String(cString: wanted) } }
    }
    guard !hal.refusesToJoin, let out = parts[0], let into = parts[1] else {
        return kAudioHardwareIllegalOperationError
    }
    guard !hal.isTaken(String(cString: uid)) else { return kAudioHardwareIllegalOperationError }
    var whole = StubDevice(uid: String(cString: uid))
    whole.rateHz = out.value.rateHz
    whole.blockFrames = out.value.blockFrames
    whole.latencyFrames = [into.value.latencyFrames[0], out.value.latencyFrames[1]]
    whole.safetyFrames = [into.value.safetyFrames[0], out.value.safetyFrames[1]]
    whole.parts = [out.key, into.key]
    made.pointee = hal.plug(whole)
    hal.form(made.pointee, [out.key, into.key])
    return noErr
}
