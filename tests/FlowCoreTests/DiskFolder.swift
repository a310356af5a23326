import Testing

@testable import FlowCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A real folder for one test; gone with it.
final class DiskFolder {
    let path: String

    init() throws {
        let root = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((root + "/flowzone-disk-XXXXXX").utf8CString)
        try #require(mkdtemp(&template) != nil)
        // The pointer that mkdtemp returns is gone with the call; the name is in the template.
        let name = template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        path = String(decoding: name, as: UTF8.self)
    }

    deinit { diskShell("rm -rf '\(path)'") }

    var audio: String { path + "/audio" }
    var spool: String { path + "/spool/0a0b0c" }
}

/// Runs a line of shell.
///
/// - Returns: Its exit code, and what it printed.
@discardableResult
func diskShell(_ line: String) -> (code: Int32, text: String) {
    guard let pipe = popen("(" + line + ") 2>&1", "r") else { return (-1, "") }
    var text = ""
    var buffer = [CChar](repeating: 0, count: 4096)
    while fgets(&buffer, Int32(buffer.count), pipe) != nil {
        text += String(
            decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
    let status = pclose(pipe)
    return (status >> 8 & 255, text)
}

func diskHasProgram(_ name: String) -> Bool { diskShell("command -v \(name)").code == 0 }

/// Reports that other threads post, and a wait for the one that is looked for.
final class DiskListener: @unchecked Sendable {
    private let monitor = DiskMonitor()
    private var reports: [DiskReport] = []

    func post(_ report: DiskReport) {
        monitor.locked { reports.append(report) }
        monitor.ring()
    }

    var all: [DiskReport] { monitor.locked { reports } }

    /// What was declared lost.
    var gaps: [Range<UInt64>] {
        all.compactMap { report in
            if case .gap(let from, let end, _, _) = report { from..<end } else { nil }
        }
    }

    /// Waits for a report; fails the test after a minute without it.
    func first<Found>(_ match: (DiskReport) -> Found?) throws -> Found {
        let deadline = monotonicMs() + 60_000
        while true {
            let seen = monitor.ringCount
            if let found = all.lazy.compactMap(match).first { return found }
            try #require(monotonicMs() < deadline, "no such report in \(all)")
            monitor.wait(after: seen, timeoutMs: 100)
        }
    }

    func takeFile(_ id: TakeID, _ part: TakePart) throws -> (sha: TakeSha, preRollFrames: Int) {
        try first { report in
            guard case .takeFile(id, let sha, _, part, let preRollFrames) = report else {
                return nil
            }
            return (sha, preRollFrames)
        }
    }

    func hasSpooled(_ id: TakeID) -> Bool {
        all.contains { report in
            if case .takeSpooled(id) = report { true } else { false }
        }
    }

    func takeSpooled(_ id: TakeID) throws {
        _ = try first { report -> Bool? in
            if case .takeSpooled(id) = report { true } else { nil }
        }
    }

    func takeLoaded(_ id: TakeID) throws -> (code: UInt32, audio: LoopAudio?) {
        try first { report in
            guard case .takeLoaded(id, let code, let audio) = report else { return nil }
            return (code, audio)
        }
    }
}

/// A file system of its own on a folder; gone with it.
final class DiskMount {
    static let isAllowed =
        getuid() == 0
        && diskShell("d=$(mktemp -d) && mount -t tmpfs tmpfs $d && umount $d && rmdir $d").code == 0

    private let path: String

    init(_ path: String, size: String) throws {
        self.path = path
        let mount = diskShell("mount -t tmpfs -o size=\(size) tmpfs '\(path)'")
        try #require(mount.code == 0, "\(mount.text)")
    }

    deinit { diskShell("umount '\(path)' || umount -l '\(path)'") }
}
