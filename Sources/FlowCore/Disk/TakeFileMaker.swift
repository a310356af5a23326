/// Makes a take's files: whole and named by their contents, or not there at all.
///
/// Four calls, each needed to survive a power cut: write to `tmp-…`, sync, rename to
/// `<sha256>.wav`, sync the folder.
///
/// - Thread: take.
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
        let temporary = joinPath(folder, Self.temporaryPrefix + name)
        let frameCount = ranges.reduce(0) { $0 + UInt64($1.count) }
        let header = WavHeader(
            channelCount: 2, sampleRateHz: sampleRateHz, frameCount: frameCount)
        let file = try create(temporary)
        let sha: TakeSha
        do {
            sha = try fill(file, header: header, ranges: ranges, sound: sound)
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

    private func create(_ path: String) throws(FileError) -> any RawFile {
        do {
            return try files.create(path)
        } catch {
            switch error.code {
            case FileError.missing: try files.makeFolder(folder)
            case FileError.nameTaken: try files.remove(path)
            default: throw error
            }
            return try files.create(path)
        }
    }

    private func fill(
        _ file: any RawFile, header: WavHeader, ranges: [Range<UInt64>], sound: TakeSound
    ) throws(FileError) -> TakeSha {
        let buffer = UnsafeMutablePointer<Float>.allocate(capacity: 2 * Int(Self.framesPerWrite))
        defer { buffer.deallocate() }
        var hash = Sha256()
        let head = header.encoded()
        head.withUnsafeBytes { hash.add($0) }
        try file.writeAll(head, at: 0)
        var offset = UInt64(head.count)
        for range in ranges {
            var at = range.lowerBound
            while at < range.upperBound {
                let end = min(range.upperBound, at + Self.framesPerWrite)
                try sound.read(at..<end, into: buffer)
                let bytes = UnsafeRawBufferPointer(start: buffer, count: 8 * Int(end - at))
                hash.add(bytes)
                try file.writeAll(bytes, at: offset)
                offset += UInt64(bytes.count)
                at = end
            }
        }
        return hash.finish()
    }
}

extension RawFile {
    /// Whether the file is what its name in the audio folder promises: its contents' hash.
    ///
    /// A file that is named in another way promises nothing.
    func isNamedByContents(_ path: String) throws(FileError) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        guard name.hasSuffix(".wav"), name.utf8.count == 68 else { return true }
        let bytesPerRead = 1 << 17
        var hash = Sha256()
        var offset: UInt64 = 0
        while true {
            let bytes = try readArray(of: bytesPerRead, at: offset)
            bytes.withUnsafeBytes { hash.add($0) }
            if bytes.count < bytesPerRead { return hash.finish().hex + ".wav" == name }
            offset += UInt64(bytes.count)
        }
    }
}
