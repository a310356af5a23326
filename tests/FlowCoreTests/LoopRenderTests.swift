import Foundation
import Testing

@testable import FlowCore

@Suite("A rendered loop")
struct LoopRenderTests {
    private let noise = CodedNoise(seed: CoreRig.seed)

    private func loop(_ frames: Int, framesPerBeat: Double = 1_000, from: Int = 0) -> TestLoop {
        TestLoop(frames: frames, framesPerBeat: framesPerBeat) { [noise] in
            noise.sample(Int64(from + $0), $1)
        }
    }

    @Test("at its own tempo is an exact copy from any frame on, as often as it is asked for")
    func exactCopy() throws {
        let loop = loop(4_000)
        for start in [0, 1, 3_999, 4_000, -1, -9_001] {
            let result = try rendered(
                [loop.part(start: Double(start))], frames: 10_000, framesPerBeat: 1_000)
            let wrong = (0..<20_000).filter { index in
                let place = (((index / 2 + start) % 4_000) + 4_000) % 4_000
                return result[index] != noise.sample(Int64(place), index % 2)
            }
            #expect(wrong.isEmpty)
        }
    }

    @Test("is the sum of its parts with their gains, in their order, bit for bit")
    func sum() throws {
        let one = loop(4_000)
        let other = loop(6_000, from: 50_000)
        let result = try rendered(
            [one.part(gains: (0.5, 0.25)), other.part(start: 10, gains: (1, 0.7))],
            frames: 12_000, framesPerBeat: 1_000)
        for frame in 0..<12_000 {
            for channel in 0..<2 {
                let first = noise.sample(Int64(frame % 4_000), channel)
                let second = noise.sample(Int64(50_000 + (frame + 10) % 6_000), channel)
                var wanted: Float = 0
                wanted += first * (channel == 0 ? 0.5 : 0.25)
                wanted += second * (channel == 0 ? 1 : 0.7)
                #expect(result[2 * frame + channel] == wanted)
            }
        }
    }

    @Test("a part that is played once lies where it was put, round the end as often as it is long")
    func once() throws {
        let tail = loop(2_500)
        let result = try rendered(
            [tail.part(.once, start: 900)], frames: 1_000, framesPerBeat: 1_000)
        for frame in 0..<1_000 {
            let first = frame >= 900 ? frame - 900 : frame + 100
            let wanted = stride(from: first, to: 2_500, by: 1_000).reduce(Float(0)) {
                $0 + noise.sample(Int64($1), 0)
            }
            #expect(result[2 * frame] == wanted)
        }
    }

    @Test("renders the same bits again, and stops when it is told to")
    func sameAgain() throws {
        let loop = loop(4_000)
        let parts = [loop.part(start: 0.3)]
        let one = try rendered(parts, frames: 5_000, framesPerBeat: 1_250)
        #expect(try rendered(parts, frames: 5_000, framesPerBeat: 1_250) == one)
        let render = LoopRender(
            parts: parts, frames: 5_000, framesPerBeat: 1_250, rateHz: 48_000)
        #expect(try render.render { true } == nil)
    }

    /// Frames per beat of the result at which 4,800 frames become a whole number: ratios 0.5…2.
    private static let tempos = [2_000.0, 1_600, 1_330, 1_010, 990, 750, 620, 500]

    @Test("at other tempos holds nothing but the sound itself: aliases and images ≤ −90 dB")
    func noAlias() throws {
        let frames = 4_800
        var worst = -300.0
        var ripple = 0.0
        var live = -300.0
        for framesPerBeat in Self.tempos {
            let length = Int(Double(frames) * framesPerBeat / 1_000)
            let lower = min(frames, length) / 2
            for step in 0..<10 {
                // The left side below the pass band's end, the right anywhere up to the loop's Nyquist.
                let cycles = [lower * (8 * step + 5) / 100, frames / 2 * (10 * step + 7) / 100]
                let sines = TestLoop(frames: frames, framesPerBeat: 1_000) { frame, channel in
                    Float(sin(2 * Double.pi * Double(cycles[channel] * frame % frames) / 4_800))
                }
                let result = try rendered(
                    [sines.part()], frames: length, framesPerBeat: framesPerBeat)
                for channel in 0..<2 {
                    let (sine, rest) = sineAndRest(
                        result, channel: channel, cycles: cycles[channel])
                    worst = max(worst, rest)
                    if channel == 0 { ripple = max(ripple, abs(sine)) }
                }
                let heard = try playedLive(sines.view, frames: length, framesPerBeat)
                live = max(live, sineAndRest(heard, channel: 0, cycles: cycles[0]).restDb)
            }
        }
        print("rendered repitch: unwanted \(worst) dB, ripple \(ripple) dB; live \(live) dB")
        #expect(worst <= -90)
        #expect(ripple <= 0.1)
        #expect(live > -60)
    }

    /// One round of the loop as a slot plays it until the rendered one is there.
    private func playedLive(
        _ loop: LoopView, frames: Int, _ framesPerBeat: Double
    ) throws -> [Float] {
        var voice = Voice(samples: loop.samples)
        voice.kind = .loop
        voice.frames = loop.frames
        voice.framesPerBeat = loop.framesPerBeat
        var grid = Grid()
        grid.framesPerBeat = Int64(framesPerBeat)
        var out = [Float](repeating: 0, count: 2 * frames)
        let rig = try CoreRig()
        voice.render(
            into: &out, count: frames, at: 0, grid, rig.engine.block.pointee.ring)
        return out
    }

    @Test("at another tempo is cyclic: the same loop from elsewhere is the same result, turned")
    func cyclic() throws {
        let loop = loop(4_800)
        let one = try rendered([loop.part()], frames: 6_000, framesPerBeat: 1_250)
        let turned = try rendered([loop.part(start: 2_400)], frames: 6_000, framesPerBeat: 1_250)
        let wrong = (0..<6_000).filter { one[2 * (($0 + 3_000) % 6_000)] != turned[2 * $0] }
        #expect(wrong.isEmpty)
    }
}
