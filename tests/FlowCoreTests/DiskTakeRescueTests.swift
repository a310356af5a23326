import Testing

@testable import FlowCore

/// Takes that a disk does not have when they are needed: saved from memory, refused, or told.
@Suite("disk takes in trouble")
struct DiskTakeRescueTests {
    private final class Flag {
        var isOn = false
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
        let frames = 3000
        var sizes = DiskRig.sizes(blocks: 20)
        sizes.pinnedBytesMax = 8 * frames
        let rig = try DiskRig.started(sizes: sizes)
        func canKeep(_ frames: Int) -> Bool { rig.desk.canKeep(frames: frames) }
        rig.play(700)
        rig.keep(1, 100..<1000)
        #expect(canKeep(frames))
        rig.desk.locked { $0.failed(in: DiskRig.spool, nowMs: rig.nowMs) }
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

    @Test("a take whose recording rots before it has a file is told once, and filed when whole")
    func rotten() throws {
        let rig = try DiskRig.started()
        let isFolderBroken = Flag()
        rig.files.fault = { operation, path in
            let isFile = operation == .create && path.hasPrefix(DiskRig.audio)
            return isFile && isFolderBroken.isOn ? FileError.noSpace : nil
        }
        isFolderBroken.isOn = true
        rig.play(900)
        rig.keep(1, 200..<800)
        for _ in 0..<20 { rig.play(400, ms: 1000) }
        #expect(rig.spooled == [.numbered(1)] && rig.damaged == [])
        let path = rig.layout.path(ofSegmentAt: 0)
        let sound = try #require(rig.files.bytes(path))
        var rot = sound
        rot[58 + 8 * 500] ^= 1
        rig.files.replace(path, with: rot)
        isFolderBroken.isOn = false
        for _ in 0..<3 { rig.play(10, ms: 60_000) }
        #expect(rig.damaged == [.numbered(1)] && rig.takeFile(1, .window) == nil)
        #expect(rig.lost == [])
        rig.files.replace(path, with: sound)
        rig.play(10, ms: 60_000)
        let request = try #require(rig.fileRequest(.numbered(1), 200..<800))
        #expect(rig.isRight(TakeLoader(files: rig.files).load(request).audio, 200..<800))
        #expect(rig.damaged == [.numbered(1)])
    }
}
