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

    /// Where the window ends, counted from the bar line before the press.
    private typealias Rule = @Sendable (_ into: Int64, _ bar: Int64) -> Int64

    /// Rules that a looper might have instead of the quantized one, each wrong for some hands: the line
    /// before the press, the nearest one, and a quarter of a bar however long that is.
    private static let otherLines: [(name: String, end: Rule)] = [
        ("the line before", { _, _ in 0 }),
        ("the nearest line", { into, bar in 2 * into < bar ? 0 : bar }),
        ("a quarter without a bound", { into, bar in 4 * into < 3 * bar ? 0 : bar }),
    ]

    /// And instead of the rolling one: a line, the beat before the press, a press that was not mapped.
    private static let otherEnds: [(name: String, end: Rule)] = [
        ("rolling, to the line before", { _, _ in 0 }),
        ("rolling, to the beat before", { into, bar in into - into % (bar / 4) }),
        ("rolling, a block late", { into, _ in into + 64 }),
        ("rolling, a frame early", { into, _ in into - 1 }),
    ]

    private func isRight(
        _ window: CaptureWindow, press: Int64, grid: Grid, quantized: Bool, bars: Int64
    ) -> Bool {
        let bar = 4 * grid.framesPerBeat
        let end = meant(press, bar: bar, quantized: quantized)
        let start = window.originBeat * grid.framesPerBeat + window.offsetFrames
        return window.toFrame == end && window.fromFrame == end - bars * bar
            && start == window.fromFrame && window.lengthBeats == 4 * bars
            && (0..<grid.framesPerBeat).contains(window.offsetFrames)
    }

    @Test("every millisecond of a bar gives its window, at 20, 60, 120 and 300 bpm, in both ways")
    func everyMillisecond() {
        var presses = 0
        var wrong = 0
        var caught: [String: Int] = [:]
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
                    let judge = { (window: CaptureWindow) in
                        isRight(window, press: at, grid: grid, quantized: quantized, bars: 4)
                    }
                    presses += 1
                    if !judge(window) { wrong += 1 }
                    for rule in quantized ? Self.otherLines : Self.otherEnds {
                        var other = window
                        other.toFrame = at - at % bar + rule.end(at % bar, bar)
                        other.fromFrame = other.toFrame - 4 * bar
                        other.originBeat = other.fromFrame / grid.framesPerBeat
                        other.offsetFrames = other.fromFrame % grid.framesPerBeat
                        if !judge(other) { caught[rule.name, default: 0] += 1 }
                    }
                }
            }
        }
        print("press: \(presses) presses in 1 ms steps, \(wrong) wrong")
        #expect(wrong == 0)
        for rule in Self.otherLines + Self.otherEnds {
            let count = caught[rule.name] ?? 0
            print("press: \(rule.name): wrong for \(count) of them")
            #expect(count > 500, "\(rule.name)")
        }
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
