import Foundation
import Testing

@testable import FlowCore

/// A loop rendered by one engine, filed, and read by another.
@Suite("A loop gets a file")
struct LoopFileTests {
    private final class Outcomes: @unchecked Sendable {
        private let monitor = DiskMonitor()
        private var all: [(TakeID, LoopFiler.Outcome)] = []

        func add(_ id: TakeID, _ outcome: LoopFiler.Outcome) {
            monitor.locked { all.append((id, outcome)) }
            monitor.ring()
        }

        func wait(_ count: Int) -> [(TakeID, LoopFiler.Outcome)] {
            while true {
                let seen = monitor.ringCount
                let now = monitor.locked { all }
                if now.count >= count { return now }
                monitor.wait(after: seen, timeoutMs: 1_000)
            }
        }
    }

    /// Bar 1 of the noise is take 1; loop 2 is it at 250 bpm, repitched.
    private static func rendered() throws -> (CoreRig, [Float]) {
        let rig = try CoreRig.withLoop()
        let parts = [RenderPartAsk(take: 1, start: 7)]
        #expect(rig.render(2, frames: 46_080, framesPerBeat: 11_520, parts: parts) == 0)
        #expect(rig.engine.step(frames: 64))
        return (rig, try samples(rig, 2))
    }

    private static func samples(_ rig: CoreRig, _ take: UInt32) throws -> [Float] {
        let handle = try #require(rig.engine.pool.acquire(CoreRig.take(take)))
        defer { rig.engine.pool.release(handle) }
        let view = handle.view()
        return (0..<2 * view.frames).map { view.samples[$0] }
    }

    /// The path of the file that loop 2 gets.
    private static func file(_ rig: CoreRig, in folder: String) throws -> String {
        let outcomes = Outcomes()
        let filer = LoopFiler(
            pool: rig.engine.pool, files: PosixFileSystem(), rateHz: 48_000, reserveBytes: 0
        ) { outcomes.add($0, $1) }
        #expect(filer.add(CoreRig.take(2), folder: folder) == 0)
        let made = try #require(outcomes.wait(1).first).1.get()
        return folder + "/" + made.sha.hex + ".wav"
    }

