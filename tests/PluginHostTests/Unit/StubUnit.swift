#if canImport(AudioToolbox) && os(Linux)
    import Foundation

    @testable import PluginFixture

    /// The units that are installed on the stub Mac; see `tests/Stubs/AudioToolbox/StubUnits.swift`.
    enum StubUnit {
        static let bundle = "audiounit:"
        static let gain = named("gain", by: "Stub")
        static let tone = named("tone", by: "Stub", kind: "aumu")
        static let crash = named("crsh", by: "Stub")
        static let gone = named("gone", by: "Stub")
        static let beat = named("beat", by: "Stub")
        static let mono = named("mono", by: "Othe")
        static let refuses = named("refu", by: "Othe")
        static let notMade = named("none", by: "Othe")
        static let sixChannels = named("six ", by: "Othe")

        /// Parameter of most of them, from 0 to 2.
        static let gainParam: UInt32 = 7
        /// Begins what `crash` and `gone` do.
        static let now: UInt32 = 2

        static func named(_ code: String, by maker: String, kind: String = "aufx") -> PluginName {
            PluginName(
                bundle: bundle, classId: Array("\(kind)\(code)\(maker)".utf8) + [0, 0, 0, 0],
                description: code)
        }
    }
#endif
