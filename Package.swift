// swift-tools-version: 6.0
import PackageDescription

/// The debug build is the real-time gate: the compiler rejects what may allocate or lock in functions
/// marked `@_noLocks @_noAllocation`. Release adds the flags the audio thread needs.
let coreSettings: [SwiftSetting] = [
    .unsafeFlags(["-Xfrontend", "-experimental-performance-annotations"]),
    .unsafeFlags(["-warnings-as-errors"]),
    .unsafeFlags(["-Ounchecked", "-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

let package = Package(
    name: "FlowZone",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "FlowCore", type: .dynamic, targets: ["FlowCore"]),
        .executable(name: "PluginHostXPC", targets: ["PluginHostXPC"]),
    ],
    targets: [
        .target(name: "CFlowLeaf", path: "Sources/CFlowLeaf"),
        .target(
            name: "FlowCore",
            dependencies: ["CFlowLeaf"],
            path: "Sources/FlowCore",
            swiftSettings: coreSettings
        ),
        .executableTarget(
            name: "PluginHostXPC",
            dependencies: ["CFlowLeaf"],
            path: "Sources/PluginHostXPC"
        ),
        .testTarget(
            name: "FlowCoreTests",
            dependencies: ["FlowCore", "CFlowLeaf"],
            path: "tests/FlowCoreTests",
            swiftSettings: [.unsafeFlags(["-Xfrontend", "-experimental-performance-annotations"])]
        ),
    ]
)
