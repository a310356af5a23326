import CVST3

/// A loaded plug-in.
///
/// The order of calls is that of `vst3-instance.h`.
///
/// Thread: main, except `process`.
struct Vst3Instance {
    let handle: OpaquePointer

    /// Makes an instance of the class with these 16 bytes of id.
    init(module: Vst3Module, classId: [UInt8]) throws(Vst3Error) {
        var made: OpaquePointer?
        let (code, text) = withError { vst3_create(module.handle, classId, &made, $0) }
        guard code == VST3_OK, let made else { throw Vst3Error(code: code, text: text) }
        handle = made
    }

    func setup(rateHz: Double, blockFramesMax: Int) throws(Vst3Error) {
        let (code, text) = withError { vst3_setup(handle, rateHz, Int32(blockFramesMax), $0) }
        guard code == VST3_OK else { throw Vst3Error(code: code, text: text) }
    }

    func start() throws(Vst3Error) {
        let (code, text) = withError { vst3_start(handle, $0) }
        guard code == VST3_OK else { throw Vst3Error(code: code, text: text) }
    }

    func stop() { vst3_stop(handle) }
    func destroy() { vst3_destroy(handle) }

    var latencyFrames: Int { Int(vst3_latency_frames(handle)) }
    var layout: vst3_layout { vst3_layout_of(handle) }

    /// The whole state; nil when the plug-in gives none.
    func state() -> [UInt8]? {
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        guard vst3_get_state(handle, &bytes, &count) == VST3_OK, let bytes else { return nil }
        defer { vst3_bytes_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// Restores a state of the same class; false when it is not taken. Not while started.
    func restore(_ state: [UInt8]) -> Bool {
        vst3_set_state(handle, state, state.count) == VST3_OK
    }

    var parameterCount: Int { Int(vst3_parameter_count(handle)) }

    /// The parameters that the plug-in describes, in its order.
    func parameters() -> [vst3_parameter] {
        (0..<vst3_parameter_count(handle)).compactMap { index in
            var parameter = vst3_parameter()
            return vst3_parameter_at(handle, index, &parameter) == VST3_OK ? parameter : nil
        }
    }

    func value(of id: UInt32) -> Double { vst3_parameter_value(handle, id) }

    /// The plug-in's words for a value; empty when it has none.
    func text(of id: UInt32, value: Double) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(VST3_TEXT_BYTES)) { buffer in
            guard let base = buffer.baseAddress else { return "" }
            vst3_parameter_text(handle, id, value, base)
            return String(cString: base)
        }
    }
}
