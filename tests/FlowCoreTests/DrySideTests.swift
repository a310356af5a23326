import Foundation
import Testing

@testable import FlowCore

/// What is kept of an input beside what its plug-ins made of it.
@Suite("the dry side of what was played", .serialized)
struct DrySideTests {
    /// An engine whose input goes through a plug-in that is 37 frames late and half as loud.
    private final class Late {
        let chains = ScriptedChains()
        let rig: CoreRig
        private let plugin = LatePlugin(37)
        private let host: ScriptedHost
        static let frames = 64 + 37

        init(_ change: @escaping (inout EngineConfiguration) -> Void = { _ in }) throws {
            rig = try CoreRig(chains: chains) {
                $0.bpm = 300
                change(&$0)
            }
            let port = HostPort()
            host = try ScriptedHost(port)
            chains.make(9, ports: [port], isInput: true, latencies: [37])
        }

        func step(blocks: Int) { rig.step(64 * blocks) { host.answer(plugin.play) } }

        func dry(_ range: Range<UInt64>) -> [Float]? {
            var sound = [Float](repeating: 0, count: 2 * range.count)
            return rig.engine.dry.copy(from: range.lowerBound, frames: range.count, into: &sound)
                ? sound : nil
        }

        func wet(_ range: Range<UInt64>) throws -> [Float] {
            var sound = [Float](repeating: 0, count: 2 * range.count)
            try #require(
                rig.engine.store.copy(from: range.lowerBound, frames: range.count, into: &sound))
            return sound
        }

