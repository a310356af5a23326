import Testing

@testable import FlowCore

@Suite("Commands")
struct CommandTests {
    @Test("a group takes effect at one frame, also inside a block")
    func groupAtOneFrame() throws {
        let rig = try CoreRig()
        rig.send(
            Ask(code: .slotGain, token: 1, slot: 0, atFrame: 10_007, a: 0.5),
            Ask(code: .slotMute, token: 2, slot: 1, flags: CommandFlags.on),
            Ask(code: .mark, token: 3))
        rig.step(9_990)
        #expect((rig.events.allSatisfy { $0.code == .grid }) as Bool)
        rig.step(1_000, block: 1_000)
        #expect(rig.all(.applied).map(\.token) == [1, 2, 3])
        #expect(rig.all(.applied).allSatisfy { $0.frame == 10_007 })
    }

    @Test("a frame that has passed means now")
    func lateIsNow() throws {
        let rig = try CoreRig()
        rig.step(5_000)
        rig.send(Ask(code: .mark, token: 1, atFrame: 17))
        rig.step(100)
        #expect(rig.all(.applied).map(\.frame) == [5_000])
    }

    @Test("one bad record refuses its whole group")
    func badGroup() throws {
        let rig = try CoreRig()
        let code = rig.send(
            Ask(code: .slotGain, token: 1, slot: 0, a: 0.5),
            Ask(code: .slotGain, token: 2, slot: 0, a: 1.5))
        #expect(code == ErrorCode.commandBounds)
        rig.step(1_000)
        #expect((rig.events.allSatisfy { $0.code == .grid }) as Bool)
        #expect(rig.engine.block.pointee.slots[0].gain == 1)
    }

    @Test("every bound is checked, and the value just inside passes")
    func bounds() throws {
        let rig = try CoreRig()
        let good = [
            Ask(code: .capture, slot: 7, a: 16, id: CoreRig.take(1)),
            Ask(code: .slotGain, a: 1), Ask(code: .slotPan, a: -1), Ask(code: .tempo, a: 20),
            Ask(code: .tempo, a: 300), Ask(code: .meter, a: 16, b: 8),
            Ask(code: .metronome, a: 1.995), Ask(code: .input, a: 15.84),
            Ask(code: .mark, slot: 99),
        ]
        let bad = [
            Ask(code: .capture, slot: 8, a: 1, id: CoreRig.take(1)),
            Ask(code: .capture, slot: 0, a: 0, id: CoreRig.take(1)),
            Ask(code: .capture, slot: 0, a: 1.5, id: CoreRig.take(1)),
            Ask(code: .capture, slot: 0, a: 1, id: TakeID.none()),
            Ask(code: .capture, slot: 0, a: 1, b: 1, id: CoreRig.take(1)),
            Ask(code: .slotGain, a: -0.01), Ask(code: .slotGain, a: .nan),
            Ask(code: .slotPan, a: 1.01), Ask(code: .slotMute, slot: 8),
            Ask(code: .slotSet, slot: -1), Ask(code: .slotSet, a: 1e300),
            Ask(code: .slotSet, a: 0.5), Ask(code: .tempo, a: 19.99), Ask(code: .tempo, a: 301),
            Ask(code: .tempo, a: .infinity), Ask(code: .meter, a: 0, b: 4),
            Ask(code: .meter, a: 4, b: 3), Ask(code: .metronome, a: 2.1),
            Ask(code: .input, slot: 1, a: 1), Ask(code: .mark, atFrame: -1),
            Ask(code: .mark, atFrame: 1e300), Ask(code: .mark, c: -.infinity),
        ]
        for ask in good { #expect(rig.send(ask) == 0, "\(ask)") }
        for ask in bad { #expect(rig.send(ask) == ErrorCode.commandBounds, "\(ask)") }
        rig.step(1_000)
        #expect(rig.all(.applied).count + rig.all(.recording).count >= good.count - 1)
    }

    @Test("a full ring takes nothing of a group, and everything sent is answered once")
    func fullRing() throws {
        let rig = try CoreRig()
        var sent: [UInt32] = []
        var refused = 0
        for number in UInt32(0)..<2_000 {
            let group = (0..<3).map { Ask(code: .mark, token: 3 * number + $0) }
            if rig.send(group) == 0 { sent += group.map(\.token) } else { refused += 1 }
        }
        #expect(sent.count == 4_095)
        #expect(refused == 635)
        rig.step(4_000)
        #expect(rig.all(.applied).map(\.token) == sent)
        #expect(rig.engine.rings.status.read().eventsLost == 0)
        #expect(rig.send(Ask(code: .mark)) == 0)
    }

    @Test("a loop that is not in memory refuses its group, empty content never does")
    func loopNotLoaded() throws {
        let rig = try CoreRig()
        let unknown = Ask(code: .slotSet, slot: 1, b: 4, id: CoreRig.take(77))
        let empty = Ask(code: .slotSet, slot: 0)
        #expect(rig.send(empty, unknown) == ErrorCode.takeNotLoaded)
        #expect(rig.send(empty) == 0)
    }

    @Test("a mute that waits for the line gives way to a newer one of its slot, and to no other")
    func laterHandWins() throws {
        let rig = try CoreRig()
        rig.step(48_000)
        let waiting = CommandFlags.on | CommandFlags.quantized
        rig.send(Ask(code: .slotMute, token: 1, slot: 0, flags: waiting))
        rig.send(Ask(code: .slotMute, token: 2, slot: 1, flags: waiting))
        rig.send(Ask(code: .slotSolo, token: 3, slot: 0, flags: waiting))
        rig.step(100)
        #expect(rig.all(.scheduled).map(\.token) == [1, 2, 3])
        rig.send(Ask(code: .slotMute, token: 4, slot: 0))
        rig.step(100)
        #expect(rig.all(.cancelled).map(\.token) == [1])
        rig.step(96_000)
        #expect(rig.all(.applied).map(\.token) == [4, 2, 3])
        #expect(!rig.engine.block.pointee.slots[0].isMuted)
        #expect(rig.engine.block.pointee.slots[1].isMuted)
    }

    @Test("a quantized command waits for the bar line and says so")
    func scheduledForTheLine() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(20_000)
        rig.send(
            Ask(
                code: .slotMute, token: 4, slot: 0,
                flags: CommandFlags.on | CommandFlags.quantized))
        rig.step(30_000)
        let waiting = try #require(rig.all(.scheduled).first)
        #expect(waiting.token == 4)
        #expect(waiting.toFrame == 38_400)
        #expect(waiting.frame == 20_000)
        #expect(rig.all(.applied).map(\.frame) == [38_400])
    }

    @Test("just after the line it joins in place, and paused it acts at once")
    func joinsInPlace() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        let mute = Ask(code: .slotMute, slot: 0, flags: CommandFlags.quantized)
        rig.step(to: 38_400 + 9_600)
        rig.send(mute)
        rig.step(to: 38_400 + 9_601 + 100)
        rig.send(mute)
        rig.step(to: 80_000)
        #expect(rig.all(.applied).map(\.frame) == [48_000, 76_800])
        rig.send(Ask(code: .pause))
        rig.step(20_000)
        rig.clearEvents()
        rig.send(mute)
        rig.step(100)
        #expect(rig.all(.applied).map(\.frame) == [100_000])
    }

