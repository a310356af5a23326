/// What an engine before this one left in the run's folder, made whole.
struct RecoveredSpool: Equatable {
    /// Frame of the first segment; nil when there is none.
    var startFrame: UInt64?
    var endFrame: UInt64 = 0
    var gaps: [Range<UInt64>] = []
    /// Frames between two segments that nobody declared.
    var holes: [Range<UInt64>] = []
    /// Lines the index lacks.
    var newLines: [SpoolIndex.Line] = []
}

/// Reads, mends and syncs the segments of an adopted run.
///
/// A file's length is believed, floored to a whole frame; its header and the index are made to
/// agree. A segment that cannot be synced now is cut to what was durable before.
///
/// - Thread: write, before its first step.
struct SpoolRecovery {
    let files: any FileSystem
    let layout: SpoolLayout
    /// What the engine before had synced.
    let durableEnd: UInt64
    /// One past the newest frame of the ring.
    let newestFrame: UInt64

    func run() throws(FileError) -> RecoveredSpool {
        try files.makeFolder(layout.folder)
        var result = RecoveredSpool()
        var known: [UInt64: UInt64] = [:]
        for line in lines(SpoolIndex.name) {
            switch line {
            case .segment(let first, let frames, _): known[first] = frames
            case .gap(let range): result.gaps.append(range)
            }
        }
        let forgotten = forgottenFrames()
        var end = newestFrame
        for (first, path) in try segments() {
            var (frames, line) = try mend(path, first, indexedFrames: known[first], end: end)
            if frames == nil {
                // From here on the files may lie; the ring has these frames once more.
                end = durableEnd
                (frames, line) = try mend(path, first, indexedFrames: known[first], end: end)
            }
            guard let frames, frames > 0 else { continue }
            if let line { result.newLines.append(line) }
            if result.startFrame == nil {
                result.startFrame = first
            } else if first > result.endFrame {
                result.holes.append(result.endFrame..<first)
            }
            result.endFrame = max(result.endFrame, first + frames)
        }
        try files.syncFolder(layout.folder)
        if layout.secondFolder != nil { try? files.syncFolder(layout.folders[1]) }
        let start = result.startFrame ?? 0
        result.gaps = Self.apart(result.gaps).filter {
            $0.lowerBound >= start && $0.upperBound <= result.endFrame
        }
        result.holes.removeAll { hole in
            result.gaps.contains { $0.clamped(to: hole) == hole }
        }
        result.holes = FrameRanges.without(result.holes, forgotten)
        return result
    }

    /// Of a file that each folder may have.
    private func lines(_ name: String) -> [SpoolIndex.Line] {
        layout.folders.flatMap { SpoolIndex.lines(files: files, path: joinPath($0, name)) }
    }

    /// What was durable and went on purpose, because it was old: no hole.
    private func forgottenFrames() -> [Range<UInt64>] {
        lines(SpoolLayout.forgottenName).compactMap { line in
            if case .segment(let first, let frames, _) = line {
                first..<first + frames
            } else {
                nil
            }
        }
    }

    /// In order, without what comes twice.
    private static func apart(_ ranges: [Range<UInt64>]) -> [Range<UInt64>] {
        ranges.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { list, range in
            let from = max(range.lowerBound, list.last?.upperBound ?? 0)
            if from < range.upperBound { list.append(from..<range.upperBound) }
        }
    }

    /// In order; of namesakes that of the second folder.
    private func segments() throws(FileError) -> [(first: UInt64, path: String)] {
        var paths: [UInt64: String] = [:]
        for folder in layout.folders {
            for name in try names(in: folder) {
                guard let first = SegmentName.firstFrame(of: name) else { continue }
                let path = joinPath(folder, name)
                if first < newestFrame {
                    paths[first] = path
                    continue
                }
                // Sound from beyond the ring's time belongs to no frame of this run; it is kept apart.
                try files.rename(path, to: path + ".orphan")
            }
        }
        return paths.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// A second folder that is not there now has nothing to give: the ring may have its frames once more.
    private func names(in folder: String) throws(FileError) -> [String] {
        if folder == layout.folder { return try files.names(in: folder) }
        return (try? files.names(in: folder)) ?? []
    }

    /// Makes one segment whole, up to the frame `end`.
    ///
    /// - Returns: Its frames, nil when they could not be synced; and the line the index lacks.
    private func mend(
        _ path: String, _ first: UInt64, indexedFrames: UInt64?, end: UInt64
    ) throws(FileError) -> (frames: UInt64?, line: SpoolIndex.Line?) {
        let file = try files.open(path, writable: true)
        let found = layout.header(frameCount: 0).frames(inFileOf: try file.byteCount())
        let frames = min(found, end - min(end, first), indexedFrames ?? .max)
        if frames == indexedFrames && frames == found { return (frames, nil) }
        // Whether a cut to what was durable can be synced changes nothing about it.
        if !isSynced(file, frames: frames) && end > durableEnd { return (nil, nil) }
        if frames == 0 {
            try files.remove(path)
            return (0, nil)
        }
        let crc = try checksum(of: file, frames: frames)
        return (frames, .segment(first: first, frames: frames, crc: crc))
    }

    /// Cuts the file to whole frames, corrects its header and syncs it.
    private func isSynced(_ file: any RawFile, frames: UInt64) -> Bool {
        let header = layout.header(frameCount: frames)
        do throws(FileError) {
            try file.truncate(to: header.byteOffset(of: frames))
            try file.writeWavHeader(header)
            try file.sync()
            return true
        } catch {
            return false
        }
    }

    private func checksum(of file: any RawFile, frames: UInt64) throws(FileError) -> UInt32 {
        let header = layout.header(frameCount: frames)
        let end = header.byteOffset(of: frames)
        var at = UInt64(WavHeader.byteCount)
        var crc = Crc32()
        while at < end {
            let bytes = try file.readArray(of: Int(min(end - at, 1 << 20)), at: at)
            if bytes.isEmpty { throw FileError(.read, code: FileError.damaged) }
            bytes.withUnsafeBytes { crc.add($0) }
            at += UInt64(bytes.count)
        }
        return crc.value
    }
}
