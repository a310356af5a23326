import CVST3

/// The bundles that are open, each once, for all its instances.
///
/// A host keeps them open until it ends: code that was taken out of a process may still be called.
///
/// Thread: main.
final class ModuleShelf {
    private struct Opened {
        let module: Vst3Module
        /// Ids of the classes that call themselves instruments.
        let instruments: Set<String>
    }

    private var opened: [String: Opened] = [:]

    /// Makes an instance of the class with these 16 bytes of id.
    func make(_ classId: [UInt8], of bundle: String) throws(PluginError) -> any PluginInstance {
        #if canImport(AudioToolbox)
            if bundle == UnitName.bundle { return try UnitInstance(classId) }
        #endif
        return try Vst3Instance(module: try module(of: bundle), classId: classId)
    }

    /// Opens a bundle, unless it is open. Units have none.
    func open(_ bundle: String) throws(PluginError) {
        #if canImport(AudioToolbox)
            if bundle == UnitName.bundle { return }
        #endif
        _ = try module(of: bundle)
    }

    private func module(of bundle: String) throws(PluginError) -> Vst3Module {
        if let found = opened[bundle] { return found.module }
        let module = try Vst3Module(bundle: bundle)
        do {
            try module.start()
        } catch {
            module.close()
            throw error
        }
        let instruments = module.classes().filter(\.isInstrument).map(\.classId)
        opened[bundle] = Opened(module: module, instruments: Set(instruments))
        return module
    }

    /// Leaves a bundle and unloads it; every instance must be gone.
    func close(_ bundle: String) { opened.removeValue(forKey: bundle)?.module.close() }

    func isInstrument(_ classId: [UInt8], of bundle: String) -> Bool {
        #if canImport(AudioToolbox)
            if bundle == UnitName.bundle { return UnitName.isInstrument(classId) }
        #endif
        return opened[bundle]?.instruments.contains(HexText.of(classId)) ?? false
    }
}
