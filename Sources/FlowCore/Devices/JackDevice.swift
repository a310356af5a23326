import CFlowLeaf

/// Plays and listens through a running JACK server, or PipeWire in its place.
///
/// A client named FlowZone with two outputs and a stereo input for every two ports of the system,
/// connected to them; two inputs where there are none. libjack is loaded at run time and a server is never started: a machine without
/// either gets `ERR_DEVICE_OPEN` with the reason. When the server ends, `counters.lost` rises and
/// the target is not called again.
///
/// - Thread: control; the target is called on JACK's audio thread.
final class JackDevice: AudioDevice {
    /// Whether a server answers; for `--device auto`.
    static func isServerRunning() -> Bool { flow_jack_server_running() == 1 }

    let kind = DeviceKind.jack
    let name = "JACK"
    let sampleRateHz: Int
    let counters = DeviceCounters()
    private let jack: OpaquePointer

    /// Frames of a block at present: the server may change them while it runs.
    var blockFrames: Int { Int(flow_jack_block(jack)) }
    var hasRealTime: Bool { flow_jack_has_real_time(jack) == 1 }
    /// As many pairs as could be heard when it was opened, and their sum.
    var sourceCount: Int { flow_jack_pairs(jack) > 1 ? 1 + Int(flow_jack_pairs(jack)) : 1 }
    var inputLatencyFrames: Int { Int(flow_jack_latency(jack, 1)) }
    var outputLatencyFrames: Int { Int(flow_jack_latency(jack, 0)) }
    var key: UInt32 { flow_jack_device_key(jack) }

    init(clientName: String = "FlowZone") throws(DeviceError) {
        var opened: OpaquePointer?
        var status: UInt32 = 0
        let failure = flow_jack_open(clientName, &opened, &status)
        guard failure == 0, let opened else {
            throw DeviceError(
                code: ErrorCode.deviceOpen, detail: Self.reason(failure, status: status))
        }
        jack = opened
        sampleRateHz = Int(flow_jack_rate(opened))
    }

    deinit { flow_jack_close(jack) }

    func start(_ target: RenderTarget) throws(DeviceError) {
        // The counters outlive every callback: closing the client in deinit comes first.
        var events = flow_jack_events(
            xruns: Self.words(counters.xruns), xrun_frames: Self.words(counters.xrunFrames),
            context: Unmanaged.passUnretained(counters).toOpaque(),
            lost: { context in JackDevice.counters(context).lost.pointee.store(1) }
        )
        let failure = flow_jack_start(
            jack, target.process, target.processPairs, target.context,
            UInt32(Limits.blockFramesMax), &events)
        guard failure == 0 else {
            throw DeviceError(
                code: ErrorCode.deviceOpen, detail: "JACK refused to start the client (\(failure))")
        }
    }

    func stop() { flow_jack_stop(jack) }

    /// A cell is one word.
    private static func words(
        _ cell: UnsafeMutablePointer<AtomicCell>
    ) -> UnsafeMutablePointer<UInt64> {
        UnsafeMutableRawPointer(cell).assumingMemoryBound(to: UInt64.self)
    }

    private static func counters(_ context: UnsafeMutableRawPointer) -> DeviceCounters {
        Unmanaged<DeviceCounters>.fromOpaque(context).takeUnretainedValue()
    }

    private static func reason(_ failure: Int32, status: UInt32) -> String {
        switch -failure {
        case 2: "libjack is not installed"
        case 111, 61: "no JACK server is running (status 0x\(String(status, radix: 16)))"
        default: "JACK refused the client (\(failure), status 0x\(String(status, radix: 16)))"
        }
    }
}
