import CFlowLeaf
import Testing

@testable import FlowCore

/// Threads rest while there is nothing to do, and no ring is lost.
@Suite("threads that rest")
struct WorkThreadTests {
    private static let longMs = 60_000

    @Test("a ring that comes while the thread works is not lost")
    func ringWhileWorking() {
        let bell = DiskMonitor()
        let seen = bell.ringCount
        bell.ring()
        #expect(bell.wait(after: seen, timeoutMs: Self.longMs))
        // Whoever looks at the bell only after the work sleeps through it.
        #expect(!bell.wait(after: bell.ringCount, timeoutMs: 20))
        let thread = WorkThread()
        let (steps, gate) = (DiskMonitor(), DiskMonitor())
        let shut = gate.ringCount
        let none = steps.ringCount
        thread.start("fz-test") {
            steps.ring()
            gate.wait(after: shut, timeoutMs: Self.longMs)
            return Self.longMs
        }
        #expect(steps.wait(after: none, timeoutMs: Self.longMs))
        thread.ring()
        gate.ring()
        #expect(steps.wait(after: none + 1, timeoutMs: Self.longMs / 2))
        thread.stop()
    }

    @Test("a resting thread works when rung for, and ends when it shall")
    func ringWhileResting() {
        let thread = WorkThread()
        let steps = DiskMonitor()
        thread.start("fz-test") {
            steps.ring()
            return Self.longMs
        }
        #expect(steps.wait(after: 0, timeoutMs: Self.longMs))
        #expect(!steps.wait(after: 1, timeoutMs: 20))
        thread.ring()
        #expect(steps.wait(after: 1, timeoutMs: Self.longMs / 2))
        thread.stop()
        let ended = steps.ringCount
        thread.ring()
        #expect(!steps.wait(after: ended, timeoutMs: 20))
    }

    @Test("whoever polls a capture wakes the worker that bakes it, other events do not")
    func pollRings() throws {
        let rig = try CoreRig()
        rig.step(200_000)
        let before = rig.engine.loopThread.ringCount
        rig.send(Ask(code: .mark, token: 1))
        rig.engine.stepper?.step(frames: 512)
        #expect(rig.engine.poll(capacity: 100) { _ in } > 0)
        #expect(rig.engine.loopThread.ringCount == before)
        rig.capture(0, bars: 1, take: 1, quantized: false)
        rig.engine.stepper?.step(frames: 512)
        #expect(rig.engine.poll(capacity: 100) { _ in } > 0)
        #expect(rig.engine.loopThread.ringCount == before + 1)
    }

    @Test("the worker rests until the last frames of a window come, else a fifth of a second")
    func workerRests() throws {
        let rig = try CoreRig()
        rig.bakes = false
        #expect(rig.engine.worker.pump() == 200)
        let newest = Int64(rig.engine.store.newestFrame())
        for (ahead, restMs) in [(480, 11), (1, 1), (48_000, 200)] {
            var request = BakeRequest()
            request.id = CoreRig.take(UInt32(ahead))
            request.toFrame = newest + Int64(ahead)
            rig.engine.rings.bakes.push(request)
            #expect(rig.engine.worker.pump() <= restMs)
        }
    }

    @Test("a capture that nobody polls is baked long before the ring loses its window")
    func bakesUnpolled() throws {
        var configuration = EngineConfiguration()
        configuration.deviceKind = DeviceKind.headless
        configuration.ringSecondsMax = 5
        configuration.bpm = 300
        let engine = try FlowEngine(configuration)
        // So that the press does not meet silence.
        engine.block.pointee.heard.note(0, at: 1)
        try engine.start()
        defer { engine.stop() }
        let limitNs = flow_monotonic_ns() + 20_000_000_000
        while engine.rings.status.read().frame < 60_000, flow_monotonic_ns() < limitNs {}
        let code = CoreRig.send(
            [Ask(code: .capture, a: 1, id: CoreRig.take(1))], to: engine)
        #expect(code == 0)
        while engine.pool.byteCount == 0, flow_monotonic_ns() < limitNs {}
        let bakedFrame = engine.rings.status.read().frame
        var captured: CoreEvent?
        _ = engine.poll(capacity: 1_000) { if $0.code == .captured { captured = $0 } }
        let frame = try #require(captured?.frame)
        let margin = engine.block.pointee.ring.marginFrames / 2
        print("baked \(bakedFrame - frame) frames after the capture, \(margin) are allowed")
        #expect(bakedFrame - frame < margin)
    }
}
