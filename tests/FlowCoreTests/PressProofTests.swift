import Testing

@testable import FlowCore

/// The press, swept over a whole bar; what a window must be is written down here once more, without
/// the code that is tested.
@Suite("Proof: the press")
struct PressProofTests {
    /// Where the window of a press at `frame` must end, by the rules alone.
    private func meant(_ frame: Int64, bar: Int64, quantized: Bool) -> Int64 {
        if !quantized { return frame }
        let into = frame % bar
        let early = min(bar / 4, 24_000)
        return frame - into + (bar - into <= early ? bar : 0)
    }

    private func isRight(
        _ window: CaptureWindow, press: Int64, grid: Grid, quantized: Bool, bars: Int64,
        shift: Int64 = 0
    ) -> Bool {
        let bar = 4 * grid.framesPerBeat
        let end = meant(press, bar: bar, quantized: quantized) + shift
        let start = window.originBeat * grid.framesPerBeat + window.offsetFrames
        return window.toFrame == end && window.fromFrame == end - bars * bar
            && start == window.fromFrame && window.lengthBeats == 4 * bars
            && (0..<grid.framesPerBeat).contains(window.offsetFrames)
    }

    @Test("every millisecond of a bar gives its window, at 20, 60, 120 and 300 bpm, in both ways")
    func everyMillisecond() {
        var presses = 0
        var wrong = 0
        var planted = 0
        for bpm in [20.0, 60, 120, 300] {
            var grid = Grid()
            grid.framesPerBeat = Grid.framesPerBeat(rateHz: 48_000, bpm: bpm)
            let bar = 4 * grid.framesPerBeat
            for quantized in [true, false] {
                for at in stride(from: 20 * bar, to: 21 * bar, by: 48) {
                    var press = CaptureWindow.Press()
                    press.frame = at
                    press.bars = 4
                    press.isQuantized = quantized
                    let window = CaptureWindow(press: press, grid: grid)
                    presses += 1
                    if !isRight(window, press: at, grid: grid, quantized: quantized, bars: 4) {
                        wrong += 1
                    }
                    if !isRight(
                        window, press: at, grid: grid, quantized: quantized, bars: 4, shift: 1)
                    {
                        planted += 1
                    }
                }
            }
        }
        print("press: \(presses) presses in 1 ms steps, \(wrong) wrong; one frame off: \(planted)")
        #expect(wrong == 0)
        #expect(planted == presses)
    }

    @Test("a sample of them is rendered bit for bit")
    func rendered() throws {
        print("press: seed \(CoreRig.seed)")
        var random = SeededRandom(seed: CoreRig.seed)
        var frames = 0
        var rendered = 0
        for (bpm, count) in [(20.0, 1), (60, 2), (120, 4), (300, 12)] {
            for quantized in [true, false] {
                for _ in 0..<count {
                    let rig = try CoreRig { $0.bpm = bpm }
                    let bar = rig.engine.block.pointee.transport.grid.barFrames()
                    let press = bar + 48 * Int64.random(in: 0..<bar / 48, using: &random)
                    rig.step(to: press, block: 4_096)
                    rig.capture(0, bars: 1, take: 1, quantized: quantized)
                    rig.step(to: press + bar + bar / 3, block: 4_096)
                    let take = try #require(rig.all(.captured).first)
                    #expect(take.toFrame == meant(press, bar: bar, quantized: quantized))
                    let from = take.frame + CaptureTests.settled
                    let wrong = CaptureTests.wrongFrames(rig, take, from: from, to: rig.frame)
                    #expect(wrong == 0, "\(bpm) bpm, press \(press), quantized \(quantized)")
                    frames += Int(rig.frame - from)
                    rendered += 1
                }
            }
        }
        print("press: \(rendered) captures rendered, \(frames) frames compared, 0 wrong")
    }
}
