import Foundation

/// Where the states of plug-ins are kept.
protocol StateStore: Sendable {
    /// Reads the states of an order, each nil when it is not there or not what its name says.
    func read(
        _ order: PluginOrder, _ answer: @escaping @Sendable ([UInt8]?, [UInt8]?) -> Void)

    /// Writes a state; `answer` is called when it survives a power cut, with nil when it does not.
    func write(_ state: [UInt8], _ answer: @escaping @Sendable (TakeSha?) -> Void)

    /// Ends it after what waits, or when the time is over.
    func stop(deadlineMs: Int)
}

/// The states of plug-ins on disk: each in a file named by its contents, whole or not there.
///
/// Reading and writing may take as long as the disk likes; nobody waits for it.
///
/// - Thread: any; the answers come on its own.
final class StateFiles: StateStore, @unchecked Sendable {
    private let files: any FileSystem
    private let folder: String
    private let lock = NSLock()
    private var jobs: [() -> Void] = []
    private let thread = WorkThread()
    private var isStarted = false

    /// `folder` empty = states live as long as the engine.
    init(folder: String, files: any FileSystem = PosixFileSystem()) {
        self.folder = folder
        self.files = files
    }

    func read(
        _ order: PluginOrder, _ answer: @escaping @Sendable ([UInt8]?, [UInt8]?) -> Void
    ) {
        queue { [self] in
            answer(
                order.statePath.flatMap(contents), order.earlierStatePath.flatMap(contents))
        }
    }

    func write(_ state: [UInt8], _ answer: @escaping @Sendable (TakeSha?) -> Void) {
        guard !folder.isEmpty else { return }
        queue { [self] in
            let sha = Self.sha(of: state)
            let path = joinPath(folder, sha.hex + ".state")
            do {
                if contents(of: path) == nil {
                    try make(state, path)
                } else {
                    // It is new again to whoever removes what nobody names.
                    try files.touch(path)
                    try files.syncFolder(folder)
                }
                answer(sha)
            } catch {
                // The newest state is asked for again with the next change; memory has it meanwhile.
                answer(nil)
            }
        }
    }

    func stop(deadlineMs: Int) {
        let end = Date(timeIntervalSinceNow: Double(deadlineMs) / 1_000)
        while Date() < end, lock.withLock({ isStarted && (isBusy || !jobs.isEmpty) }) {
            usleep(2_000)
        }
        lock.withLock { jobs = [] }
        if lock.withLock({ isStarted && !isBusy }) { thread.stop() }
    }

    private var isBusy = false

    private func queue(_ job: @escaping () -> Void) {
        lock.withLock {
            jobs.append(job)
            if !isStarted {
                isStarted = true
                thread.start("fz-states") { [self] in work() }
            }
        }
        thread.ring()
    }

    private func work() -> Int {
        while true {
            let job = lock.withLock { () -> (() -> Void)? in
                isBusy = !jobs.isEmpty
                return jobs.isEmpty ? nil : jobs.removeFirst()
            }
            guard let job else { return 60_000 }
            job()
        }
    }

    private func make(_ state: [UInt8], _ path: String) throws(FileError) {
        let temporary = joinPath(folder, "tmp-state")
        let file: any RawFile
        do {
            file = try files.create(temporary)
        } catch {
            switch error.code {
            case FileError.missing: try files.makeFolder(folder)
            case FileError.nameTaken: try files.remove(temporary)
            default: throw error
            }
            file = try files.create(temporary)
        }
        do {
            try Self.fill(file, state)
            try file.sync()
            try files.rename(temporary, to: path)
        } catch {
            try? files.remove(temporary)
            throw error
        }
        try files.syncFolder(folder)
    }

    private static func fill(_ file: any RawFile, _ state: [UInt8]) throws(FileError) {
        var failure: FileError?
        state.withUnsafeBytes { bytes in
            do throws(FileError) { try file.writeAll(bytes, at: 0) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// The state in a file, if its name is the hash of it.
    private func contents(of path: String) -> [UInt8]? {
        guard let file = try? files.open(path, writable: false),
            let count = try? file.byteCount(), count <= UInt64(StateFiles.bytesMax)
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(count))
        var at = 0
        while at < bytes.count {
            let read = bytes.withUnsafeMutableBytes { buffer in
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[at...])
                return (try? file.read(into: rest, at: UInt64(at))) ?? 0
            }
            guard read > 0 else { return nil }
            at += read
        }
        return path.hasSuffix("/" + Self.sha(of: bytes).hex + ".state") ? bytes : nil
    }

    private static let bytesMax = 64 << 20

    static func sha(of bytes: [UInt8]) -> TakeSha {
        var sha = Sha256()
        bytes.withUnsafeBytes { sha.add($0) }
        return sha.finish()
    }
}
