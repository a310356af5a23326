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
