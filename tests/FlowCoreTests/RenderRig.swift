import Foundation

@testable import FlowCore

/// A loop in a test's own memory, as the pool would hold it.
final class TestLoop {
    let view: LoopView
    private let samples: UnsafeMutablePointer<Float>

    /// `sound` gives the sample of a frame and channel.
    init(frames: Int, framesPerBeat: Double, _ sound: (Int, Int) -> Float) {
        samples = .allocate(capacity: 2 * frames)
        for index in 0..<2 * frames { samples[index] = sound(index / 2, index % 2) }
        view = LoopView(
            samples: UnsafePointer(samples), frames: frames, framesPerBeat: framesPerBeat,
            id: TakeID.none())
    }

    deinit { samples.deallocate() }

    func part(
        _ mode: LoopRender.Mode = .repitch, start: Double = 0, gains: (Float, Float) = (1, 1)
    ) -> LoopRender.Part {
        LoopRender.Part(
            loop: view, mode: mode, startFrames: start, gainLeft: gains.0, gainRight: gains.1)
    }
}

/// Renders parts and gives the interleaved result.
func rendered(
    _ parts: [LoopRender.Part], frames: Int, framesPerBeat: Double
) throws -> [Float] {
    let render = LoopRender(
        parts: parts, frames: frames, framesPerBeat: framesPerBeat, rateHz: 48_000)
    guard let audio = try render.render() else { return [] }
    return (0..<2 * frames).map { audio.samples[$0] }
}

/// How much of a sound is a sine of `cycles` whole cycles, and how much is anything else; in dB of a
/// sine of amplitude 1.
func sineAndRest(_ sound: [Float], channel: Int, cycles: Int) -> (sineDb: Double, restDb: Double) {
    let frames = sound.count / 2
    let values = (0..<frames).map { Double(sound[2 * $0 + channel]) }
    let turn = 2 * Double.pi * Double(cycles) / Double(frames)
    var (real, imaginary) = (0.0, 0.0)
    if 2 * cycles < frames {
        for (index, value) in values.enumerated() {
            real += value * cos(turn * Double(index)) * 2 / Double(frames)
            imaginary += value * sin(turn * Double(index)) * 2 / Double(frames)
        }
    }
    var rest = 0.0
    for (index, value) in values.enumerated() {
        let sine = real * cos(turn * Double(index)) + imaginary * sin(turn * Double(index))
        rest += (value - sine) * (value - sine)
    }
    return (
        10 * log10(max(1e-30, real * real + imaginary * imaginary)),
        10 * log10(max(1e-30, 2 * rest / Double(frames)))
    )
}

/// Power of a sound in dB of full scale.
func powerDbfs(_ sound: [Float]) -> Double {
    let power = sound.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, sound.count))
    return 10 * log10(max(1e-30, power))
}

/// One part as a test writes it.
struct RenderPartAsk {
    var take: UInt32
    var mode = RenderMode.repitch
    var start = 0.0
    var gain = 1.0
}

extension CoreRig {
    /// A rig with one bar of noise, take 1, in slot 0.
    static func withLoop(
        beats: Double = 4, _ change: (inout EngineConfiguration) -> Void = { _ in }
    ) throws -> CoreRig {
        let rig = try CoreRig {
            $0.bpm = 300
            change(&$0)
        }
        rig.send(Ask(code: .meter, a: beats, b: 4))
        rig.step(100_000)
        rig.capture(0, bars: 1, take: 1)
        rig.step(10_000)
        return rig
    }

    /// Asks for a loop made of takes in memory.
    func render(
        _ take: UInt32, frames: Double, framesPerBeat: Double, parts: [RenderPartAsk]
    ) -> UInt32 {
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: RenderRecipe.byteCount + parts.count * RenderPart.byteCount, alignment: 8)
        bytes.initializeMemory(
            as: UInt8.self, repeating: 0,
            count: RenderRecipe.byteCount + parts.count * RenderPart.byteCount)
        defer { bytes.deallocate() }
        let recipe = RenderRecipe(base: bytes)
        if take != 0 { CoreRig.take(take).write(to: recipe.id) }
        recipe.frames = frames
        recipe.framesPerBeat = framesPerBeat
        recipe.partCount = UInt32(parts.count)
        let rest = bytes + RenderRecipe.byteCount
        for (index, ask) in parts.enumerated() {
            let part = RenderPart(base: rest + index * RenderPart.byteCount)
            CoreRig.take(ask.take).write(to: part.id)
            part.mode = ask.mode
            part.startFrames = ask.start
            part.gainLeft = ask.gain
            part.gainRight = ask.gain
        }
        return engine.render(recipe, rest)
    }
}

/// Loudest sample around the seam after a steep high pass, relative to the loop's power.
func clickDb(_ loop: [Float]) -> Double {
    let left = stride(from: 0, to: loop.count, by: 2).map { Double(loop[$0]) }
    var sound = Array(left.suffix(8_000)) + Array(left.prefix(8_000))
    let power = left.map { $0 * $0 }.reduce(0, +) / Double(left.count)
    // Eight first-order high passes at 3 kHz: far steeper than a click is quiet.
    let pole = exp(-2 * Double.pi * 3_000 / 48_000)
    for _ in 0..<8 {
        var last = 0.0
        var out = 0.0
        for index in sound.indices {
            out = pole * (out + sound[index] - last)
            last = sound[index]
            sound[index] = out
        }
    }
    let peak = sound[2_000...].map(abs).max() ?? 0
    return 20 * log10(peak / power.squareRoot())
}
