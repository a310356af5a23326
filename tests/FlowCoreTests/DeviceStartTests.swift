import CFlowLeaf
import Foundation
import Testing

@testable import FlowCore

/// A device that opens and then refuses to start.
private final class RefusingDevice: AudioDevice {
    let kind = DeviceKind.jack
    let name = "Refusing"
    let sampleRateHz = 48_000
    let blockFrames = 128
    let hasRealTime = false
    let inputLatencyFrames = 0
    let outputLatencyFrames = 0
    let counters = DeviceCounters()
    /// What the disk was when the device was asked to start.
    weak var disk: DiskService?
    let engine: FlowEngine

    init(_ engine: FlowEngine) { self.engine = engine }

    func start(_ target: RenderTarget) throws(DeviceError) {
        disk = engine.disk
        throw DeviceError(code: ErrorCode.deviceOpen, detail: "it will not")
    }

    func stop() {}
}

@Suite("A device that does not start")
struct DeviceStartTests {
    @Test("leaves no disk threads behind, and says why")
    func refuses() throws {
        let folder = try DiskFolder()
        var configuration = EngineConfiguration()
        configuration.ringSecondsMax = 2
        configuration.flags = 0
        configuration.spoolPath = folder.spool
        configuration.audioPath = folder.audio
        let engine = try FlowEngine(configuration)
        let device = RefusingDevice(engine)
        let own = engine.device
        engine.device = device
        #expect {
            try engine.start()
        } throws: { error in
            let failure = error as? EngineError
            return failure?.code == ErrorCode.deviceOpen && failure?.detail == "it will not"
        }
        #expect(engine.disk == nil)
        // Each thread holds the service until it has ended.
        let deadline = flow_monotonic_ns() + 10_000_000_000
        while device.disk != nil, flow_monotonic_ns() < deadline { sched_yield() }
        #expect(device.disk == nil)
        engine.device = own
        try engine.start()
        engine.stop()
    }
}
