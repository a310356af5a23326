import Testing

@testable import FlowCore

/// What a segment takes of the disk before it is written, and of memory before it is synced.
@Suite("room on disk and in memory")
struct DiskRoomTests {
    @Test("a segment has its room from the first frame on, and gives back what it does not need")
    func reserved() throws {
        let rig = try DiskRig.started()
        rig.play(300)
        let path = rig.layout.path(ofSegmentAt: 0)
        #expect(rig.files.reserved == [path: rig.layout.segmentBytes])
        rig.finish()
        let bytes = rig.layout.header(frameCount: 300).byteOffset(of: 300)
        #expect(rig.files.bytes(path)?.count == Int(bytes))
    }

    @Test("where room is low nothing is taken ahead, and a refusal does no harm")
    func notReserved() throws {
        let small = DiskFakeFiles()
        let full = try DiskRig.started(files: small)
        small.capacityBytes = Int(full.layout.bytesPerSecond * SpoolSync.spaceSecondsMin)
        full.play(300)
        #expect(small.reserved.isEmpty)
        let unable = DiskFakeFiles()
        unable.fault = { operation, _ in operation == .reserve ? FileError.noSpace : nil }
        let rig = try DiskRig.started(files: unable)
        for _ in 0..<8 { rig.play(300) }
        rig.finish()
        for each in [full, rig] {
            #expect(each.states == [] && each.desk.counts().gap == 0)
            #expect(try each.firstWrongFrame(in: 0..<300) == nil)
        }
    }

    @Test(
        "on a full disk what was reserved can be written; negative control: without it not",
        .enabled(if: DiskMount.isAllowed, "mounting a small tmpfs needs root"),
        arguments: [true, false])
    func fullDisk(isReserved: Bool) throws {
        let folder = try DiskFolder()
        let mount = try DiskMount(folder.path, size: "1m")
        let files = PosixFileSystem()
        let half = [UInt8](repeating: 7, count: 524_288)
        let file = try files.create(folder.path + "/segment")
        if isReserved { try file.reserve(UInt64(half.count)) }
        #expect(try file.byteCount() == 0)
        diskShell("cat /dev/zero > '\(folder.path)/fill'")
        var code: Int32 = 0
        do throws(FileError) { try file.writeAll(half, at: 0) } catch { code = error.code }
        #expect(code == (isReserved ? 0 : FileError.noSpace))
        try file.truncate(to: 4096)
        #expect(try files.freeBytes(in: folder.path) >= (isReserved ? 500_000 : 0))
        withExtendedLifetime(mount) {}
    }

    @Test("what a segment had reserved when the power went is free after the next start")
    func reservedAtPowerCut() throws {
        let first = try DiskRig.started()
        first.play(1300)
        first.play(10, ms: 1000)
        let path = first.layout.path(ofSegmentAt: 1000)
        try #require(first.files.afterPowerCut().bytes(path) != nil)
        let files = first.files.afterPowerCut()
        #expect(files.reserved[path] == first.layout.segmentBytes)
        let sound = files.bytes(path)
        let next = DiskRig(feed: DiskFakeFeed(), files: files, folder: "/spool/next")
        try #require(next.writer.recover(nowMs: 0, index: next.index))
        #expect(files.reserved[path] == nil)
        #expect(files.bytes(path) == sound)
    }

    @Test("a name in an earlier run that is nearly a segment's keeps no start from going on")
    func strangeName() throws {
        let files = DiskFakeFiles()
        try files.makeFolder("/spool/earlier")
        for name in ["seg-000000000000.wav", "seg-9999999999999999999.wav", "index.jsonl"] {
            _ = try files.create("/spool/earlier/" + name)
        }
        let next = DiskRig(feed: DiskFakeFeed(), files: files, folder: "/spool/next")
        #expect(next.writer.recover(nowMs: 0, index: next.index))
    }

    @Test(
        "reserved room is given back on a real disk, and the file is as old as it was",
        .enabled(if: DiskMount.isAllowed, "mounting a small tmpfs needs root"),
        arguments: [true, false])
    func released(isReserved: Bool) throws {
        let folder = try DiskFolder()
        let mount = try DiskMount(folder.path, size: "2m")
        let files = PosixFileSystem()
        let path = folder.path + "/segment"
        let file = try files.create(path)
        if isReserved { try file.reserve(1_048_576) }
        try file.writeAll([UInt8](repeating: 7, count: 10_000), at: 0)
        diskShell("touch -d '2001-02-03 04:05:06.789' '\(path)'")
        let before = diskShell("stat -c '%y %s' '\(path)'").text
        #expect(before.hasPrefix("2001-02-03"))
        let free = try files.freeBytes(in: folder.path)
        try file.release()
        let gained = try files.freeBytes(in: folder.path) - free
        #expect(gained >= (isReserved ? 1_000_000 : 0) && (isReserved || gained == 0))
        #expect(diskShell("stat -c '%y %s' '\(path)'").text == before)
        #expect(try file.readArray(of: 20_000, at: 0) == [UInt8](repeating: 7, count: 10_000))
        withExtendedLifetime(mount) {}
    }

    @Test("no more is written ahead of the syncs than is allowed, except at the end")
    func farAhead() throws {
        var sizes = DiskRig.sizes()
        sizes.unsyncedBytesMax = 4000
        let rig = try DiskRig.started(sizes: sizes)
        rig.feed.advance(3500)
        rig.writer.step(nowMs: rig.nowMs)
        rig.writer.step(nowMs: rig.nowMs)
        #expect(rig.desk.counts().written == 1000)
        // Not only when its second is over: the writer waits for it.
        for end in [2000, 3000, 3500] {
            rig.sync.step(nowMs: rig.nowMs)
            rig.writer.step(nowMs: rig.nowMs)
            #expect(rig.desk.counts().durable + rig.desk.counts().written == UInt64(end))
        }
        #expect(rig.desk.counts().durable == 3000 && rig.isConserved)
        rig.feed.advance(3000)
        rig.writer.finish(nowMs: rig.nowMs)
        #expect(rig.desk.counts().queued == 0)
    }
}
