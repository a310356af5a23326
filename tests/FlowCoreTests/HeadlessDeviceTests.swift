import CFlowLeaf
import Foundation
import Testing

@testable import FlowCore

@Suite("The headless device", .serialized)
struct HeadlessDeviceTests {
    private let folder =
        FileManager.default.temporaryDirectory.path
        + "/flowcore-headless-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"

    init() throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    /// A WAV file of any kind; samples are interleaved.
    private func writeWav(
        _ name: String, kind: UInt16, bits: UInt16, channels: UInt16, rate: UInt32, _ body: Data
    ) throws -> String {
        var file = Data("RIFF".utf8)
        func add<Number: FixedWidthInteger>(_ value: Number) {
            withUnsafeBytes(of: value.littleEndian) { file += $0 }
        }
        add(UInt32(36 + body.count))
        file += Data("WAVEfmt ".utf8)
        add(UInt32(16))
        add(kind)
        add(channels)
        add(rate)
        add(rate * UInt32(channels) * UInt32(bits / 8))
        add(channels * bits / 8)
        add(bits)
        file += Data("data".utf8)
        add(UInt32(body.count))
        file += body
        try file.write(to: URL(fileURLWithPath: folder + "/" + name))
        return folder + "/" + name
    }

    private func floats(_ values: [Float]) -> Data { values.withUnsafeBytes { Data($0) } }

    @Test("plays its input in a loop, frame by frame from frame 0, into ring and master")
    func inputAndOutput() throws {
        let noise = CodedNoise(seed: CoreRig.seed)
        let length = 20_011
        let sound = (0..<2 * length).map { noise.sample(Int64($0 / 2), $0 % 2) }
        let path = try writeWav(
            "in.wav", kind: 3, bits: 32, channels: 2, rate: 48_000, floats(sound))
        var configuration = EngineConfiguration()
        configuration.ringSecondsMax = 5
        configuration.inputPath = path
        configuration.outputPath = folder + "/out.wav"
        configuration.flags |= ConfigFlags.monitor
        let engine = try FlowEngine(configuration)
        try engine.start()
        #expect(engine.step(frames: 60_003))
        var ring = [Float](repeating: 0, count: 2 * 60_003)
        #expect(engine.store.copy(from: 0, frames: 60_003, into: &ring))
        let isRingRight = (0..<120_006).allSatisfy {
            ring[$0] == noise.sample(Int64($0 / 2 % length), $0 % 2)
        }
        #expect(isRingRight)
        engine.stop()
        let wav = try WavFile(Data(contentsOf: URL(fileURLWithPath: configuration.outputPath)))
        #expect(wav.left.count == 60_003)
        let isMasterRight = wav.left.indices.allSatisfy { wav.left[$0] == ring[2 * $0] }
        #expect(isMasterRight)
    }

    @Test("a file of k pairs gives k + 1 sources: the sum and each pair", arguments: [1, 2, 3, 15])
    func pairs(count: Int) throws {
        let length = 7_001
        let channels = 2 * count
        func sample(_ frame: Int, _ channel: Int) -> Float {
            // Halves and quarters: their sum is exact.
            Float((frame * 7 + channel * 13) % 64) / 1_024
        }
        let sound = (0..<channels * length).map { sample($0 / channels, $0 % channels) }
        let path = try writeWav(
            "pairs\(count).wav", kind: 3, bits: 32, channels: UInt16(channels), rate: 48_000,
            floats(sound))
        var configuration = EngineConfiguration()
        configuration.ringSecondsMax = 2
        configuration.inputPath = path
        configuration.flags |= ConfigFlags.deviceSources
        let engine = try FlowEngine(configuration)
        #expect(engine.settings.sourceCount == (count == 1 ? 1 : count + 1))
        try engine.start()
        #expect(engine.step(frames: 20_000))
        let width = engine.store.channelCount
        var ring = [Float](repeating: 0, count: width * 20_000)
        #expect(engine.store.copy(from: 0, frames: 20_000, into: &ring))
        var wrong = 0
        for frame in 0..<20_000 {
            let at = frame % length
            for side in 0..<2 {
                let sum = (0..<count).reduce(Float(0)) { $0 + sample(at, 2 * $1 + side) }
                if ring[width * frame + side] != sum { wrong += 1 }
                for pair in 0..<count where count > 1 {
                    let heard = ring[width * frame + 2 + 2 * pair + side]
                    if heard != sample(at, 2 * pair + side) { wrong += 1 }
                }
            }
        }
        #expect(wrong == 0)
        engine.stop()
    }

    @Test("a capture of one pair plays that pair alone, bit for bit")
    func captureOfPair() throws {
        let noise = CodedNoise(seed: 5)
        let sound = (0..<6 * 90_000).map { noise.sample(Int64($0 / 6), $0 % 6) }
        let path = try writeWav(
            "three.wav", kind: 3, bits: 32, channels: 6, rate: 48_000, floats(sound))
        var configuration = EngineConfiguration()
        configuration.ringSecondsMax = 5
        configuration.bpm = 300
        configuration.inputPath = path
        configuration.outputPath = folder + "/pair.wav"
        configuration.flags |= ConfigFlags.deviceSources
        let engine = try FlowEngine(configuration)
        try engine.start()
        #expect(engine.step(frames: 40_000))
        var command = CoreCommand(code: .capture, kind: CommandKind.capture)
        command.isQuantized = true
        command.a = 1
        command.b = 3
        command.id = CoreRig.take(1)
        #expect(engine.rings.commands.push([command]))
        #expect(engine.step(frames: 40_000))
        engine.stop()
        let out = try WavFile(
            Data(contentsOf: URL(fileURLWithPath: configuration.outputPath)))
        let wrong = (41_000..<76_000).count { frame in
            let place = Int64(frame % 38_400)
            return place < 37_900
                && (out.left[frame] != noise.sample(place, 4)
                    || out.right[frame] != noise.sample(place, 5))
                && place > 500
        }
        #expect(wrong == 0)
        #expect(out.left[50_000] != noise.sample(50_000 - 38_400, 2))
    }

