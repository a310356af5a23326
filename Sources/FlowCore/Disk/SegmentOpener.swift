/// Begins the segments of a run, where the writer is, and takes those out of the way that are not believed.
///
/// - Thread: write.
struct SegmentOpener {
    let desk: SpoolDesk
    let files: any FileSystem
    let layout: SpoolLayout

    /// - Returns: nil when a sync failed meanwhile: other frames than these come next then.
    func open(at firstFrame: UInt64) throws(FileError) -> SpoolSegment? {
        try removeCondemned()
        let (folder, turn) = desk.locked { ($0.places.folder, $0.turn(at: firstFrame)) }
        let name = SegmentName.make(firstFrame: firstFrame, turn: turn)
        // What is there under that name never got a frame, or none that can be trusted.
        let path = joinPath(folder, name)
        try removeProof(ofSegmentAt: path)
        let file = try files.begin(path, in: folder)
        let segment = SpoolSegment(
            file: file, folder: folder, firstFrame: firstFrame, turn: turn)
        do {
            try segment.file.writeWavHeader(layout.header(frameCount: layout.segmentFrames))
        } catch {
            desk.locked { $0.condemnedSegments.append(segment) }
            throw error
        }
        reserveRoom(for: segment)
        return desk.locked { book in
            // A slow disk leaves a sync the time to fail.
            guard firstFrame == book.ledger.writtenEnd else {
                book.condemn(segment)
                book.ledger.release()
                return nil
            }
            book.openSegment = segment
            book.unsyncedSegments.append(segment)
            book.isFolderUnsynced = true
            book.tell(.segmentOpened(firstFrame: firstFrame))
            return segment
        }
    }

    /// Of an earlier file of that name: it would accuse sound that it never knew.
    private func removeProof(ofSegmentAt path: String) throws(FileError) {
        do {
            try files.remove(SegmentProof.path(ofSegmentAt: path))
        } catch  where error.code == FileError.missing {
        }
    }

    /// A segment that was begun can be ended, whoever else fills the disk; where room is low it is left
    /// to whoever comes first.
    private func reserveRoom(for segment: SpoolSegment) {
        let plenty = layout.bytesPerSecond * SpoolSync.spaceSecondsMin
        guard let free = try? files.freeBytes(in: segment.folder), free > plenty else { return }
        // A file system that cannot do it takes the segment as it comes.
        try? segment.file.reserve(layout.segmentBytes)
    }

    /// Takes distrusted sound out of the way, before new segments hold the same frames.
    ///
    /// What the folder that is not in use does not let go stays until it does: later turns count.
    private func removeCondemned() throws(FileError) {
        for segment in desk.locked({ $0.condemnedSegments }) {
            let isInUse = segment.folder == desk.locked { $0.places.folder }
            do {
                if segment.durableCount > 0 {
                    try cut(segment)
                } else {
                    try remove(segment)
                }
            } catch  where error.code == FileError.missing && isInUse {
            } catch {
                if !isInUse { continue }
                // Where no cut is possible, the later segment counts.
                if segment.durableCount == 0 { throw error }
            }
            desk.locked { book in book.condemnedSegments.removeAll { $0 === segment } }
        }
    }

    /// For good: a name that a power cut brings back would take over from its namesake in the other folder.
    private func remove(_ segment: SpoolSegment) throws(FileError) {
        do {
            try files.remove(segment.path)
        } catch  where error.code == FileError.missing {
        }
        try files.syncFolder(segment.folder)
    }

    /// Leaves what is durable. The file is opened anew: what was open on a disk that went away stays dead.
    private func cut(_ segment: SpoolSegment) throws(FileError) {
        let file = try files.open(segment.path, writable: true)
        let header = layout.header(frameCount: segment.durableCount)
        try file.truncate(to: header.byteOffset(of: segment.durableCount))
        try file.writeWavHeader(header)
    }
}
