import Foundation

/// Writes the files of one log; everything is appended, nothing is changed.
///
/// - Thread: any but audio; not from two at once.
final class LogFolder {
    let path: String
    private let lines: FileHandle
    private let input: FileHandle?
    private var pending = Data()
    private var pendingInput = Data()
    private let encoder = JSONEncoder()

    /// Makes the folder, which must not be a log already; without a header it gets no `input.wav`.
    init(path: String, inputHeader: Data?) throws {
        self.path = path
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let files = FileManager.default
        try files.createDirectory(atPath: path + "/loops", withIntermediateDirectories: true)
        let file = path + "/" + LogLine.fileName
        guard !files.fileExists(atPath: file) else { throw CocoaError(.fileWriteFileExists) }
        lines = try LogFolder.make(file)
        input = inputHeader == nil ? nil : try LogFolder.make(path + "/" + LogLine.inputName)
        pendingInput = inputHeader ?? Data()
    }

    func add(_ line: LogLine) throws {
        pending += try encoder.encode(line)
        pending.append(10)
    }

    func addInput(_ samples: UnsafePointer<Float>, count: Int) {
        pendingInput += Data(bytes: samples, count: 4 * count)
    }

    /// Hands what was added to the system: it outlives the process.
    func flush() throws {
        if let input, !pendingInput.isEmpty {
            try input.write(contentsOf: pendingInput)
            pendingInput = Data()
        }
        guard !pending.isEmpty else { return }
        try lines.write(contentsOf: pending)
        pending = Data()
    }

    /// Makes it outlive the machine.
    func sync() throws {
        try input?.synchronize()
        try lines.synchronize()
    }

    /// Keeps a loop's samples and returns their name; the same loop is kept once.
    func keep(_ audio: LoopAudio) throws -> (file: String, sha: String) {
        let bytes = UnsafeRawBufferPointer(start: audio.samples, count: 8 * audio.frameCount)
        let sha = TakeSha.of(bytes).hex
        let name = "loops/\(sha).f32"
        let place = path + "/" + name
        if !FileManager.default.fileExists(atPath: place) {
            try Data(bytes).write(to: URL(fileURLWithPath: place), options: .atomic)
        }
        return (name, sha)
    }

    private static func make(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw CocoaError(.fileWriteNoPermission) }
        return file
    }
}
