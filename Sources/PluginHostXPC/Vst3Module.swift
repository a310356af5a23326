import CVST3

/// A plug-in as its module describes it.
struct PluginClass {
    /// 32 upper-case hexadecimal digits.
    let classId: String
    let name: String
    let vendor: String
    let version: String
    let sdkVersion: String
    let category: String
    let subCategories: String
    let isAudio: Bool
    let isInstrument: Bool
    let isEffect: Bool
}

extension PluginClass {
    init(_ raw: vst3_class) {
        var raw = raw
        classId = withUnsafeBytes(of: &raw.id) { HexText.of($0) }
        name = text(of: &raw.name)
        vendor = text(of: &raw.vendor)
        version = text(of: &raw.version)
        sdkVersion = text(of: &raw.sdk_version)
        category = text(of: &raw.category)
        subCategories = text(of: &raw.sub_categories)
        isAudio = raw.is_audio != 0
        isInstrument = raw.is_instrument != 0
        isEffect = raw.is_effect != 0
    }
}

/// An opened bundle.
///
/// Thread: main of the process, every method.
struct Vst3Module {
    let handle: OpaquePointer

    /// Loads the code of `bundle`, which may do anything while it is loaded.
    init(bundle: String) throws(PluginError) {
        var opened: OpaquePointer?
        let (code, text) = withError { vst3_module_open(bundle, &opened, $0) }
        guard code == VST3_OK, let opened else { throw PluginError(code: code, text: text) }
        handle = opened
    }

    /// Enters the module and finds its factory.
    func start() throws(PluginError) {
        let (code, text) = withError { vst3_module_start(handle, $0) }
        guard code == VST3_OK else { throw PluginError(code: code, text: text) }
    }

    /// Classes of every category, as the module counts them.
    var classCount: Int { Int(vst3_class_count(handle)) }

    /// The classes that can be described, in the order of the module.
    func classes() -> [PluginClass] {
        (0..<vst3_class_count(handle)).compactMap { index in
            var raw = vst3_class()
            guard vst3_class_at(handle, index, &raw) == VST3_OK else { return nil }
            return PluginClass(raw)
        }
    }

    func close() { vst3_module_close(handle) }
}
