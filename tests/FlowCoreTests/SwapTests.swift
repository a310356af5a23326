import Foundation
import Testing

@testable import FlowCore

@Suite("Swapping loops")
struct SwapTests {
    private static let bar: Int64 = 38_400

    private func swap(_ new: UInt32, for old: UInt32, beats: Double = 4) -> Ask {
        Ask(
            code: .slotSwap, token: 5, slot: 0, b: beats, id: CoreRig.take(new),
            other: CoreRig.take(old))
    }

    private func playing() throws -> CoreRig {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(to: 3 * Self.bar + 20_000)
        rig.capture(0, bars: 1, take: 1)
        rig.capture(1, bars: 2, take: 2)
        rig.step(to: 4 * Self.bar)
        return rig
    }

    @Test("has an effect only where the slot still plays what it was made for")
    func onlyWhatItWasMadeFor() throws {
        let rig = try playing()
        #expect(rig.send(swap(2, for: 2)) == 0)
        rig.step(1_000)
        #expect(rig.all(.applied).map(\.refusal) == [.slotChanged])
        #expect(rig.engine.block.pointee.slots[0].voices[0].id == CoreRig.take(1))
        #expect(rig.send(swap(2, for: 1)) == 0)
        rig.step(1_000)
        #expect(rig.all(.applied).map(\.refusal) == [.slotChanged, .nothing])
        let slot = rig.engine.block.pointee.slots[0]
        #expect(slot.voices[slot.current].id == CoreRig.take(2))
        #expect(rig.send(swap(9, for: 2)) == ErrorCode.takeNotLoaded)
        #expect(rig.send(Ask(code: .slotSwap, slot: 0, b: 4, id: CoreRig.take(1))) != 0)
    }

    @Test("lets a recording that waits in the slot go on")
    func keepsRecording() throws {
        let rig = try playing()
        rig.step(to: 6 * Self.bar - 3_000)
        rig.capture(0, bars: 1, take: 3)
        rig.step(100)
        rig.send(swap(2, for: 1, beats: 8))
        rig.step(to: 6 * Self.bar + 1_000)
        #expect(rig.all(.cancelled).isEmpty)
        #expect(rig.all(.captured).last?.id == CoreRig.take(3))
    }

    @Test("a press for the window that the loop was made of still means that loop")
    func windowIsKept() throws {
        let rig = try playing()
        rig.capture(0, bars: 1, take: 4)
        rig.step(100)
        rig.send(swap(2, for: 4))
        rig.step(100)
        rig.capture(0, bars: 1, take: 5)
        rig.step(100)
        #expect(rig.all(.captured).last?.id == CoreRig.take(4))
    }

