import Testing

@testable import FlowCore

@Suite("disk takes")
struct DiskTakeTests {
    @Test("a take is called spooled only when its last frame is durable, and at once then")
    func spooled() throws {
        let rig = try DiskRig.started()
        rig.play(900)
        rig.keep(1, 200..<1000)
        #expect(rig.spooled == [])
        rig.play(99)
        #expect(rig.spooled == [])
        rig.play(1)
        #expect(rig.spooled == [.numbered(1)])
        try expectDurableFramesSurvive(rig, "spooled")
    }

    @Test("a take whose window is durable already is spooled when it is asked for")
    func spooledAlready() throws {
        let rig = try DiskRig.started()
        rig.play(900)
        rig.keep(1, 200..<800)
        rig.desk.sendReports()
        #expect(rig.spooled == [.numbered(1)])
    }

    @Test("the window's file is raw, named by its contents, and survives a power cut when told")
    func windowFile() throws {
        let rig = try DiskRig.started(feed: DiskFakeFeed(channelCount: 6))
        rig.play(900)
        rig.keep(1, 200..<800, source: 2)
        rig.play(10)
        let made = try #require(rig.takeFile(1, .window))
        let path = DiskRig.audio + "/\(made.sha.hex).wav"
        let bytes = try #require(rig.files.afterPowerCut().bytes(path))
        var hash = Sha256()
        bytes.withUnsafeBytes { hash.add($0) }
        #expect(hash.finish() == made.sha)
        #expect(bytes.count == 58 + 8 * 600)
        for frame in 0..<600 {
            for side in 0..<2 {
                let sample = bytes.withUnsafeBytes {
                    $0.loadUnaligned(fromByteOffset: 58 + 8 * frame + 4 * side, as: Float.self)
                }
                try #require(sample == DiskFakeFeed.sample(200 + UInt64(frame), 4 + side))
            }
        }
        #expect(try rig.files.names(in: DiskRig.audio).allSatisfy { !$0.hasPrefix("tmp-") })
    }

    @Test("the rolls come a bar later: a bar before, as far as there is one, and a bar after")
    func rolls() throws {
        for (from, preRollFrames): (UInt64, Int) in [(1200, 500), (200, 200), (0, 0)] {
            let rig = try DiskRig.started()
            rig.play(from + 600)
            rig.keep(1, from..<from + 600, bar: 500)
            rig.play(499)
            #expect(rig.takeFile(1, .window) != nil)
            #expect(rig.takeFile(1, .rolls) == nil)
            rig.play(1)
            let made = try #require(rig.takeFile(1, .rolls))
            #expect(made.preRollFrames == preRollFrames)
            let bytes = try #require(rig.files.bytes(DiskRig.audio + "/\(made.sha.hex).wav"))
            #expect(bytes.count == 58 + 8 * (preRollFrames + 500))
            let range = from..<from + 600
            let request = try #require(rig.fileRequest(.numbered(1), range))
            let loaded = TakeLoader(files: rig.files).load(request)
            #expect(rig.isRight(loaded.audio, range))
            #expect(loaded.audio?.preRollFrames == preRollFrames)
            if let preRoll = loaded.audio?.preRoll {
                let right = DiskFakeFeed.sample(from - 1, 0)
                #expect(preRoll[2 * (preRollFrames - 1)] == right)
            }
        }
    }

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

    @Test("at the end the rolls are as long as there is sound")
    func rollsAtTheEnd() throws {
        let rig = try DiskRig.started()
        rig.play(900)
        rig.keep(1, 200..<800, bar: 500)
        rig.finish()
        let made = try #require(rig.takeFile(1, .rolls))
        let bytes = try #require(rig.files.bytes(DiskRig.audio + "/\(made.sha.hex).wav"))
        #expect(bytes.count == 58 + 8 * (200 + 100))
        #expect(rig.keeper.isIdle)
    }

    @Test("a take longer gone from the ring is made from the segments")
    func fromSegments() throws {
        let rig = try DiskRig.started()
        for _ in 0..<20 { rig.play(400) }
        rig.keep(1, 300..<2700)
        rig.play(10)
        let request = try #require(rig.fileRequest(.numbered(1), 300..<2700))
        #expect(rig.isRight(TakeLoader(files: rig.files).load(request).audio, 300..<2700))
    }

    @Test("each failing step leaves no file under the final name, and is done again")
    func failingSteps() throws {
        let steps: [FileOperation] = [.create, .write, .sync, .rename, .syncFolder]
        for step in steps {
            let rig = try DiskRig.started()
            rig.play(900)
            rig.files.fault = { operation, path in
                operation == step && path.hasPrefix(DiskRig.audio) ? FileError.inputOutput : nil
            }
            rig.keep(1, 200..<800)
            rig.play(10)
            #expect(rig.takeFile(1, .window) == nil, "\(step)")
            rig.files.fault = { _, _ in nil }
            rig.play(10, ms: 600)
            #expect(rig.takeFile(1, .window) != nil, "\(step)")
            let names = try rig.files.afterPowerCut().names(in: DiskRig.audio)
            #expect(names.count == 1, "\(step): \(names)")
        }
    }

