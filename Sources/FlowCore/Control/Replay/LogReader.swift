import Foundation

/// A log in memory, checked: what a replay does, in order.
struct LogReader {
    /// What comes before or at a frame, in the order of the log.
    enum Step {
        case loop(id: TakeID, file: String, sha: String, frames: Int, framesPerBeat: Double)
        case group(at: Int64, [CoreCommand])
    }

    let folder: String
    let engine: LoggedEngine
    private(set) var steps: [Step] = []
    /// SHA-256 of each whole second, and the CRC-32 of its parts.
    private(set) var seconds: [(sha: String, parts: String)] = []
    /// Frames and SHA-256 of the whole master; nil when the run did not end in order.
    private(set) var end: (frames: Int64, sha: String)?

    /// Why a log cannot be repeated.
    struct Fault: Error {
        let says: String
        var code = ErrorCode.logFile
    }

    /// `path` is the folder or its `log.jsonl`.
    init(path: String) throws(Fault) {
        let isFile = path.hasSuffix("/" + LogLine.fileName) || path == LogLine.fileName
        folder = isFile ? String(path.dropLast(LogLine.fileName.count)) + "." : path
        let file = folder + "/" + LogLine.fileName
        guard let data = FileManager.default.contents(atPath: file) else {
            throw Fault(says: "\(file) cannot be read")
        }
        var lines = data.split(separator: 10, omittingEmptySubsequences: false)
        // What follows the last line feed was being written when the run was killed.
        lines.removeLast()
        let decoder = JSONDecoder()
        guard let first = lines.first, let head = try? decoder.decode(LogLine.self, from: first),
            head.t == .log, let engine = head.engine
        else { throw Fault(says: "\(file) is not a log of FlowZone") }
        guard head.version == LogLine.version else {
            throw Fault(says: "the log has format \(head.version ?? 0), not \(LogLine.version)")
        }
        guard head.abi == fz_abi_hash() else {
            throw Fault(says: "the log is of another build: its commands may mean something else")
        }
        guard !engine.isAdopted, engine.firstFrame == 0 else {
            let says = "It begins at frame \(engine.firstFrame)."
            throw Fault(says: says, code: ErrorCode.logContinued)
        }
        self.engine = engine
        for (index, bytes) in lines.enumerated().dropFirst() {
            guard let line = try? decoder.decode(LogLine.self, from: bytes) else {
                throw Fault(says: "line \(index + 1) of \(file) is damaged")
            }
            guard try take(line) else {
                throw Fault(says: "line \(index + 1) of \(file) makes no sense")
            }
        }
    }

    /// Returns whether the line has what its kind needs.
    private mutating func take(_ line: LogLine) throws(Fault) -> Bool {
        switch line.t {
        case .log: return false
        case .xrun, .gap: return true
        case .broken: throw Fault(says: "the log is broken: \(line.says ?? "")")
        case .second:
            guard line.n == Int64(seconds.count), let sha = line.sha, let parts = line.parts
            else { return false }
            seconds.append((sha, parts))
        case .refused:
            guard let kind = line.kind, let token = line.token else { return false }
            return refuse(kind, token)
        case .end:
            guard end == nil, let frames = line.frames, let sha = line.sha else { return false }
            end = (frames, sha)
        case .loop:
            guard let id = line.id.flatMap(TakeID.init(hex:)), let file = line.file,
                let sha = line.sha, let frames = line.frames, frames > 0,
                frames < 1 << 32, let beat = line.framesPerBeat, beat >= 1
            else { return false }
            steps.append(
                .loop(id: id, file: file, sha: sha, frames: Int(frames), framesPerBeat: beat))
        case .group:
            guard let at = line.at, at >= 0, let commands = line.commands, !commands.isEmpty,
                commands.count <= Limits.groupCountMax
            else { return false }
            var group: [CoreCommand] = []
            for (index, logged) in commands.enumerated() {
                let count = index == 0 ? commands.count : 0
                guard let command = logged.command(takeFrame: at, groupCount: count),
                    command.slot >= 0
                else { return false }
                guard command.code != .chainSet || command.id.isNone() else {
                    throw Fault(says: "the run had plug-ins")
                }
                group.append(command)
            }
            steps.append(.group(at: at, group))
        }
        return true
    }

    /// Samples of a loop, checked against its SHA-256.
    func loop(_ file: String, sha: String, frames: Int) throws(Fault) -> LoopAudio {
        let path = folder + "/" + file
        guard let data = FileManager.default.contents(atPath: path), data.count == 8 * frames,
            data.withUnsafeBytes({ TakeSha.of($0).hex }) == sha
        else { throw Fault(says: "\(path) is missing or damaged") }
        let samples = UnsafeMutablePointer<Float>.allocate(capacity: 2 * frames)
        data.withUnsafeBytes { bytes in
            UnsafeMutableRawPointer(samples).copyMemory(
                from: bytes.baseAddress.unsafelyUnwrapped, byteCount: 8 * frames)
        }
        return LoopAudio(samples: samples, frameCount: frames, preRoll: nil, preRollFrames: 0)
    }

    /// Takes the effect away from the newest command of that name; false when there is none.
    private mutating func refuse(_ kind: UInt32, _ token: UInt32) -> Bool {
        for step in steps.indices.reversed() {
            guard case .group(let at, var group) = steps[step],
                let index = group.lastIndex(where: { $0.kind == kind && $0.token == token })
            else { continue }
            group[index].code = .mark
            steps[step] = .group(at: at, group)
            return true
        }
        return false
    }
}
