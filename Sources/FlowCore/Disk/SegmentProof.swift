/// `seg-000000000000.crc` beside a segment: the checksum of its sound up to each point at which it
/// was synced, so that what rotted since is not taken for sound.
///
/// A point is written when the sound before it is on disk, never earlier: after a power cut points
/// can be missing, and sound without a point is read unchecked, but no point accuses sound that is
/// as it was. A point that is torn or rotten itself is none.
struct SegmentProof {
    /// Bytes of a point: frames, checksum of their sound, checksum of these two.
    static let pointBytes = 16
    /// Far more than a segment's syncs make.
    private static let bytesMax: UInt64 = 1 << 24

    /// The checksum of the first `frames` frames.
    struct Point: Equatable {
        let frames: UInt64
        let crc: Crc32

        var bytes: [UInt8] {
            let words = [UInt32(truncatingIfNeeded: frames), UInt32(frames >> 32), crc.value]
            let body = words.flatMap(Self.bytes)
            return body + Self.bytes(Self.check(body))
        }

        init(frames: UInt64, crc: Crc32) {
            self.frames = frames
            self.crc = crc
        }

        /// - Returns: nil for anything that `bytes` did not write.
        init?(_ bytes: ArraySlice<UInt8>) {
            guard bytes.count == pointBytes else { return nil }
            let words = bytes.withUnsafeBytes { raw in
                (0..<4).map {
                    UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))
                }
            }
            guard Self.check(Array(bytes.prefix(12))) == words[3] else { return nil }
            frames = UInt64(words[0]) | UInt64(words[1]) << 32
            crc = Crc32(after: words[2])
        }

        private static func check(_ body: [UInt8]) -> UInt32 {
            var crc = Crc32()
            body.withUnsafeBytes { crc.add($0) }
            return crc.value
        }

        private static func bytes(_ word: UInt32) -> [UInt8] {
            (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) }
        }
    }

    /// Frames between two points, and the checksums before and behind them.
    struct Block {
        let frames: Range<UInt64>
        let before: Crc32
        let behind: Crc32
    }

    let blocks: [Block]

    /// Of the segment at a path; empty when nothing is known of it.
    init(files: any FileSystem, ofSegmentAt path: String) {
        guard let file = try? files.open(Self.path(ofSegmentAt: path), writable: false),
            let count = try? file.byteCount(), count < Self.bytesMax,
            let bytes = try? file.readArray(of: Int(count), at: 0)
        else {
            blocks = []
            return
        }
        var found: [Block] = []
        var last = Point(frames: 0, crc: Crc32())
        for at in stride(from: 0, to: bytes.count, by: Self.pointBytes) {
            let end = min(at + Self.pointBytes, bytes.count)
            guard let point = Point(bytes[at..<end]), point.frames > last.frames else { continue }
            found.append(
                Block(
                    frames: last.frames..<point.frames, before: last.crc, behind: point.crc))
            last = point
        }
        blocks = found
    }

    /// Has a segment proven to its end, every frame of which is on disk.
    ///
    /// Thread: write, before the segment is read. A disk that does not take the proof costs no sound. The
    /// answer is the checksum of all its sound: of proven frames as they were, not as they are.
    static func complete(
        files: any FileSystem, ofSegmentAt path: String, _ file: any RawFile, _ header: WavHeader
    ) throws(FileError) -> Crc32 {
        let known = SegmentProof(files: files, ofSegmentAt: path).blocks
            .filter { $0.frames.upperBound <= header.frameCount }
            .map { Point(frames: $0.frames.upperBound, crc: $0.behind) }
        let last = known.last ?? Point(frames: 0, crc: Crc32())
        let rest = header.byteOffset(of: last.frames)..<header.byteOffset(of: header.frameCount)
        let crc = try file.checksum(of: rest, after: last.crc)
        if rest.isEmpty { return crc }
        let points = known + [Point(frames: header.frameCount, crc: crc)]
        try? write(points, files: files, to: Self.path(ofSegmentAt: path))
        return crc
    }

    /// The old points count until the new ones do.
    private static func write(
        _ points: [Point], files: any FileSystem, to path: String
    ) throws(FileError) {
        let temporary = path + ".tmp"
        try? files.remove(temporary)
        let file = try files.create(temporary)
        try file.writeAll(points.flatMap(\.bytes), at: 0)
        try file.sync()
        try files.rename(temporary, to: path)
    }

    static func path(ofSegmentAt path: String) -> String {
        (path.hasSuffix(".wav") ? String(path.dropLast(4)) : path) + ".crc"
    }
}

/// Writes the points of one segment.
///
/// - Thread: sync. A disk that does not take them costs the proof, not the sound.
final class SegmentProofWriter: @unchecked Sendable {
    private var file: (any RawFile)?
    private var pointCount: UInt64 = 0

    /// Makes the file, empty, whatever an older segment of that name left.
    func open(files: any FileSystem, ofSegmentAt segmentPath: String) {
        if file != nil { return }
        let path = SegmentProof.path(ofSegmentAt: segmentPath)
        do throws(FileError) {
            do {
                file = try files.create(path)
            } catch  where error.code == FileError.nameTaken {
                let old = try files.open(path, writable: true)
                try old.truncate(to: 0)
                file = old
            }
        } catch {
            file = nil
        }
    }

    func add(_ point: SegmentProof.Point) {
        let offset = pointCount * UInt64(SegmentProof.pointBytes)
        guard let file, (try? file.writeAll(point.bytes, at: offset)) != nil else { return }
        pointCount += 1
    }

    func sync() { try? file?.sync() }
}
