/// What an engine before this one left in the run's folder, made whole.
struct RecoveredSpool: Equatable {
    /// Where the run's sound begins: in a file, also one that is left, or in memory alone.
    var startFrame: UInt64 = 0
    var endFrame: UInt64 = 0
    var gaps: [Range<UInt64>] = []
    /// Frames before a segment that nobody declared.
    var holes: [Range<UInt64>] = []
    /// Lines the index lacks.
    var newLines: [SpoolIndex.Line] = []
    /// Files that do not count and did not go: what comes in their place takes over.
    var leftovers: [SegmentMend.Place] = []
    /// There is a second folder, and it cannot be read now.
    var unseen: UnseenSecond?
    /// Of segments in the second folder, above those that an engine could not see.
    var secondTurn = 0
}

/// Reads, mends and syncs the segments of an adopted run.
///
/// What was synced is believed, floored to a whole frame; headers, index and proofs are made to agree.
/// The rest goes: memory gives it once more.
///
/// - Thread: write, before its first step.
struct SpoolRecovery {
    let files: any FileSystem
    let layout: SpoolLayout
    /// What the engine before had synced.
    let durableEnd: UInt64
    /// What memory holds, without a hole.
    let held: Range<UInt64>
    /// A file that cannot be read now is tried again.
    let isPatient: Bool

    func run() throws(FileError) -> RecoveredSpool {
        try files.makeFolderPair(layout.folder)
        var result = RecoveredSpool()
        var known: [UInt64: SegmentMend.IndexedSound] = [:]
        var notes: [UnseenSecond] = []
        for line in lines(SpoolIndex.name) {
            switch line {
            case .segment(let first, let frames, let crc):
                known[first] = .init(frames: frames, crc: crc)
            case .gap(let range): result.gaps.append(range)
            case .unseen(let second): notes.append(second)
            }
        }
        let synced = SyncedEnds(layout: layout, durableEnd: durableEnd, notes: notes)
        let second = try SecondNames(files: files, layout: layout, isPatient: isPatient)
        let isSecondAway = second.isAway
        let mend = SegmentMend(
            files: files, layout: layout, isSecondAway: isSecondAway, isPatient: isPatient)
        let found = try segments(synced, second: second, leftovers: &result.leftovers)
        // What was never synced must not take over from what was.
        result.leftovers.removeAll { loser in
            !synced.has(loser)
                && found.contains {
                    $0.firstFrame == loser.firstFrame && $0.turn < loser.turn
                } && isOrphaned(loser)
        }
        var kept: [Kept] = []
        for (place, segment) in found.enumerated() {
            let next = found[(place + 1)...].first(where: synced.has)?.firstFrame ?? .max
            let indexed = known[segment.firstFrame]
            switch try mend.run(segment, synced, end: next, indexed: indexed) {
            case .kept(let piece): kept.append(Kept(place: segment, piece: piece))
            case .left: result.leftovers.append(segment)
            case .gone: break
            }
        }
        try files.syncFolder(layout.folder)
        if layout.secondFolder != nil { try? files.syncFolder(layout.folders[1]) }
        join(kept, &result)
        result.secondTurn = notes.map(\.turn).max() ?? 0
        if isSecondAway {
            let unseen = UnseenSecond(
                after: notes, seen: found + result.leftovers, endFrame: result.endFrame,
                syncedEnd: durableEnd)
            result.unseen = unseen
            result.secondTurn = unseen.turn
            result.newLines.append(.unseen(unseen))
        }
        return result
    }

    private struct Kept {
        let place: SegmentMend.Place
        let piece: SegmentMend.Piece
    }

    /// Finds begin, end and holes of the timeline from what the files have.
    ///
    /// A hole that memory can fill, if only in part, is its end: all from there on is written anew.
    private func join(_ segments: [Kept], _ result: inout RecoveredSpool) {
        let kept = segments.map(\.piece.frames)
        let forgotten = forgottenFrames()
        let most = min(durableEnd, kept.first?.lowerBound ?? durableEnd)
        let least = ([most, held.lowerBound] + result.leftovers.map(\.firstFrame)).min() ?? most
        let start = FrameRanges.without([least..<most], forgotten).first?.lowerBound ?? most
        let last = kept.map(\.upperBound).max() ?? start
        let gaps = Self.apart(result.gaps)
        let holes = FrameRanges.without([start..<last], kept + gaps + forgotten)
        let end = holes.first { $0.upperBound > held.lowerBound }?.lowerBound ?? last
        result.startFrame = start
        result.endFrame = end
        result.gaps = gaps.filter { $0.lowerBound >= start && $0.upperBound <= end }
        result.holes = holes.filter { $0.upperBound <= end }
        result.newLines = segments.filter { $0.place.firstFrame < end }.compactMap(\.piece.newLine)
        result.leftovers += segments.map(\.place).filter { $0.firstFrame >= end }
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

    /// In order; of namesakes the one that counts.
    private func segments(
        _ synced: SyncedEnds, second: SecondNames, leftovers: inout [SegmentMend.Place]
    ) throws(FileError) -> [SegmentMend.Place] {
        var found: [UInt64: SegmentMend.Place] = [:]
        for folder in layout.folders {
            let isFirst = folder == layout.folder
            for name in isFirst ? try files.names(in: folder) : second.names {
                guard let (first, turn) = SegmentName.parts(of: name) else { continue }
                let place = SegmentMend.Place(folder: folder, firstFrame: first, turn: turn)
                if first >= held.upperBound {
                    if !isOrphaned(place) { leftovers.append(place) }
                } else if let other = found[first], synced.isOver(other, place) {
                    leftovers.append(place)
                } else if let other = found.updateValue(place, forKey: first) {
                    leftovers.append(other)
                }
            }
        }
        return found.values.sorted { $0.firstFrame < $1.firstFrame }
    }

    /// Sound from beyond the ring's time belongs to no frame of this run; it is kept apart.
    private func isOrphaned(_ place: SegmentMend.Place) -> Bool {
        (try? files.rename(place.path, to: place.path + ".orphan")) != nil
    }
}

/// What lies in the second folder: asked once, so that all believe the same of it.
private struct SecondNames {
    /// There is one, and it cannot be read now.
    let isAway: Bool
    /// One that is away has nothing to give: the ring may have its frames once more.
    let names: [String]

    /// Throws when it may be there a moment later.
    init(files: any FileSystem, layout: SpoolLayout, isPatient: Bool) throws(FileError) {
        do {
            names = try files.names(in: layout.folders[1])
            isAway = false
        } catch {
            let isThere = try files.names(in: layout.folder).contains(SpoolLayout.secondName)
            if isThere && isPatient && error.code != FileError.missing { throw error }
            names = []
            isAway = isThere
        }
    }
}