    @Test("negative control: without either sync a take told to be filed is not there")
    func withoutSyncs() throws {
        for isFolder in [false, true] {
            let rig = try DiskRig.started()
            rig.play(900)
            rig.files.ignoresFileSync = !isFolder
            rig.files.ignoresFolderSync = isFolder
            rig.keep(1, 200..<800)
            rig.play(10)
            let request = try #require(rig.fileRequest(.numbered(1), 200..<800))
            #expect(TakeLoader(files: rig.files.afterPowerCut()).load(request).code != 0)
        }
    }

    @Test("a window that the ring is about to lose before the spool has it is saved from memory")
    func rescued() throws {
        let rig = try DiskRig.started(feed: DiskFakeFeed(ringFrames: 4000))
        rig.play(3900)
        rig.files.capacityBytes = rig.files.usedBytes
        rig.play(1000)
        rig.keep(1, 3500..<4700)
        for _ in 0..<30 { rig.play(300) }
        #expect(rig.spooled == [])
        #expect(rig.desk.counts().gap > 0)
        rig.files.capacityBytes = nil
        for _ in 0..<10 { rig.play(10, ms: 1000) }
        #expect(rig.spooled == [.numbered(1)])
        let request = try #require(rig.fileRequest(.numbered(1), 3500..<4700))
        let loaded = TakeLoader(files: rig.files.afterPowerCut()).load(request)
        #expect(rig.isRight(loaded.audio, 3500..<4700))
    }

    @Test("on a disk that refuses the spool a take gets its own file as soon as that has room")
    func ownFile() throws {
        var sizes = DiskRig.sizes()
        sizes.resumeSeconds = 1
        let rig = try DiskRig.started(sizes: sizes)
        rig.play(700)
        rig.files.capacityBytes = rig.files.usedBytes
        rig.play(500)
        rig.keep(1, 400..<1100)
        for _ in 0..<5 { rig.play(10, ms: 500) }
        #expect(rig.spooled == [])
        // Room for the take, not for the spool.
        rig.files.capacityBytes = rig.files.usedBytes + 20_000
        for _ in 0..<20 { rig.play(10, ms: 1000) }
        #expect(rig.states == [.critical])
        #expect(rig.spooled == [.numbered(1)])
        let request = try #require(rig.fileRequest(.numbered(1), 400..<1100))
        let loaded = TakeLoader(files: rig.files.afterPowerCut()).load(request)
        #expect(rig.isRight(loaded.audio, 400..<1100))
    }

    @Test("while the disk is away a take that memory cannot hold is not promised")
    func noRoomInMemory() throws {
        let rig = try DiskRig.started()
        let frames = SpoolBook.pinnedBytesMax / 8
        func canKeep(_ frames: Int) -> Bool { rig.desk.locked { $0.canKeep(frames: frames) } }
        rig.play(700)
        rig.keep(1, 100..<1000)
        #expect(canKeep(frames))
        rig.desk.locked { $0.failed(nowMs: rig.nowMs) }
        #expect(!canKeep(frames))
        #expect(canKeep(frames - 900))
        #expect(!canKeep(frames - 899))
        for _ in 0..<20 { rig.play(100, ms: 500) }
        #expect(rig.states.last == .ok)
        #expect(canKeep(frames))
    }

    @Test("a take that a gap has bitten before it was kept is never called spooled")
    func bitten() throws {
        let rig = try DiskRig.started()
        rig.play(300)
        rig.feed.advance(9000)
        rig.play(100)
        rig.keep(1, 4000..<6000)
        for _ in 0..<5 { rig.play(100, ms: 1000) }
        rig.finish()
        #expect(rig.spooled == [])
        #expect(rig.takeFile(1, .window) == nil)
        #expect(rig.keeper.isIdle)
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
        let rig = try DiskRig.started()
        rig.play(900)
        rig.keep(1, 600..<700)
        rig.play(600)
        rig.play(10)
        let request = try #require(rig.fileRequest(.numbered(1), 600..<700))
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
        let rig = try DiskRig.started()
        rig.play(900)
        rig.keep(1, 600..<700)
        rig.play(600)
        rig.play(10)
        let window = try #require(rig.fileRequest(.numbered(1), 600..<700)).path
        let request = rig.request(.numbered(1), 600..<700, file: window)
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

    @Test("a take that disk and memory have lost is told as lost, once")
    func lostTake() throws {
        let rig = try DiskRig.started()
        rig.files.fault = { operation, _ in operation == .create ? 5 : nil }
        rig.keep(1, 100..<500)
        rig.play(1000)
        #expect(rig.lost == [])
        rig.play(9000)
        rig.play(10)
        #expect(rig.lost == [.numbered(1)])
        #expect(rig.spooled == [])
    }
}
