import Foundation
import Testing

@testable import PluginFixture

/// What the run-time guard of `tests/guard` counted in a process.
struct GuardReport: Decodable {
    /// Turns of the audio thread.
    let blocks: Int
    /// Watched calls elsewhere: the guard is there.
    let outside: Int
    /// Calls on the audio thread that may allocate, lock or wait.
    let hits: Int
    /// The first of them, and who called it.
    let first: String
    let frames: [String]
}

/// A host whose audio thread is watched.
enum GuardedHost {
    private static let library = Result {
        let library = Fixture.folder.appendingPathComponent("librtguard.so").path
        let source = Fixture.root.appendingPathComponent("tests/guard/rt-guard.c").path
        try FileManager.default.createDirectory(
            at: Fixture.folder, withIntermediateDirectories: true)
        _ = try PluginBundle.run(
            Fixture.compiler, ["-O2", "-shared", "-fPIC", "-o", library, source, "-ldl"])
        return library
    }

    /// Runs one until `act` is done with it.
    static func run(plant: Int = 0, _ act: (LiveHost) throws -> Void) throws -> GuardReport {
        let library = try library.get()
        let name = UUID().uuidString
        let report = Fixture.folder.appendingPathComponent("guard-\(name).json")
        let program = Fixture.folder.appendingPathComponent("guarded-\(name).sh").path
        let lines = [
            "#!/bin/sh", "export LD_PRELOAD='\(library)'",
            "export FZ_GUARD_REPORT='\(report.path)' FZ_GUARD_PLANT=\(plant)",
            "exec '\(LiveHost.executable)' \"$1\"", "",
        ]
        try lines.joined(separator: "\n").write(toFile: program, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        let host = try LiveHost(program: program)
        try act(host)
        host.hangUp()
        #expect(try host.exitCode() == 0)
        return try JSONDecoder().decode(GuardReport.self, from: Data(contentsOf: report))
    }
}
