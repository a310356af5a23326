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
        // That of an earlier file of this name would accuse sound that it never knew.
        try removeAny(SegmentProof.path(ofSegmentAt: path))
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
            // A slow disk leaves a sync the time to fail, and to move.
            guard firstFrame == book.ledger.writtenEnd, folder == book.places.folder else {
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
    /// What the folder that is not in use has of it stays in the books until that is in use again: later turns
    /// count, also when a power cut brings a name back. Nobody waits for a sync of that folder.
    private func removeCondemned() throws(FileError) {
        let (folder, doomed) = desk.locked { ($0.places.folder, $0.doomedPlaces) }
        let here = doomed.filter { $0.folder == folder }
        for place in doomed where place.folder != folder { try? files.remove(place.path) }
        for place in here { try removeAny(place.path) }
        // A name that came back would take over from its namesake in the other folder.
        if !here.isEmpty { try files.syncFolder(folder) }
        desk.locked { $0.removed(here) }
        for segment in desk.locked({ $0.condemnedSegments }) where segment.durableCount > 0 {
            do {
                try cut(segment)
            } catch  where error.code == FileError.missing && segment.folder == folder {
            } catch {
                // Where no cut is possible, the later segment counts.
                if segment.folder != folder { continue }
            }
            desk.locked { book in book.condemnedSegments.removeAll { $0 === segment } }
        }
    }

    private func removeAny(_ path: String) throws(FileError) {
        do {
            try files.remove(path)
        } catch  where error.code == FileError.missing {
        }
    }

    /// Leaves what is durable. The file is opened anew: what was open on a disk that went away stays dead.
    private func cut(_ segment: SpoolSegment) throws(FileError) {
        let file = try files.open(segment.path, writable: true)
        let header = layout.header(frameCount: segment.durableCount)
        try file.truncate(to: header.byteOffset(of: segment.durableCount))
        try file.writeWavHeader(header)
    }
}
