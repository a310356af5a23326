import Foundation

/// The list of the master's holes: a file beside it, a line of JSON for each.
///
/// There is none while nothing is missing.
struct MasterGaps {
    struct Gap: Codable, Equatable {
        let fromFrame: Int64
        /// Exclusive.
        let toFrame: Int64
    }

    private let path: String

    init(besideFile path: String) { self.path = path + ".gaps" }

    /// Those of a recording that begins anew are of no use.
    func forget() { try? FileManager.default.removeItem(atPath: path) }

    /// What is listed; a last line that a crash cut off is left out.
    func read() -> [Gap] {
        let lines = FileManager.default.contents(atPath: path) ?? Data()
        return lines.split(separator: UInt8(ascii: "\n")).compactMap {
            try? JSONDecoder().decode(Gap.self, from: Data($0))
        }
    }

    func add(_ gap: Gap) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let line = try encoder.encode(gap) + Data("\n".utf8)
        guard let file = FileHandle(forWritingAtPath: path) else {
            try line.write(to: URL(fileURLWithPath: path))
            return
        }
        try file.seekToEnd()
        try file.write(contentsOf: line)
        try file.close()
    }

    /// Forgets what lies behind `frame`, where the recording begins anew.
    func cut(at frame: Int64) throws {
        let kept = read().filter { $0.fromFrame < frame }
        forget()
        for gap in kept {
            try add(Gap(fromFrame: gap.fromFrame, toFrame: min(gap.toFrame, frame)))
        }
    }
}
