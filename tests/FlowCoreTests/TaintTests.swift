import Foundation
import Testing

@testable import FlowCore

/// Each take is of the fourth bar, pressed a little after it, unless a test says otherwise.
@Suite("A take whose sound was damaged says so")
struct TaintTests {
    private static let bar: Int64 = 38_400
    private static let from = 3 * bar
    private static let to = 4 * bar

    private func rig(
        latency: Int64 = 0, _ change: (inout EngineConfiguration) -> Void = { _ in }
    ) throws -> CoreRig {
        let rig = try CoreRig {
            $0.bpm = 300
            change(&$0)
        }
        if latency > 0 { rig.send(Ask(code: .latency, a: Double(latency))) }
        return rig
    }

    /// The take of the bar before the press.
    private func take(_ rig: CoreRig, block: Int = 512) throws -> CoreEvent {
        rig.step(to: Self.to + 5_000, block: block)
        rig.capture(0, bars: 1, take: 1)
        rig.step(to: Self.to + 5_100, block: 64)
        let take = try #require(rig.all(.captured).first)
        #expect(take.toFrame - take.fromFrame == Self.bar)
        return take
    }

    @Test("a clip in its window, to the frame, at every block size and latency")
    func clips() throws {
        for latency in [0, 700] as [Int64] {
            let window = (Self.from + latency)..<(Self.to + latency)
            let frames: [Int64] = [
                window.lowerBound - 1, window.lowerBound, window.lowerBound + 1_000,
                window.upperBound - 1, window.upperBound,
            ]
            for frame in frames {
                for block in [512, 64, 37] {
                    let rig = try rig(latency: latency)
                    let noise = rig.noise
                    rig.input = { at, channel in
                        at == frame && channel == 1 ? -1 : noise.sample(at, channel)
                    }
                    let isTold = try take(rig, block: block).marks.isTainted
                    #expect(isTold == window.contains(frame), "\(frame) \(latency) \(block)")
                    #expect(rig.all(.tainted).isEmpty)
                }
            }
        }
    }

    @Test("many clips after its window do not let one in it be forgotten")
    func manyClips() throws {
        for hasClip in [true, false] {
            let rig = try rig()
            rig.input = { at, _ in
                if at == Self.from + 10 { return hasClip ? 1 : 0.5 }
                // Three hundred damages, each for itself.
                return at >= Self.to && at % 600 == 0 ? 1 : 0.5
            }
            rig.step(to: Self.to + 5_000)
            rig.step(300 * 600)
            // A press of then would not be believed: the log itself is asked.
            let log = rig.engine.block.pointee.taintLogs[0]
            #expect(log.touches(from: Self.to, to: Self.to + 600))
            #expect(log.touches(from: Self.from, to: Self.from + 20) == hasClip)
        }
    }

    @Test("a dropout in its window, and none outside of it")
    func xruns() throws {
        for (at, isDamaged) in [
            (Self.from - 1_024, false), (Self.from + 512, true), (Self.to - 512, true),
            (Self.to + 512, false),
        ] {
            let rig = try rig()
            rig.step(to: at)
            rig.engine.device.counters.countXrun(frames: 200)
            rig.step(512)
            #expect(try take(rig).marks.isTainted == isDamaged, "\(at)")
            #expect(rig.all(.xrun).map(\.value) == [200])
        }
    }

    @Test("dropouts that are told later damage only what was recorded when they happened")
    func xrunsToldLater() throws {
        let rig = try rig()
        rig.step(to: 50_000)
        let stepper = try #require(rig.engine.stepper)
        rig.engine.device.counters.countXrun(frames: 3)
        // Nobody polls: the ring is half full.
        while rig.engine.rings.events.room() >= Limits.eventRingCount / 2 {
            rig.engine.device.counters.countXrun(frames: 3)
            stepper.step(frames: 1)
        }
        rig.engine.device.counters.countXrun(frames: 3)
        stepper.step(frames: 16)
        let last = rig.engine.block.pointee.frame - 16
        for _ in 0..<100 { stepper.step(frames: 64) }
        let log = rig.engine.block.pointee.taintLogs[0]
        #expect(log.touches(from: last, to: last + 1))
        #expect(!log.touches(from: last + 17, to: last + 6_000))
    }

