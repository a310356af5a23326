import Testing

@testable import FlowCore

@Suite("Latency")
struct LatencyTests {
    private let bar: Int64 = 38_400

    private func latency(_ rig: CoreRig, _ frames: Int64, output: Int64 = 0) {
        rig.send(Ask(code: .latency, a: Double(frames), b: Double(output)))
    }

    /// Counts frames that are not the ring's frame `latency` later than the grid says.
    private func wrong(_ rig: CoreRig, _ take: CoreEvent, latency: Int64) -> Int {
        let length = take.toFrame - take.fromFrame
        let seam = Int64(Seam.frames(rateHz: 48_000, loopFrames: Int(length)))
        let grid = rig.engine.block.pointee.transport.grid
        let start = grid.frame(ofBeat: take.originBeat) + take.offsetFrames
        var wrong = 0
        for frame in take.frame + CaptureTests.settled..<rig.frame {
            let place = FrameMath.floorModulo(frame - start, length)
            let isSeam = place >= length - seam || (take.fromFrame < seam && place < seam)
            if isSeam { continue }
            for channel in 0..<2
            where rig.out(frame, channel) != rig.noise.sample(start + latency + place, channel) {
                wrong += 1
            }
        }
        return wrong
    }

    @Test("what is heard through the engine, and what is played inside it, is read where it lies")
    func inTime() throws {
        func fromFrame(
            monitor: UInt32?, _ change: @escaping (inout EngineConfiguration) -> Void = { _ in }
        ) throws -> Int64 {
            let rig = try CoreRig {
                $0.bpm = 300
                change(&$0)
            }
            latency(rig, 700)
            if let monitor { rig.send(Ask(code: .input, flags: monitor, a: 1)) }
            rig.step(to: 3 * bar + 900)
            rig.capture(2, bars: 2, take: 1, quantized: true)
            rig.step(to: 4 * bar)
            return try #require(rig.all(.captured).first).fromFrame
        }
        #expect(try fromFrame(monitor: nil) == bar + 700)
        #expect(try fromFrame(monitor: CommandFlags.on) == bar)
        #expect(try fromFrame(monitor: 0) { $0.flags |= ConfigFlags.monitor } == bar + 700)
        #expect(try fromFrame(monitor: nil) { $0.flags |= ConfigFlags.monitor } == bar)
        #expect(try fromFrame(monitor: 0) { $0.flags |= ConfigFlags.demoPlayer } == bar)
    }

    @Test("a rolling window with latency plays at once, in phase, bit for bit")
    func rolling() throws {
        var random = SeededRandom(seed: CoreRig.seed)
        for frames in [Int64(0), 1, 511, 1_024, 4_096] {
            let rig = try CoreRig { $0.bpm = 300 }
            latency(rig, frames)
            rig.step(to: Int64.random(in: 3 * bar..<4 * bar, using: &random))
            let pressed = rig.frame
            rig.capture(0, bars: 1, take: 1, quantized: false)
            rig.step(Int(3 * bar))
            let take = try #require(rig.all(.captured).first)
            #expect(take.frame == pressed)
            #expect(take.toFrame == pressed + frames)
            #expect(wrong(rig, take, latency: frames) == 0)
        }
    }

    @Test("a loop shorter than the latency waits for its last frames, then plays in phase")
    func shorterThanLatency() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.send(Ask(code: .meter, a: 1, b: 4))
        latency(rig, 24_000)
        rig.step(to: 100_000)
        rig.capture(0, bars: 1, take: 1)
        rig.step(60_000)
        let take = try #require(rig.all(.captured).first)
        #expect(take.toFrame == 96_000 + 24_000)
        #expect(take.frame == take.toFrame)
        #expect(wrong(rig, take, latency: 24_000) == 0)
    }

    @Test("ring and baked loop are the same bits, seam included, at any block size")
    func sameBits() throws {
        func play(bakes: Bool, block: Int) throws -> CoreRig {
            let rig = try CoreRig { $0.bpm = 300 }
            rig.bakes = bakes
            rig.input = { frame, channel in
                Float(
                    0.4
                        * ((Double(frame) / (40 + Double(channel))).truncatingRemainder(
                            dividingBy: 2) - 1))
            }
            rig.send(Ask(code: .latency, a: 3_000))
            rig.send(
                Ask(
                    code: .capture, flags: CommandFlags.quantized,
                    atFrame: Double(3 * bar - 900), a: 1, id: CoreRig.take(1)))
            rig.step(to: 6 * bar, block: block)
            return rig
        }
        let reference = try play(bakes: true, block: 512)
        #expect(reference.left.contains { $0 != 0 })
        for (bakes, block) in [(false, 512), (true, 77), (false, 1_024), (true, 64)] {
            #expect(firstDifference(reference, try play(bakes: bakes, block: block)) == nil)
        }
    }

    @Test("a tempo that outruns the window's last frames gives silence, never old sound")
    func outrun() throws {
        func play(block: Int) throws -> CoreRig {
            let rig = try CoreRig { $0.bpm = 60 }
            rig.send(Ask(code: .latency, a: 40_000))
            rig.send(
                Ask(
                    code: .capture, flags: CommandFlags.quantized, atFrame: 400_000, a: 1,
                    id: CoreRig.take(1)))
            rig.send(Ask(code: .tempo, atFrame: 400_100, a: 300))
            rig.step(to: 520_000, block: block)
            return rig
        }
        let one = try play(block: 512)
        #expect(one.left.contains { $0 != 0 })
        #expect(firstDifference(one, try play(block: 100)) == nil)
    }

    @Test("the press is what the player heard: Lo frames before his hand moved")
    func outputLatency() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        latency(rig, 0, output: 480)
        // The hand moved just after the line; what sounded then was rendered before it.
        rig.step(to: 2 * bar + 9_900)
        rig.send(
            Ask(
                code: .capture, atMs: Double(2 * bar + 100) / 48, a: 1, id: CoreRig.take(1)))
        rig.step(100)
        let take = try #require(rig.all(.captured).first)
        #expect(take.value2 == Double(2 * bar + 100 - 480))
        #expect(take.toFrame == 2 * bar + 100 - 480)
        #expect(take.frame == 2 * bar + 9_900)
    }

    @Test("a time of the hand that lies ahead or is too old is not believed")
    func impossibleTimes() throws {
        for (atMs, expected) in [(10_000.0, 100_000.0), (0.001, 100_000), (2_000, 96_000)] {
            let rig = try CoreRig { $0.bpm = 300 }
            rig.step(to: 100_000)
            rig.send(Ask(code: .capture, atMs: atMs, a: 1, id: CoreRig.take(1)))
            rig.step(100)
            #expect(try #require(rig.all(.captured).first).value2 == expected)
        }
    }
}
