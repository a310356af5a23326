import Testing

@testable import FlowCore

@Suite("The clock of the frames")
struct FrameClockTests {
    private let block: Int64 = 64

    /// Runs blocks that begin `late(n)` nanoseconds after their time; the error of each anchor.
    private func errors(
        blocks: Int64, rate: Double = 48_000, late: (Int64) -> Int64
    ) -> [Double] {
        var clock = FrameClock(rateHz: 48_000, isVirtual: false)
        var errors: [Double] = []
        for number in 0..<blocks {
            let frame = number * block
            let due = 5_000_000_000 + Int64(Double(frame) * 1e9 / rate)
            clock.observe(frame: frame, atNs: due + late(number))
            errors.append(Double(clock.frame(atNs: due) - frame))
        }
        return errors
    }

    @Test("blocks that begin late by chance do not move it")
    func jitter() {
        var random = SeededRandom(seed: CoreRig.seed)
        let found = errors(blocks: 4_000) { number in
            number % 9 == 0 ? 0 : Int64.random(in: 0...900_000, using: &random)
        }
        #expect(found.dropFirst(9).allSatisfy { abs($0) <= 1 })
        // Without smoothing the same blocks would have moved it by nearly a period.
        #expect(Double(900_000) * 48_000 / 1e9 > 40)
    }

    @Test("a device that is late from now on is followed within 64 blocks, never further")
    func lateDevice() {
        let found = errors(blocks: 400) { $0 < 100 ? 0 : 500_000 }
        #expect(found.min() ?? 0 >= -25)
        #expect(found.dropFirst(100 + 2 * 64).allSatisfy { abs($0 + 24) <= 1 })
    }

    @Test("a clock 200 ppm off is followed")
    func drift() {
        let found = errors(blocks: 40_000, rate: 48_000 * 1.000_2) { _ in 0 }
        #expect(found.allSatisfy { abs($0) <= 2 })
        let slow = errors(blocks: 40_000, rate: 48_000 * 0.999_8) { _ in 0 }
        #expect(slow.allSatisfy { abs($0) <= 2 })
    }

    @Test("after a stall that is made up for it stands where it stood")
    func stall() {
        // Ten periods of nothing, then all missed blocks at once.
        let period = Int64(1_333_333)
        let found = errors(blocks: 500) { $0 >= 200 && $0 < 210 ? (210 - $0) * period : 0 }
        #expect(found.allSatisfy { abs($0) <= 1 })
    }

    @Test("a command lands one period after it came, wherever in the block that is")
    func constantDelay() throws {
        let engine = try CoreRig().engine
        let root = engine.block
        root.pointee.clock = FrameClock(rateHz: 48_000, isVirtual: false)
        var random = SeededRandom(seed: CoreRig.seed)
        var delays = Set<Int64>()
        var due = Int64(9_000_000_000)
        for token in UInt32(1)...400 {
            root.pointee.clock.observe(frame: root.pointee.frame, atNs: due)
            let into = Int64.random(in: 0..<64, using: &random)
            var command = CoreCommand(code: .mark, kind: CommandKind.mark)
            command.token = token
            command.arrivalNs = due + Int64((Double(into) * 1e9 / 48_000).rounded())
            let came = root.pointee.frame + into
            render(engine, 64)
            _ = engine.rings.commands.push([command])
            due += 1_333_333
            root.pointee.clock.observe(frame: root.pointee.frame, atNs: due)
            render(engine, 64)
            due += 1_333_333
            _ = engine.events.poll(capacity: 100) {
                if $0.code == .applied { delays.insert($0.frame - came) }
            }
        }
        #expect(delays == [64])
        print("commands: 400 arrivals at random times, delays \(delays.sorted()) frames")
    }

    @Test("groups keep their order and their unity")
    func order() throws {
        let engine = try CoreRig().engine
        engine.block.pointee.clock = FrameClock(rateHz: 48_000, isVirtual: false)
        engine.block.pointee.clock.observe(frame: 0, atNs: 1_000_000_000)
        // The second came, by its clock, before the first: it still is the later one.
        for (token, arrival) in [(UInt32(1), Int64(1_000_900_000)), (2, 1_000_100_000)] {
            var first = CoreCommand(code: .mark, kind: CommandKind.mark)
            first.token = token
            first.arrivalNs = arrival
            first.groupCount = 2
            var second = first
            second.groupCount = 0
            _ = engine.rings.commands.push([first, second])
        }
        for _ in 0..<6 { render(engine, 64) }
        var seen: [CoreEvent] = []
        _ = engine.events.poll(capacity: 100) { if $0.code == .applied { seen.append($0) } }
        #expect(seen.map(\.token) == [1, 1, 2, 2])
        #expect(Set(seen.map(\.frame)).count == 1)
    }

    private func render(_ engine: FlowEngine, _ frames: Int) {
        var sound = [Float](repeating: 0, count: 2 * frames)
        sound.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            FlowEngine.process(
                UnsafeMutableRawPointer(engine.context), nil, nil, base, base + frames,
                UInt32(frames))
        }
    }
}
