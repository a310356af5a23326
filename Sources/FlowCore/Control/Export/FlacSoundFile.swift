import CFlowLeaf

/// 24-bit FLAC through libsndfile, which is loaded at run time; without it there is none.
///
/// - Thread: export.
final class FlacSoundFile: SoundFile {
    /// Whether this machine can write FLAC.
    static var isPossible: Bool { flow_flac_is_there() == 1 }

    private static let bytesPerRead = 1 << 20

    private let files: any FileSystem
    private let path: String
    private var flac: OpaquePointer?
    private var quantizer = Quantizer()
    private var words: [Int32] = []

    var clipCount: Int { quantizer.clipCount }

    /// `path` is a file that exists; it is emptied.
    ///
    /// Throws `encoder` when libsndfile does not take it.
    init(files: any FileSystem, path: String, sampleRateHz: Int) throws(ExportError) {
        self.files = files
        self.path = path
        var opened: OpaquePointer?
        guard flow_flac_create(path, UInt32(sampleRateHz), 2, &opened) == 0, let opened else {
            throw .encoder
        }
        flac = opened
    }

    deinit {
        if let flac { _ = flow_flac_close(flac) }
    }

    func write(_ samples: UnsafePointer<Float>, frames: Int) throws(ExportError) {
        guard let flac else { throw .encoder }
        words.removeAll(keepingCapacity: true)
        // libsndfile takes the upper bits of each word.
        for index in 0..<2 * frames { words.append(quantizer.word(samples[index]) << 8) }
        if flow_flac_write(flac, words, UInt64(frames)) != 0 { throw .encoder }
    }

    func finish() throws(ExportError) -> (sha: TakeSha, bytes: UInt64) {
        guard let open = flac else { throw .encoder }
        flac = nil
        if flow_flac_close(open) != 0 { throw .encoder }
        do throws(FileError) {
            let file = try files.open(path, writable: true)
            defer { file.close() }
            try file.sync()
            return try digest(file)
        } catch {
            throw .file(error)
        }
    }

    /// The encoder goes back to its header at the end, so the bytes are read once more.
    private func digest(_ file: any RawFile) throws(FileError) -> (sha: TakeSha, bytes: UInt64) {
        let count = try file.byteCount()
        var hash = Sha256()
        var at: UInt64 = 0
        while at < count {
            let bytes = try file.readArray(of: Self.bytesPerRead, at: at)
            if bytes.isEmpty { throw FileError(.read, path: path, code: FileError.damaged) }
            bytes.withUnsafeBytes { hash.add($0) }
            at += UInt64(bytes.count)
        }
        return (hash.finish(), at)
    }
}
