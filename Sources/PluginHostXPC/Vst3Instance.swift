import CVST3

/// A loaded VST3 plug-in.
struct Vst3Instance: PluginInstance {
    private let handle: OpaquePointer

    var player: SeatPlayer {
        SeatPlayer(
            handle: handle, process: vst3_process, echoCount: vst3_echo_count, echoAt: vst3_echo_at)
    }

    /// Makes an instance of the class with these 16 bytes of id.
    init(module: Vst3Module, classId: [UInt8]) throws(PluginError) {
        var made: OpaquePointer?
        let (code, text) = withError { vst3_create(module.handle, classId, &made, $0) }
        guard code == VST3_OK, let made else { throw PluginError(code: code, text: text) }
        handle = made
    }

    func setup(rateHz: Double, blockFramesMax: Int) throws(PluginError) {
        let (code, text) = withError { vst3_setup(handle, rateHz, Int32(blockFramesMax), $0) }
        guard code == VST3_OK else { throw PluginError(code: code, text: text) }
    }

    func start() throws(PluginError) {
        let (code, text) = withError { vst3_start(handle, $0) }
        guard code == VST3_OK else { throw PluginError(code: code, text: text) }
    }

    func stop() { vst3_stop(handle) }
    func destroy() { vst3_destroy(handle) }

    var latencyFrames: Int { Int(vst3_latency_frames(handle)) }
    /// All of it, with what only a check wants to know.
    var wholeLayout: vst3_layout { vst3_layout_of(handle) }
    var layout: PluginLayout {
        let whole = wholeLayout
        return PluginLayout(
            mainInputs: Int(whole.main_input_channels),
            mainOutputs: Int(whole.main_output_channels))
    }

    func state() -> [UInt8]? {
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        guard vst3_get_state(handle, &bytes, &count) == VST3_OK, let bytes else { return nil }
        defer { vst3_bytes_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    func restore(_ state: [UInt8]) -> Bool {
        vst3_set_state(handle, state, state.count) == VST3_OK
    }

    var parameterCount: Int { Int(vst3_parameter_count(handle)) }

    func parameters() -> [PluginParameter] {
        (0..<vst3_parameter_count(handle)).compactMap { index in
            var raw = vst3_parameter()
            guard vst3_parameter_at(handle, index, &raw) == VST3_OK else { return nil }
            return PluginParameter(raw)
        }
    }

    func value(of id: UInt32) -> Double { vst3_parameter_value(handle, id) }
    func set(_ id: UInt32, _ value: Double) { vst3_parameter_set(handle, id, value) }

    func text(of id: UInt32, value: Double) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(VST3_TEXT_BYTES)) { buffer in
            guard let base = buffer.baseAddress else { return "" }
            vst3_parameter_text(handle, id, value, base)
            return String(cString: base)
        }
    }

    func takeEdit() -> (id: UInt32, value: Double)? {
        var id: UInt32 = 0
        var value = 0.0
        return vst3_take_edit(handle, &id, &value) != 0 ? (id, value) : nil
    }

    func takeChanges() -> UInt32 { vst3_take_changes(handle) }
}

extension PluginParameter {
    init(_ raw: vst3_parameter) {
        var raw = raw
        id = raw.id
        title = text(of: &raw.title)
        units = text(of: &raw.units)
        stepCount = Int(max(0, raw.step_count))
        defaultValue = raw.default_value
        flags = raw.flags
    }
}
