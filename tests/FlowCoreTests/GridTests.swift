import Testing

@testable import FlowCore

@Suite("The grid")
struct GridTests {
    @Test(
        "frames per beat are even and off by at most 114 ppm", arguments: [44_100, 48_000, 96_000])
    func evenBeats(rateHz: Int) {
        for bpm in stride(from: 20.0, through: 300, by: 0.7) {
            let frames = Grid.framesPerBeat(rateHz: rateHz, bpm: bpm)
            let exact = 60 * Double(rateHz) / bpm
            #expect(frames % 2 == 0)
            #expect(abs(Double(frames) / exact - 1) <= 114.0e-6)
        }
    }

    @Test("a line is the first frame of its beat, also before the epoch and off whole frames")
    func linesAreFirstFrames() {
        var grid = Grid()
        grid.epochFrame = 1_000
        grid.epochBeat = 12
        grid.framesPerBeat = 22_050
        for offset in [0, 0.25, 17.5, 22_049.75] {
            grid.offsetFrames = offset
            for beat in Int64(-40)...40 {
                let line = grid.frame(ofBeat: beat)
                #expect(grid.beat(at: line) == beat)
                #expect(grid.beat(at: line - 1) == beat - 1)
                #expect(grid.framesIntoBeat(at: line) == 0)
            }
        }
    }

    @Test("a thousand tempo changes leave the phase within a millionth of a beat")
    func manyTempoChanges() {
        var random = SeededRandom(seed: CoreRig.seed)
        var grid = Grid()
        var frame: Int64 = 0
        var beats = ExactSum()
        for _ in 0..<1_000 {
            let stay = Int64.random(in: 960...200_000, using: &random)
            beats.add(Double(stay) / Double(grid.framesPerBeat))
            frame += stay
            let bpm = Double.random(in: 20...300, using: &random)
            grid = grid.changingTempo(
                to: Grid.framesPerBeat(rateHz: 48_000, bpm: bpm), at: frame)
        }
        let whole = beats.value.rounded(.down)
        let have = Double(grid.epochBeat) - whole + grid.offsetFrames / Double(grid.framesPerBeat)
        #expect(abs(have - (beats.value - whole)) < 1e-6)
    }

    @Test("a tempo there and back again puts lines on whole frames as before")
    func tempoAndBack() {
        let grid = Grid()
        for frame in [Int64(1), 12_345, 24_000, 100_001] {
            let away = grid.changingTempo(to: 30_002, at: frame)
            let back = away.changingTempo(to: grid.framesPerBeat, at: frame)
            for beat in Int64(0)...20 {
                #expect(back.frame(ofBeat: beat) == grid.frame(ofBeat: beat))
            }
        }
    }

    @Test("another meter keeps the start of the running bar")
    func meterKeepsBar() {
        let grid = Grid()
        let frame = grid.frame(ofBeat: 9) + 100
        let changed = grid.changingMeter(beatsPerBar: 3, unit: 4, inBeat: 9, at: frame)
        #expect(changed.barLine(atOrBefore: frame) == grid.barLine(atOrBefore: frame))
        #expect(changed.barIndex(ofBeat: 8) == 2)
        #expect(changed.barStart(ofBeat: 11) == 11)
    }

    @Test("an hour of virtual time drifts by no frame")
    func noDrift() {
        let grid = Grid()
        let hour = Int64(3_600 * 48_000)
        #expect(grid.frame(ofBeat: 7_200) == hour)
        #expect(grid.beat(at: hour) == 7_200)
        #expect(grid.frac(at: hour) == 0)
    }

    @Test("a pause keeps the phase of bar and loops and never turns beats back")
    func pauseKeepsPhase() {
        var transport = Transport(grid: Grid(), isPlaying: true)
        let pausedAt: Int64 = 24_000 * 5 + 7_200
        transport.pause(at: pausedAt)
        #expect(transport.beat(at: pausedAt + 1_000_000) == 5)
        for wait in [Int64(0), 1, 50_000, 999_999] {
            var again = transport
            again.play(at: pausedAt + wait, roundBeats: 12)
            let beat = again.beat(at: pausedAt + wait)
            #expect((beat - 5) % 12 == 0)
            #expect(abs(again.frac(at: pausedAt + wait) - 0.3) < 1e-9)
            #expect(beat >= Grid().beat(at: pausedAt + wait) - 12)
        }
    }
}

/// A sum that loses nothing to rounding worth a millionth.
private struct ExactSum {
    private(set) var value = 0.0
    private var rest = 0.0

    mutating func add(_ term: Double) {
        let corrected = term - rest
        let next = value + corrected
        rest = (next - value) - corrected
        value = next
    }
}
