import CFlowLeaf
import HostContract
import Testing

@testable import PluginFixture

private let frames = 64
private let ones = [Float](repeating: 1, count: frames)
private let gain = Fixture.gainDefault

/// A block of silence with a one in one frame.
private func impulse(at frame: Int = 0) -> [Float] {
    (0..<frames).map { $0 == frame ? 1 : 0 }
}

@Suite("sound through a plug-in host", .enabled(if: Fixture.canBuild), .serialized)
struct HostSoundTests {
    @Test("a plug-in in a lane is heard, on both sides, from the answer to CHAIN on")
    func sound() throws {
        let host = try LiveHost()
        #expect(try host.play(ones) == ones, "an empty lane passes")
        try host.load(1, Fixture.named("Well"))
        #expect(try host.play(ones) == ones, "a plug-in in no lane is not heard")
        try host.chain([1])
        let left = (0..<frames).map { Float($0) / 64 }
        let right = left.map { -$0 }
        let seq = host.post([Block(sound: left, right: right, generation: 9)])
        try host.until("the block") { host.done() >= seq }
        let heard = try #require(host.result(seq))
        #expect(heard.left == left.map { $0 * gain })
        #expect(heard.right == right.map { $0 * gain })
        #expect(host.resultEpoch(seq) == LiveHost.epoch << 32 | 9)
    }

    @Test("a parameter is heard from its frame on, and only that of its instance")
    func parameter() throws {
        let host = try LiveHost()
        try host.load(1, Fixture.named("Well"))
        try host.load(2, Fixture.named("Well"))
        try host.chain([1, 2])
        #expect(try host.play(ones) == ones.map { $0 * gain * gain })
        let moved = try host.play(
            Block(
                sound: ones,
                points: [
                    point(2, Fixture.gain, 1, at: 17),
                    point(1, Fixture.gain, 0.25, at: 40),
                ]))
        let wanted = (0..<frames).map { frame -> Float in
            (frame < 40 ? gain : 0.25) * (frame < 17 ? gain : 1)
        }
        #expect(moved == wanted)
    }

    @Test("a note is heard from its frame on")
    func key() throws {
        let host = try LiveHost()
        let loaded = try host.load(5, Fixture.named("Tone"))
        #expect(loaded.isInstrument && loaded.inputs == 0 && loaded.outputs == 2)
        try host.chain([5])
        #expect(try host.play(ones) == [Float](repeating: 0, count: frames))
        let heard = try host.play(
            Block(sound: ones, notes: [note(5, 69, at: 5)]))
        // A sine begins with nothing.
        #expect(heard.prefix(6).allSatisfy { $0 == 0 } && heard.dropFirst(6).allSatisfy { $0 != 0 })
        let over = try host.play(
            Block(sound: ones, notes: [note(5, 69, at: 10, isOn: false)]))
        #expect(over.prefix(10).contains { $0 != 0 } && over.dropFirst(10).allSatisfy { $0 == 0 })
    }

    @Test("plug-ins of a lane come in its order, and one that is not there is passed")
    func order() throws {
        let host = try LiveHost()
        try host.load(1, Fixture.named("Well"))
        try host.load(2, Fixture.named("Tone"))
        try host.chain([7, 1, 8])
        #expect(try host.play(ones) == ones.map { $0 * gain })
        // Behind an instrument the effect hears the instrument; before it, it is not heard.
        try host.chain([2, 1])
        let key = [note(2, 69)]
        let behind = try host.play(Block(sound: ones, notes: key))
        #expect(behind.contains { abs($0) > 0.1 } && behind[0] == 0)
        try host.chain([1, 2])
        let off = [note(2, 69, isOn: false)]
        #expect(try host.play(Block(sound: ones, notes: off)).allSatisfy { $0 == 0 })
        // The number of a plug-in that comes later has its place already.
        try host.chain([7], lane: 3)
        #expect(try host.play(ones, lane: 3) == ones)
        try host.load(7, Fixture.named("Well"))
        try host.until("the new plug-in in its lane") {
            (try? host.play(ones, lane: 3)) == ones.map { $0 * gain }
        }
    }

    @Test("a plug-in that moves to another lane leaves its old one")
    func moves() throws {
        let host = try LiveHost()
        try host.load(1, Fixture.named("Well"))
        try host.chain([1], lane: 0)
        try host.chain([1], lane: 23)
        #expect(try host.play(ones, lane: 0) == ones)
        #expect(try host.play(ones, lane: 23) == ones.map { $0 * gain })
    }

