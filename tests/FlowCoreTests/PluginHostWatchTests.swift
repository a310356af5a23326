import CFlowLeaf
import Testing

@testable import FlowCore

@Suite("plug-in host watch")
struct PluginHostWatchTests {
    /// Reads a host at the usual pace whose beats stand still from `stopMs` on; the time of the
    /// verdict, or nil within `untilMs`.
    private func verdict(
        phase: Int = FLOW_PHASE_RUN, audioStopsMs: Double, mainStopsMs: Double,
        untilMs: Double, gap: ClosedRange<Double>? = nil
    ) -> Double? {
        var watch = HostWatch()
        var now = 0.0
        while now < untilMs {
            let signs = HostSigns(
                audioBeat: UInt64(min(now, audioStopsMs) / 3) + 1,
                mainBeat: UInt64(min(now, mainStopsMs) / 25) + 1,
                phase: UInt64(phase))
            if watch.read(signs, atMs: now) { return now }
            now += Double(watch.untilNextMs(now))
            // The reader itself sleeps through the gap.
            if let gap, gap.contains(now) { now = gap.upperBound }
        }
        return nil
    }

    @Test("a host that stops is found after 1.0 to 1.25 s, whenever it stops")
    func stops() {
        for stop in stride(from: 1000.0, to: 1400, by: 1) {
            let at = verdict(audioStopsMs: stop, mainStopsMs: stop, untilMs: 10_000) ?? .infinity
            #expect(at - stop >= 1000 && at - stop <= 1250, "stopped at \(stop): \(at - stop) ms")
        }
    }

    @Test("one thread that hangs is enough")
    func oneThread() {
        #expect(verdict(audioStopsMs: 500, mainStopsMs: .infinity, untilMs: 5000) != nil)
        #expect(verdict(audioStopsMs: .infinity, mainStopsMs: 500, untilMs: 5000) != nil)
        #expect(verdict(audioStopsMs: .infinity, mainStopsMs: .infinity, untilMs: 60_000) == nil)
    }

    @Test("a declared load may take 29 s, not 31, and an unknown phase no longer than a run")
    func phases() {
        func at(_ phase: Int) -> Double {
            verdict(phase: phase, audioStopsMs: 0, mainStopsMs: 0, untilMs: 60_000) ?? .infinity
        }
        #expect(at(FLOW_PHASE_LOAD) > 29_000 && at(FLOW_PHASE_LOAD) < 31_000)
        #expect(at(FLOW_PHASE_SET_STATE) > 9000 && at(FLOW_PHASE_SET_STATE) < 11_000)
        #expect(at(99) < 1500)
    }

    @Test("after the whole machine slept nobody is blamed")
    func sleep() {
        let slept = 2000.0...62_000.0
        #expect(
            verdict(
                audioStopsMs: .infinity, mainStopsMs: .infinity, untilMs: 70_000, gap: slept) == nil
        )
        // One that really hangs is found after it.
        let at = verdict(audioStopsMs: 1900, mainStopsMs: 1900, untilMs: 70_000, gap: slept)
        #expect((at ?? 0) > 63_000)
    }
}
