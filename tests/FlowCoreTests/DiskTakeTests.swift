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
}