    @Test("bypassed it passes the sound as late as itself, joined without a step")
    func bypass() throws {
        let host = try LiveHost()
        let loaded = try host.load(1, Fixture.named("Latency"))
        #expect(loaded.latencyFrames == 256)
        try host.chain([1])
        try host.play(impulse(at: 3))
        for _ in 0..<3 { #expect(try host.play(ones.map { _ in 0 }).allSatisfy { $0 == 0 }) }
        #expect(try host.play(impulse()) == impulse(at: 3).map { $0 * gain })
        for _ in 0..<8 { try host.play(ones) }
        try host.send(.bypass(instance: 1, isOn: true))
        // Its wet sound is the half of the dry one: it fades over 64 frames.
        var heard: [Float] = []
        try host.until("the dry sound") {
            heard += (try? host.play(ones)) ?? []
            return heard.last == 1
        }
        let steps = zip(heard.dropFirst(), heard).map { $0 - $1 }
        #expect(steps.allSatisfy { $0 >= 0 && $0 < 1.01 * (1 - gain) / 64 })
        for _ in 0..<4 { try host.play(ones.map { _ in 0 }) }
        try host.play(impulse(at: 3))
        for _ in 0..<3 { #expect(try host.play(ones.map { _ in 0 }).allSatisfy { $0 == 0 }) }
        #expect(try host.play(impulse()) == impulse(at: 3))
        try host.send(.bypass(instance: 1, isOn: false))
        try host.until("the plug-in") {
            (try? host.play(ones))?.allSatisfy { $0 == gain } ?? false
        }
    }

    @Test("a lane that is heard at once leaves out old blocks, one played ahead none")
    func backlog() throws {
        let host = try LiveHost()
        for (number, lane) in [(UInt32(1), UInt32(2)), (2, 4)] {
            try host.load(number, Fixture.named("Well"))
            try host.chain([number], lane: lane, isAhead: lane == 4)
        }
        let late = (0..<7).map { index in
            Block(sound: ones.map { _ in Float(index + 1) })
        }
        for lane in [2, 4] { host.post(late, lane: lane) }
        try host.until("all blocks") { host.done(2) == 7 && host.done(4) == 7 }
        #expect(
            (1...7).map { host.result($0, lane: 2)?.left.first } == [
                nil, nil, nil, nil, nil, 6 * gain, 7 * gain,
            ])
        let all = (1...7).map { host.result($0, lane: 4)?.left.first }
        #expect(all == (1...7).map { Float($0) * gain })
    }

    @Test("what blocks that were left out tell is not lost")
    func lateEvents() throws {
        let host = try LiveHost()
        try host.load(1, Fixture.named("Well"))
        try host.chain([1])
        var blocks = (0..<7).map { _ in Block(sound: ones) }
        blocks[1].points = [point(1, Fixture.gain, 0.25, at: 20)]
        blocks[5].points = [point(1, Fixture.gain, 0.75, at: 8)]
        let last = host.post(blocks)
        try host.until("all blocks") { host.done() == last }
        let wanted = (0..<frames).map { $0 < 8 ? Float(0.25) : 0.75 }
        #expect(host.result(6)?.left == wanted)
        #expect(host.result(7)?.left == ones.map { $0 * 0.75 })
    }

    @Test("a block that is longer than was agreed passes, and the next is heard again")
    func tooLong() throws {
        let host = try LiveHost()
        try host.load(1, Fixture.named("Well"), blockFramesMax: 64)
        try host.chain([1])
        #expect(try host.play(ones) == ones.map { $0 * gain })
        let long = [Float](repeating: 1, count: 128)
        #expect(try host.play(long) == long)
        try host.play(ones)
        #expect(try host.play(ones) == ones.map { $0 * gain })
    }

    @Test("blocks of every length from 1 to 512 give the same sound")
    func lengths() throws {
        let host = try LiveHost()
        try host.load(1, Fixture.named("Latency"))
        try host.chain([1])
        var sent: [Float] = []
        var heard: [Float] = []
        for length in [1, 2, 3, 5, 64, 127, 128, 512, 7, 300] {
            let sound = (0..<length).map { Float((sent.count + $0) % 97) }
            sent += sound
            heard += try host.play(sound)
        }
        let wanted = [Float](repeating: 0, count: 256) + sent.map { $0 * gain }
        #expect(heard == Array(wanted.prefix(heard.count)))
    }
}
