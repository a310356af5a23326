import Foundation
import Testing

@testable import FlowCore

private let hasJudge = diskHasProgram("ffmpeg")

@Suite("An export of the past", .enabled(if: hasJudge, "ffmpeg is not installed"))
struct ExportPastTests {
    private func started(_ folder: DiskFolder, channels: Int = 4) throws -> DiskRig {
        let rig = DiskRig(
            feed: DiskFakeFeed(channelCount: channels), files: DiskFakeFiles(), real: folder)
        try PosixFileSystem().makeFolder(folder.audio)
        try #require(rig.writer.recover(nowMs: rig.nowMs, index: rig.index))
        return rig
    }

    private func played(_ range: Range<UInt64>, source: Int) -> [Float] {
        range.flatMap { frame in
            [DiskFakeFeed.sample(frame, 2 * source), DiskFakeFeed.sample(frame, 2 * source + 1)]
        }
    }

    private func out(_ folder: DiskFolder) -> String { folder.path + "/Evening" }

    private func read(_ folder: DiskFolder, _ ending: String) throws -> [Float] {
        try samples(of: out(folder) + "/\(ExportPlan.testBase)_\(ending).wav")
    }

    private func gaps(_ folder: DiskFolder) throws -> [[String: Int]] {
        let path = out(folder) + "/\(ExportPlan.testBase).json"
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let json = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        return try #require(json?["gaps"] as? [[String: Int]])
    }

    @Test("is bit for bit what was played, from files, from the ring and across both")
    func equalsWhatWasPlayed() throws {
        let folder = try DiskFolder()
        let rig = try started(folder)
        for _ in 0..<40 { rig.play(300) }
        // The last frames are in the ring alone.
        rig.feed.advance(700)
        let newest = rig.feed.newest
        let ranges = [0..<newest, 999..<1_001, 5_300..<11_111, newest - 2_000..<newest]
        for range in ranges {
            let sound = PastSound(
                feed: rig.feed, files: PosixFileSystem(), spoolFolder: folder.spool)
            try export(.stems(2, range, as: .wavFloat, in: out(folder)), sound)
            let stems = try (0..<2).map { try read(folder, "slot \($0 + 1)") }
            #expect(stems[0] == played(range, source: 0))
            #expect(stems[1] == played(range, source: 1))
            #expect(stems[1] != played(range, source: 0))
            // A frame too late is seen.
            #expect(stems[0] != played(range.lowerBound + 1..<range.upperBound + 1, source: 0))
            #expect(try read(folder, "mix") == sum(stems))
            #expect(try gaps(folder).isEmpty)
            diskShell("rm -rf '\(out(folder))'")
        }
        print("past: \(ranges.map(\.count)) frames of 2 sources, 0 wrong")
    }

    @Test("has silence where nothing was kept, and says where")
    func hole() throws {
        let folder = try DiskFolder()
        let rig = try started(folder, channels: 2)
        for _ in 0..<40 { rig.play(300) }
        rig.finish()
        diskShell("rm '\(folder.spool)/\(SegmentName.make(firstFrame: 3_000))'")
        diskShell("rm '\(folder.spool)/\(SegmentName.make(firstFrame: 4_000))'")
        let first = names(in: folder.spool).compactMap(SegmentName.firstFrame).sorted()
        let hole = 3_000..<(try #require(first.first { $0 > 3_000 }))
        let range = UInt64(1_500)..<7_000
        let sound = PastSound(feed: rig.feed, files: PosixFileSystem(), spoolFolder: folder.spool)
        // One that was declared while it was recorded is told with the others.
        let plan = ExportPlan.stems(
            1, range, as: .wavFloat, in: out(folder), gaps: [6_000..<6_100, 0..<20])
        try export(plan, sound)
        var wanted = played(range, source: 0)
        for frame in hole {
            wanted[2 * Int(frame - 1_500)] = 0
            wanted[2 * Int(frame - 1_500) + 1] = 0
        }
        #expect(try read(folder, "slot 1") == wanted)
        let told = try gaps(folder)
        #expect(told.map { $0["fromFrame"] } == [Int(hole.lowerBound), 6_000])
        #expect(told.map { $0["toFrame"] } == [Int(hole.upperBound), 6_100])
    }

    @Test("of an ended run is read from its files alone, at their rate")
    func endedRun() throws {
        let folder = try DiskFolder()
        let rig = try started(folder, channels: 4)
        for _ in 0..<40 { rig.play(300) }
        rig.finish()
        let range = UInt64(2_900)..<9_000
        let sound = try #require(
            PastSound(of: range, files: PosixFileSystem(), spoolFolder: folder.spool))
        #expect(sound.sampleRateHz == 22_050)
        try export(.stems(2, range, as: .wavFloat, in: out(folder)), sound)
        #expect(try read(folder, "slot 2") == played(range, source: 1))
        #expect(
            PastSound(
                of: 100_000..<200_000, files: PosixFileSystem(), spoolFolder: folder.spool) == nil)
        #expect(
            PastSound(of: range, files: PosixFileSystem(), spoolFolder: folder.path + "/no") == nil)
    }

    @Test("of nothing but holes fails and leaves nothing")
    func nothing() throws {
        let folder = try DiskFolder()
        let rig = try started(folder)
        for _ in 0..<40 { rig.play(300) }
        let sound = PastSound(
            feed: rig.feed, files: PosixFileSystem(), spoolFolder: folder.path + "/elsewhere")
        #expect {
            try export(.stems(2, 100..<2_000, as: .wav24, in: out(folder)), sound)
        } throws: {
            ($0 as? ExportError)?.code == ErrorCode.nothingToExport
        }
        #expect(names(in: out(folder)).isEmpty)
    }

    @Test("that reaches ahead waits for what is still to be played")
    func waits() throws {
        let folder = try DiskFolder()
        let rig = try started(folder)
        rig.play(500)
        let sound = PastSound(feed: rig.feed, files: PosixFileSystem(), spoolFolder: folder.spool)
        var waitCount = 0
        try export(.stems(2, 100..<3_000, as: .wavFloat, in: out(folder)), sound) { _, isWaiting in
            if isWaiting {
                waitCount += 1
                rig.play(300)
            }
            return true
        }
        #expect(waitCount == 9)
        #expect(try read(folder, "slot 1") == played(100..<3_000, source: 0))
    }
}
