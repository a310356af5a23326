import Foundation
import Testing

@testable import FlowCore

/// Loops as captures have them, with their own seam, and what is made of them for another tempo.
@Suite("The seam of a loop at another tempo")
struct DerivedSeamTests {
    private static let frames = 48_000
    private static let fade = 480

    /// A loop of a second of two sounds, one on each side, with the seam of a capture or without.
    private func captured(
        seam isOn: Bool, _ left: (Int) -> Float, _ right: (Int) -> Float
    ) -> TestLoop {
        var samples: [Float] = []
        var before: [Float] = []
        for frame in -Self.fade..<Self.frames {
            let pair = [left(frame), right(frame)]
            if frame < 0 { before += pair } else { samples += pair }
        }
        if isOn {
            samples.withUnsafeMutableBufferPointer { buffer in
                before.withUnsafeBufferPointer { before in
                    guard let base = buffer.baseAddress else { return }
                    let end = UnsafePointer(base + 2 * (Self.frames - Self.fade))
                    let seam = Seam(end: end, preRoll: before.baseAddress, frames: Self.fade)
                    LoopBaker.mix(
                        seam, into: base, length: Self.frames, preRoll: before.baseAddress)
                }
            }
        }
        return TestLoop(frames: Self.frames, framesPerBeat: 24_000) { samples[2 * $0 + $1] }
    }

    private func made(
        _ loop: TestLoop, _ mode: LoopRender.Mode, _ ratio: Double
    ) throws -> [Float] {
        try rendered(
            [loop.part(mode)], frames: Int(Double(Self.frames) * ratio),
            framesPerBeat: 24_000 * ratio)
    }

    /// Peak of one side around the end and the start, and lowest power of five milliseconds there, in
    /// dB of what they are in the middle.
    private func bumpAndDip(_ sound: [Float], _ channel: Int) -> (bump: Double, dip: Double) {
        let side = stride(from: channel, to: sound.count, by: 2).map { Double(sound[$0]) }
        let around = Array(side.suffix(2_400)) + Array(side.prefix(2_400))
        let middle = Array(side[side.count / 2 - 12_000..<side.count / 2 + 12_000])
        func peak(_ part: [Double]) -> Double { part.map(abs).max() ?? 0 }
        func least(_ part: [Double]) -> Double {
            stride(from: 0, to: part.count - 240, by: 60).map { from in
                part[from..<from + 240].reduce(0) { $0 + $1 * $1 }
            }.min() ?? 0
        }
        return (
            20 * log10(peak(around) / peak(middle)),
            10 * log10(max(1e-12, least(around)) / max(1e-12, least(middle)))
        )
    }

    private func side(_ sound: [Float], _ channel: Int) -> [Float] {
        stride(from: channel, to: sound.count, by: 2).flatMap { [sound[$0], sound[$0]] }
    }

    /// Sixty sines from a printed seed: pitches from 55 to 1,760 Hz, any phase; two at a time.
    private func pairsOfSines() -> [[(Int) -> Float]] {
        var random = SeededRandom(seed: CoreRig.seed)
        print("seed \(CoreRig.seed)")
        let sines = (0..<60).map { _ in
            let hertz = 55 * exp2(Double.random(in: 0...5, using: &random))
            let phase = Double.random(in: 0...2 * Double.pi, using: &random)
            return { (frame: Int) in
                Float(0.5 * sin(phase + 2 * Double.pi * hertz * Double(frame) / 48_000))
            }
        }
        return stride(from: 0, to: 60, by: 2).map { [sines[$0], sines[$0 + 1]] }
    }

