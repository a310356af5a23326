import CFlowLeaf
import Foundation
import HostContract
import Testing

@testable import PluginFixture

private let ones = [Float](repeating: 1, count: 64)
private let gain = Fixture.gainDefault

/// Sends blocks through a lane as fast as the host answers, on a thread of its own, until it is stopped.
private final class Player: @unchecked Sendable {
    private let lock = NSLock()
    private var isOver = false
    private var levels = Set<Float>()
    private let ended = DispatchSemaphore(value: 0)

    init(_ host: LiveHost) {
        Thread.detachNewThread { [self] in
            while lock.withLock({ !isOver }) {
                guard let heard = try? host.play(ones) else { break }
                lock.withLock { levels.formUnion(heard) }
            }
            ended.signal()
        }
    }

    /// Every sample that was heard.
    func stop() -> Set<Float> {
        lock.withLock { isOver = true }
        ended.wait()
        return lock.withLock { levels }
    }
}

@Suite("changes while a plug-in host plays", .enabled(if: Fixture.canBuild), .serialized)
struct HostChangeTests {
    @Test("plug-ins come and go under the playing audio thread, and no block is missed")
    func handOver() throws {
        let host = try LiveHost()
        let well = try Fixture.named("Well")
        let player = Player(host)
        for round in 0..<100 as Range<UInt32> {
            try host.load(2 * round + 1, well)
            try host.load(2 * round + 2, well)
            try host.chain([2 * round + 1, 2 * round + 2])
            try host.chain([2 * round + 2])
            try host.unload(2 * round + 2)
            try host.unload(2 * round + 1)
        }
        // Nothing, one of them, both: a block has one state of the chain.
        let heard = player.stop()
        #expect(heard.isSubset(of: [1, gain, gain * gain]) && heard.contains(1))
        #expect(try host.play(ones) == ones)
    }

    @Test(
        "what is unloaded is given back",
        .enabled(if: FileManager.default.fileExists(atPath: "/proc")))
    func memory() throws {
        let host = try LiveHost()
        let big = try Fixture.named("Many Parameters")
        func rounds(_ count: Int) throws -> Int {
            for _ in 0..<count {
                try host.load(1, big)
                try host.chain([1])
                try host.play(Block(sound: ones, points: [point(1, Fixture.gain, 0.25)]))
                _ = try host.parameters(1)
                try host.chain([])
                try host.unload(1)
            }
            return try residentBytes(host.pid)
        }
        let before = try rounds(30)
        let after = try rounds(120)
        print("host: \(before) bytes, \(after - before) more after 120 plug-ins")
        // One of them is 90 KB by itself.
        #expect(after - before < 2_000_000)
    }

