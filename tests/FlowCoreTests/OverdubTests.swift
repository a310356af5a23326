import Foundation
import Testing

@testable import FlowCore

@Suite("An overdub")
struct OverdubTests {
    private static let bar: Int64 = 38_400

    /// One bar of noise in slot 0, at 300 bpm, and bars of other noise after it.
    private func base(bars: Int = 1) throws -> (rig: CoreRig, take: CoreEvent) {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(to: 3 * Self.bar + 20_000)
        rig.capture(0, bars: bars, take: 1)
        rig.step(to: 4 * Self.bar + 20_000)
        return (rig, try #require(rig.all(.captured).first))
    }

    private func overdub(_ rig: CoreRig, take: UInt32, bars: Int = 1, factor: Double = 0.95) {
        rig.send(
            Ask(
                code: .capture, token: take, slot: 0,
                flags: CommandFlags.quantized | CommandFlags.overdub, a: Double(bars), d: factor,
                id: CoreRig.take(take)))
    }

    /// What is left in the master of these frames when the layers are taken out, in dBFS.
    private func restDbfs(
        _ rig: CoreRig, _ layers: [(take: CoreEvent, level: Float)], _ frames: Range<Int64>
    ) -> Double {
        var rest: [Float] = []
        let seam: Int64 = 480
        for frame in frames {
            let places = layers.map { layer in
                (frame - layer.take.fromFrame) % (layer.take.toFrame - layer.take.fromFrame)
            }
            // Seams are not what the input was.
            let isSeam = zip(layers, places).contains { layer, place in
                place >= layer.take.toFrame - layer.take.fromFrame - seam
            }
            if isSeam { continue }
            for channel in 0..<2 {
                let sum = zip(layers, places).reduce(Float(0)) { sum, pair in
                    let place = pair.0.take.fromFrame + pair.1
                    return sum + rig.noise.sample(place, channel) * pair.0.level
                }
                rest.append(rig.out(frame, channel) - sum)
            }
        }
        return powerDbfs(rest)
    }

    @Test("plays both layers, each in its own length, the first one lowered", arguments: [1, 2])
    func bothLayers(bars: Int) throws {
        let (rig, first) = try base()
        rig.step(to: 7 * Self.bar + 15_000)
        overdub(rig, take: 2, bars: bars)
        rig.step(to: 12 * Self.bar)
        let second = try #require(rig.all(.captured).last)
        #expect(second.id == CoreRig.take(2))
        #expect(second.toFrame - second.fromFrame == Int64(bars) * Self.bar)
        let frames = second.frame + 480..<rig.frame
        let rest = restDbfs(rig, [(first, 0.95), (second, 1)], frames)
        print("overdub null, \(bars) bars: \(rest) dBFS")
        #expect(rest <= -120)
        #expect(restDbfs(rig, [(first, 1), (second, 1)], frames) > -60)
        let slot = rig.engine.block.pointee.slots[0]
        #expect(slot.voices[slot.current].id == CoreRig.take(2))
        #expect((0..<slot.voiceCount).filter { slot.voices[$0].isFromLoop() }.count == 2)
    }

    @Test("rendered into one loop and swapped in it is the same sound, through the swap too")
    func swappedIn() throws {
        let (rig, first) = try base()
        rig.step(to: 7 * Self.bar + 15_000)
        overdub(rig, take: 2, bars: 2)
        rig.step(to: 9 * Self.bar)
        let second = try #require(rig.all(.captured).last)
        // The first layer begins a bar before the second one's window or with it: one bar is its round.
        let turn = Double((second.fromFrame - first.fromFrame) % Self.bar)
        let code = rig.render(
            3, frames: Double(2 * Self.bar), framesPerBeat: 9_600,
            parts: [
                RenderPartAsk(take: 1, start: turn, gain: Double(Float(0.95))),
                RenderPartAsk(take: 2),
            ])
        #expect(code == 0)
        rig.engine.renders.pump()
        let from = rig.frame
        rig.send(
            Ask(
                code: .slotSwap, token: 5, slot: 0, a: Double(second.originBeat), b: 8,
                id: CoreRig.take(3), other: CoreRig.take(2)))
        rig.step(to: 14 * Self.bar)
        let answer = try #require(rig.all(.applied).first { $0.token == 5 })
        #expect(answer.refusal == .nothing)
        let rest = restDbfs(rig, [(first, 0.95), (second, 1)], from..<rig.frame)
        print("overdub after the swap: \(rest) dBFS")
        #expect(rest <= -120)
        let slot = rig.engine.block.pointee.slots[0]
        #expect(slot.layerCount() == 1)
        #expect(slot.voices[slot.current].id == CoreRig.take(3))
    }

    @Test("into an empty slot is a capture like any other")
    func intoEmpty() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(to: 3 * Self.bar + 15_000)
        overdub(rig, take: 1)
        rig.step(to: 6 * Self.bar)
        let take = try #require(rig.all(.captured).first)
        let from = take.frame + CaptureTests.settled
        #expect(CaptureTests.wrongFrames(rig, take, from: from, to: rig.frame) == 0)
    }

