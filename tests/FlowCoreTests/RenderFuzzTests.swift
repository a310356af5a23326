import Foundation
import Testing

@testable import FlowCore

@Suite("Nonsense asked of a render")
struct RenderFuzzTests {
    /// Frames of the loop that is rendered from, a single beat.
    private static let loopFrames = 4_410.0
    private static let memoryFrames = Double(Limits.loopCacheBytesMax / 8)

    /// Numbers that no field should have.
    private static let nonsense: [Double] = [
        0.5, -1, 1e7, 1e12, -1e12, 1e300, -1e300, .nan, .infinity, -.infinity,
        .greatestFiniteMagnitude, Double(1 << 41), 0, 1.5, memoryFrames + 1,
    ]

    /// The last numbers that each field may have: frames, frames per beat, start, gain.
    private static let bounds: [[Double]] = [
        [1, 2, memoryFrames], [1, loopFrames / 130, loopFrames, loopFrames * 130],
        [-0.0, 0.5, .leastNonzeroMagnitude, Double(1 << 40), -Double(1 << 40)],
        [0, -0.0, 1_024, -1_024, .leastNonzeroMagnitude],
    ]

    /// One render that is asked for, with as many odd numbers as `oddities` has of its fields.
    private struct Nonsense {
        var frames: Double
        var framesPerBeat: Double
        var parts: [RenderPartAsk]

        /// What would take long is only asked for.
        var isBig: Bool {
            !(0...2_000).contains(frames) || !(1_000...9_000).contains(framesPerBeat)
        }

        var isOutOfBounds: Bool {
            !frames.isFinite || !framesPerBeat.isFinite || parts.isEmpty || frames < 1
        }

        /// `oddities` numbers the fields that are odd, 0…3.
        init(oddities: Set<Int>, using random: inout SeededRandom) {
            func value(_ field: Int, _ usual: Double) -> Double {
                if !oddities.contains(field) { return usual }
                let isBound = Int.random(in: 0...3, using: &random) > 0
                let odd = isBound ? RenderFuzzTests.bounds[field] : RenderFuzzTests.nonsense
                return odd.randomElement(using: &random) ?? 0
            }
            func isRare() -> Bool { Int.random(in: 0...19, using: &random) == 0 }
            frames = value(0, Double(Int.random(in: 1...1_000, using: &random)))
            framesPerBeat = value(1, Double.random(in: 2_000...9_000, using: &random))
            parts = (0..<(isRare() ? 0 : Int.random(in: 1...3, using: &random))).map { _ in
                RenderPartAsk(
                    take: isRare() ? 77 : 1,
                    mode: isRare() ? 3 : UInt32.random(in: 0...2, using: &random),
                    start: value(2, Double.random(in: -90_000...90_000, using: &random)),
                    gain: value(3, Double.random(in: -2...2, using: &random)))
            }
        }
    }

    /// None, each alone, each two of them, all.
    private static let oddities: [Set<Int>] =
        [[]] + (0..<4).map { [$0] } + (0..<4).flatMap { one in (0..<one).map { [$0, one] } }
        + [[0, 1, 2, 3]]

    @Test("never traps: it is refused, answered with a code, or made as it was asked for")
    func fuzz() throws {
        print("renders: seed \(CoreRig.seed)")
        var random = SeededRandom(seed: CoreRig.seed)
        let rig = try CoreRig.withLoop(beats: 1) { $0.sampleRateHz = Limits.rateHzMin }
        var codes: [UInt32: Int] = [:]
        var made = 0
        for number in 0..<360 {
            let take = UInt32(100 + number)
            let ask = Nonsense(
                oddities: Self.oddities[number % Self.oddities.count], using: &random)
            let code = rig.render(
                take, frames: ask.frames, framesPerBeat: ask.framesPerBeat, parts: ask.parts)
            codes[code, default: 0] += 1
            if ask.isOutOfBounds { #expect(code == ErrorCode.commandBounds) }
            if ask.isBig {
                rig.engine.renders.dropWaiting()
            } else {
                rig.engine.renders.pump()
            }
            rig.step(1)
            let answer = rig.events.last { $0.id == CoreRig.take(take) }
            rig.clearEvents()
            if code != 0 || ask.isBig { continue }
            #expect(answer?.code == .takeLoaded)
            if answer?.errorCode != 0 { continue }
            made += 1
            try check(rig, take, frames: ask.frames)
        }
        print("renders: answers by code \(codes), \(made) made")
        #expect(made > 100)
        #expect((codes[ErrorCode.commandBounds] ?? 0) > 100)
        // Nothing is held by what was refused.
        rig.send(Ask(code: .slotSet, slot: 0))
        rig.step(2_000)
        #expect(rig.engine.pool.useCount == 0)
    }

    private func check(_ rig: CoreRig, _ take: UInt32, frames: Double) throws {
        let handle = try #require(rig.engine.pool.acquire(CoreRig.take(take)))
        let loop = handle.view()
        #expect(loop.frames == Int(frames))
        #expect((0..<2 * loop.frames).allSatisfy { loop.samples[$0].isFinite })
        rig.engine.pool.release(handle)
    }

    @Test("as many parts as there may be are mixed, one more is refused")
    func partCounts() throws {
        let rig = try CoreRig.withLoop()
        let parts = (0..<Limits.renderPartsMax).map { _ in RenderPartAsk(take: 1, gain: 1.0 / 64) }
        #expect(rig.render(2, frames: 100, framesPerBeat: 9_600, parts: parts) == 0)
        let more = parts + [RenderPartAsk(take: 1)]
        #expect(
            rig.render(3, frames: 100, framesPerBeat: 9_600, parts: more)
                == ErrorCode.commandBounds)
        rig.engine.renders.pump()
        let loops = try (UInt32(1)...2).map {
            try #require(rig.engine.pool.acquire(CoreRig.take($0))).view()
        }
        for index in 0..<200 {
            #expect(abs(loops[1].samples[index] - loops[0].samples[index]) < 1e-5)
        }
    }

    @Test("parts that are much faster or slower than any tempo makes them are refused")
    func ratios() throws {
        let rig = try CoreRig.withLoop()
        let part = [RenderPartAsk(take: 1)]
        for (framesPerBeat, code) in [
            (9_600.0 * 131, ErrorCode.commandBounds), (9_600.0 / 133, ErrorCode.commandBounds),
            (9_600.0 / 130, 0),
        ] {
            #expect(
                rig.render(2, frames: 300, framesPerBeat: framesPerBeat, parts: part) == code)
        }
        rig.engine.renders.dropWaiting()
    }

    @Test("results beyond the memory for them are refused with 2016 until some are played")
    func memory() throws {
        let rig = try CoreRig.withLoop()
        let whole = Double(Limits.loopCacheBytesMax / 8)
        let part = [RenderPartAsk(take: 1)]
        let frames = (whole / 2).rounded(.down)
        #expect(rig.render(2, frames: frames, framesPerBeat: 9_600, parts: part) == 0)
        #expect(rig.render(3, frames: frames, framesPerBeat: 9_600, parts: part) == 0)
        let refused = rig.render(4, frames: 1_000, framesPerBeat: 9_600, parts: part)
        #expect(refused == ErrorCode.loopMemory)
        rig.engine.renders.dropWaiting()
        #expect(rig.render(4, frames: 1_000, framesPerBeat: 9_600, parts: part) == 0)
    }
}
