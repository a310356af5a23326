/// Makes a segment that an engine before this one left whole.
///
/// Its length is believed as far as it was synced. What lies behind may never reach the disk, whatever a
/// sync says now: after one that failed the system takes what it could not save for saved; and it may be the
/// silence of a gap that nobody has declared yet. Memory gives these frames once more, or they are a gap.
///
/// - Thread: write.
struct SegmentMend {
    struct Place {
        let folder: String
        let firstFrame: UInt64
        let turn: Int

        var path: String {
            joinPath(folder, SegmentName.make(firstFrame: firstFrame, turn: turn))
        }
    }

    /// Frames that survive a power cut.
    struct Piece {
        let frames: Range<UInt64>
        /// What the index lacks; nil when it knows them.
        let newLine: SpoolIndex.Line?
    }

    let files: any FileSystem
    let layout: SpoolLayout
    /// What the engine before had synced.
    let durableEnd: UInt64

    /// What is left of a segment when the next one takes over at `end` and the index says that it has
    /// `indexedFrames`; nil when that is nothing.
    func run(
        _ place: Place, end: UInt64, indexedFrames: UInt64?
    ) throws(FileError) -> Piece? {
        let first = place.firstFrame
        let file = try files.open(place.path, writable: true)
        let found = layout.header(frameCount: 0).frames(inFileOf: try file.byteCount())
        let synced = durableEnd - min(durableEnd, first)
        let frames = min(found, synced, end - first, indexedFrames ?? .max)
        if frames == 0 {
            try files.remove(place.path)
            return nil
        }
        let range = first..<first + frames
        if frames == indexedFrames && frames == found {
            try? file.release()
            return Piece(frames: range, newLine: nil)
        }
        let header = layout.header(frameCount: frames)
        // Whether the cut can be synced changes nothing about what was durable before.
        try? file.truncate(to: header.byteOffset(of: frames))
        try? file.writeWavHeader(header)
        try? file.sync()
        let crc = try SegmentProof.complete(files: files, ofSegmentAt: place.path, file, header)
        return Piece(
            frames: range, newLine: .segment(first: first, frames: frames, crc: crc.value))
    }
}
