import Foundation
import Testing

@testable import FlowCore

@Suite("Nonsense asked of a render")
struct RenderFuzzTests {
    /// Numbers that are at a bound, beyond one, or none at all.
    private static let odd: [Double] = [
        0, -0.0, 0.5, 1, 1.5, 2, 63, 64, 65, 1_000, -1, -1_000, 1e7, 1e12, -1e12, 1e300, -1e300,
        .nan, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
        Double(Limits.loopCacheBytesMax / 8), Double(Limits.loopCacheBytesMax / 8) + 1,
        Double(1 << 40), Double(1 << 41), 9_600, 12_000,
    ]

    private func captured() throws -> CoreRig {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(100_000)
        rig.capture(0, bars: 1, take: 1)
        rig.step(10_000)
        return rig
    }

    @Test("never traps: it is refused, answered with a code, or made as it was asked for")
    func fuzz() throws {
        let seed = CoreRig.seed
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        let rig = try captured()
        var codes: [UInt32: Int] = [:]
        var made = 0
        for number in UInt32(100)..<900 {
            func value(_ usual: Double) -> Double {
                Bool.random(using: &random) || Bool.random(using: &random)
                    ? usual : Self.odd.randomElement(using: &random) ?? 0
            }
            let frames = value(Double(Int.random(in: 1...4_000, using: &random)))
            let parts = (0..<Int.random(in: 0...66, using: &random) / 22).map { _ in
                RenderPartAsk(
                    take: Int.random(in: 0...9, using: &random) == 0 ? 77 : 1,
                    mode: UInt32.random(in: 0...20, using: &random) % 4,
                    start: value(Double.random(in: -90_000...90_000, using: &random)),
                    gain: value(0.5))
            }
            let framesPerBeat = value(Double.random(in: 2_000...40_000, using: &random))
            let isBig =
                frames > 20_000 || framesPerBeat > 100_000 || framesPerBeat < 1_000
            let code = rig.render(
                number, frames: frames, framesPerBeat: framesPerBeat, parts: parts)
            codes[code, default: 0] += 1
            let isFinite = frames.isFinite && framesPerBeat.isFinite
            if !isFinite || parts.isEmpty || frames < 1 {
                #expect(code == ErrorCode.commandBounds)
            }
            if isBig {
                // What would take minutes is only asked for: it is given up again.
                rig.engine.renders.dropWaiting()
            } else {
                rig.engine.renders.pump()
            }
            rig.step(1)
            let answer = rig.events.last { $0.id == CoreRig.take(number) }
            if code != 0 || isBig { continue }
            #expect(answer?.code == .takeLoaded)
            guard answer?.errorCode == 0 else { continue }
            made += 1
            let handle = try #require(rig.engine.pool.acquire(CoreRig.take(number)))
            #expect(handle.view().frames == Int(frames))
            #expect((0..<2 * Int(frames)).allSatisfy { handle.view().samples[$0].isFinite })
            rig.engine.pool.release(handle)
            rig.clearEvents()
        }
        print("answers by code: \(codes), made \(made)")
        #expect(made > 100)
        #expect((codes[ErrorCode.commandBounds] ?? 0) > 100)
        // Nothing is held by what was refused.
        rig.send(Ask(code: .slotSet, slot: 0))
        rig.step(2_000)
        #expect(rig.engine.pool.useCount == 0)
    }

    @Test("as many parts as there may be are mixed, one more is refused")
    func partCounts() throws {
        let rig = try captured()
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
        let rig = try captured()
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
        let rig = try captured()
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
