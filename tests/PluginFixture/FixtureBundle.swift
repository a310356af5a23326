import Foundation

/// What a test waited for did not happen.
struct Missed: Error, CustomStringConvertible {
    let description: String
}

/// The program that the engine starts for plug-ins.
enum HostProgram {
    static let path = (Bundle.main.executableURL ?? URL(fileURLWithPath: "."))
        .deletingLastPathComponent().appendingPathComponent("PluginHostXPC").path
}

/// A class of a bundle.
struct PluginName: Sendable, CustomStringConvertible {
    let bundle: String
    let classId: [UInt8]
    let description: String
}

/// Bundles as the host program describes them.
enum PluginBundle {
    /// Every class of a bundle by name.
    static func classes(of bundle: String) throws -> [String: PluginName] {
        let lines = try run(HostProgram.path, ["scan", bundle]).split(separator: "\n")
        var found: [String: PluginName] = [:]
        for line in lines {
            let json = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            guard let described = json?["class"] as? [String: Any],
                let name = described["name"] as? String, let id = described["classId"] as? String
            else { continue }
            // Editors have the name of what they edit.
            guard (described["category"] as? String) == "Audio Module Class" else { continue }
            found[name] = PluginName(bundle: bundle, classId: bytes(id), description: name)
        }
        return found
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }

    /// Standard output of a program that must succeed.
    static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Missed(description: "\(program) \(arguments): \(process.terminationStatus)")
        }
        return String(decoding: output, as: UTF8.self)
    }
}

/// The plug-in of `tests/plugins/fixture`, built once; see there what its classes do.
enum Fixture {
    static let gain: UInt32 = 1
    /// Its going up begins what a class does wrong.
    static let now: UInt32 = 2
    static let gainDefault: Float = 0.5
    /// The note that begins it too.
    static let keyNow: UInt16 = 0

    static let compiler = "/usr/bin/cc"
    static let canBuild = FileManager.default.isExecutableFile(atPath: compiler) && isLinux
    /// The folder of the whole project.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    /// What tests build goes here; it is gone when they are over.
    static let folder: URL = {
        atexit { try? FileManager.default.removeItem(at: Fixture.folder) }
        return FileManager.default.temporaryDirectory
            .appendingPathComponent("flowzone-host-tests-\(getpid())")
    }()
    private static let built = Result { try build() }

    #if os(Linux)
        private static let isLinux = true
    #else
        private static let isLinux = false
    #endif
    #if arch(arm64)
        private static let machine = "aarch64-linux"
    #else
        private static let machine = "x86_64-linux"
    #endif

    /// The class with this name.
    static func named(_ name: String) throws -> PluginName {
        guard let found = try built.get()[name] else { throw Missed(description: "no \(name)") }
        return found
    }

    private static func build() throws -> [String: PluginName] {
        let parts = root.appendingPathComponent("tests/plugins/fixture")
        let host = root.appendingPathComponent("Sources/CVST3")
        let files = try FileManager.default.contentsOfDirectory(atPath: parts.path)
            .filter { $0.hasSuffix(".c") && $0 != "drive.c" }
            .map { parts.appendingPathComponent($0).path }
        let bundle = folder.appendingPathComponent("Fixture.vst3")
        let contents = bundle.appendingPathComponent("Contents/\(machine)")
        try FileManager.default.createDirectory(at: contents, withIntermediateDirectories: true)
        let flags = ["-std=gnu11", "-O1", "-shared", "-fPIC", "-fvisibility=hidden"]
        let binary = contents.appendingPathComponent("Fixture.so").path
        _ = try PluginBundle.run(
            compiler,
            flags + ["-I", host.path, "-o", binary] + files
                + [host.appendingPathComponent("interface-ids.c").path]
                + ["-ldl", "-lpthread", "-lm"])
        return try PluginBundle.classes(of: bundle.path)
    }
}
