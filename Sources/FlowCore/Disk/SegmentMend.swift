/// Makes a segment that an engine before this one left whole.
///
/// Its length is believed as far as it was synced. What lies behind may never reach the disk, whatever a
/// sync says now: after one that failed the system takes what it could not save for saved; and it may be the
/// silence of a gap that nobody has declared yet. Memory gives these frames once more, or they are a gap.
///
/// - Thread: write.
struct SegmentMend {
    struct Place: Equatable {
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

    /// What the index says of a segment.
    struct IndexedSound {
        let frames: UInt64
        let crc: UInt32
    }

    enum Outcome {
        case kept(Piece)
        /// Nothing of it counts, and it went; what was proven of it is kept apart.
        case gone
        /// Nothing of it counts, and it does not go, or cannot be read.
        case left
    }

    let files: any FileSystem
    let layout: SpoolLayout
    /// There is a second folder, and it cannot be read now: what counts in place of the rest may lie there.
    let isSecondAway: Bool
    /// A file that cannot be read now is tried again: this throws.
    let isPatient: Bool

    /// What is left of a segment when the next one takes over at `end`.
    ///
    /// One bad file costs no other: this throws for what says nothing about the file.
    func run(
        _ place: Place, _ synced: SyncedEnds, end: UInt64, indexed: IndexedSound?
    ) throws(FileError) -> Outcome {
        do throws(FileError) {
            let (file, isWritable) = try open(place.path)
            let first = place.firstFrame
            let found = layout.header(frameCount: 0).frames(inFileOf: try file.byteCount())
            let isDoubtful = isSecondAway || synced.isNoted(place)
            let syncedEnd = max(first, synced.end(of: place))
            var frames = min(found, syncedEnd - first, end - first)
            if let indexed, indexed.frames < frames, fits(indexed, file) {
                frames = indexed.frames
            } else if isDoubtful, indexed?.frames != frames {
                frames = min(frames, provenFrames(place))
            }
            if frames == 0 {
                // The engine before may have begun while the second was away, and told its own end.
                if isDoubtful || provenFrames(place) > 0 {
                    try files.rename(place.path, to: place.path + ".orphan")
                } else {
                    try files.remove(place.path)
                }
                return .gone
            }
            let range = first..<first + frames
            if !isWritable { return .kept(Piece(frames: range, newLine: nil)) }
            if frames == indexed?.frames && frames == found {
                try? file.release()
                return .kept(Piece(frames: range, newLine: nil))
            }
            return .kept(Piece(frames: range, newLine: cut(file, place, frames)))
        } catch  where !isPatient && !error.isShortage {
            return .left
        }
    }

    /// What lies on a disk that takes nothing any more is read as it is.
    private func open(
        _ path: String
    ) throws(FileError) -> (file: any RawFile, isWritable: Bool) {
        do {
            return (try files.open(path, writable: true), true)
        } catch  where !error.isShortage {
            return (try files.open(path, writable: false), false)
        }
    }

    /// Whether a line tells of sound that is there: one digit of it that has changed costs none.
    private func fits(_ indexed: IndexedSound, _ file: any RawFile) -> Bool {
        let header = layout.header(frameCount: indexed.frames)
        let sound = header.byteOffset(of: 0)..<header.byteOffset(of: indexed.frames)
        let crc = try? file.checksum(of: sound, after: Crc32())
        return !sound.isEmpty && crc?.value == indexed.crc
    }

    /// - Returns: The line for the index; nil when not all of it can be read to be proven.
    private func cut(_ file: any RawFile, _ place: Place, _ frames: UInt64) -> SpoolIndex.Line? {
        let header = layout.header(frameCount: frames)
        // Whether the cut can be synced changes nothing about what was durable before.
        try? file.truncate(to: header.byteOffset(of: frames))
        try? file.writeWavHeader(header)
        try? file.sync()
        let crc = try? SegmentProof.complete(
            files: files, ofSegmentAt: place.path, file, header)
        return crc.map { .segment(first: place.firstFrame, frames: frames, crc: $0.value) }
    }

    private func provenFrames(_ place: Place) -> UInt64 {
        SegmentProof(files: files, ofSegmentAt: place.path).blocks.last?.frames.upperBound ?? 0
    }
}
