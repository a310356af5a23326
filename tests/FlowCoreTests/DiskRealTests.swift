import Testing

@testable import FlowCore

/// The same room on a real disk, judged by programs that are not ours.
@Suite("disk on a real file system")
struct DiskRealTests {
    @Test(
        "a real full disk is critical, loses nothing the ring still has, and recovers",
        .enabled(if: DiskMount.isAllowed, "mounting a small tmpfs needs root"))
    func fullDisk() throws {
        let folder = try DiskFolder()
        let mount = try DiskMount(folder.path, size: "1m")
        let rig = try started(in: folder)
        diskShell("cat /dev/zero > '\(folder.path)/ballast'")
        for _ in 0..<20 { rig.play(200) }
        #expect(rig.states.contains(.critical))
        #expect(rig.isConserved)
        #expect(rig.desk.counts().queued > 0)
        for _ in 0..<20 { rig.play(400) }
        diskShell("rm '\(folder.path)/ballast'")
        for _ in 0..<20 { rig.play(10, ms: 500) }
        rig.finish()
        #expect(rig.states.last == .ok)
        #expect(rig.isConserved)
        let counts = rig.desk.counts()
        #expect(counts.gap > 0)
        #expect(rig.gapReports.reduce(0) { $0 + UInt64($1.count) } == counts.gap)
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
        withExtendedLifetime(mount) {}
    }

    @Test(
        "a disk that becomes read-only is critical, and used again when it can be written",
        .enabled(if: DiskMount.isAllowed, "mounting a small tmpfs needs root"))
    func readOnlyDisk() throws {
        let folder = try DiskFolder()
        let mount = try DiskMount(folder.path, size: "4m")
        let rig = try started(in: folder)
        rig.play(900)
        rig.play(50, ms: 1000)
        // An open file would keep the disk from being remounted.
        rig.writer.finish(nowMs: rig.nowMs)
        rig.sync.step(nowMs: rig.nowMs, isForced: true)
        let remount = diskShell("mount -o remount,ro '\(folder.path)'")
        try #require(remount.code == 0, "\(remount.text)")
        for _ in 0..<5 { rig.play(200, ms: 600) }
        #expect(rig.states.last == .critical)
        #expect(rig.isConserved)
        diskShell("mount -o remount,rw '\(folder.path)'")
        for _ in 0..<20 { rig.play(10, ms: 600) }
        rig.finish()
        #expect(rig.states.last == .ok)
        #expect(rig.desk.counts().gap == 0)
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
        withExtendedLifetime(mount) {}
    }

    @Test(
        "libsndfile reads our takes and segments whole",
        .enabled(if: diskHasProgram("sndfile-info"), "sndfile-info is not installed"))
    func judgedBySndfile() throws {
        let folder = try DiskFolder()
        for path in try makeFiles(in: folder) {
            let judge = diskShell("sndfile-info '\(path.file)'")
            #expect(judge.code == 0, "\(judge.text)")
            #expect(judge.text.contains("Frames      : \(path.frames)"), "\(judge.text)")
            #expect(!judge.text.lowercased().contains("error"), "\(judge.text)")
        }
    }

    @Test(
        "SoX reads our takes and segments whole, as float, without a warning",
        .enabled(if: diskHasProgram("sox"), "sox is not installed"))
    func judgedBySox() throws {
        let folder = try DiskFolder()
        for path in try makeFiles(in: folder) {
            let judge = diskShell(
                "soxi -s '\(path.file)' && soxi -e '\(path.file)' && sox '\(path.file)' -n")
            #expect(judge.code == 0)
            #expect(judge.text == "\(path.frames)\nFloating Point PCM\n", "\(judge.text)")
        }
    }

    @Test(
        "sha256sum agrees on bytes of many lengths",
        .enabled(if: diskHasProgram("sha256sum"), "sha256sum is not installed"))
    func judgedBySha256sum() throws {
        let folder = try DiskFolder()
        var random = DiskSeed(20)
        for length in [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 100_003] {
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let file = try PosixFileSystem().create("\(folder.path)/\(length)")
            try file.writeAll(bytes, at: 0)
            var hash = Sha256()
            bytes.withUnsafeBytes { hash.add($0) }
            let judge = diskShell("sha256sum < '\(folder.path)/\(length)'")
            #expect(judge.text.hasPrefix(hash.finish().hex + " "), "\(length) bytes")
        }
    }

