import Foundation
import Testing

@testable import FlowCore

@Suite("The boundary", .serialized)
struct BoundaryTests {
    /// A configuration record that makes a stepped engine.
    private func record() -> UnsafeMutableRawPointer {
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: EngineConfig.byteCount, alignment: 8)
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: EngineConfig.byteCount)
        let config = EngineConfig(base: bytes)
        config.abiVersion = fz_abi_version()
        config.sampleRateHz = 48_000
        config.blockFrames = 128
        config.slotCount = 8
        config.sourceCount = 1
        config.deviceKind = DeviceKind.stepped
        config.flags = ConfigFlags.noDisk
        config.ringSecondsMax = 2
        config.bpm = 120
        return bytes
    }

    private func create(_ bytes: UnsafeMutableRawPointer) -> (code: Int32, handle: UInt64) {
        var handle: UInt64 = 0
        return (fz_engine_create(bytes, &handle), handle)
    }

    private func lastError() -> String {
        var text = [UInt8](repeating: 0, count: 1_024)
        let count = fz_last_error(&text, 1_024)
        return String(decoding: text.prefix(Int(count)), as: UTF8.self)
    }

    @Test("an engine is made, stepped, asked and freed by its number")
    func life() {
        let bytes = record()
        defer { bytes.deallocate() }
        let made = create(bytes)
        #expect(made.code == 0)
        let handle = UnsafeMutableRawPointer(bitPattern: UInt(made.handle))
        #expect(fz_engine_step(handle, 128) == -Int32(ErrorCode.commandBounds))
        #expect(fz_engine_start(handle) == 0)
        #expect(fz_engine_step(handle, 10_000) == 0)
        let status = UnsafeMutableRawPointer.allocate(
            byteCount: EngineStatus.byteCount, alignment: 8)
        defer { status.deallocate() }
        #expect(fz_engine_status(handle, status) == 0)
        #expect(EngineStatus(base: status).frame == 10_000)
        #expect(EngineStatus(base: status).blocks == 3)
        #expect(fz_engine_now(handle) > 0)
        #expect(fz_engine_stop(handle) == 0)
        #expect(fz_engine_destroy(handle) == 0)
        #expect(fz_engine_destroy(handle) == -Int32(ErrorCode.commandBounds))
        #expect(fz_engine_now(handle) == -1)
    }

    @Test("another ABI version is refused with its own code and a text")
    func wrongVersion() {
        let bytes = record()
        defer { bytes.deallocate() }
        EngineConfig(base: bytes).abiVersion = 999
        #expect(create(bytes).code == -Int32(ErrorCode.abiMismatch))
        #expect(lastError().contains("999"))
    }

    @Test("every number of the configuration has bounds")
    func configurationBounds() {
        let changes: [(EngineConfig) -> Void] = [
            { $0.sampleRateHz = 22_049 }, { $0.sampleRateHz = 192_001 }, { $0.blockFrames = 15 },
            { $0.blockFrames = 4_097 }, { $0.slotCount = 0 }, { $0.slotCount = 257 },
            { $0.sourceCount = 0 }, { $0.sourceCount = 17 }, { $0.bpm = 19 }, { $0.bpm = .nan },
            { $0.ringSecondsMax = UInt32.max },
        ]
        for (index, change) in changes.enumerated() {
            let bytes = record()
            defer { bytes.deallocate() }
            change(EngineConfig(base: bytes))
            #expect(create(bytes).code == -Int32(ErrorCode.commandBounds), "change \(index)")
        }
        let device = record()
        defer { device.deallocate() }
        EngineConfig(base: device).deviceKind = 77
        #expect(create(device).code == -Int32(ErrorCode.deviceOpen))
    }

    @Test("nothing, and numbers never given out, are refused everywhere")
    func nonsense() {
        let bounds = -Int32(ErrorCode.commandBounds)
        var buffer = [UInt64](repeating: 0, count: 1_024)
        for handle in [nil, UnsafeMutableRawPointer(bitPattern: 0xdead_beef)] {
            #expect(fz_engine_start(handle) == bounds)
            #expect(fz_engine_stop(handle) == bounds)
            #expect(fz_engine_send(handle, &buffer, 1) == bounds)
            #expect(fz_engine_poll(handle, &buffer, 1) == bounds)
            #expect(fz_engine_status(handle, &buffer) == bounds)
            #expect(fz_engine_features(handle, &buffer, 8_192) == bounds)
            #expect(fz_take_load(handle, &buffer) == bounds)
            #expect(fz_take_saved(handle, &buffer) == bounds)
            #expect(fz_loop_file(handle, &buffer) == bounds)
            #expect(fz_export_cancel(handle, 1) == bounds)
            #expect(fz_export_start(handle, &buffer, nil, nil, nil, nil, 0) == bounds)
        }
        #expect(fz_engine_create(nil, nil) == bounds)
        #expect(fz_last_error(nil, 5) == bounds)
        #expect(fz_record_probe(99, &buffer) == bounds)
        #expect(fz_record_bytes(99) == 0)
    }

    @Test("random bytes as commands, takes and configurations never trap")
    func randomBytes() {
        let bytes = record()
        defer { bytes.deallocate() }
        let handle = UnsafeMutableRawPointer(bitPattern: UInt(create(bytes).handle))
        #expect(fz_engine_start(handle) == 0)
        var random = SeededRandom(seed: CoreRig.seed)
        let size = TakeSource.byteCount
        let noise = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
        defer { noise.deallocate() }
        for round in 0..<3_000 {
            for offset in stride(from: 0, to: size, by: 8) {
                noise.storeBytes(of: random.next(), toByteOffset: offset, as: UInt64.self)
            }
            if round % 2 == 0 { noise.storeBytes(of: UInt32(round % 17), as: UInt32.self) }
            #expect(fz_engine_send(handle, noise, UInt32(round % 4)) <= 0)
            #expect(fz_take_load(handle, noise) <= 0)
            #expect(fz_loop_file(handle, noise) <= 0)
            if round % 50 == 0 { #expect(fz_engine_step(handle, 64) == 0) }
        }
        #expect(fz_engine_destroy(handle) == 0)
    }

    @Test("a take is loaded at once when it is in memory, refused without a disk")
    func takeLoad() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(100_000)
        rig.capture(0, bars: 1, take: 5)
        rig.step(1_000)
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: TakeSource.byteCount, alignment: 8)
        defer { bytes.deallocate() }
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: TakeSource.byteCount)
        let source = TakeSource(base: bytes)
        source.toFrame = 1_000
        source.framesPerBeat = 9_600
        source.sampleRateHz = 48_000
        #expect(rig.engine.load(source) == ErrorCode.commandBounds)
        source.id[0] = 7
        source.id[1] = 7
        source.id[2] = 7
        for number in UInt32(5)...6 {
            source.id[3] = number
            #expect(rig.engine.load(source) == 0)
        }
        rig.step(10)
        let answers = rig.all(.takeLoaded)
        #expect(answers.map(\.id) == [CoreRig.take(5), CoreRig.take(6)])
        #expect(answers.map(\.errorCode) == [0, ErrorCode.takeNotLoaded])
    }

    @Test("the numbers of commands and events are those of the contract")
    func numbers() {
        #expect(CommandCode.capture.rawValue == CommandKind.capture)
        #expect(CommandCode.mark.rawValue == CommandKind.mark)
        #expect(CommandCode.panic.rawValue == CommandKind.panic)
        #expect(CommandCode.slotCancel.rawValue == CommandKind.slotCancel)
        #expect(EventCode.notice.rawValue == EventKind.notice)
        #expect(EventCode.takeLoaded.rawValue == EventKind.takeLoaded)
        #expect(EventCode.captured.rawValue == EventKind.captured)
        #expect(RingMemory.intentCount == Limits.intentCount)
        #expect(CommandCode.align.rawValue == CommandKind.align)
        #expect(CommandCode.latency.rawValue == CommandKind.latency)
        #expect(CommandCode.calibrate.rawValue == CommandKind.calibrate)
        #expect(EventCode.calibrated.rawValue == EventKind.calibrated)
        #expect(CommandCode(rawValue: 999) == nil)
    }

    @Test("a take's frames per beat have a bound: the audio thread computes with them")
    func takeBounds() throws {
        let rig = try CoreRig()
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: TakeSource.byteCount, alignment: 8)
        defer { bytes.deallocate() }
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: TakeSource.byteCount)
        let source = TakeSource(base: bytes)
        source.id[3] = 1
        source.toFrame = 1_000
        source.framesPerBeat = 576_001
        source.sampleRateHz = 48_000
        #expect(rig.engine.load(source) == ErrorCode.commandBounds)
        source.framesPerBeat = 576_000
        #expect(rig.engine.load(source) == 0)
        let far = Double(1 << 33)
        #expect(rig.send(Ask(code: .slotSet, a: far)) == ErrorCode.commandBounds)
        #expect(rig.send(Ask(code: .slotSet, c: -far)) == ErrorCode.commandBounds)
    }

    @Test("a stopped engine is not started again")
    func stopIsTheEnd() {
        let bytes = record()
        defer { bytes.deallocate() }
        let handle = UnsafeMutableRawPointer(bitPattern: UInt(create(bytes).handle))
        #expect(fz_engine_start(handle) == 0)
        #expect(fz_engine_step(handle, 10_000) == 0)
        #expect(fz_engine_stop(handle) == 0)
        #expect(fz_engine_start(handle) == -Int32(ErrorCode.commandBounds))
        #expect(lastError() == "this engine was stopped")
        #expect(fz_engine_step(handle, 100) == -Int32(ErrorCode.commandBounds))
        #expect(fz_engine_destroy(handle) == 0)
    }
}
