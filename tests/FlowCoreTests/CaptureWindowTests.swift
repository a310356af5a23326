import Testing

@testable import FlowCore

@Suite("The window of a press")
struct CaptureWindowTests {
    private func press(_ frame: Int64, bars: Int64, quantized: Bool = true) -> CaptureWindow.Press {
        var press = CaptureWindow.Press()
        press.frame = frame
        press.bars = bars
        press.isQuantized = quantized
        return press
    }

    @Test(
        "ends on the line the player means, for every press in 1 ms steps over a bar",
        arguments: [20.0, 60, 120, 300])
    func everyMillisecond(bpm: Double) {
        var grid = Grid()
        grid.framesPerBeat = Grid.framesPerBeat(rateHz: 48_000, bpm: bpm)
        let bar = 4 * grid.framesPerBeat
        let early = min(bar / 4, 24_000)
        var wrong = 0
        for at in stride(from: 20 * bar, to: 21 * bar, by: 48) {
            let window = CaptureWindow(press: press(at, bars: 4), grid: grid)
            let meant = 21 * bar - at <= early ? 21 * bar : 20 * bar
            let isRight =
                window.toFrame == meant && window.fromFrame == meant - 4 * bar
                && window.originBeat == (meant / bar - 4) * 4 && window.offsetFrames == 0
                && window.lengthBeats == 16
            if !isRight { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    @Test("rolling ends at the press and keeps the phase")
    func rolling() {
        let grid = Grid()
        for at in stride(from: Int64(960_000), to: 1_056_000, by: 997) {
            let window = CaptureWindow(press: press(at, bars: 2, quantized: false), grid: grid)
            #expect(window.toFrame == at)
            #expect(window.fromFrame == at - 192_000)
            let start = window.originBeat * grid.framesPerBeat + window.offsetFrames
            #expect(start == window.fromFrame)
            #expect((0..<grid.framesPerBeat).contains(window.offsetFrames))
        }
    }

    @Test("takes the largest number of bars that fits")
    func fewerBars() {
        let grid = Grid()
        var asked = press(480_000, bars: 16)
        asked.oldestFrame = 100_000
        let window = CaptureWindow(press: asked, grid: grid)
        #expect(window.toFrame == 480_000)
        #expect(window.bars == 3)
        asked.isQuantized = false
        asked.frame = 481_000
        #expect(CaptureWindow(press: asked, grid: grid).bars == 3)
    }

    @Test("a press before the first whole bar takes that bar and ends ahead")
    func firstBar() {
        let grid = Grid()
        for quantized in [true, false] {
            let window = CaptureWindow(
                press: press(30_000, bars: 4, quantized: quantized), grid: grid)
            #expect(window.bars == 1)
            #expect(window.fromFrame == 0)
            #expect(window.toFrame == 96_000)
        }
    }

    @Test("paused, the press becomes the line of bar 0 and starts the transport")
    func paused() {
        var asked = press(500_123, bars: 4)
        asked.isPlaying = false
        let window = CaptureWindow(press: asked, grid: Grid())
        #expect(window.toFrame == 500_123)
        #expect(window.fromFrame == 500_123 - 384_000)
        #expect(window.startsTransport)
        #expect(window.grid.frame(ofBeat: 0) == 500_123)
        #expect(window.originBeat == -16)
        #expect(window.grid.barIndex(ofBeat: 0) == 0)
    }

    @Test("a window that reaches before a change of tempo is flagged")
    func acrossChange() {
        let grid = Grid().changingTempo(to: 30_000, at: 400_000)
        #expect(CaptureWindow(press: press(900_000, bars: 8), grid: grid).isAcrossChange)
        #expect(!CaptureWindow(press: press(900_000, bars: 2), grid: grid).isAcrossChange)
    }
}
