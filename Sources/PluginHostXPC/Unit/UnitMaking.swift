#if canImport(AudioToolbox)
    import AudioToolbox
    import CVST3
    import Foundation

    /// Makes units, which the system does in its own time.
    enum UnitMaking {
        private static let lookSeconds = 0.01

        /// Waits in the main run loop, which some units need to be made. Thread: main.
        static func make(_ component: AudioComponentDescription) throws(PluginError) -> AUAudioUnit
        {
            let made = MadeUnit()
            AUAudioUnit.instantiate(with: component, options: []) { made.take($0, $1) }
            while !made.isThere {
                _ = RunLoop.main.run(
                    mode: .default, before: Date(timeIntervalSinceNow: lookSeconds))
            }
            guard let unit = made.unit else {
                throw PluginError(
                    code: Int32(VST3_CANNOT_CREATE), text: "the unit is not made: \(made.reason)")
            }
            return unit
        }
    }

    /// What the system made, or why it did not.
    private final class MadeUnit: @unchecked Sendable {
        private let lock = NSLock()
        private var answer: (unit: AUAudioUnit?, reason: String)?

        /// Thread: any.
        func take(_ unit: AUAudioUnit?, _ error: (any Error)?) {
            lock.withLock { answer = (unit, error.map { "\($0)" } ?? "") }
        }

        var isThere: Bool { lock.withLock { answer != nil } }
        var unit: AUAudioUnit? { lock.withLock { answer?.unit } }
        var reason: String { lock.withLock { answer?.reason ?? "" } }
    }
#endif
