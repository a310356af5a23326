import Testing

@testable import FlowCore

/// What is read back is what was kept, or it is refused.
@Suite("disk takes read again")
struct DiskTakeLoadTests {
    @Test("what was played after the window is read out of the rolls, as far as there is any")
    func postRoll() throws {
        let rig = try DiskRig.started()
        rig.play(1_800)
        rig.keep(1, 1_200..<1_800, bar: 500)
        rig.play(499)
        rig.play(1)
        let made = try #require(rig.takeFile(1, .rolls))
        let path = DiskRig.audio + "/\(made.sha.hex).wav"
        func request(_ frames: UInt64, preFrames: Int = 500) -> TakeLoadRequest {
            TakeLoadRequest(
                id: .numbered(1), fromFrame: 1_800, toFrame: 1_800 + frames,
                origin: TakeOrigin.file, path: "", rollsPath: path, preFrames: preFrames)
        }
        let loader = TakeLoader(files: rig.files)
        for (wanted, got): (UInt64, UInt64) in [(500, 500), (300, 300), (900, 500)] {
            let loaded = loader.load(request(wanted))
            #expect(loaded.code == 0)
            #expect(loaded.audio?.frameCount == Int(got))
            #expect(rig.isRight(loaded.audio, 1_800..<1_800 + got))
        }
        // It all lies before the window: there is nothing after it.
        #expect(loader.load(request(500, preFrames: 1_000)).code == ErrorCode.takeUnreadable)
        // A file that is not what its name promises.
        var bytes = try #require(rig.files.bytes(path))
        bytes[bytes.count - 1] ^= 1
        rig.files.replace(path, with: bytes)
        #expect(loader.load(request(500)).code == ErrorCode.takeUnreadable)
    }

    @Test("a take's file with any byte changed, or cut, or missing, is refused")
    func damagedFile() throws {
        let rig = try DiskRig.started()
        rig.play(900)
        rig.keep(1, 200..<300)
        rig.play(600)
        let request = try #require(rig.fileRequest(.numbered(1), 200..<300))
        let whole = try #require(rig.files.bytes(request.path))
        let loader = TakeLoader(files: rig.files)
        #expect(loader.load(request).code == 0)
        for index in whole.indices {
            var bytes = whole
            bytes[index] ^= 0x10
            rig.files.replace(request.path, with: bytes)
            #expect(loader.load(request).code == ErrorCode.takeUnreadable, "byte \(index)")
        }
        for length in stride(from: 0, to: whole.count, by: 7) {
            rig.files.replace(request.path, with: Array(whole[..<length]))
            #expect(loader.load(request).code == ErrorCode.takeUnreadable, "\(length) bytes")
        }
        try rig.files.remove(request.path)
        #expect(loader.load(request).code == ErrorCode.takeUnreadable)
    }

    @Test("a take's rolls may be missing or damaged: then there is no pre-roll")
    func damagedRolls() throws {
        let (rig, request) = try DiskRig.withTake(600..<700)
        let loader = TakeLoader(files: rig.files)
        #expect(loader.load(request).audio?.preRollFrames == 500)
        var oneBit = try #require(rig.files.bytes(request.rollsPath))
        oneBit[oneBit.count - 1] ^= 1
        for damaged in [oneBit, [1, 2, 3]] {
            rig.files.replace(request.rollsPath, with: damaged)
            let loaded = loader.load(request)
            #expect(rig.isRight(loaded.audio, 600..<700))
            #expect(loaded.audio?.preRollFrames == 0)
        }
    }

    @Test("a spool that is not what went into the take's file is not played")
    func rottenSpool() throws {
        let (rig, kept) = try DiskRig.withTake(600..<700)
        let request = rig.request(.numbered(1), 600..<700, file: kept.path)
        let loader = TakeLoader(files: rig.files)
        #expect(rig.isRight(loader.load(request).audio, 600..<700))
        let segment = DiskRig.spool + "/" + SegmentName.make(firstFrame: 0)
        var bytes = try #require(rig.files.bytes(segment))
        let header = rig.layout.header(frameCount: 0)
        bytes[Int(header.byteOffset(of: 699))] ^= 1
        rig.files.replace(segment, with: bytes)
        #expect(loader.load(request).code == ErrorCode.takeUnreadable)
    }

    @Test("a range the spool does not hold is refused")
    func outsideSpool() throws {
        let rig = try DiskRig.started(feed: DiskFakeFeed(firstFrame: 500))
        rig.play(900)
        rig.finish()
        let loader = TakeLoader(files: rig.files)
        for range in [UInt64(400)..<600, 1300..<1401, 9000..<9100, 700..<700] {
            #expect(
                loader.load(rig.request(.numbered(1), range)).code == ErrorCode.takeUnreadable)
        }
        let whole = loader.load(rig.request(.numbered(1), 500..<1400))
        #expect(rig.isRight(whole.audio, 500..<1400))
        #expect(whole.audio?.preRollFrames == 0)
        #expect(loader.load(rig.request(.numbered(1), 800..<900)).audio?.preRollFrames == 300)
    }
}
