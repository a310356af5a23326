@_exported import CCoreAudio

// doc: = https://developer.apple.com/documentation/

/// A device, a stream or the system (doc: coreaudio/audioobjectid).
public typealias AudioObjectID = UInt32
/// What is asked for (doc: coreaudio/audioobjectpropertyselector).
public typealias AudioObjectPropertySelector = UInt32
/// Of which direction (doc: coreaudio/audioobjectpropertyscope).
public typealias AudioObjectPropertyScope = UInt32
/// Of which channel (doc: coreaudio/audioobjectpropertyelement).
public typealias AudioObjectPropertyElement = UInt32

extension AudioObjectPropertyAddress {
    func isSame(_ other: AudioObjectPropertyAddress) -> Bool {
        mSelector == other.mSelector && mScope == other.mScope && mElement == other.mElement
    }
}

/// doc: coreaudio/kaudioobjectsystemobject.
public let kAudioObjectSystemObject: Int = 1
/// doc: coreaudio/kaudioobjectpropertyelementmain.
public let kAudioObjectPropertyElementMain: AudioObjectPropertyElement = 0
/// 'glob' (doc: coreaudio/kaudioobjectpropertyscopeglobal).
public let kAudioObjectPropertyScopeGlobal: AudioObjectPropertyScope = 0x676c_6f62
/// 'inpt' (doc: coreaudio/kaudioobjectpropertyscopeinput).
public let kAudioObjectPropertyScopeInput: AudioObjectPropertyScope = 0x696e_7074
/// 'outp' (doc: coreaudio/kaudioobjectpropertyscopeoutput).
public let kAudioObjectPropertyScopeOutput: AudioObjectPropertyScope = 0x6f75_7470
/// 'dev#' (doc: coreaudio/kaudiohardwarepropertydevices).
public let kAudioHardwarePropertyDevices: AudioObjectPropertySelector = 0x6465_7623
/// 'dIn ' (doc: coreaudio/kaudiohardwarepropertydefaultinputdevice).
public let kAudioHardwarePropertyDefaultInputDevice: AudioObjectPropertySelector = 0x6449_6e20
/// 'dOut' (doc: coreaudio/kaudiohardwarepropertydefaultoutputdevice).
public let kAudioHardwarePropertyDefaultOutputDevice: AudioObjectPropertySelector = 0x644f_7574
/// 'rnlp' (doc: coreaudio/kaudiohardwarepropertyrunloop).
public let kAudioHardwarePropertyRunLoop: AudioObjectPropertySelector = 0x726e_6c70
/// 'lnam' (doc: coreaudio/kaudioobjectpropertyname).
public let kAudioObjectPropertyName: AudioObjectPropertySelector = 0x6c6e_616d
/// 'uid ' (doc: coreaudio/kaudiodevicepropertydeviceuid).
public let kAudioDevicePropertyDeviceUID: AudioObjectPropertySelector = 0x7569_6420
/// 'livn' (doc: coreaudio/kaudiodevicepropertydeviceisalive).
public let kAudioDevicePropertyDeviceIsAlive: AudioObjectPropertySelector = 0x6c69_766e
/// 'nsrt' (doc: coreaudio/kaudiodevicepropertynominalsamplerate).
public let kAudioDevicePropertyNominalSampleRate: AudioObjectPropertySelector = 0x6e73_7274
/// 'nsr#' (doc: coreaudio/kaudiodevicepropertyavailablenominalsamplerates).
public let kAudioDevicePropertyAvailableNominalSampleRates: AudioObjectPropertySelector =
    0x6e73_7223
/// 'fsiz' (doc: coreaudio/kaudiodevicepropertybufferframesize).
public let kAudioDevicePropertyBufferFrameSize: AudioObjectPropertySelector = 0x6673_697a
/// 'fsz#' (doc: coreaudio/kaudiodevicepropertybufferframesizerange).
public let kAudioDevicePropertyBufferFrameSizeRange: AudioObjectPropertySelector = 0x6673_7a23
/// 'ltnc' (doc: coreaudio/kaudiodevicepropertylatency).
public let kAudioDevicePropertyLatency: AudioObjectPropertySelector = 0x6c74_6e63
/// 'saft' (doc: coreaudio/kaudiodevicepropertysafetyoffset).
public let kAudioDevicePropertySafetyOffset: AudioObjectPropertySelector = 0x7361_6674
/// 'stm#' (doc: coreaudio/kaudiodevicepropertystreams).
public let kAudioDevicePropertyStreams: AudioObjectPropertySelector = 0x7374_6d23
/// 'slay' (doc: coreaudio/kaudiodevicepropertystreamconfiguration).
public let kAudioDevicePropertyStreamConfiguration: AudioObjectPropertySelector = 0x736c_6179
/// 'ltnc' (doc: coreaudio/kaudiostreampropertylatency).
public let kAudioStreamPropertyLatency: AudioObjectPropertySelector = 0x6c74_6e63
/// 'over' (doc: coreaudio/kaudiodeviceprocessoroverload).
public let kAudioDeviceProcessorOverload: AudioObjectPropertySelector = 0x6f76_6572
/// 'what' (doc: coreaudio/kaudiohardwareunspecifiederror).
public let kAudioHardwareUnspecifiedError: OSStatus = 0x7768_6174
/// 'who?' (doc: coreaudio/kaudiohardwareunknownpropertyerror).
public let kAudioHardwareUnknownPropertyError: OSStatus = 0x7768_6f3f
/// '!siz' (doc: coreaudio/kaudiohardwarebadpropertysizeerror).
public let kAudioHardwareBadPropertySizeError: OSStatus = 0x2173_697a
/// '!obj' (doc: coreaudio/kaudiohardwarebadobjecterror).
public let kAudioHardwareBadObjectError: OSStatus = 0x216f_626a
/// 'nope' (doc: coreaudio/kaudiohardwareillegaloperationerror).
public let kAudioHardwareIllegalOperationError: OSStatus = 0x6e6f_7065
/// '!dev' (doc: coreaudio/kaudiohardwarebaddeviceerror).
public let kAudioHardwareBadDeviceError: OSStatus = 0x2164_6576
