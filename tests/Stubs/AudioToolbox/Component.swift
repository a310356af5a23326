import CoreAudio

// doc: = https://developer.apple.com/documentation/

/// A code of four letters (doc: kernel/ostype).
public typealias OSType = FourCharCode

/// Which component, or which kinds of them: 0 = any (doc: audiotoolbox/audiocomponentdescription).
public struct AudioComponentDescription: Equatable, Sendable {
    /// doc: audiotoolbox/audiocomponentdescription/componenttype.
    public var componentType: OSType = 0
    /// doc: audiotoolbox/audiocomponentdescription/componentsubtype.
    public var componentSubType: OSType = 0
    /// doc: audiotoolbox/audiocomponentdescription/componentmanufacturer.
    public var componentManufacturer: OSType = 0
    /// doc: audiotoolbox/audiocomponentdescription/componentflags.
    public var componentFlags: UInt32 = 0
    /// doc: audiotoolbox/audiocomponentdescription/componentflagsmask.
    public var componentFlagsMask: UInt32 = 0

    /// doc: audiotoolbox/audiocomponentdescription/init().
    public init() {}

    /// Whether it is one of those that `wanted` means.
    package func fits(_ wanted: AudioComponentDescription) -> Bool {
        func fits(_ mine: OSType, _ other: OSType) -> Bool { other == 0 || mine == other }
        return fits(componentType, wanted.componentType)
            && fits(componentSubType, wanted.componentSubType)
            && fits(componentManufacturer, wanted.componentManufacturer)
    }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
/// Changes sound (doc: audiotoolbox/kaudiounittype_effect).
public let kAudioUnitType_Effect: UInt32 = 0x6175_6678
// swift-format-ignore: AlwaysUseLowerCamelCase
/// Changes sound and hears notes (doc: audiotoolbox/kaudiounittype_musiceffect).
public let kAudioUnitType_MusicEffect: UInt32 = 0x6175_6d66
// swift-format-ignore: AlwaysUseLowerCamelCase
/// Plays notes (doc: audiotoolbox/kaudiounittype_musicdevice).
public let kAudioUnitType_MusicDevice: UInt32 = 0x6175_6d75
// swift-format-ignore: AlwaysUseLowerCamelCase
/// Plays to the hardware (doc: audiotoolbox/kaudiounittype_output).
public let kAudioUnitType_Output: UInt32 = 0x6175_6f75

// swift-format-ignore: AlwaysUseLowerCamelCase
/// doc: audiotoolbox/kaudiouniterr_toomanyframestoprocess.
public let kAudioUnitErr_TooManyFramesToProcess: OSStatus = -10_874
// swift-format-ignore: AlwaysUseLowerCamelCase
/// doc: audiotoolbox/kaudiouniterr_noconnection.
public let kAudioUnitErr_NoConnection: OSStatus = -10_876

/// Where a component's code shall run (doc: audiotoolbox/audiocomponentinstantiationoptions).
public struct AudioComponentInstantiationOptions: OptionSet, Sendable {
    /// doc: swift/rawrepresentable.
    public let rawValue: UInt32

    /// doc: swift/optionset.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// doc: audiotoolbox/audiocomponentinstantiationoptions/loadoutofprocess.
    public static let loadOutOfProcess = AudioComponentInstantiationOptions(rawValue: 1)
    /// doc: audiotoolbox/audiocomponentinstantiationoptions/loadinprocess.
    public static let loadInProcess = AudioComponentInstantiationOptions(rawValue: 2)
}
