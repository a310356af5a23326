import CoreAudio
import Foundation

// doc: = https://developer.apple.com/documentation/

/// A device, as a unit names it (doc: audiotoolbox/auaudioobjectid).
public typealias AUAudioObjectID = AudioObjectID
/// A number of frames (doc: audiotoolbox/auaudioframecount).
public typealias AUAudioFrameCount = UInt32

/// A unit: the one behind input and output node, as long as voice processing is off, or a plug-in.
///
/// doc: audiotoolbox/auaudiounit.
public final class AUAudioUnit {
    /// The device that is used (doc: audiotoolbox/auaudiounit/deviceid).
    public private(set) var deviceID: AUAudioObjectID = 0
    /// Whether somebody has named the device.
    package private(set) var isNamed = false
    /// Whether something is wired, or runs.
    package var isSealed: () -> Bool = { false }
    /// Nil for the unit of the hardware.
    package let plug: StubPlug?

    package init() {
        deviceID = StubHal.shared.defaultOutput
        plug = nil
    }

    init(_ plug: StubPlug) {
        self.plug = plug
        plug.begin()
    }

    deinit { plug?.end() }

    /// Names the device (doc: audiotoolbox/auaudiounit/setdeviceid(_:)).
    public func setDeviceID(_ deviceID: AUAudioObjectID) throws {
        guard !isSealed(), !StubHal.shared.refusesNames else { throw Self.error(-10_851) }
        // One whose streams are still to come will not do.
        let device = StubHal.shared.locked { StubHal.shared.devices[deviceID] }
        guard let device, !device.outputs.isEmpty || !device.inputs.isEmpty else {
            throw Self.error(-10_851)
        }
        self.deviceID = deviceID
        isNamed = true
    }

    /// As it reports failures (doc: foundation/nsosstatuserrordomain).
    package static func error(_ code: Int) -> NSError {
        NSError(domain: "NSOSStatusErrorDomain", code: code)
    }
}
