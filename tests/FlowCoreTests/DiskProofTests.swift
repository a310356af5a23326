import Testing

@testable import FlowCore

@Suite("disk proof of a segment")
struct DiskProofTests {
    private static let window: Range<UInt64> = 200..<800

    private func spooled() throws -> DiskRig {
        let rig = try DiskRig.started()
        for _ in 0..<9 { rig.play(100, ms: 1000) }
        return rig
    }

    private func load(
        _ files: DiskFakeFiles, _ range: Range<UInt64> = DiskProofTests.window
    ) -> (code: UInt32, audio: LoopAudio?) {
        TakeLoader(files: files).load(
            TakeLoadRequest(
                id: .numbered(1), fromFrame: range.lowerBound, toFrame: range.upperBound,
                origin: TakeOrigin.spool, path: DiskRig.spool, rollsPath: "", preFrames: 0))
    }

    private func isPlayed(_ audio: LoopAudio?, from first: UInt64) -> Bool {
        guard let audio else { return false }
        return (0..<2 * audio.frameCount).allSatisfy {
            audio.samples[$0] == DiskFakeFeed.sample(first + UInt64($0 / 2), $0 % 2)
        }
    }

    @Test("a bit that flips in any frame of a take is found; without the proof it is played")
    func flips() throws {
        let rig = try spooled()
        let path = rig.layout.path(ofSegmentAt: 0)
        let sound = try #require(rig.files.bytes(path))
        #expect(isPlayed(load(rig.files).audio, from: Self.window.lowerBound))
        for frame in Self.window {
            var rotten = sound
            rotten[58 + 8 * Int(frame) + Int(frame % 8)] ^= 1 << UInt8(frame % 7)
            rig.files.replace(path, with: rotten)
            #expect(load(rig.files).code == ErrorCode.takeUnreadable, "frame \(frame)")
        }
        try rig.files.remove(SegmentProof.path(ofSegmentAt: path))
        let heard = load(rig.files)
        #expect(heard.code == 0)
        #expect(!isPlayed(heard.audio, from: Self.window.lowerBound))
    }

    @Test("rot elsewhere in the segment takes nothing away")
    func elsewhere() throws {
        let rig = try spooled()
        let path = rig.layout.path(ofSegmentAt: 0)
        var bytes = try #require(rig.files.bytes(path))
        bytes[58 + 8 * 850] ^= 4
        rig.files.replace(path, with: bytes)
        #expect(isPlayed(load(rig.files, 200..<700).audio, from: 200))
        #expect(load(rig.files, 200..<851).code == ErrorCode.takeUnreadable)
    }

    @Test("a proof that is cut anywhere, or has any one wrong bit, accuses no good sound")
    func rottenProof() throws {
        let rig = try spooled()
        let path = SegmentProof.path(ofSegmentAt: rig.layout.path(ofSegmentAt: 0))
        let proof = try #require(rig.files.bytes(path))
        #expect(proof.count >= 2 * SegmentProof.pointBytes)
        for cut in 0..<proof.count {
            rig.files.replace(path, with: Array(proof.prefix(cut)))
            #expect(isPlayed(load(rig.files).audio, from: Self.window.lowerBound))
        }
        for bit in 0..<8 * proof.count {
            var rotten = proof
            rotten[bit / 8] ^= 1 << UInt8(bit % 8)
            rig.files.replace(path, with: rotten)
            #expect(isPlayed(load(rig.files).audio, from: Self.window.lowerBound))
        }
    }

    @Test("after a power cut at any step all that was durable is read")
    func powerCuts() throws {
        let rig = try DiskRig.started()
        for _ in 0..<25 {
            rig.play(100, ms: 1000)
            let durable = rig.desk.locked { $0.ledger.durableEnd }
            if durable == 0 { continue }
            let left = rig.files.afterPowerCut()
            #expect(isPlayed(load(left, 0..<durable).audio, from: 0))
        }
    }

    @Test("the proof of an earlier file of that name does not accuse the new one's sound")
    func earlierProof() throws {
        let rig = try DiskRig.started()
        let proof = SegmentProof.path(ofSegmentAt: rig.layout.path(ofSegmentAt: 0))
        try rig.files.create(proof)
            .writeAll(SegmentProof.Point(frames: 100, crc: Crc32(after: 7)).bytes, at: 0)
        // The new file cannot have one of its own.
        rig.files.fault = {
            [.create, .open].contains($0) && $1 == proof ? FileError.noSpace : nil
        }
        for _ in 0..<9 { rig.play(100, ms: 1000) }
        #expect(rig.desk.counts().durable == 900)
        rig.files.fault = { _, _ in nil }
        #expect(isPlayed(load(rig.files, 0..<800).audio, from: 0))
    }

    @Test("what is written and not yet synced is read as before")
    func growing() throws {
        let rig = try spooled()
        rig.feed.advance(50)
        rig.writer.step(nowMs: rig.nowMs, isForced: true)
        #expect(isPlayed(load(rig.files, 700..<950).audio, from: 700))
    }

    @Test("a take gets no file of rotten sound")
    func noFile() throws {
        let rig = try spooled()
        let path = rig.layout.path(ofSegmentAt: 0)
        var bytes = try #require(rig.files.bytes(path))
        bytes[58 + 8 * 300] ^= 1
        rig.files.replace(path, with: bytes)
        rig.feed.advance(9000)
        let sound = TakeSound(
            of: TakeWindow(
                id: .numbered(1), fromFrame: 200, toFrame: 800, barFrames: 500, sourceIndex: 0),
            feed: rig.feed, files: rig.files, spoolFolder: DiskRig.spool)
        #expect(throws: FileError.self) { try sound.frames(Self.window) }
    }
}
