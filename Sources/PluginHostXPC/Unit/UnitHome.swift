#if canImport(AudioToolbox)
    import AudioToolbox
    import CFlowUnit
    import Foundation

    /// What a process has to be for units, and what it learns of those that run in one of their own.
    enum UnitHome {
        private static let gone = GoneUnits()

        /// Thread: main, once, before any plug-in is loaded.
        static func begin() {
            flow_unit_begin()
            flow_unit_watch { UnitHome.gone.note($0) }
        }

        /// Ends this process when the unit's own has ended: the engine knows one way in which plug-ins
        /// die, and what the unit was asked last may never return. Thread: main.
        static func endIfGone(_ unit: AUAudioUnit) {
            guard gone.has(Unmanaged.passUnretained(unit).toOpaque()) else { return }
            sayError("the unit's own process has ended")
            abort()
        }
    }

    private final class GoneUnits: @unchecked Sendable {
        private let lock = NSLock()
        private var units: Set<UnsafeMutableRawPointer> = []

        /// Thread: any; more than once for a unit.
        func note(_ unit: UnsafeMutableRawPointer) { _ = lock.withLock { units.insert(unit) } }

        func has(_ unit: UnsafeMutableRawPointer) -> Bool {
            lock.withLock { units.contains(unit) }
        }
    }
#endif
