import CVST3

/// The bundles that are open, each once, for all its instances.
///
/// They stay open until the process ends: code that was taken out of a process may still be called.
///
/// Thread: main.
final class ModuleShelf {
    private struct Opened {
        let module: Vst3Module
        /// Ids of the classes that call themselves instruments.
        let instruments: Set<String>
    }

    private var opened: [String: Opened] = [:]

    /// Opens a bundle, or finds it open.
    func module(of bundle: String) throws(Vst3Error) -> Vst3Module {
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

    func isInstrument(_ classId: [UInt8], of bundle: String) -> Bool {
        opened[bundle]?.instruments.contains(HexText.of(classId)) ?? false
    }
}