    private func check(_ mode: LoopRender.Mode, _ ratio: Double) throws {
        var worst = (click: -300.0, bump: -300.0, dip: 300.0)
        var bare = -300.0
        for (index, pair) in pairsOfSines().enumerated() {
            let result = try made(captured(seam: true, pair[0], pair[1]), mode, ratio)
            for channel in 0..<2 {
                let (bump, dip) = bumpAndDip(result, channel)
                worst.bump = max(worst.bump, bump)
                worst.dip = min(worst.dip, dip)
                worst.click = max(worst.click, clickDb(side(result, channel)))
            }
            guard index < 4 else { continue }
            let without = try made(captured(seam: false, pair[0], pair[1]), mode, ratio)
            bare = max(bare, clickDb(side(without, 0)), clickDb(side(without, 1)))
        }
        print("\(mode) by \(ratio): \(worst), a loop without a seam: click \(bare) dB")
        #expect(worst.click <= -45)
        #expect(worst.bump <= 1)
        if case .repitch = mode { #expect(bare > -30) }
    }

    @Test(
        "would be a bump where nothing watched the level of what is stretched",
        .enabled(if: StretchLibrary.installed.isHere, "librubberband is not installed"))
    func unwatched() throws {
        let before = 16_384
        let sine = { (frame: Int) in
            Float(0.5 * sin(2 * Double.pi * 462.5 * Double(frame) / 48_000))
        }
        let loop = captured(seam: true, sine, sine)
        let input = PlanarSound(frames: Self.frames + 2 * before) { index in
            let place = 2 * ((index - before + Self.frames) % Self.frames)
            return (loop.view.samples[place], loop.view.samples[place + 1])
        }
        let stretcher = Stretcher(rateHz: 48_000, ratio: 1.25)
        let output = try #require(try stretcher.run(input, 1.25) { _ in true })
        let audio = stretcher.cut(output, from: before * 5 / 4, frames: 60_000)
        let unwatched = bumpAndDip((0..<120_000).map { audio.samples[$0] }, 0).bump
        let watched = bumpAndDip(try made(loop, .stretch, 1.25), 0).bump
        print("stretched seam: bump \(watched) dB, unwatched \(unwatched) dB")
        #expect(unwatched > 1)
        #expect(watched <= 1)
    }

    @Test("of sixty sines has no click and no bump when repitched", arguments: [0.8, 1.25])
    func repitchedSines(ratio: Double) throws { try check(.repitch, ratio) }

    @Test(
        "of sixty sines has no click and no bump when stretched",
        .enabled(if: StretchLibrary.installed.isHere, "librubberband is not installed"),
        arguments: [0.8, 1.25])
    func stretchedSines(ratio: Double) throws { try check(.stretch, ratio) }

    @Test(
        "of noise that repeats and of noise that does not keeps its level",
        .enabled(if: StretchLibrary.installed.isHere, "librubberband is not installed"),
        arguments: [0.8, 1.25])
    func noise(ratio: Double) throws {
        let noise = CodedNoise(seed: CoreRig.seed)
        // Smoothed, so that what is measured is in the audible band.
        let round = (0..<1_000).map { frame in
            (0..<8).reduce(Float(0)) { $0 + noise.sample(Int64((frame + $1) % 1_000), 0) / 4 }
        }
        let same = { (frame: Int) in round[(frame + 48_000) % 1_000] }
        let other = { (frame: Int) in
            (0..<8).reduce(Float(0)) { $0 + noise.sample(Int64(1_000_000 + frame + $1), 1) / 4 }
        }
        for mode in [LoopRender.Mode.repitch, .stretch] {
            let result = try made(captured(seam: true, same, other), mode, ratio)
            for channel in 0..<2 {
                let side = stride(from: channel, to: result.count, by: 2).map { Double(result[$0]) }
                func power(_ part: some Collection<Double>) -> Double {
                    part.reduce(0) { $0 + $1 * $1 } / Double(part.count)
                }
                let seam = Int(Double(Self.fade) * ratio)
                let at = power(side.suffix(seam))
                let levels = stride(from: 4_000, to: side.count - 8_000, by: seam).map {
                    10 * log10(power(side[$0..<$0 + seam]) / power(side))
                }
                let level = 10 * log10(at / power(side))
                let spread = [levels.min() ?? 0, levels.max() ?? 0]
                print("\(mode) by \(ratio), noise \(channel): \(level) dB, elsewhere \(spread)")
                #expect(level <= max(1, spread[1]))
                #expect(level >= min(-1, spread[0]))
            }
        }
    }
}
