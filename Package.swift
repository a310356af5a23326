// swift-tools-version: 6.0
import PackageDescription

/// The CPU that release is built for; empty = any.
///
/// `scripts/up` says x86-64-v3 where the machine has AVX2, and builds anew on another machine. A build
/// for any CPU takes about twice the instructions in its loops over samples.
let cpu = Context.environment["FLOWZONE_CPU"] ?? ""
let cpuSettings: [SwiftSetting] =
    cpu.isEmpty
    ? []
    : [
        .define("FLOWZONE_CPU_V3", .when(configuration: .release)),
        .unsafeFlags(["-Xcc", "-march=\(cpu)"], .when(configuration: .release)),
    ]

/// The debug build is the real-time gate: the compiler rejects what may allocate or lock in
/// functions marked `@_noLocks @_noAllocation`.
///
/// Release leaves out the run-time exclusivity checks, which cost a call per access on the audio
/// thread. It keeps the traps of plain `-O`: what comes through the boundary is checked by `guard`,
/// and `-Ounchecked` would turn a forgotten guard into silent corruption. Whole-module is the
/// release default; naming it would break the debug build.
let coreSettings: [SwiftSetting] =
    cpuSettings + [
        .unsafeFlags(["-Xfrontend", "-experimental-performance-annotations"]),
        .unsafeFlags(["-warnings-as-errors"]),
        .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
    ]

let onMac: TargetDependencyCondition? = .when(platforms: [.macOS])

/// Compiles and runs the Mac's files against our own declarations of Apple's frameworks, on Linux.
let isStubbed = Context.environment["FLOWZONE_APPLE_STUBS"] == "1"

let package = Package(
    name: "FlowZone",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "FlowCore", type: .dynamic, targets: ["FlowCore"]),
        .executable(name: "PluginHostXPC", targets: ["PluginHostXPC"]),
    ],
    targets: [
        // Nothing is proved by these loops being slow in debug, and the tests play hours.
        .target(
            name: "CFlowLeaf",
            path: "Sources/CFlowLeaf",
            cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]
        ),
        .target(
            name: "CFlowApple",
            path: "Sources/CFlowApple",
            linkerSettings: [
                .linkedFramework("CoreAudio", .when(platforms: [.macOS])),
                .linkedFramework("CoreFoundation", .when(platforms: [.macOS])),
                .linkedFramework("Foundation", .when(platforms: [.macOS])),
            ]
        ),
        .target(
            name: "CVST3",
            path: "Sources/CVST3",
            linkerSettings: [.linkedFramework("CoreFoundation", .when(platforms: [.macOS]))]
        ),
        .target(
            name: "CFlowUnit",
            path: "Sources/CFlowUnit",
            linkerSettings: ["AppKit", "AudioToolbox", "AVFAudio", "Foundation"].map {
                .linkedFramework($0, .when(platforms: [.macOS]))
            }
        ),
        .target(
            name: "HostContract",
            path: "Sources/HostContract",
            swiftSettings: [.unsafeFlags(["-warnings-as-errors"])]
        ),
        .target(
            name: "FlowCore",
            dependencies: [
                "CFlowLeaf", "HostContract", .target(name: "CFlowApple", condition: onMac),
            ],
            path: "Sources/FlowCore",
            swiftSettings: coreSettings
        ),
        .executableTarget(
            name: "PluginHostXPC",
            dependencies: [
                "CFlowLeaf", "CVST3", "HostContract", .target(name: "CFlowUnit", condition: onMac),
            ],
            path: "Sources/PluginHostXPC"
        ),
        .target(name: "PluginFixture", path: "tests/PluginFixture"),
        .testTarget(
            name: "PluginHostTests",
            dependencies: ["CFlowLeaf", "HostContract", "PluginFixture", "PluginHostXPC"],
            path: "tests/PluginHostTests"
        ),
        .testTarget(
            name: "FlowCoreTests",
            dependencies: ["FlowCore", "CFlowLeaf", "HostContract", "PluginFixture"],
            path: "tests/FlowCoreTests",
            swiftSettings: [.unsafeFlags(["-Xfrontend", "-experimental-performance-annotations"])]
        ),
    ]
)

/// Stands in for a framework of Apple's.
func stub(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "tests/Stubs/\(name)")
}

#if os(macOS)
    package.targets.append(
        .testTarget(name: "AppleTests", dependencies: ["FlowCore"], path: "tests/AppleTests"))
#endif

if isStubbed {
    let frameworks: [Target.Dependency] = ["AVFAudio", "AudioToolbox", "CFlowApple", "CoreAudio"]
    package.products = []
    let kept = ["CFlowLeaf", "CVST3", "HostContract", "PluginFixture", "PluginHostTests"]
    package.targets = package.targets.filter { kept.contains($0.name) }
    package.targets += [
        stub("CFlowApple"),
        stub("CFlowUnit"),
        stub("CCoreAudio"),
        stub("CoreAudio", ["CCoreAudio", "CFlowApple"]),
        stub("AudioToolbox", ["CoreAudio"]),
        stub("AVFAudio", ["AudioToolbox", "CFlowApple", "CoreAudio"]),
        .target(
            name: "FlowCore", dependencies: ["CFlowLeaf", "HostContract"] + frameworks,
            path: "Sources/FlowCore", swiftSettings: coreSettings),
        .executableTarget(
            name: "PluginHostXPC",
            dependencies: ["CFlowLeaf", "CFlowUnit", "CVST3", "HostContract"] + frameworks,
            path: "Sources/PluginHostXPC"),
        .testTarget(
            name: "AppleTests", dependencies: ["FlowCore", "CFlowLeaf"] + frameworks,
            path: "tests/AppleTests"),
        .testTarget(
            name: "StubTests",
            dependencies: ["FlowCore", "CFlowLeaf", "PluginFixture", "PluginHostXPC"] + frameworks,
            path: "tests/StubTests"),
    ]
}