        /// What was played, `late` frames before each of a range.
        func played(_ range: Range<UInt64>, late: Int) -> [Float] {
            range.flatMap { frame in
                (0..<2).map { rig.noise.sample(Int64(frame) - Int64(late), $0) }
            }
        }
    }

    @Test("takes no memory before a chain comes, and all of it before the audio thread knows")
    func lazy() throws {
        let late = try Late()
        let memory = late.rig.engine.dry.memory
        let pageBytes = sysconf(Int32(_SC_PAGESIZE))
        let pages = memory.bytes / pageBytes
        #expect(pages > 1_000)
        func resident() -> Int {
            var isHere = [UInt8](repeating: 0, count: pages)
            #expect(mincore(memory.base, memory.bytes, &isHere) == 0)
            return isHere.count { $0 & 1 == 1 }
        }
        late.step(blocks: 50)
        #expect(resident() == 0)
        late.rig.engine.dry.prepare()
        #expect(resident() == pages)
    }

    @Test("lies on the very frames of the wet one, before, at and after a chain comes and goes")
    func aligned() throws {
        let late = try Late()
        late.step(blocks: 50)
        #expect(late.dry(0..<64) == nil)
        late.rig.setChain(9, isInput: true)
        late.step(blocks: 50)
        let set = UInt64(64 * 50)
        // Until the chain came the ring itself is dry.
        #expect(late.dry(0..<set) == late.played(0..<set, late: 0))
        #expect(try late.wet(0..<set) == late.played(0..<set, late: 0))
        // 64 frames fade from what was heard last.
        let through = set + 64..<64 * 100
        #expect(late.dry(through) == late.played(through, late: Late.frames))
        let wet = set + 64 * 30..<64 * 100
        #expect(try late.wet(wet) == late.dry(wet)?.map { $0 * 0.5 })
        late.rig.setChain(0, isInput: true)
        late.step(blocks: 50)
        let after = UInt64(64 * 101)..<64 * 150
        #expect(late.dry(after) == late.played(after, late: 0))
        // The judge can fail: one frame off.
        #expect(late.dry(through) != late.played(through, late: Late.frames - 1))
    }

    @Test("any block lengths give the same")
    func lengths() throws {
        let (one, other) = (try Late(), try Late())
        for each in [one, other] {
            each.step(blocks: 8)
            each.rig.setChain(9, isInput: true)
        }
        one.step(blocks: 64)
        var left = 64 * 64
        for length in [1, 17, 63, 64, 100, 300].cyclic() where left > 0 {
            let run = min(length, left)
            other.rig.step(run, block: run)
            left -= run
        }
        #expect(one.dry(0..<64 * 72) == other.dry(0..<64 * 72))
    }

    @Test("has no step where a chain comes or goes")
    func steps() throws {
        let late = try Late()
        late.rig.input = { frame, _ in DemoMath.sine(Float(frame % 480) / 480) * 0.8 }
        late.step(blocks: 20)
        late.rig.setChain(9, isInput: true)
        late.step(blocks: 20)
        late.rig.setChain(0, isInput: true)
        late.step(blocks: 20)
        let dry = try #require(late.dry(0..<64 * 60))
        let left = stride(from: 0, to: dry.count, by: 2).map { dry[$0] }
        let largest = zip(left, left.dropFirst()).map { abs($1 - $0) }.max() ?? 0
        #expect(largest < 0.0105 + 0.026, "largest step \(largest)")
    }

    @Test("what the tape has lost is not taken for sound")
    func wrapped() throws {
        let late = try Late { $0.ringSecondsMax = 2 }
        late.rig.setChain(9, isInput: true)
        late.step(blocks: 64 * 48)
        let oldest = late.rig.engine.dry.oldestFrame()
        #expect(oldest > 64 * 1_000)
        #expect(late.dry(oldest - 1..<oldest + 100) == nil)
        let kept = oldest..<oldest + 5_000
        #expect(late.dry(kept) == late.played(kept, late: Late.frames))
        #expect(late.dry(64 * 64 * 48 - 10..<64 * 64 * 48 + 1) == nil)
    }

    @Test("gets files of its own, with a bar around it; what the plug-ins did not change has none")
    func files() throws {
        let folder = try DiskFolder()
        let late = try Late {
            $0.flags = 0
            $0.spoolPath = folder.spool
            $0.audioPath = folder.audio
        }
        let rig = late.rig
        #expect(rig.keepDry(7, 0..<64) == ErrorCode.rangeNotKept, "there was never a chain")
        late.step(blocks: 400)
        rig.setChain(9, isInput: true)
        late.step(blocks: 1_600)
        // 38,400 frames are a bar; the chain came within this one, and its end is still to come.
        let bar = UInt64(64 * 100)..<64 * 2_100
        #expect(rig.keepDry(5, bar) == 0)
        #expect(rig.keepDry(6, 64 * 10..<64 * 300) == 0)
        late.step(blocks: 110)
        try until("window", seconds: 20) {
            late.step(blocks: 1)
            return rig.all(.takeFile).contains { $0.detail == TakePart.window.rawValue }
        }
        #expect(rig.all(.takeLoaded).map(\.errorCode) == [ErrorCode.rangeNotKept])
        #expect(rig.all(.takeLoaded).map(\.id) == [CoreRig.take(6)])
        late.step(blocks: 700)
        try until("rolls", seconds: 20) {
            late.step(blocks: 1)
            return rig.all(.takeFile).count == 2
        }
        let made = rig.all(.takeFile)
        #expect(made.allSatisfy { $0.id == CoreRig.take(5) })
        #expect(rig.all(.takeSpooled).map(\.id) == [CoreRig.take(5)])
        let window = try sound(of: made[0], in: folder)
        #expect(window == late.dry(bar))
        #expect(try window != late.wet(bar))
        let rolls = try sound(of: made[1], in: folder)
        #expect(made[1].value2 == 6_400)
        let after = try #require(late.dry(bar.upperBound..<bar.upperBound + 38_400))
        #expect(rolls == late.dry(0..<6_400).map { $0 + after })
        rig.engine.stop()
    }

    /// The samples of a file that an event tells of.
    private func sound(of event: CoreEvent, in folder: DiskFolder) throws -> [Float] {
        let words = [
            event.sha0.w0, event.sha0.w1, event.sha0.w2, event.sha0.w3,
            event.sha1.w0, event.sha1.w1, event.sha1.w2, event.sha1.w3,
        ]
        let name = words.map { String(format: "%08x", $0) }.joined()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder.audio)/\(name).wav"))
        return bytes.dropFirst(58).withUnsafeBytes { raw in
            (0..<raw.count / 4).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
    }
}

extension Array {
    /// Over and over.
    fileprivate func cyclic() -> [Element] { (0..<200).flatMap { _ in self } }
}

extension CoreRig {
    /// Has the dry side of a window kept as a take.
    fileprivate func keepDry(_ take: UInt32, _ window: Range<UInt64>) -> UInt32 {
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: TakeRange.byteCount, alignment: 8)
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: TakeRange.byteCount)
        defer { bytes.deallocate() }
        let range = TakeRange(base: bytes)
        CoreRig.take(take).write(to: range.id)
        range.fromFrame = Double(window.lowerBound)
        range.toFrame = Double(window.upperBound)
        range.framesPerBeat = 9_600
        range.barFrames = 38_400
        range.sampleRateHz = UInt32(engine.settings.rateHz)
        range.sourceIndex = UInt32(Limits.drySource)
        range.flags = RangeFlags.aside
        return engine.keep(range)
    }
}
