import CFlowLeaf
import Foundation

@testable import FlowCore

/// Noise that can be asked for at any frame: a judge needs no recording of what was played.
struct CodedNoise {
    let seed: UInt64

    func sample(_ frame: Int64, _ channel: Int) -> Float {
        var word =
            UInt64(bitPattern: frame) &* 2 &+ UInt64(channel) &+ seed &* 0x9e37_79b9_7f4a_7c15
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        word ^= word >> 31
        return Float(word >> 40) / Float(1 << 24) - 0.5
    }
}

/// Numbers from a printed seed.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        var word = state
        word = (word ^ (word >> 33)) &* 0xff51_afd7_ed55_8ccd
        return word ^ (word >> 33)
    }
}

/// One command as a test writes it.
struct Ask {
    var code: CommandCode
    var token: UInt32 = 0
    var slot = 0
    var flags: UInt32 = 0
    var atFrame = 0.0
    /// Engine time of the hand in ms; of a stepped engine that of its frames.
    var atMs = 0.0
    var a = 0.0
    var b = 0.0
    var c = 0.0
    var d = 0.0
    var id = TakeID.none()
    var other = TakeID.none()
}

extension TakeID {
    func write(to words: UnsafeMutablePointer<UInt32>) {
        words[0] = w0
        words[1] = w1
        words[2] = w2
        words[3] = w3
    }
}

/// A stepped engine whose input is a function of the frame and whose output is kept.
final class CoreRig {
    static let seed: UInt64 = 20_261_123

    let engine: FlowEngine
    let noise = CodedNoise(seed: CoreRig.seed)
    /// Input of a frame and channel; noise unless a test says otherwise.
    var input: (Int64, Int) -> Float
    private(set) var left: [Float] = []
    private(set) var right: [Float] = []
    private(set) var events: [CoreEvent] = []
    /// Frame of the first kept output.
    let firstFrame: Int64
    /// Whether captured loops are baked after each block.
    var bakes = true

    init(
        chains: (any ChainSource)? = nil, atNs: Int64? = nil,
        _ change: (inout EngineConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = EngineConfiguration()
        configuration.ringSecondsMax = 60
        change(&configuration)
        engine = try FlowEngine(
            configuration, chains: chains, clockNs: { atNs ?? flow_monotonic_ns() })
        let noise = noise
        input = { noise.sample($0, $1) }
        try engine.start()
        firstFrame = engine.block.pointee.frame
    }

    var frame: Int64 { engine.block.pointee.frame }

    /// Renders `frames` frames in blocks of `block`.
    func step(_ frames: Int, block: Int = 512) {
        var remaining = frames
        while remaining > 0 {
            let run = min(block, remaining)
            render(run)
            if bakes { engine.worker.pump() }
            remaining -= run
        }
        _ = engine.events.poll(capacity: 65_536) { events.append($0) }
    }

    /// Renders up to this frame of the timeline.
    func step(to frame: Int64, block: Int = 512) { step(Int(frame - self.frame), block: block) }

    /// What of `count` pairs one plays at a frame, left or right.
    typealias PairSound = (_ pair: Int, _ frame: Int64, _ side: Int) -> Float

    /// Each pair its own stretch of the coded noise.
    static func playedByPair(_ pair: Int, _ frame: Int64, _ side: Int) -> Float {
        CodedNoise(seed: seed).sample(frame + Int64(pair) * 1_000_000, side)
    }

    /// Renders up to this frame of the timeline, heard through several pairs.
    func stepPairs(_ count: Int, to end: Int64, block: Int = 512, _ sound: PairSound) {
        var planes = [Float](repeating: 0, count: 2 * count * block)
        while frame < end {
            let run = min(block, Int(end - frame))
            for channel in 0..<2 * count {
                for index in 0..<run {
                    planes[channel * block + index] = sound(
                        channel / 2, frame + Int64(index), channel % 2)
                }
            }
            var outLeft = [Float](repeating: 0, count: run)
            var outRight = outLeft
            FlowEngine.processPairs(
                UnsafeMutableRawPointer(engine.context), &planes, UInt32(count), UInt32(block),
                &outLeft, &outRight, UInt32(run))
            left += outLeft
            right += outRight
            if bakes { engine.worker.pump() }
        }
        _ = engine.events.poll(capacity: 65_536) { events.append($0) }
    }

    /// All that the ring holds of the timeline's frames before `frames`, every source.
    func kept(_ frames: Int) -> [Float]? {
        var all = [Float](repeating: 0, count: engine.store.channelCount * frames)
        return engine.store.copy(from: 0, frames: frames, into: &all) ? all : nil
    }

    /// Sends commands as one group.
    @discardableResult
    func send(_ asks: Ask...) -> UInt32 { send(asks) }

    @discardableResult
    func send(_ asks: [Ask]) -> UInt32 { Self.send(asks, to: engine) }

    /// Sends commands as one group to any engine.
    static func send(_ asks: [Ask], to engine: FlowEngine) -> UInt32 {
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: max(1, asks.count) * CommandRecord.byteCount, alignment: 8)
        bytes.initializeMemory(
            as: UInt8.self, repeating: 0, count: max(1, asks.count) * CommandRecord.byteCount)
        defer { bytes.deallocate() }
        for (index, ask) in asks.enumerated() {
            let record = CommandRecord(base: bytes + index * CommandRecord.byteCount)
            record.kind = ask.code.rawValue
            record.token = ask.token
            record.slot = UInt32(truncatingIfNeeded: ask.slot)
            record.flags = ask.flags
            record.atFrame = ask.atFrame
            record.atMs = ask.atMs
            record.a = ask.a
            record.b = ask.b
            record.c = ask.c
            record.d = ask.d
            ask.id.write(to: record.id)
            ask.other.write(to: record.other)
        }
        return engine.intake.send(bytes, count: asks.count)
    }

    /// Presses: the last `bars` bars into `slot` under the id `take`.
    func capture(
        _ slot: Int, bars: Int, take: UInt32, quantized: Bool = true, token: UInt32 = 0
    ) {
        send(
            Ask(
                code: .capture, token: token, slot: slot,
                flags: quantized ? CommandFlags.quantized : 0, a: Double(bars),
                id: CoreRig.take(take)))
    }

    static func take(_ number: UInt32) -> TakeID { TakeID(w0: 7, w1: 7, w2: 7, w3: number) }

    /// Events of one kind, oldest first.
    func all(_ code: EventCode) -> [CoreEvent] { events.filter { $0.code == code } }

    func clearEvents() { events = [] }

    /// The master's sample at a frame of the timeline.
    func out(_ frame: Int64, _ channel: Int) -> Float {
        let index = Int(frame - firstFrame)
        return channel == 0 ? left[index] : right[index]
    }

    private func render(_ frames: Int) {
        let start = frame
        var inLeft = [Float](repeating: 0, count: frames)
        var inRight = inLeft
        for index in 0..<frames {
            inLeft[index] = input(start + Int64(index), 0)
            inRight[index] = input(start + Int64(index), 1)
        }
        var outLeft = inLeft
        var outRight = inLeft
        FlowEngine.process(
            UnsafeMutableRawPointer(engine.context), &inLeft, &inRight, &outLeft, &outRight,
            UInt32(frames))
        left += outLeft
        right += outRight
    }
}

/// The first frame at which two masters differ; nil when they are the same.
func firstDifference(_ one: CoreRig, _ other: CoreRig) -> Int? {
    guard one.left.count == other.left.count else { return min(one.left.count, other.left.count) }
    return one.left.indices.first {
        one.left[$0] != other.left[$0] || one.right[$0] != other.right[$0]
    }
}
