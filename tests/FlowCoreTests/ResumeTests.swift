import CFlowLeaf
import Foundation
import Testing

@testable import FlowCore

@Suite("The timeline after an engine crash", .serialized)
struct ResumeTests {
    @Test("a hole that is silenced in two steps is silent, and the sound before it is there")
    func resumesInSteps() throws {
        let change = CoreRig.adopting("steps")
        let dead = try CoreRig(change)
        defer { dead.engine.store.unlink() }
        dead.step(100_000)
        let next = try FlowEngine(
            {
                var configuration = EngineConfiguration()
                change(&configuration)
                return configuration
            }())
        let anchorNs = try #require(next.store.inherited).anchor.monotonicNs
        let first = next.store.resume(atNs: anchorNs + 4_000_000_000)
        let second = next.store.resume(atNs: anchorNs + 4_100_000_000)
        #expect(second == first + 4_800)
        #expect(next.store.resume(atNs: anchorNs) == second)
        #expect(next.store.newestFrame() == UInt64(second))
        let hole = Int(second) - 100_000
        var silence = [Float](repeating: 1, count: 2 * hole)
        #expect(next.store.copy(from: 100_000, frames: hole, into: &silence))
        #expect((silence.allSatisfy { $0 == 0 }) as Bool)
        var sound = [Float](repeating: 0, count: 2)
        #expect(next.store.copy(from: 99_999, frames: 1, into: &sound))
        #expect(sound[0] == dead.noise.sample(99_999, 0))
    }

    @Test("a device that begins late goes on at the frame the clock has reached")
    func lateDevice() throws {
        let change = CoreRig.adopting("late")
        let dead = try CoreRig(change)
        defer { dead.engine.store.unlink() }
        dead.step(50_000)
        let next = try CoreRig(change)
        let lateNs: Int64 = 100_000_000
        let dueNs = flow_monotonic_ns() - lateNs
        next.engine.block.pointee.dueNs = dueNs
        next.step(64)
        let anchor = try #require(next.engine.store.memory.readAnchor())
        #expect(anchor.frame == next.frame - 64)
        let late = (anchor.monotonicNs - dueNs) * 48_000 / 1_000_000_000
        #expect(late >= 4_800)
        #expect(anchor.frame == next.firstFrame + late)
        // A slow machine has a hole before it too, which the engine tells.
        let gaps = next.all(.gap)
        let gap = try #require(gaps.first { $0.fromFrame == next.firstFrame })
        #expect(gap.detail == GapReason.engineRestart.rawValue)
        #expect([gap.fromFrame, gap.toFrame] == [next.firstFrame, anchor.frame])
        var ring = [Float](repeating: 1, count: 2 * Int(late))
        #expect(
            next.engine.store.copy(from: UInt64(next.firstFrame), frames: Int(late), into: &ring))
        #expect((ring.allSatisfy { $0 == 0 }) as Bool)
        next.step(64)
        #expect(next.frame == anchor.frame + 128)
    }
}
