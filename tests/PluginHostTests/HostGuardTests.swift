import Foundation
import HostContract
import Testing

@testable import PluginFixture

private let ones = [Float](repeating: 1, count: 64)

/// What the run-time guard of `tests/guard` counted in a process.
private struct Report: Decodable {
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

@Suite("the audio thread of a plug-in host", .enabled(if: Fixture.canBuild), .serialized)
struct HostGuardTests {
    private static let guardLibrary = Result {
        let library = Fixture.folder.appendingPathComponent("librtguard.so").path
        let source = Fixture.root.appendingPathComponent("tests/guard/rt-guard.c").path
        try FileManager.default.createDirectory(
            at: Fixture.folder, withIntermediateDirectories: true)
        _ = try PluginBundle.run(
            Fixture.compiler, ["-O2", "-shared", "-fPIC", "-o", library, source, "-ldl"])
        return library
    }

    /// Runs a host under the guard until `act` is done with it.
    private func guarded(plant: Int = 0, _ act: (LiveHost) throws -> Void) throws -> Report {
        let library = try Self.guardLibrary.get()
        let report = Fixture.folder.appendingPathComponent("guard-\(plant).json")
        let program = Fixture.folder.appendingPathComponent("guarded-\(plant).sh").path
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
        return try JSONDecoder().decode(Report.self, from: Data(contentsOf: report))
    }

    /// Everything that a block can meet: points, keys, echoes, turned knobs, delays, bypass, plug-ins
    /// that come and go, blocks left out, lanes ahead.
    private func busy(_ host: LiveHost) throws {
        let names = ["Well", "Latency", "Moves", "Turns", "Tone", "Mono", "Many Parameters"]
        for (index, name) in names.enumerated() {
            try host.load(UInt32(index + 1), Fixture.named(name))
        }
        try host.chain([1, 2, 3, 4, 6, 7])
        try host.chain([5], lane: 1, isAhead: true)
        for round in 0..<1_000 as Range<UInt32> {
            let value = Float(round % 10) / 10
            let points = (1...4 as ClosedRange<UInt32>).flatMap { number in
                [point(number, Fixture.gain, value), point(number, Fixture.now, value, at: 32)]
            }
            try host.play(Block(sound: ones, points: points))
            host.post((0..<5).map { _ in Block(sound: ones, points: points) })
            let key = note(5, 60, at: 9, isOn: round.isMultiple(of: 2))
            try host.play(Block(sound: ones, notes: [key]), lane: 1)
            try host.until("the lane") { host.done() == host.posted[0] }
            guard round.isMultiple(of: 100) else { continue }
            try host.send(.bypass(instance: 2, isOn: round.isMultiple(of: 200)))
            try host.load(99, Fixture.named("Well"))
            try host.chain([1, 2, 99, 3, 4, 6, 7])
            try host.unload(99)
        }
    }

    @Test("nothing on it allocates, locks or waits")
    func law() throws {
        let report = try guarded(busy)
        #expect(report.blocks > 4_000 && report.outside > 0)
        #expect(report.hits == 0, "\(report.first) \(report.frames)")
    }

    @Test("and what does is caught")
    func control() throws {
        let report = try guarded(plant: 500) { host in
            for _ in 0..<1_000 { try host.play(ones) }
        }
        #expect(report.hits > 0)
    }
}