    /// Asks an engine with a disk for the file as loop 2; gives the code it answers, and the rig.
    private static func load(
        _ path: String, in folder: DiskFolder, flags: UInt32 = TakeFlags.seamless
    ) throws -> (code: UInt32, rig: CoreRig) {
        let rig = try CoreRig {
            $0.bpm = 300
            $0.flags = 0
            $0.spoolPath = folder.spool
            $0.audioPath = folder.audio
        }
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: TakeSource.byteCount, alignment: 8)
        defer { bytes.deallocate() }
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: TakeSource.byteCount)
        let source = TakeSource(base: bytes)
        CoreRig.take(2).write(to: source.id)
        source.toFrame = 46_080
        source.framesPerBeat = 11_520
        source.sampleRateHz = 48_000
        source.flags = flags
        UnsafeMutableRawPointer(source.path).copyMemory(
            from: Array(path.utf8), byteCount: path.utf8.count)
        #expect(rig.engine.load(source) == 0)
        while rig.all(.takeLoaded).isEmpty { rig.step(64) }
        return (try #require(rig.all(.takeLoaded).first).errorCode, rig)
    }

    @Test("and another engine has the same bits of it; with a seam it would be another sound")
    func roundTrip() throws {
        let folder = try DiskFolder()
        let (rig, sound) = try Self.rendered()
        let path = try Self.file(rig, in: folder.path + "/cache")
        #expect(diskShell("sha256sum '\(path)'").text.hasPrefix(path.suffix(68).dropLast(4)))
        let again = try Self.load(path, in: folder)
        #expect(again.code == 0)
        #expect(try Self.samples(again.rig, 2) == sound)
        let seamed = try Self.load(path, in: folder, flags: 0)
        #expect(try Self.samples(seamed.rig, 2) != sound)
        // A second file of the same loop is the same file.
        #expect(try Self.file(rig, in: folder.path + "/cache") == path)
        #expect(diskShell("ls '\(folder.path)/cache' | wc -l").text == "1\n")
    }

    @Test("is refused when it was changed or cut; the control: without its hash it would play")
    func damaged() throws {
        let folder = try DiskFolder()
        let (rig, sound) = try Self.rendered()
        let path = try Self.file(rig, in: folder.path)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        var changed = whole
        changed[58 + 4_001] ^= 0x40
        for bytes in [changed, whole.dropLast(8), whole.prefix(58), Data()] {
            try bytes.write(to: URL(fileURLWithPath: path))
            let (code, rig) = try Self.load(path, in: folder)
            #expect(code == ErrorCode.takeUnreadable)
            #expect(!rig.engine.pool.contains(CoreRig.take(2)))
        }
        let nameless = folder.path + "/nameless.wav"
        try changed.write(to: URL(fileURLWithPath: nameless))
        let wrong = try Self.load(nameless, in: folder)
        #expect(wrong.code == 0)
        #expect(try Self.samples(wrong.rig, 2) != sound)
        try PosixFileSystem().remove(path)
        #expect(try Self.load(path, in: folder).code == ErrorCode.takeUnreadable)
    }

    @Test("of another rate it is no loop of this engine")
    func otherRate() throws {
        let rig = try CoreRig()
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: TakeSource.byteCount, alignment: 8)
        defer { bytes.deallocate() }
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: TakeSource.byteCount)
        let source = TakeSource(base: bytes)
        CoreRig.take(2).write(to: source.id)
        source.toFrame = 1_000
        source.framesPerBeat = 9_600
        source.flags = TakeFlags.seamless
        source.sampleRateHz = 44_100
        #expect(rig.engine.load(source) == ErrorCode.commandBounds)
        source.sampleRateHz = 48_000
        #expect(rig.engine.load(source) == 0)
    }

    @Test("that survives a power cut; of one that cannot be written nothing is left")
    func faults() throws {
        let (rig, _) = try Self.rendered()
        let (files, outcomes) = (DiskFakeFiles(), Outcomes())
        let filer = LoopFiler(
            pool: rig.engine.pool, files: files, rateHz: 48_000, reserveBytes: 1_000
        ) { outcomes.add($0, $1) }
        func code(_ count: Int) throws -> UInt32 {
            #expect(filer.add(CoreRig.take(2), folder: "cache") == 0)
            switch outcomes.wait(count)[count - 1].1 {
            case .success: return 0
            case .failure(let error): return error.code
            }
        }
        files.capacityBytes = 8 * 46_080 + 999
        #expect(try code(1) == ErrorCode.diskFull)
        files.capacityBytes = nil
        for (index, operation) in [FileOperation.create, .write, .sync, .rename].enumerated() {
            files.fault = { asked, _ in asked == operation ? FileError.inputOutput : nil }
            #expect(try code(2 + index) == ErrorCode.diskCritical)
            files.fault = { _, _ in nil }
            #expect(try files.names(in: "cache").isEmpty)
        }
        #expect(try code(6) == 0)
        let name = try #require(try files.names(in: "cache").first)
        #expect(files.afterPowerCut().bytes("cache/" + name) == files.bytes("cache/" + name))
        #expect(files.bytes("cache/" + name)?.count == 58 + 8 * 46_080)
    }

    @Test("so many wait and no more; a disk that hangs holds up neither the asker nor the end")
    func bounded() throws {
        let folder = try DiskFolder()
        let (rig, _) = try Self.rendered()
        let (files, outcomes) = (DiskGateFiles(), Outcomes())
        let filer = LoopFiler(
            pool: rig.engine.pool, files: files, rateHz: 48_000, reserveBytes: 0
        ) { outcomes.add($0, $1) }
        let (loop, cache) = (CoreRig.take(2), folder.path)
        #expect(filer.add(CoreRig.take(9), folder: cache) == ErrorCode.takeNotLoaded)
        let uses = rig.engine.pool.useCount
        files.close([.sync])
        #expect(filer.add(loop, folder: cache) == 0)
        files.waitForHanging(.sync)
        for _ in 0..<Limits.loopFilesWaitingMax { #expect(filer.add(loop, folder: cache) == 0) }
        #expect(filer.add(loop, folder: cache) == ErrorCode.busy)
        #expect(rig.engine.pool.useCount == uses + 1 + Limits.loopFilesWaitingMax)
        filer.stop(deadlineMs: 20)
        #expect(filer.add(loop, folder: cache) == ErrorCode.busy)
        files.open()
        #expect(outcomes.wait(1).count == 1)
        filer.stop(deadlineMs: 60_000)
        #expect(rig.engine.pool.useCount == uses)
    }
}
