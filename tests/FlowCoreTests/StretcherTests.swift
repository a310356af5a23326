import Foundation
import Testing

@testable import FlowCore

/// Plucked notes over a beat: partials that decay, and a click on each beat.
private func music(_ frame: Int, _ channel: Int) -> Float {
    let note = frame / 12_000 % 4
    let since = Double(frame % 12_000) / 48_000
    let hertz = [220.0, 277.18, 329.63, 440][note]
    let turn = 2 * Double.pi * hertz * since
    let pluck = exp(-4 * since) * (sin(turn) + 0.5 * sin(2 * turn) + 0.25 * sin(5 * turn))
    let click = exp(-200 * since) * sin(2 * Double.pi * 3_000 * since)
    return Float(0.3 * pluck + (channel == 0 ? 0.2 : 0.1) * click)
}

@Suite(
    "A stretched loop",
    .enabled(if: StretchLibrary.installed.isHere, "librubberband is not installed"))
struct StretcherTests {
    private let frames = 48_000

    private func stretched(_ sound: (Int, Int) -> Float, by ratio: Double) throws -> [Float] {
        let loop = TestLoop(frames: frames, framesPerBeat: 24_000, sound)
        return try rendered(
            [loop.part(.stretch)], frames: Int((Double(frames) * ratio).rounded()),
            framesPerBeat: 24_000 * ratio)
    }

    @Test("keeps pitch and level and has the length it was asked for", arguments: [0.8, 1.25])
    func keepsPitch(ratio: Double) throws {
        // 441 cycles in a second: as many more or less of them as the loop has become longer.
        let sine = { (frame: Int, _: Int) in
            Float(0.5 * sin(2 * Double.pi * 440 * Double(frame) / 48_000))
        }
        let result = try stretched(sine, by: ratio)
        #expect(result.count == 2 * Int(Double(frames) * ratio))
        let (tone, _) = sineAndRest(result, channel: 0, cycles: Int(440 * ratio))
        #expect(abs(tone - 20 * log10(0.5)) < 0.5, "\(tone) dB")
    }

    @Test("is the same bits every time, and an exact copy at its own tempo")
    func sameAgain() throws {
        let one = try stretched(music, by: 1.25)
        #expect(try stretched(music, by: 1.25) == one)
        let copy = try stretched(music, by: 1)
        #expect((0..<2 * frames).allSatisfy { copy[$0] == music($0 / 2, $0 % 2) })
    }

    @Test("can be given up before it is done")
    func cancelled() throws {
        let loop = TestLoop(frames: frames, framesPerBeat: 24_000, music)
        var shares: [Double] = []
        let result = try Stretcher(rateHz: 48_000, ratio: 1.25).stretch(loop.view) {
            shares.append($0)
            return shares.count < 4
        }
        #expect(result == nil)
    }

    @Test("meets itself without a click; cut out of the middle without a seam it does not")
    func seam() throws {
        var worst = -300.0
        var bare = -300.0
        for hertz in stride(from: 110.3, to: 2_000, by: 311.7) {
            let sine = { (frame: Int, _: Int) in
                Float(0.5 * sin(2 * Double.pi * hertz * Double(frame) / 48_000))
            }
            // As a capture has it: the loop's own seam is in it.
            let loop = TestLoop(frames: frames, framesPerBeat: 24_000, sine)
            worst = max(worst, clickDb(try withSeam(loop, sine, isOn: true)))
            bare = max(bare, clickDb(try withSeam(loop, sine, isOn: false)))
        }
        print("stretched seam: \(worst) dB, bare \(bare) dB")
        #expect(worst <= -45)
        #expect(bare > -30)
    }

    private func withSeam(
        _ loop: TestLoop, _ sound: (Int, Int) -> Float, isOn: Bool
    ) throws -> [Float] {
        let before = 16_384
        let input = PlanarSound(frames: frames + 2 * before) { index in
            (sound(index - before, 0), sound(index - before, 1))
        }
        let stretcher = Stretcher(rateHz: 48_000, ratio: 1.25)
        guard let output = try stretcher.run(input, 1.25, { _ in true }) else { return [] }
        if isOn {
            let audio = stretcher.cut(output, from: before * 5 / 4, frames: 60_000)
            return (0..<120_000).map { audio.samples[$0] }
        }
        return (0..<120_000).map { output.left[before * 5 / 4 + $0 / 2] }
    }

    @Test(
        "is what Rubber Band's own program makes of the same sound",
        .enabled(if: diskHasProgram("rubberband"), "the rubberband program is not installed"),
        arguments: [0.8, 1.25])
    func againstProgram(ratio: Double) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "flowzone-stretch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let input = PlanarSound(frames: 96_000) { (music($0, 0), music($0, 1)) }
        let from = folder.appendingPathComponent("in.wav")
        let to = folder.appendingPathComponent("out.wav")
        let header = WavHeader(channelCount: 2, sampleRateHz: 48_000, frameCount: 96_000)
        var bytes = Data(header.encoded())
        for frame in 0..<96_000 {
            for sample in [input.left[frame], input.right[frame]] {
                withUnsafeBytes(of: sample) { bytes.append(contentsOf: $0) }
            }
        }
        try bytes.write(to: from)
        let program = Process()
        program.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        program.arguments = [
            "rubberband", "--fine", "--ignore-clipping", "--quiet", "--time", "\(ratio)", from.path,
            to.path,
        ]
        program.standardError = FileHandle.nullDevice
        try program.run()
        program.waitUntilExit()
        #expect(program.terminationStatus == 0)
        let theirs = try WavFile(Data(contentsOf: to))
        let ours = try #require(
            try Stretcher(rateHz: 48_000, ratio: ratio).run(input, ratio) { _ in true })
        #expect(theirs.left.count == ours.frames)
        let count = min(theirs.left.count, ours.frames)
        let level = powerDbfs(theirs.left)
        let rest = powerDbfs((0..<count).map { theirs.left[$0] - ours.left[$0] }) - level
        let shifted = powerDbfs((1..<count).map { theirs.left[$0] - ours.left[$0 - 1] }) - level
        print("stretch by \(ratio) against the program: rest \(rest) dB, a frame off \(shifted) dB")
        #expect(rest <= -90)
        #expect(shifted > -60)
    }
}