    private func residentBytes(_ pid: Int32) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8)
        return (Int(text.split(separator: " ")[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    @Test("an unloaded plug-in is out of its lane, and its number is free")
    func unload() throws {
        let host = try LiveHost()
        try host.load(1, Fixture.named("Well"))
        try host.load(2, Fixture.named("Well"))
        try host.chain([1, 2])
        let player = Player(host)
        try host.unload(1)
        _ = player.stop()
        #expect(try host.play(ones) == ones.map { $0 * gain })
        try host.load(1, Fixture.named("Latency"))
        try host.chain([1, 2])
        #expect(try host.play(ones).allSatisfy { $0 == 0 })
    }

    @Test("what a plug-in moves while it plays is in the ring, and in its state")
    func echo() throws {
        let host = try LiveHost()
        try host.load(4, Fixture.named("Moves"))
        try host.chain([4])
        try host.play(ones)
        #expect(host.echoes.isEmpty)
        try host.play(Block(sound: ones, points: [point(4, Fixture.now, 1)]))
        let echoes = host.echoes
        #expect(echoes.map(\.instance) == [4] && echoes.map(\.param) == [Fixture.gain])
        #expect(echoes.first?.value == 0.25)
        try host.wait("DIRTY") { if case .dirty(4) = $0 { () } else { nil } }
        #expect(try host.parameters(4).all.first?.value == 0.25)
        #expect(try host.play(ones) == ones.map { $0 * 0.25 })
    }

    @Test("a knob that a plug-in turns outside of blocks is told, and heard in the next block")
    func edit() throws {
        let host = try LiveHost()
        try host.load(4, Fixture.named("Turns"))
        try host.chain([4])
        try host.play(ones)
        try host.play(Block(sound: ones, points: [point(4, Fixture.now, 1)]))
        let value = try host.wait("EDITED") { answer in
            if case .edited(4, Fixture.gain, let value) = answer { value } else { nil }
        }
        #expect(value == 0.25)
        #expect(try host.play(ones) == ones.map { $0 * 0.25 })
        #expect(host.echoes.isEmpty)
    }

    @Test("another latency is told; the bypassed sound is as late")
    func latency() throws {
        let host = try LiveHost()
        try host.load(4, Fixture.named("Latency"))
        try host.chain([4])
        try host.play(ones)
        try host.play(Block(sound: ones, points: [point(4, Fixture.now, 1)]))
        let frames = try host.wait("LATENCY") { answer in
            if case .latency(4, let frames) = answer { frames } else { nil }
        }
        #expect(frames == 1_024)
        try host.send(.bypass(instance: 4, isOn: true))
        // The answer to a later request: the bypass is known to the host.
        _ = try host.text(4, 1, 0)
        for _ in 0..<32 { try host.play(ones) }
        let silence = [Float](repeating: 0, count: 64)
        for _ in 0..<32 { try host.play(silence) }
        try host.play(ones)
        var heard: [[Float]] = []
        for _ in 0..<17 { heard.append(try host.play(silence)) }
        #expect(heard.map { $0 == ones } == (1...17).map { $0 == 16 })
    }

    @Test("a plug-in that asks to be made anew is, with its state, and its lane passes meanwhile")
    func reload() throws {
        let host = try LiveHost()
        try host.load(4, Fixture.named("Reload"))
        try host.chain([4])
        try host.play(Block(sound: ones, points: [point(4, Fixture.gain, 0.75)]))
        try host.play(Block(sound: ones, points: [point(4, Fixture.now, 1)]))
        let player = Player(host)
        let begun = host.done()
        try host.until("its blocks") { host.done() > begun + 20 }
        // Only in a new life it does not know of its trigger.
        try host.until("the next life") {
            (try? host.parameters(4).all.first { $0.id == Fixture.now })?.value == 0
        }
        let heard = player.stop()
        #expect(!heard.isEmpty && heard.allSatisfy { $0 >= 0.75 && $0 <= 1 })
        try host.play(ones)
        #expect(try host.play(ones) == ones.map { $0 * 0.75 })
        try host.unload(4)
        #expect(try host.play(ones) == ones)
    }

    @Test("a plug-in that asks for other busses is started anew, and plays on")
    func busses() throws {
        let host = try LiveHost()
        try host.load(4, Fixture.named("Busses"))
        try host.chain([4])
        try host.play(ones)
        let player = Player(host)
        try host.until("its sound") { host.done() > 20 }
        _ = player.stop()
        try host.play(Block(sound: ones, points: [point(4, Fixture.now, 1)]))
        let frames = try host.wait("LATENCY") { answer in
            if case .latency(4, let frames) = answer { frames } else { nil }
        }
        #expect(frames == 1_024)
        let silence = [Float](repeating: 0, count: 64)
        for _ in 0..<32 { try host.play(silence) }
        try host.play(ones)
        var heard: [[Float]] = []
        for _ in 0..<17 { heard.append(try host.play(silence)) }
        #expect(heard.map { $0 == ones.map { $0 * gain } } == (1...17).map { $0 == 16 })
    }
}
