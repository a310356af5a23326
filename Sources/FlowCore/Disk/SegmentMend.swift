/// Makes a segment that an engine before this one left whole.
///
/// Its length is believed as far as it was synced. What lies behind may never reach the disk, whatever a
/// sync says now: after one that failed the system takes what it could not save for saved. Memory gives
/// these frames once more; those it has lost are copied into a file of their own.
///
/// - Thread: write.
struct SegmentMend {
    struct Place {
        let folder: String
        let firstFrame: UInt64

        var path: String { joinPath(folder, SegmentName.make(firstFrame: firstFrame)) }
    }

    /// Frames that survive a power cut, in one file.
    struct Piece {
        let frames: Range<UInt64>
        /// What the index lacks; nil when it knows them.
        let newLine: SpoolIndex.Line?
    }

    private static let copyName = "copy.tmp"
    private static let bytesPerCopy: UInt64 = 1 << 20

    let files: any FileSystem
    let layout: SpoolLayout
    /// What the engine before had synced.
    let durableEnd: UInt64
    /// From here to the newest frame memory has all, and for a while.
    let lastingFrom: UInt64

    /// What is left of a segment, in order, when the next one takes over at `end` and the index says that
    /// it has `indexedFrames`; memory and a declared gap make up for the rest.
    ///
    /// `mayCopy` is false when frames before it are missing: then a sync failed there.
    func run(
        _ place: Place, end: UInt64, indexedFrames: UInt64?, mayCopy: Bool
    ) throws(FileError) -> [Piece] {
        let first = place.firstFrame
        let file = try files.open(place.path, writable: true)
        let found = layout.header(frameCount: 0).frames(inFileOf: try file.byteCount())
        let believed = min(found, end - first, indexedFrames ?? .max)
        let durable = min(
            believed, max(indexedFrames ?? 0, durableEnd - min(durableEnd, first)))
        if durable == indexedFrames && durable == found {
            return [Piece(frames: first..<first + durable, newLine: nil)]
        }
        let rest = first + durable..<max(first + durable, min(first + believed, lastingFrom))
        let copy = rest.isEmpty || !mayCopy ? nil : try? copied(rest, of: file, at: place)
        var pieces: [Piece] = []
        if durable > 0 {
            let isIndexed = durable == indexedFrames
            pieces.append(try cut(file, at: place, to: durable, isIndexed: isIndexed))
        } else if copy == nil {
            try files.remove(place.path)
        }
        return pieces + [copy].compactMap { $0 }
    }

    /// Whether it can be synced changes nothing about what was durable before.
    private func cut(
        _ file: any RawFile, at place: Place, to frames: UInt64, isIndexed: Bool
    ) throws(FileError) -> Piece {
        let header = layout.header(frameCount: frames)
        try? file.truncate(to: header.byteOffset(of: frames))
        try? file.writeWavHeader(header)
        try? file.sync()
        return try proven(file, at: place, frames: frames, isIndexed: isIndexed)
    }

    /// Gives frames that nothing else has a file of their own, synced, with their name.
    private func copied(
        _ frames: Range<UInt64>, of file: any RawFile, at place: Place
    ) throws(FileError) -> Piece {
        let header = layout.header(frameCount: UInt64(frames.count))
        let temporary = joinPath(place.folder, Self.copyName)
        try? files.remove(temporary)
        let copy = try files.create(temporary)
        try copy.writeWavHeader(header)
        let from = header.byteOffset(of: frames.lowerBound - place.firstFrame)
        let byteCount = UInt64(frames.count * header.frameBytes)
        var done: UInt64 = 0
        while done < byteCount {
            let bytes = try file.readArray(
                of: Int(min(byteCount - done, Self.bytesPerCopy)), at: from + done)
            if bytes.isEmpty { throw FileError(.read, code: FileError.damaged) }
            try copy.writeAll(bytes, at: header.byteOffset(of: 0) + done)
            done += UInt64(bytes.count)
        }
        try copy.sync()
        let target = Place(folder: place.folder, firstFrame: frames.lowerBound)
        try files.rename(temporary, to: target.path)
        try files.syncFolder(place.folder)
        return try proven(copy, at: target, frames: UInt64(frames.count), isIndexed: false)
    }

    private func proven(
        _ file: any RawFile, at place: Place, frames: UInt64, isIndexed: Bool
    ) throws(FileError) -> Piece {
        let first = place.firstFrame
        let crc = try SegmentProof.complete(
            files: files, ofSegmentAt: place.path, file, layout.header(frameCount: frames))
        return Piece(
            frames: first..<first + frames,
            newLine: isIndexed ? nil : .segment(first: first, frames: frames, crc: crc.value))
    }
}
