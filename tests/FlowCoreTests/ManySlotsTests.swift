import Testing

@testable import FlowCore

@Suite("Proof: as many slots as there can be")
struct ManySlotsTests {
    private static let slots = Limits.slotCountMax
    private static let beat = 9_600

    /// Noise that no other slot has.
    private func sample(_ noise: CodedNoise, slot: Int, _ place: Int, _ channel: Int) -> Float {
        noise.sample(Int64(slot * Self.beat + place + 1_000_000), channel)
    }

    /// Every slot plays a loop of one beat that shares no frame with another's.
    private func full() throws -> CoreRig {
        let rig = try CoreRig {
            $0.bpm = 300
            $0.slotCount = Self.slots
        }
        var group: [Ask] = []
        for slot in 0..<Self.slots {
            let samples = UnsafeMutablePointer<Float>.allocate(capacity: 2 * Self.beat)
            for index in 0..<2 * Self.beat {
                samples[index] = sample(rig.noise, slot: slot, index / 2, index % 2)
            }
            let id = CoreRig.take(UInt32(slot + 1))
            rig.engine.pool.insert(
                id: id,
                audio: LoopAudio(
                    samples: samples, frameCount: Self.beat, preRoll: nil, preRollFrames: 0),
                framesPerBeat: Double(Self.beat))
            group.append(
                Ask(code: .slotSet, token: UInt32(slot + 1), slot: slot, b: 1, id: id))
        }
        #expect(rig.send(group) == 0)
        rig.step(to: Int64(Self.beat))
        return rig
    }

    /// How much of each slot's loop is in one beat of the master from `start` on: 1 = all of it.
    private func shares(_ rig: CoreRig, from start: Int64, shift: Int = 0) -> [Double] {
        (0..<Self.slots).map { slot in
            var together = 0.0
            var own = 0.0
            for index in 0..<2 * Self.beat {
                let (place, side) = (index / 2, index % 2)
                let played = Double(
                    sample(rig.noise, slot: slot, (place + shift) % Self.beat, side))
                together += played * Double(rig.out(start + Int64(place), side))
                own += played * played
            }
            return together / own
        }
    }

    @Test("256 slots are taken and each is heard; one that is muted is not")
    func everySlotIsHeard() throws {
        let rig = try full()
        let answers = rig.all(.applied)
        #expect(answers.map(\.token) == (1...UInt32(Self.slots)).map { $0 })
        #expect(answers.allSatisfy { $0.refusal == .nothing })
        let muted = 200
        rig.step(Self.beat)
        rig.send(Ask(code: .slotMute, slot: muted, flags: CommandFlags.on))
        rig.step(2 * Self.beat)
        let heard = shares(rig, from: Int64(Self.beat))
        let moved = shares(rig, from: Int64(Self.beat), shift: 1)
        let after = shares(rig, from: 3 * Int64(Self.beat))
        let count = heard.filter { abs($0 - 1) < 0.5 }.count
        print(
            "slots: \(count) of \(Self.slots) heard, shares \(heard.min() ?? 0)…",
            "\(heard.max() ?? 0), one frame off at most \(moved.map(abs).max() ?? 0),",
            "muted \(after[muted])")
        #expect(count == Self.slots)
        #expect(moved.allSatisfy { abs($0) < 0.5 })
        #expect(after.indices.filter { abs(after[$0] - 1) >= 0.5 } == [muted])
    }

    /// Tokens that were not answered exactly once.
    private func wrong(_ events: [CoreEvent], _ tokens: Range<UInt32>) -> [UInt32] {
        var answers: [UInt32: Int] = [:]
        for event in events where [.applied, .captured, .cancelled].contains(event.code) {
            answers[event.token, default: 0] += 1
        }
        return tokens.filter { answers[$0] != 1 }
    }

    @Test("of a thousand commands at once over all slots each is applied or refused, once")
    func burst() throws {
        print("burst: seed \(CoreRig.seed)")
        var random = SeededRandom(seed: CoreRig.seed)
        let rig = try full()
        rig.step(to: 4 * Int64(Self.beat) + 20_000)
        rig.clearEvents()
        let codes: [CommandCode] = [
            .capture, .slotGain, .slotPan, .slotMute, .slotSolo, .slotCancel, .slotSet,
        ]
        var gains = [Double](repeating: 1, count: Self.slots)
        for token in UInt32(1)...1_000 {
            let slot = Int(token) % Self.slots
            let code = codes.randomElement(using: &random) ?? .slotGain
            let value = code == .capture ? 1 : Double.random(in: 0...1, using: &random)
            if code == .slotGain { gains[slot] = value }
            let isSet = code == .slotSet
            let ask = Ask(
                code: code, token: token, slot: slot,
                flags: UInt32.random(in: 0...1, using: &random), a: isSet ? 0 : value,
                id: code == .capture ? CoreRig.take(10_000 + token) : TakeID.none())
            #expect(rig.send(ask) == 0)
        }
        rig.step(3 * 38_400, block: 2_048)
        #expect(wrong(rig.events, 1..<1_001) == [])
        let slots = rig.engine.block
        #expect((0..<Self.slots).allSatisfy { slots.pointee.slots[$0].gain == Float(gains[$0]) })
        let refused = rig.all(.applied).filter { $0.refusal != .nothing }.count
        print(
            "burst: 1000 commands over \(Self.slots) slots, 1000 answered once,",
            "\(rig.all(.captured).count) captures, \(refused) refused")
        let lost = rig.events.filter { $0.token != 77 }
        #expect(wrong(lost, 1..<1_001) == [77])
        #expect(wrong(rig.events + rig.events, 1..<1_001).count == 1_000)
    }
}