    @Test("reads PCM of 16, 24 and 32 bits, mono to both sides")
    func formats() throws {
        let values: [Int32] = [0, 1 << 30, -(1 << 30), Int32.max & ~0xffff, Int32.min, 65_536]
        for bits in [UInt16(16), 24, 32] {
            var body = Data()
            for value in values {
                let shifted = value >> (32 - Int32(bits))
                withUnsafeBytes(of: shifted.littleEndian) { body += $0.prefix(Int(bits) / 8) }
            }
            let path = try writeWav(
                "pcm\(bits).wav", kind: 1, bits: bits, channels: 1, rate: 48_000, body)
            let sound = try InputSound(path: path, sampleRateHz: 48_000)
            #expect(sound.frameCount == values.count)
            for index in values.indices {
                #expect(sound.left[index] == Float(values[index]) / 2_147_483_648)
                #expect(sound.right[index] == sound.left[index])
            }
        }
    }

    @Test("another rate is resampled once, with a notice and without a new sound in it")
    func resamples() throws {
        let sine = (0..<11_025).map {
            Float(0.5 * sin(2 * Double.pi * 1_000 * Double($0) / 44_100))
        }
        let path = try writeWav(
            "rate.wav", kind: 3, bits: 32, channels: 1, rate: 44_100, floats(sine))
        let sound = try InputSound(path: path, sampleRateHz: 48_000)
        #expect(sound.isResampled)
        #expect(sound.frameCount == 12_000)
        let worst =
            (1_000..<11_000).map { index in
                abs(sound.left[index] - Float(0.5 * sin(2 * Double.pi * Double(index) / 48)))
            }.max() ?? 1
        #expect(worst < 1e-3, "\(worst)")
        let rig = try CoreRig { $0.inputPath = path }
        rig.step(1_000)
        #expect(rig.all(.notice).map(\.errorCode) == [ErrorCode.inputResampled])
    }

    @Test("a file that is not a playable WAV is refused with its code, whatever it holds")
    func badInput() throws {
        let good = try Data(
            contentsOf: URL(
                fileURLWithPath: writeWav(
                    "good.wav", kind: 3, bits: 32, channels: 2, rate: 48_000,
                    floats([0, 1, 2, 3]))))
        var random = SeededRandom(seed: CoreRig.seed)
        func refuses(_ data: Data) throws -> Bool {
            let path = folder + "/bad.wav"
            try data.write(to: URL(fileURLWithPath: path))
            do throws(DeviceError) {
                _ = try InputSound(path: path, sampleRateHz: 48_000)
                return false
            } catch {
                return error.code == ErrorCode.inputFile
            }
        }
        var verdicts = [try !refuses(good), try refuses(Data("hello".utf8)), try refuses(Data())]
        for cut in 0..<44 { verdicts.append(try refuses(good.prefix(cut))) }
        #expect(verdicts.allSatisfy { $0 })
        for _ in 0..<500 {
            var broken = good
            for _ in 0..<3 {
                broken[Int.random(in: 0..<broken.count, using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            _ = try refuses(broken)
        }
        #expect(throws: DeviceError.self) {
            try InputSound(path: folder + "/none.wav", sampleRateHz: 48_000)
        }
    }

    @Test("an output that cannot be written is refused with its code")
    func badOutput() {
        var configuration = EngineConfiguration()
        configuration.outputPath = folder + "/no/such/folder/out.wav"
        #expect(throws: EngineError.self) { try FlowEngine(configuration) }
    }

    @Test("in real time it renders as many frames as time has passed, after a stall too")
    func realTime() throws {
        var configuration = EngineConfiguration()
        configuration.deviceKind = DeviceKind.headless
        configuration.ringSecondsMax = 5
        let engine = try FlowEngine(configuration)
        let begin = flow_monotonic_ns()
        try engine.start()
        let started = flow_monotonic_ns()
        while flow_monotonic_ns() < started + 400_000_000 { usleep(1_000) }
        let frames = engine.rings.status.read().frame
        let elapsed = flow_monotonic_ns() - begin
        engine.stop()
        let due = elapsed * 48_000 / 1_000_000_000
        // A shared machine may be late by a scheduling slice, never by more.
        #expect(frames <= due + 128)
        #expect(frames >= due - 48 * 60)
        // Late blocks are made up for: no sound is missing, whatever the machine did.
        #expect(engine.device.counters.xruns.pointee.load() == 0)
    }

    @Test("when the device is lost the headless clock drives the blocks on")
    func lostDevice() throws {
        var configuration = EngineConfiguration()
        configuration.deviceKind = DeviceKind.headless
        configuration.ringSecondsMax = 5
        let engine = try FlowEngine(configuration)
        try engine.start()
        let limit = flow_monotonic_ns() + 3_000_000_000
        var events: [CoreEvent] = []
        for isLost in [UInt64(0), 1] {
            // Nobody supervises a headless engine: its clock cannot be lost.
            engine.device.counters.lost.pointee.store(isLost)
            engine.supervise()
            _ = engine.events.poll(capacity: 100) { if $0.code == .device { events.append($0) } }
            #expect(events.count == Int(isLost))
        }
        #expect(events.map(\.errorCode) == [ErrorCode.deviceLost])
        let before = engine.rings.status.read().frame
        while engine.rings.status.read().frame < before + 4_800, flow_monotonic_ns() < limit {}
        #expect(engine.rings.status.read().frame >= before + 4_800)
        engine.stop()
    }
}