    @Test("damage to what is still on its way when it sounds already is told afterwards")
    func lateFrames() throws {
        for at in [Self.to + 600, Self.to + 701] {
            let rig = try rig(latency: 700)
            let noise = rig.noise
            rig.input = { frame, channel in frame == at ? 1 : noise.sample(frame, channel) }
            rig.step(to: Self.to - 3_000)
            rig.capture(0, bars: 1, take: 1)
            rig.step(to: Self.to + 100, block: 64)
            let take = try #require(rig.all(.captured).first)
            #expect(take.toFrame == Self.to + 700)
            #expect(!take.marks.isTainted)
            rig.step(1_000)
            let isIn = at < Self.to + 700
            #expect(rig.all(.tainted).map(\.id) == (isIn ? [CoreRig.take(1)] : []))
            if isIn { #expect(rig.all(.tainted)[0].fromFrame == at) }
        }
    }

    @Test("damage while it is recorded is in the take, and in its note for the next engine")
    func whileRecording() throws {
        for clips in [true, false] {
            let rig = try rig()
            let noise = rig.noise
            rig.input = { frame, channel in
                clips && frame == Self.to - 500 ? 1 : noise.sample(frame, channel)
            }
            rig.step(to: Self.to - 3_000)
            rig.capture(0, bars: 1, take: 1)
            rig.step(to: Self.to + 100)
            #expect(rig.all(.captured).map(\.marks.isTainted) == [clips])
            let note = try #require(rig.engine.store.memory.noted.first)
            #expect(note.marks.isTainted == clips)
            #expect(!note.marks.isOverdub)
        }
    }

    @Test("what was damaged in the last second is told when the engine ends")
    func toldAtTheEnd() throws {
        let rig = try rig()
        rig.input = { at, _ in at == 10_000 || at == 30_000 ? 1 : 0.5 }
        rig.step(to: 40_000)
        #expect(rig.all(.damaged).map(\.fromFrame) == [10_000])
        rig.engine.stop()
        rig.step(0)
        #expect(rig.all(.damaged).map(\.fromFrame) == [10_000, 30_000])
    }

    @Test("time in which a restarted device did not play yet, and none after it")
    func lateDevice() throws {
        let name = CoreRig.ringName("taint")
        let change: (inout EngineConfiguration) -> Void = {
            $0.runId = [1, 2, 3, 4]
            $0.ringName = name
            $0.flags |= ConfigFlags.adoptRing
        }
        let dead = try rig(change)
        defer { dead.engine.store.unlink() }
        dead.step(to: Self.bar)
        let next = try rig(change)
        let hole = next.firstFrame
        next.engine.block.pointee.dueNs = 1
        next.step(64)
        let late = try #require(next.all(.gap).first { $0.fromFrame == hole })
        let log = next.engine.block.pointee.taintLogs[0]
        let told = next.all(.damaged).filter { $0.source == 0 }
        #expect(told.map(\.fromFrame) == [dead.frame], "the break is told by itself, at once")
        #expect(log.touches(from: dead.frame, to: dead.frame + 1))
        #expect(log.touches(from: late.toFrame - 1, to: late.toFrame))
        #expect(!log.touches(from: late.toFrame, to: next.frame + 100_000))
        #expect(!log.touches(from: 0, to: dead.frame))
    }

    @Test("of several sources the clipped one and their sum; a loud sum of whole ones is none")
    func severalSources() throws {
        for (clipped, isDamaged) in [
            (0, [true, true, false, false]), (1, [true, false, true, false]),
            (-1, [false, false, false, false]),
        ] {
            let rig = try rig { $0.sourceCount = 4 }
            rig.stepPairs(3, to: 60_000) { pair, frame, side in
                frame == 50_000 && pair == clipped && side == 1 ? -1 : 0.6
            }
            let logs = rig.engine.block.pointee.taintLogs
            let told = (0..<4).map { logs[$0].touches(from: 0, to: rig.frame) }
            #expect(told == isDamaged, "\(clipped)")
        }
    }

    @Test("a device that is lost leaves a break in what is recorded")
    func lostDevice() throws {
        let rig = try rig()
        rig.step(to: 20_000)
        rig.engine.device.counters.lost.pointee.store(1)
        rig.engine.supervise()
        rig.engine.headless?.stop()
        rig.step(512)
        let log = rig.engine.block.pointee.taintLogs[0]
        #expect(log.touches(from: 20_000, to: 20_001))
        #expect(!log.touches(from: 0, to: 20_000))
        #expect(!log.touches(from: 20_513, to: rig.frame + 1))
        #expect(rig.all(.device).map(\.errorCode) == [ErrorCode.deviceLost])
    }

    @Test(
        "damage is told with its source at once, then at most once a second, and none is left out")
    func told() throws {
        let rig = try rig { $0.sourceCount = 3 }
        var clipped: [Int64] = [20_000, 20_700, 40_000, 66_000, 67_000, 150_000]
        let first = clipped
        rig.stepPairs(2, to: 250_000) { pair, frame, side in
            pair == 1 && side == 0 && clipped.contains(frame) ? 1 : 0.1
        }
        let told = rig.all(.damaged)
        for source in [0, 2] {
            let ranges = told.filter { $0.source == source }
            #expect(ranges.map(\.fromFrame) == [20_000, 20_700, 150_000])
            #expect(ranges.map(\.toFrame) == [20_001, 67_001, 150_001])
        }
        #expect(told.allSatisfy { $0.source != 1 })
        #expect(told.allSatisfy { $0.frame - $0.toFrame < 48_000 + 4_096 })
        clipped = []
        let before = rig.all(.damaged).count
        rig.stepPairs(2, to: 400_000) { _, _, _ in 0.1 }
        #expect(rig.all(.damaged).count == before, "\(first) are told once")
    }

    @Test("damage without frames marks nothing, and one frame marks what has it")
    func noFrames() {
        for frames in [0, -5, 1] as [Int64] {
            var log = TaintLog(capacity: 16, joinFrames: 480)
            defer { log.deallocate() }
            log.add(from: 1_000, to: 1_000 + frames)
            #expect(log.touches(from: 500, to: 1_500) == (frames > 0))
            #expect(log.isOwed() == (frames > 0))
        }
    }

    @Test("the log never calls a damaged window whole, and a whole one damaged only far back")
    func log() {
        var random = SeededRandom(seed: CoreRig.seed)
        print("seed \(CoreRig.seed)")
        var log = TaintLog(capacity: 16, joinFrames: 480)
        defer { log.deallocate() }
        var damages: [Range<Int64>] = []
        var at: Int64 = 0
        for _ in 0..<200 {
            at += Int64.random(in: 1...3_000, using: &random)
            let end = at + Int64.random(in: 1...900, using: &random)
            log.add(from: at, to: end)
            damages.append(at..<end)
            at = end
        }
        for _ in 0..<20_000 {
            let from = Int64.random(in: 0...at, using: &random)
            let window = from..<from + Int64.random(in: 480...9_000, using: &random)
            let isDamaged = damages.contains { $0.overlaps(window) }
            let isTold = log.touches(from: window.lowerBound, to: window.upperBound)
            #expect(isTold || !isDamaged)
            if window.lowerBound > at - 8_000 { #expect(isTold == isDamaged) }
        }
    }
}
