import Foundation

// doc: = https://developer.apple.com/documentation/

/// doc: avfaudio/avaudioenginemanualrenderingmode.
public enum AVAudioEngineManualRenderingMode: Int {
    case offline, realtime
}

/// doc: avfaudio/avaudioenginemanualrenderingstatus.
public enum AVAudioEngineManualRenderingStatus: Int {
    case error = -1
    case success, insufficientDataFromInputNode, cannotDoInCurrentContext
}

extension ProcessInfo {
    /// doc: foundation/processinfo/activityoptions.
    public struct ActivityOptions: OptionSet, Sendable {
        /// doc: swift/rawrepresentable.
        public let rawValue: UInt64

        /// doc: swift/optionset.
        public init(rawValue: UInt64) { self.rawValue = rawValue }

        /// doc: foundation/processinfo/activityoptions/userinitiated.
        public static let userInitiated = ActivityOptions(rawValue: 0x00ff_ffff)
        /// doc: foundation/processinfo/activityoptions/latencycritical.
        public static let latencyCritical = ActivityOptions(rawValue: 0xff_0000_0000)
    }

    /// doc: foundation/processinfo/beginactivity(options:reason:).
    public func beginActivity(
        options: ActivityOptions = [], reason: String
    ) -> any NSObjectProtocol {
        if reason.isEmpty { fatalError("an activity without a reason") }
        StubActivity.shared.begin(options)
        return NSObject()
    }

    /// doc: foundation/processinfo/endactivity(_:).
    public func endActivity(_ activity: any NSObjectProtocol) { StubActivity.shared.end() }
}

/// Which activities are held.
package final class StubActivity: @unchecked Sendable {
    package static let shared = StubActivity()
    private let lock = NSLock()
    private var held: [ProcessInfo.ActivityOptions] = []

    package var options: [ProcessInfo.ActivityOptions] { lock.withLock { held } }

    func begin(_ options: ProcessInfo.ActivityOptions) { lock.withLock { held.append(options) } }

    func end() {
        lock.withLock {
            if held.isEmpty { fatalError("an activity ended twice") }
            held.removeLast()
        }
    }
}