    @Test("with no voice left it is refused as busy, and nothing changes")
    func noVoice() throws {
        let (rig, _) = try base()
        for number in UInt32(2)...5 {
            overdub(rig, take: number)
            rig.step(Int(Self.bar))
        }
        let slot = rig.engine.block.pointee.slots[0]
        #expect(slot.layerCount() == 4)
        #expect(rig.all(.applied).map(\.refusal) == [.busy])
        #expect(slot.voices[slot.current].id == CoreRig.take(4))
        rig.send(Ask(code: .slotSet, slot: 0))
        rig.step(2_000)
        rig.engine.worker.pump()
        let empty = rig.engine.block.pointee.slots[0]
        #expect((0..<empty.voiceCount).allSatisfy { empty.voices[$0].isIdle() })
        #expect(rig.out(rig.frame - 1, 0) == 0)
    }

    @Test("of the window that came last has no effect; a press without overdub puts it there alone")
    func sameWindow() throws {
        let (rig, _) = try base()
        rig.step(to: 6 * Self.bar + 15_000)
        for number in UInt32(2)...3 {
            overdub(rig, take: number)
            rig.step(100)
        }
        #expect(rig.all(.captured).map(\.id) == [1, 2].map(CoreRig.take))
        #expect(rig.engine.block.pointee.slots[0].layerCount() == 2)
        rig.capture(0, bars: 1, take: 4)
        rig.step(100)
        #expect(rig.all(.captured).map(\.id) == [1, 2, 4].map(CoreRig.take))
        #expect(rig.engine.block.pointee.slots[0].layerCount() == 1)
        // Now that window is all there is: neither press changes anything.
        rig.capture(0, bars: 1, take: 5)
        overdub(rig, take: 6)
        rig.step(100)
        #expect(rig.all(.captured).count == 3)
    }

    @Test("that waits for its line gives way to a press that means to replace, and the reverse")
    func pendingMode() throws {
        let (rig, _) = try base()
        rig.step(to: 7 * Self.bar - 3_000)
        overdub(rig, take: 2)
        rig.step(100)
        rig.capture(0, bars: 1, take: 3)
        rig.step(100)
        overdub(rig, take: 4)
        overdub(rig, take: 5)
        rig.step(to: 8 * Self.bar)
        #expect(rig.all(.cancelled).map(\.id) == [2, 3].map(CoreRig.take))
        #expect(rig.all(.captured).map(\.id) == [1, 4].map(CoreRig.take))
        #expect(rig.engine.block.pointee.slots[0].layerCount() == 2)
    }

    @Test("sounds the same whether its layers are baked or not, and at every block size")
    func sameBits() throws {
        let rigs = try [(true, 512), (false, 512), (true, 64), (true, 7)].map { bakes, block in
            let rig = try CoreRig { $0.bpm = 300 }
            rig.bakes = bakes
            rig.step(to: 3 * Self.bar + 20_000, block: 512)
            for (number, at) in [(1, 3), (2, 5)] {
                var ask = Ask(
                    code: .capture, slot: 0, flags: CommandFlags.quantized, a: 1, d: 0.95,
                    id: CoreRig.take(UInt32(number)))
                if number == 2 { ask.flags |= CommandFlags.overdub }
                ask.atFrame = Double(Int64(at) * Self.bar + 20_100)
                rig.send(ask)
                rig.step(to: Int64(at + 1) * Self.bar + 20_000, block: block)
            }
            rig.step(to: 8 * Self.bar, block: block)
            return rig
        }
        for rig in rigs.dropFirst() { #expect(firstDifference(rigs[0], rig) == nil) }
    }

    @Test("layers whose part of the ring is overwritten fade out, and the slot says so")
    func ringLost() throws {
        let rig = try CoreRig {
            $0.bpm = 300
            $0.ringSecondsMax = 8
        }
        rig.bakes = false
        rig.step(to: 3 * Self.bar + 20_000)
        rig.capture(0, bars: 1, take: 1)
        rig.step(to: 5 * Self.bar + 20_000)
        overdub(rig, take: 2)
        rig.step(to: 20 * Self.bar)
        #expect(rig.all(.notice).map(\.refusal) == [.loopLost, .loopLost])
        #expect(rig.engine.block.pointee.slots[0].isEmpty())
    }
}
