import Testing

@testable import FlowCore

/// What waits for a bar line, and what is let in just behind it.
@Suite("Proof: quantized launch")
struct LaunchTests {
    private let bar: Int64 = 4_410

    /// A rig whose bars are single beats of 200 ms.
    private func rig() throws -> CoreRig {
        let rig = try CoreRig {
            $0.bpm = 300
            $0.sampleRateHz = 22_050
            $0.ringSecondsMax = 2
        }
        rig.send(Ask(code: .meter, a: 1, b: 4))
        rig.step(Int(bar), block: 1_024)
        return rig
    }

    /// Every kind that can be launched, as start and as stop.
    private func launches(slot: Int) -> [Ask] {
        [CommandCode.slotMute, .slotSolo].flatMap { code in
            [CommandFlags.on, 0].map {
                Ask(code: code, slot: slot, flags: $0 | CommandFlags.quantized)
            }
        } + [Ask(code: .slotSet, slot: slot, flags: CommandFlags.quantized)]
    }

    /// The frame at which a launch pressed at `press` and heard of at `frame` must act.
    private func meant(press: Int64, frame: Int64, early: Int64) -> Int64 {
        let line = press - press % bar
        return press - line <= early ? frame : max(frame, line + bar)
    }

    @Test("every millisecond of a bar acts on its line or in place, start and stop alike")
    func everyMillisecond() throws {
        let rig = try rig()
        let early = bar / 4
        var launched = 0
        var wrong = 0
        var planted = 0
        for millisecond in 0..<200 {
            let into = Int64(millisecond) * 22_050 / 1_000
            for (number, launch) in launches(slot: 0).enumerated() {
                var ask = launch
                ask.slot = number
                ask.token = UInt32(number)
                // A later bar each time, so that nothing waits from before.
                if number == 0 {
                    rig.step(to: (rig.frame / bar + 2) * bar + into, block: 1_024)
                }
                rig.send(ask)
            }
            let frame = rig.frame
            rig.clearEvents()
            rig.step(Int(bar), block: 1_024)
            let frames = rig.all(.applied).map(\.frame)
            launched += frames.count
            let right = meant(press: frame, frame: frame, early: early)
            let strict = meant(press: frame, frame: frame, early: 0)
            wrong += frames.filter { $0 != right }.count
            planted += frames.filter { $0 != strict }.count
        }
        print(
            "launch: \(launched) of 5 kinds in 1 ms steps, \(wrong) wrong,",
            "\(planted) by a judge without tolerance")
        #expect(launched == 1_000)
        #expect(wrong == 0)
        #expect(planted > 200)
    }

    @Test("the line is that of the hand, however late the message comes")
    func ofTheHand() throws {
        let early = bar / 4
        for (into, late) in [
            (early, 400), (early + 1, 400), (early - 300, 900), (bar - 100, 300), (bar - 1, 2),
            (bar / 2, 100),
        ] {
            for latency in [Int64(0), 220] {
                let rig = try rig()
                rig.send(Ask(code: .latency, b: Double(latency)))
                let press = 4 * bar + into
                rig.step(to: press + latency + Int64(late), block: 1_024)
                let frame = rig.frame
                rig.send(
                    Ask(
                        code: .slotMute, token: 3, flags: CommandFlags.on | CommandFlags.quantized,
                        atMs: Double(press + latency) / 22.05))
                rig.step(Int(2 * bar), block: 1_024)
                let acted = rig.all(.applied).last { $0.token == 3 }?.frame
                #expect(
                    acted == meant(press: press, frame: frame, early: early),
                    "into \(into), late \(late), latency \(latency)")
            }
        }
    }

    @Test("half a second is the most that is let in behind a line", arguments: [20.0, 30, 60])
    func atMostHalfASecond(bpm: Double) throws {
        for behind in [Int64(0), 1] {
            let rig = try CoreRig { $0.bpm = bpm }
            let line = rig.engine.block.pointee.transport.grid.barFrames()
            rig.step(to: line + 24_000 + behind, block: 4_096)
            rig.send(Ask(code: .slotMute, token: 3, flags: CommandFlags.quantized))
            rig.step(64)
            #expect(rig.all(.applied).contains { $0.token == 3 } == (behind == 0))
            #expect(rig.all(.scheduled).contains { $0.token == 3 } == (behind == 1))
        }
    }
}
