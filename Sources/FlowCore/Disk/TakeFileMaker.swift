/// Makes a take's files: whole and named by their contents, or not there at all.
///
/// Four calls, each needed to survive a power cut: write to `tmp-…`, sync, rename to
/// `<sha256>.wav`, sync the folder.
///
/// - Thread: take, or the one that files loops.
struct TakeFileMaker: Sendable {
    private static let framesPerWrite: UInt64 = 16_384
    private static let temporaryPrefix = "tmp-"

    let files: any FileSystem
    let folder: String

    /// A file that is there to stay.
    struct MadeFile {
        let sha: TakeSha
        let byteCount: Int
    }

    /// Writes ranges of a source one after the other into one stereo file.
    func make(
        name: String, ranges: [Range<UInt64>], sound: TakeSound, sampleRateHz: Int
    ) throws(FileError) -> MadeFile {
        let frameCount = ranges.reduce(0) { $0 + UInt64($1.count) }
        return try make(
            name: name, frameCount: frameCount, sampleRateHz: sampleRateHz
        ) { file throws(FileError) in try copy(ranges, of: sound, to: &file) }
    }

    /// Writes a loop as it lies in memory into one stereo file.
    func make(name: String, loop: LoopView, sampleRateHz: Int) throws(FileError) -> MadeFile {
        try make(
            name: name, frameCount: UInt64(loop.frames), sampleRateHz: sampleRateHz
        ) { file throws(FileError) in
            try file.add(UnsafeRawBufferPointer(start: loop.samples, count: 8 * loop.frames))
        }
    }

    private func make(
        name: String, frameCount: UInt64, sampleRateHz: Int,
        fill: (inout HashedFile) throws(FileError) -> Void
    ) throws(FileError) -> MadeFile {
        let temporary = joinPath(folder, Self.temporaryPrefix + name)
        let header = WavHeader(
            channelCount: 2, sampleRateHz: sampleRateHz, frameCount: frameCount)
        let file = try files.begin(temporary, in: folder)
        let sha: TakeSha
        do {
            var hashed = HashedFile(file: file)
            try hashed.add(header)
            try fill(&hashed)
            sha = hashed.finish()
            try file.sync()
            try files.rename(temporary, to: joinPath(folder, sha.hex + ".wav"))
        } catch {
            try? files.remove(temporary)
            throw error
        }
        try files.syncFolder(folder)
        return MadeFile(sha: sha, byteCount: Int(header.byteOffset(of: frameCount)))
    }

    /// Removes what a killed engine left half done.
    func removeTemporaries() {
        guard let names = try? files.names(in: folder) else { return }
        for name in names where name.hasPrefix(Self.temporaryPrefix) {
            try? files.remove(joinPath(folder, name))
        }
    }

    private func copy(
        _ ranges: [Range<UInt64>], of sound: TakeSound, to file: inout HashedFile
    ) throws(FileError) {
        let buffer = UnsafeMutablePointer<Float>.allocate(capacity: 2 * Int(Self.framesPerWrite))
        defer { buffer.deallocate() }
        for range in ranges {
            var at = range.lowerBound
            while at < range.upperBound {
                let end = min(range.upperBound, at + Self.framesPerWrite)
                try sound.read(at..<end, into: buffer)
                try file.add(UnsafeRawBufferPointer(start: buffer, count: 8 * Int(end - at)))
                at = end
            }
        }
    }
}

/// A new file that is written from its beginning on, and hashed meanwhile.
private struct HashedFile {
    private let file: any RawFile
    private var hash = Sha256()
    private var offset: UInt64 = 0

    init(file: any RawFile) { self.file = file }

    mutating func add(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        hash.add(bytes)
        try file.writeAll(bytes, at: offset)
        offset += UInt64(bytes.count)
    }

    mutating func add(_ header: WavHeader) throws(FileError) {
        let bytes = header.encoded()
        bytes.withUnsafeBytes { hash.add($0) }
        try file.writeAll(bytes, at: offset)
        offset += UInt64(bytes.count)
    }

    mutating func finish() -> TakeSha { hash.finish() }
}

/// The hash that the name of a file in the audio folder promises; nil for one named in another way.
private func promisedHash(_ path: String) -> Substring? {
    let name = path.split(separator: "/").last ?? ""
    return name.hasSuffix(".wav") && name.utf8.count == 68 ? name.dropLast(4) : nil
}

extension RawFile {
    /// Whether the file is what its name in the audio folder promises: its contents' hash.
    ///
    /// A file that is named in another way promises nothing.
    func isNamedByContents(_ path: String) throws(FileError) -> Bool {
        guard let promised = promisedHash(path) else { return true }
        let bytesPerRead = 1 << 17
        var hash = Sha256()
        var offset: UInt64 = 0
        while true {
            let bytes = try readArray(of: bytesPerRead, at: offset)
            bytes.withUnsafeBytes { hash.add($0) }
            if bytes.count < bytesPerRead { return hash.finish().hex == promised }
            offset += UInt64(bytes.count)
        }
    }

    /// As `isNamedByContents`, of a file whose frames are in memory: what was read is what is checked.
    func isNamed(_ path: String, byHeaderAnd frames: StereoFrames) throws(FileError) -> Bool {
        guard let promised = promisedHash(path) else { return true }
        var hash = Sha256()
        let header = try readArray(of: WavHeader.byteCount, at: 0)
        header.withUnsafeBytes { hash.add($0) }
        hash.add(UnsafeRawBufferPointer(frames.bytes))
        // Less than a frame, behind the last one.
        let rest = try readArray(of: 8, at: UInt64(header.count + frames.byteCount))
        rest.withUnsafeBytes { hash.add($0) }
        return hash.finish().hex == promised
    }
}
