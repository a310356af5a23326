#if canImport(AudioToolbox)
    import AudioToolbox
    import CVST3
    import Foundation

    /// The parameters of a unit, as the main thread describes and turns them.
    ///
    /// Thread: main.
    final class UnitKnobs {
        let tree: AUParameterTree?
        let scales: [UnitScale]
        private let parameters: [AUParameter]
        private let places: [UInt32: Int]
        /// Units do not tell their defaults: what each has when it is made is taken for one.
        private let defaults: [Double]
        private let edits = UnitEdits()
        private var token: AUParameterObserverToken?

        init(_ tree: AUParameterTree?) {
            self.tree = tree
            parameters = tree?.allParameters ?? []
            scales = UnitScale.all(of: parameters)
            let numbered = scales.enumerated().map { ($1.id, $0) }
            places = Dictionary(numbered) { first, _ in first }
            defaults = zip(scales, parameters).map { $0.shared($1.value) }
            let edits = edits
            token = tree?.token(byAddingParameterObserver: { edits.note($0, $1) })
        }

        /// The unit's values are told no more.
        func end() {
            if let token { tree?.removeParameterObserver(token) }
            token = nil
        }

        var count: Int { scales.count }

        func described() -> [PluginParameter] {
            scales.indices.map { place in
                let (scale, parameter) = (scales[place], parameters[place])
                return PluginParameter(
                    id: scale.id, title: parameter.displayName, units: parameter.unitName ?? "",
                    stepCount: scale.stepCount, defaultValue: defaults[place],
                    flags: flags(of: parameter))
            }
        }

        private func flags(of parameter: AUParameter) -> UInt32 {
            guard parameter.flags.contains(.flag_IsWritable) else {
                return UInt32(VST3_PARAMETER_READ_ONLY)
            }
            let list = parameter.valueStrings == nil ? 0 : VST3_PARAMETER_LIST
            return UInt32(VST3_PARAMETER_AUTOMATABLE | list)
        }

        /// 0 for an id that is none.
        func value(of id: UInt32) -> Double {
            guard let place = places[id] else { return 0 }
            return scales[place].shared(parameters[place].value)
        }

        /// Nobody is told that this one was set.
        func set(_ id: UInt32, _ value: Double) {
            guard let place = places[id] else { return }
            let own = scales[place].own(value)
            if parameters[place].value != own { parameters[place].setValue(own, originator: token) }
        }

        func text(of id: UInt32, value: Double) -> String {
            guard let place = places[id] else { return "" }
            var own = scales[place].own(value)
            return parameters[place].string(fromValue: &own)
        }

        func takeEdit() -> (id: UInt32, value: Double)? {
            while let (address, own) = edits.take() {
                guard let scale = scales.first(where: { $0.address == address }) else { continue }
                return (scale.id, scale.shared(own))
            }
            return nil
        }
    }

    /// What observers told of parameters: the newest value of each.
    private final class UnitEdits: @unchecked Sendable {
        private let lock = NSLock()
        private var values: [AUParameterAddress: AUValue] = [:]

        /// Thread: any but audio.
        func note(_ address: AUParameterAddress, _ value: AUValue) {
            lock.withLock { values[address] = value }
        }

        func take() -> (AUParameterAddress, AUValue)? {
            lock.withLock {
                guard let (address, value) = values.first else { return nil }
                values[address] = nil
                return (address, value)
            }
        }
    }
#endif