    @Test("merged slots are what was heard of them, bit for bit")
    func mergeNull() throws {
        let rig = try playing()
        rig.send(
            Ask(code: .slotGain, slot: 0, a: 0.5), Ask(code: .slotPan, slot: 1, a: 0.25),
            Ask(code: .slotGain, slot: 1, a: 0.75))
        rig.step(to: 5 * Self.bar)
        let takes = rig.all(.captured)
        let from = takes[1].fromFrame
        let turn = Double((from - takes[0].fromFrame) % Self.bar)
        let part = { (take: UInt32, start: Double, left: Float, right: Float) in
            let handle = try #require(rig.engine.pool.acquire(CoreRig.take(take)))
            return LoopRender.Part(
                loop: handle.view(), mode: .repitch, startFrames: start, gainLeft: left,
                gainRight: right)
        }
        let merged = try rendered(
            [try part(1, turn, 0.5, 0.5), try part(2, 0, 0.75 * 0.75, 0.75)],
            frames: Int(2 * Self.bar), framesPerBeat: 9_600)
        rig.step(to: 9 * Self.bar)
        var wrong = 0
        for frame in 5 * Self.bar..<9 * Self.bar {
            let place = 2 * Int((frame - from) % (2 * Self.bar))
            if rig.out(frame, 0) != merged[place] { wrong += 1 }
            if rig.out(frame, 1) != merged[place + 1] { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    /// The largest step from one frame of the master to the next.
    private func largestStep(_ rig: CoreRig, from: Int64, to: Int64) -> Float {
        (from + 1..<to).map { abs(rig.out($0, 0) - rig.out($0 - 1, 0)) }.max() ?? 0
    }

    /// Sines of 100 and 150 Hz as takes 1 and 2 in the pool; slot 0 plays the first.
    private func sines() throws -> CoreRig {
        let rig = try CoreRig { $0.bpm = 300 }
        for (number, cycles) in [(UInt32(1), 80), (2, 120)] {
            let loop = TestLoop(frames: 38_400, framesPerBeat: 9_600) { frame, _ in
                let turns = Double(cycles * frame % 38_400) / 38_400
                return Float(0.5 * cos(2 * Double.pi * turns))
            }
            let audio = try #require(
                try LoopRender(
                    parts: [loop.part()], frames: 38_400, framesPerBeat: 9_600, rateHz: 48_000
                ).render())
            rig.engine.pool.insert(id: CoreRig.take(number), audio: audio, framesPerBeat: 9_600)
        }
        rig.input = { frame, _ in Float(0.1 * sin(2 * Double.pi * Double(frame) / 480)) }
        rig.send(Ask(code: .slotSet, slot: 0, b: 4, id: CoreRig.take(1)))
        rig.step(to: 40_000)
        return rig
    }

    @Test("swap, mute, undo, recall, free and overdub make no step beyond the sounds' own")
    func noClick() throws {
        // Steepest step of a sine of 150 Hz and 0.5; a ramp over 288 frames adds 1/288 of what changes.
        let own = Float(0.5 * 2 * Double.pi * 150 / 48_000)
        let tolerance = Float(1.0 / 288)
        let cases: [(String, [Ask])] = [
            ("swap", [swap(2, for: 1)]),
            ("mute", [Ask(code: .slotMute, slot: 0, flags: CommandFlags.on)]),
            ("undo", [Ask(code: .slotSet, slot: 0, b: 4, id: CoreRig.take(2))]),
            (
                // Another loop, and gain, balance, mute and solo as they were, all in one group.
                "recall",
                [
                    Ask(code: .slotSet, slot: 0, b: 4, id: CoreRig.take(2)),
                    Ask(code: .slotGain, slot: 0, a: 0.5), Ask(code: .slotPan, slot: 0, a: -0.5),
                    Ask(code: .slotSolo, slot: 0, flags: CommandFlags.on),
                    Ask(code: .tempo, a: 300),
                ]
            ),
            (
                "recall of a mix in which it is muted",
                [
                    Ask(code: .slotSet, slot: 0, b: 4, id: CoreRig.take(2)),
                    Ask(code: .slotMute, slot: 0, flags: CommandFlags.on),
                    Ask(code: .slotSet, slot: 1, b: 4, id: CoreRig.take(1)),
                ]
            ),
            ("clear", [Ask(code: .slotSet, slot: 0)]),
            ("solo of another", [Ask(code: .slotSolo, slot: 3, flags: CommandFlags.on)]),
            (
                "overdub",
                [
                    Ask(
                        code: .capture, slot: 0,
                        flags: CommandFlags.quantized | CommandFlags.overdub, a: 1, d: 0.95,
                        id: CoreRig.take(3))
                ]
            ),
            ("panic", [Ask(code: .panic)]),
            ("pause", [Ask(code: .pause)]),
            (
                "free, slower, back",
                [
                    Ask(code: .slotFree, slot: 0, flags: CommandFlags.on),
                    Ask(code: .tempo, atFrame: 44_000, a: 200),
                    Ask(code: .slotFree, slot: 0, atFrame: 52_000),
                ]
            ),
        ]
        print("largest step of the sources \(own), with a ramp at most \(own + tolerance)")
        for (name, asks) in cases {
            var worst: Float = 0
            for offset in [0, 37, 80, 101] as [Int64] {
                let rig = try sines()
                let groups = name.hasPrefix("recall") ? [asks] : asks.map { [$0] }
                for group in groups {
                    rig.send(
                        group.map { ask in
                            var later = ask
                            later.atFrame = max(ask.atFrame, Double(41_000 + offset))
                            return later
                        })
                }
                rig.step(16_000)
                #expect(rig.all(.captured).count == (name == "overdub" ? 1 : 0))
                let step = largestStep(rig, from: 39_000, to: rig.frame)
                #expect(step <= own + tolerance, "\(name) at \(offset): \(step)")
                worst = max(worst, step)
            }
            print("\(name): largest step \(worst)")
        }
    }

    @Test("before the first block every kind of command has had its effect once")
    func warmUp() {
        let events = FlowEngine.rehearse()
        let applied = events.filter { $0.code == .applied && $0.refusal == .nothing }
        let kinds = Set(applied.map(\.detail))
        let captured = events.filter { $0.code == .captured }
        // These two are answered in another way.
        let others = [CommandKind.capture, CommandKind.calibrate]
        let all = (CommandKind.capture...CommandKind.slotFree).filter {
            CommandCode(rawValue: $0) != nil && !others.contains($0)
        }
        #expect(kinds.isSuperset(of: all))
        #expect(captured.contains { $0.marks.isOverdub })
        #expect(captured.contains { !$0.marks.isOverdub })
        #expect(events.allSatisfy { $0.refusal == .nothing })
        // A counter that is read after it was freed shows as a dropout nobody had.
        #expect(!events.contains { $0.code == .xrun })
    }

    @Test("a ramp of one frame is caught by the same measure")
    func clickIsCaught() throws {
        let own = Float(0.5 * 2 * Double.pi * 150 / 48_000)
        let rig = try sines()
        let slot = rig.engine.block.pointee.slots
        // As `swapContent` does it, with another length of the ramp.
        var voice = slot[0].voices[slot[0].current]
        voice.loop = LoopHandle.none()
        voice.offsetFrames = 240
        _ = slot[0].replace(with: voice, rampFrames: 1)
        rig.step(2_000)
        let step = largestStep(rig, from: 39_000, to: rig.frame)
        print("a ramp of one frame: largest step \(step)")
        #expect(step > own + Float(1.0 / 288))
    }
}
