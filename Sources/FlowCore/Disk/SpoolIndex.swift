/// `index.jsonl`: one line per complete segment and per gap, beside the segments.
///
/// A help, not the truth: what it lacks is found from the files. Lines that cannot be written
/// now are kept and written with the next ones; a line that comes twice does no harm. A gap's comes
/// twice and with a check, for nothing else tells its silence from sound.
///
/// - Thread: sync.
final class SpoolIndex: @unchecked Sendable {
    /// One line.
    enum Line: Equatable {
        case segment(first: UInt64, frames: UInt64, crc: UInt32)
        case gap(Range<UInt64>)
        /// An engine began without the second folder.
        case unseen(UnseenSecond)

        var text: String {
            switch self {
            case .segment(let first, let frames, let crc):
                "{\"first\":\(first),\"frames\":\(frames),\"crc\":\(crc)}\n"
            case .gap(let range):
                Self.checked("\"gap\":\(range.lowerBound),\"frames\":\(range.count)")
            case .unseen(let second):
                Self.checked(
                    "\"turn\":\(second.turn),\"synced\":\(second.syncedEnd),\"start\":\(second.startFrame)"
                )
            }
        }

        private static func checked(_ fields: String) -> String {
            var crc = Crc32()
            Array(fields.utf8).withUnsafeBytes { crc.add($0) }
            return "{\(fields),\"check\":\(crc.value)}\n"
        }

        /// Reads what `text` wrote.
        ///
        /// - Returns: nil for anything else: a torn last line, or somebody's note.
        init?(_ text: Substring) {
            guard text.hasPrefix("{"), text.hasSuffix("}") else { return nil }
            var fields: [Substring: UInt64] = [:]
            for pair in text.dropFirst().dropLast().split(separator: ",") {
                let parts = pair.split(separator: ":")
                guard parts.count == 2, let value = UInt64(parts[1]) else { return nil }
                fields[parts[0]] = value
            }
            if let turn = fields["\"turn\""], let end = fields["\"synced\""],
                let start = fields["\"start\""]
            {
                guard turn < 1 << 20, end < 1 << 53, start < 1 << 53 else { return nil }
                self = .unseen(
                    UnseenSecond(turn: Int(turn), syncedEnd: end, startFrame: start))
                if text != self.text.dropLast() { return nil }
                return
            }
            guard let frames = fields["\"frames\""], frames < 1 << 53 else { return nil }
            if let first = fields["\"first\""], let crc = fields["\"crc\""] {
                guard first < 1 << 53, let crc = UInt32(exactly: crc) else { return nil }
                self = .segment(first: first, frames: frames, crc: crc)
            } else if let gap = fields["\"gap\""], gap < 1 << 53 {
                let range = gap..<gap + frames
                self = .gap(range)
                // Lines of before have no check.
                let bare = "{\"gap\":\(gap),\"frames\":\(frames)}"
                guard text == self.text.dropLast() || text == bare else { return nil }
            } else {
                return nil
            }
        }
    }

    private let files: any FileSystem
    private var pending = ""
    /// A gap that was added is not in a file yet.
    private(set) var hasUnwrittenGap = false

    static let name = "index.jsonl"

    init(files: any FileSystem) { self.files = files }

    /// The lines of both places of a run.
    static func lines(files: any FileSystem, folder: String) -> [Line] {
        [folder, SpoolLayout.second(of: folder)].flatMap {
            lines(files: files, path: joinPath($0, name))
        }
    }

    /// The lines that are on disk; none when there is no index.
    static func lines(files: any FileSystem, path: String) -> [Line] {
        guard let file = try? files.open(path, writable: false),
            let count = try? file.byteCount(), count < 1 << 30,
            let bytes = try? file.readArray(of: Int(count), at: 0)
        else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap(Line.init)
    }

    func add(_ line: Line) {
        pending += line.text
        guard case .gap = line else { return }
        // Apart by more than the end of a line: one byte that changes leaves one of them.
        pending += "\n" + line.text
        hasUnwrittenGap = true
    }

    /// Writes and syncs the lines added since the last time that this worked, into this folder's index.
    ///
    /// When that fails they stay for the next time; what was torn is no line.
    func flush(in folder: String) { try? write(in: folder) }

    /// The same, where it matters whether it worked.
    func write(in folder: String) throws(FileError) {
        if pending.isEmpty { return }
        let file = try openFile(joinPath(folder, Self.name))
        // Behind a torn line a new one would be lost with it.
        let end = try file.byteCount()
        let start = end == 0 ? "" : "\n"
        try file.writeAll(Array((start + pending).utf8), at: end)
        try file.sync()
        pending = ""
        hasUnwrittenGap = false
    }

    private func openFile(_ path: String) throws(FileError) -> any RawFile {
        do {
            return try files.open(path, writable: true)
        } catch  where error.code == FileError.missing {
            return try files.create(path)
        }
    }
}