    @Test("the real file system answers as the one in memory does")
    func sameAnswers() throws {
        let folder = try DiskFolder()
        let memory = DiskFakeFiles()
        for files in [PosixFileSystem(), memory] as [any FileSystem] {
            let deep = folder.path + "/a/b/c"
            try files.makeFolder(folder.path + "/a")
            try files.makeFolderPair(deep)
            try files.makeFolderPair(deep)
            let path = deep + "/file"
            #expect(code { _ = try files.open(path, writable: false) } == FileError.missing)
            let file = try files.create(path)
            #expect(code { _ = try files.create(path) } == FileError.nameTaken)
            #expect(code { _ = try files.create(deep + "/no/file") } == FileError.missing)
            #expect(code { try files.remove(deep + "/none") } == FileError.missing)
            try file.writeAll([1, 2, 3], at: 2)
            try file.truncate(to: 4)
            try file.truncate(to: 6)
            try file.sync()
            #expect(try file.byteCount() == 6)
            #expect(try file.readArray(of: 9, at: 0) == [0, 0, 1, 2, 0, 0])
            #expect(try file.readArray(of: 9, at: 6) == [])
            try files.rename(path, to: deep + "/other")
            try files.syncFolder(deep)
            #expect(try files.names(in: deep) == ["other"])
            #expect(try files.freeBytes(in: deep) > 0)
            try files.remove(deep + "/other")
            #expect(try files.names(in: deep) == [])
        }
    }

    @Test(
        "a folder that somebody else made is not called safe before its name is",
        .enabled(
            if: diskShell("test -d /proc/self/fd").code == 0,
            "there is no /proc, which has a folder that cannot be synced"))
    func foldersName() throws {
        let folder = try DiskFolder()
        try PosixFileSystem().makeFolder(folder.path)
        // There, and in a folder that cannot be synced.
        #expect(code { try PosixFileSystem().makeFolder("/proc/self/fd") } != nil)
    }

    @Test("a folder whose place is gone is not made; a run's may lack the one above it")
    func nothingAbove() throws {
        let folder = try DiskFolder()
        let files = PosixFileSystem()
        let deep = folder.path + "/a/b"
        #expect(code { try files.makeFolder(deep) } == FileError.missing)
        #expect(code { try files.makeFolderPair(deep + "/c") } == FileError.missing)
        #expect(try files.names(in: folder.path) == [])
        try files.makeFolderPair(deep)
        try files.makeFolderPair(deep)
        #expect(try files.names(in: deep) == [])
    }

    @Test("a data folder that is moved away is not made anew; once it is back all goes into it")
    func movedAway() throws {
        let folder = try DiskFolder()
        let away = folder.path + "-away"
        let rig = try started(in: folder)
        rig.play(1500)
        diskShell("mv '\(folder.path)' '\(away)'")
        rig.keep(1, 1600..<2100)
        rig.play(700)
        #expect(rig.desk.counts().state == .critical)
        for _ in 0..<5 { rig.play(100, ms: 1000) }
        #expect(diskShell("test -e '\(folder.path)'").code != 0)
        #expect(rig.spooled == [])
        diskShell("mv '\(away)' '\(folder.path)'")
        for _ in 0..<3 { rig.play(100, ms: 1000) }
        #expect(rig.spooled == [.numbered(1)])
        rig.finish()
        let counts = rig.desk.counts()
        #expect(counts.durable == 3000)
        #expect(counts.gap == 0)
        #expect(try rig.firstWrongFrame(in: 0..<3000) == nil)
    }

    private func code(_ body: () throws -> Void) -> Int32? {
        do {
            try body()
            return nil
        } catch {
            return (error as? FileError)?.code
        }
    }

    private func started(in folder: DiskFolder) throws -> DiskRig {
        let rig = DiskRig(feed: DiskFakeFeed(), files: DiskFakeFiles(), real: folder)
        try rig.disk.makeFolder(folder.audio)
        try #require(rig.writer.recover(nowMs: rig.nowMs, index: rig.index))
        return rig
    }

    /// A full segment, one closed early, one mended after a kill, and a take's two files.
    private func makeFiles(in folder: DiskFolder) throws -> [(file: String, frames: Int)] {
        let rig = try started(in: folder)
        rig.keep(1, 200..<900, bar: 300)
        for _ in 0..<15 { rig.play(100, ms: 500) }
        rig.finish()
        rig.feed.diskCursor = rig.feed.cursorTold
        let killed = DiskRig(feed: rig.feed, files: rig.files, real: folder)
        try #require(killed.writer.recover(nowMs: 0, index: killed.index))
        killed.play(77)
        killed.play(20)
        rig.feed.diskCursor = rig.feed.cursorTold
        let mended = DiskRig(feed: rig.feed, files: rig.files, real: folder)
        try #require(mended.writer.recover(nowMs: 0, index: mended.index))
        let window = try #require(rig.takeFile(1, .window))
        let rolls = try #require(rig.takeFile(1, .rolls))
        return [
            (rig.layout.path(ofSegmentAt: 0), 1000), (rig.layout.path(ofSegmentAt: 1000), 500),
            (rig.layout.path(ofSegmentAt: 1500), 77),
            (folder.audio + "/\(window.sha.hex).wav", 700),
            (folder.audio + "/\(rolls.sha.hex).wav", 500),
        ]
    }
}
