import Foundation
import Testing

@testable import FlowCore

/// Runs on a Mac as it is, without sound card and permission; on Linux on the stubs.
@Suite("Manual rendering", .serialized)
struct AppleManualTests {
    private static let frames = 300_000

    /// Noise that can be asked for at any frame.
    private func noise(_ frame: Int, _ side: Int) -> Float {
        var word = UInt64(frame * 2 + side) &* 0x9e37_79b9_7f4a_7c15
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word ^= word >> 31
        return Float(word >> 40) / Float(1 << 24) - 0.5
    }

    private func makeEngine() throws -> FlowEngine {
        var configuration = EngineConfiguration()
        configuration.ringSecondsMax = 20
        configuration.bpm = 300
        let engine = try FlowEngine(configuration)
        try engine.start()
        return engine
    }

    private func press(_ engine: FlowEngine, bars: Double) {
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: CommandRecord.byteCount, alignment: 8)
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: CommandRecord.byteCount)
        defer { bytes.deallocate() }
        let record = CommandRecord(base: bytes)
        record.kind = CommandCode.capture.rawValue
        record.flags = CommandFlags.quantized
        record.a = bars
        record.id[0] = 7
        _ = engine.intake.send(bytes, count: 1)
    }

    /// The master of a run in which one bar is captured; `render` gives the next frames of it.
    private func master(
        _ engine: FlowEngine, _ blocks: [Int],
        _ render: (_ left: [Float], _ right: [Float]) throws -> ([Float], [Float])
    ) throws -> [Float] {
        var all: [Float] = []
        var at = 0
        var isPressed = false
        while at < Self.frames {
            if at >= 100_000, !isPressed {
                press(engine, bars: 1)
                isPressed = true
            }
            let count = min(blocks[all.count / 2 % blocks.count], Self.frames - at)
            let sides = (0..<2).map { side in (0..<count).map { noise(at + $0, side) } }
            let (left, right) = try render(sides[0], sides[1])
            for index in 0..<count { all += [left[index], right[index]] }
            at += count
            engine.worker.pump()
        }
        return all
    }

    private func direct(_ blocks: [Int]) throws -> [Float] {
        let engine = try makeEngine()
        defer { engine.stop() }
        return try master(engine, blocks) { left, right in
            var (left, right) = (left, right)
            var (outLeft, outRight) = (left, right)
            FlowEngine.process(
                UnsafeMutableRawPointer(engine.context), &left, &right, &outLeft, &outRight,
                UInt32(left.count))
            return (outLeft, outRight)
        }
    }

    private func manual(_ blocks: [Int], lateFrames: Int = 0) throws -> [Float] {
        let engine = try makeEngine()
        defer { engine.stop() }
        let port = SoundPort(channelCount: 2, counters: engine.device.counters)
        let graph = try AppleManualGraph(
            rateHz: 48_000, blockFramesMax: Limits.blockFramesMax, port)
        port.open(
            RenderTarget(
                context: UnsafeMutableRawPointer(engine.context), process: FlowEngine.process,
                processPairs: nil))
        var kept = [[Float]](repeating: .init(repeating: 0, count: lateFrames), count: 2)
        return try master(engine, blocks) { left, right in
            kept[0] += left
            kept[1] += right
            let (into, from) = (Array(kept[0].prefix(left.count)), kept[1].prefix(left.count))
            kept[0].removeFirst(left.count)
            kept[1].removeFirst(left.count)
            return try graph.render(into, Array(from), frames: into.count)
        }
    }

    @Test(
        "a captured loop through Apple's engine is the headless device's, bit for bit",
        arguments: [[512], [64], [1, 4_096, 37, 500]])
    func bitExact(blocks: [Int]) throws {
        let wanted = try direct(blocks)
        let made = try manual(blocks)
        #expect(wanted.count == 2 * Self.frames && wanted.suffix(100_000).contains { $0 != 0 })
        let first = wanted.indices.first { wanted[$0] != made[$0] }
        #expect(first == nil, "sample \(first ?? 0) differs")
        // An input that comes one frame late is another loop.
        let late = try manual(blocks, lateFrames: 1)
        #expect(wanted.indices.filter { wanted[$0] != late[$0] }.count > 100_000)
    }

    @Test("more frames than were agreed upon are refused, not rendered")
    func tooMany() throws {
        let port = SoundPort(channelCount: 2, counters: DeviceCounters())
        let graph = try AppleManualGraph(rateHz: 48_000, blockFramesMax: 64, port)
        let zeros = [Float](repeating: 0, count: 65)
        #expect(throws: DeviceError.self) { try graph.render(zeros, zeros, frames: 65) }
        let (left, right) = try graph.render(zeros, zeros, frames: 64)
        #expect(left.count == 64 && right.count == 64)
    }
}
