import Foundation

/// Real bundles, as the set-up has unpacked them.
enum RealBundles {
    private static let unpacked: URL = {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache"
        return URL(fileURLWithPath: cache).appendingPathComponent("flowzone/vst3-bundles")
    }()

    private static func path(_ name: String) -> String {
        unpacked.appendingPathComponent("usr/lib/vst3/\(name).vst3").path
    }

    static let areThere = ["mda-vst3", "lsp-plugins", "DragonflyHallReverb"].allSatisfy {
        FileManager.default.fileExists(atPath: path($0))
    }

    /// The classes of a bundle by name. They find their libraries, and no screen, from here on.
    static func classes(_ bundle: String) throws -> [String: PluginName] {
        #if arch(arm64)
            let machine = "aarch64-linux-gnu"
        #else
            let machine = "x86_64-linux-gnu"
        #endif
        setenv("LD_LIBRARY_PATH", unpacked.appendingPathComponent("usr/lib/\(machine)").path, 1)
        unsetenv("DISPLAY")
        return try PluginBundle.classes(of: path(bundle))
    }
}
