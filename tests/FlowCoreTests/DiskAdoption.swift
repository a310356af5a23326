import Testing

@testable import FlowCore

extension DiskRig {
    /// The engine dies; the next one has taken over ring and files.
    func adopted() throws -> DiskRig {
        feed.diskCursor = feed.cursorTold
        feed.firstFrame = feed.newest
        let second = DiskRig(feed: feed, files: files)
        second.nowMs = nowMs
        try #require(second.writer.recover(nowMs: nowMs, index: second.index))
        return second
    }

    /// Every segment's header, length, checksum and index line agree.
    func expectWholeFiles() throws {
        var lines: [UInt64: (frames: UInt64, crc: UInt32)] = [:]
        for case .segment(let first, let frames, let crc) in SpoolIndex.lines(
            files: files, path: layout.indexPath)
        {
            lines[first] = (frames, crc)
        }
        for name in try files.names(in: DiskRig.spool) {
            guard let first = SegmentName.firstFrame(of: name) else { continue }
            let bytes = try #require(files.bytes(layout.path(ofSegmentAt: first)))
            let header = try #require(bytes.withUnsafeBytes { WavHeader($0) })
            #expect(bytes.count == 58 + 8 * Int(header.frameCount), "\(name)")
            var crc = Crc32()
            bytes[58...].withUnsafeBytes { crc.add($0) }
            #expect(lines[first]?.frames == header.frameCount, "\(name)")
            #expect(lines[first]?.crc == crc.value, "\(name)")
        }
    }
}

extension DiskRig {
    /// The engine dies; the next one is there and has not looked at the files.
    func next(hasSecond: Bool = false) -> DiskRig {
        files.fault = { _, _ in nil }
        feed.diskCursor = feed.cursorTold
        feed.firstFrame = feed.newest
        let next = DiskRig(feed: feed, files: files, hasSecond: hasSecond)
        next.nowMs = nowMs
        return next
    }

    /// What cannot be read is tried again before it is left.
    func recover() throws {
        if writer.recover(nowMs: nowMs, index: index) { return }
        nowMs += SpoolWriter.patienceMs
        try #require(writer.recover(nowMs: nowMs, index: index))
    }

    func playOn() {
        for _ in 0..<30 { play(100, ms: 100) }
        finish()
        #expect(isConserved)
    }

    /// Segments of 1000 frames, all but the last full, as a dead engine left them.
    static func played(_ frames: UInt64) throws -> DiskRig {
        let rig = try DiskRig.started()
        for _ in 0..<(frames / 250) { rig.play(250, ms: 1000) }
        return rig
    }
}
