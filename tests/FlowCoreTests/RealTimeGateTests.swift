import Foundation
import Testing

/// The compiler as reviewer: proved by planting what it must refuse.
@Suite("The real-time gate", .serialized)
struct RealTimeGateTests {
    /// Compiles a file as the debug build does.
    ///
    /// - Returns: what the compiler said, empty when it took the file.
    private func compile(_ body: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/gate-\(UUID().uuidString).swift"
        try Data(body.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.arguments = [
            "swiftc", "-Onone", "-parse-as-library", "-emit-sil", "-o", "/dev/null", "-Xfrontend",
            "-experimental-performance-annotations", path,
        ]
        let output = Pipe()
        compiler.standardError = output
        try compiler.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        compiler.waitUntilExit()
        return compiler.terminationStatus == 0 ? "" : String(decoding: said, as: UTF8.self)
    }

    private static let marks = "@_noLocks @_noAllocation\n"

    @Test("takes pointers, structs and loops")
    func takesGoodCode() throws {
        let said = try compile(
            """
            struct Mixer { var gain: Float }
            \(Self.marks)func mix(_ m: Mixer, _ p: UnsafeMutablePointer<Float>, _ n: Int) {
                for i in 0..<n { p[i] *= m.gain }
            }
            """)
        #expect(said.isEmpty, "\(said)")
    }

    private static let planted = [
        "MARKS func f(_ a: inout [Float]) { a.append(1) }",
        "final class C {}; MARKS func f() -> C { C() }",
        "MARKS func f(_ x: Int) -> String { \"\\(x)\" }",
        "protocol P { func go() }; MARKS func f(_ p: any P) { p.go() }",
        "import Synchronization; MARKS func f(_ a: borrowing Atomic<Int>) "
            + "{ a.store(1, ordering: .relaxed) }",
    ]

    @Test("refuses an array, an object, a string, an existential and a bare atomic")
    func refusesPlanted() throws {
        for code in Self.planted {
            let said = try compile(code.replacingOccurrences(of: "MARKS ", with: Self.marks))
            #expect(!said.isEmpty, "\(code)")
            #expect(!said.contains("expected"), "a slip of the test itself: \(said)")
        }
    }

    @Test("an array append between the marks of FlowCore fails the build's own flags")
    func packageHasTheFlag() throws {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Package.swift")
        let text = try String(contentsOf: package, encoding: .utf8)
        #expect(text.contains("\"-experimental-performance-annotations\""))
        #expect(!text.contains("\"-Ounchecked\""))
        #expect(!text.contains("\"-wmo\""))
    }
}