    @Test("what waits for a line follows it through a change of tempo")
    func lineMoves() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(20_000)
        rig.send(Ask(code: .slotSolo, token: 1, slot: 0, flags: CommandFlags.quantized))
        rig.step(1_000)
        rig.send(Ask(code: .tempo, token: 2, a: 150))
        rig.step(60_000)
        let line = 21_000 + 2 * (38_400 - 21_000)
        #expect(rig.all(.applied).map(\.frame) == [21_000, Int64(line)])
    }

    @Test("what waits for a line is not forgotten when a capture begins the bars anew")
    func linesAreReleased() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(to: 12 * 38_400 + 20_000)
        let quantized = CommandFlags.quantized
        rig.send(Ask(code: .slotSolo, token: 1, slot: 0, flags: quantized))
        rig.send(Ask(code: .pause, token: 2))
        rig.capture(3, bars: 1, take: 1, token: 3)
        rig.step(2_000)
        #expect(rig.all(.scheduled).map(\.token) == [1])
        #expect(rig.all(.applied).map(\.token) == [2, 1])
        #expect(rig.all(.captured).map(\.token) == [3])
    }

    @Test("random records of every kind are applied or refused, never a trap")
    func randomRecords() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        var random = SeededRandom(seed: CoreRig.seed)
        let odd = [0, -1, 1, 2, 0.5, 4, 16, 120, 1e9, -1e9, 1e18, 1e300, .nan, .infinity]
        let codes: [CommandCode] = [
            .capture, .slotSet, .slotGain, .slotPan, .slotMute, .slotSolo, .slotCancel, .tempo,
            .meter, .metronome, .play, .pause, .panic, .input, .mark,
        ]
        var accepted = 0
        for number in UInt32(0)..<6_000 {
            let pick = { (random: inout SeededRandom) in odd.randomElement(using: &random) ?? 0 }
            let ask = Ask(
                code: codes.randomElement(using: &random) ?? .mark, token: number,
                slot: Int.random(in: -1...9, using: &random),
                flags: UInt32.random(in: 0...7, using: &random), atFrame: 0,
                a: pick(&random), b: pick(&random), c: pick(&random),
                id: CoreRig.take(number % 50))
            if rig.send(ask) == 0 { accepted += 1 }
            if number % 8 == 0 { rig.step(60) }
        }
        rig.step(80_000)
        let answers = rig.events.filter {
            [.applied, .captured, .cancelled].contains($0.code)
        }
        let block = rig.engine.block
        let waiting =
            block.pointee.schedule.waitingCount()
            + (0..<8).filter { block.pointee.slots[$0].pending.isActive }.count
        #expect(accepted > 500)
        #expect(Set(answers.map(\.token)).count == accepted - waiting)
    }

    @Test("a group that may not wait as a whole is refused as a whole")
    func groupWaitsWhole() throws {
        let rig = try CoreRig()
        let marks = { (count: Int) in
            (0..<count).map { Ask(code: .mark, token: UInt32($0), atFrame: 10_000) }
        }
        rig.send(marks(700))
        rig.step(100)
        rig.send(marks(324))
        rig.step(100)
        #expect((rig.events.allSatisfy { $0.code == .grid }) as Bool)
        rig.send(marks(2))
        rig.step(100)
        #expect(rig.all(.applied).map(\.refusal) == [.busy, .busy])
        rig.clearEvents()
        rig.step(10_000)
        #expect(rig.all(.applied).count == 1_024)
        #expect(rig.all(.applied).allSatisfy { $0.frame == 10_000 })
    }

    @Test("what waited for a frame comes before what is sent when it has come")
    func lastWordCounts() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(20_000)
        let quantized = CommandFlags.on | CommandFlags.quantized
        rig.send(Ask(code: .slotMute, token: 1, slot: 0, flags: quantized))
        rig.step(to: 38_400)
        rig.send(Ask(code: .slotMute, token: 2, slot: 0))
        rig.step(100)
        #expect(rig.all(.applied).map(\.token) == [1, 2])
        #expect(rig.all(.applied).map(\.frame) == [38_400, 38_400])
        #expect(!rig.engine.block.pointee.slots[0].isMuted)
    }
}
