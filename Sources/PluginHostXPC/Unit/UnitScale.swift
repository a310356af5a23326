#if canImport(AudioToolbox)
    import AudioToolbox

    #if canImport(Darwin)
        import Darwin
    #else
        import Glibc
    #endif

    /// A parameter of a unit between its own range and 0 to 1.
    struct UnitScale {
        /// By which everybody else names it.
        let id: UInt32
        let address: AUParameterAddress
        private let least: Double
        private let most: Double
        private let isStepped: Bool
        private let isLogarithmic: Bool

        init(_ parameter: AUParameter, id: UInt32) {
            self.id = id
            address = parameter.address
            least = Double(parameter.minValue)
            most = Double(parameter.maxValue)
            isStepped = parameter.unit == .boolean || parameter.unit == .indexed
            isLogarithmic = parameter.flags.contains(.flag_DisplayLogarithmic) && least > 0
        }

        /// How many steps it has; 0 = continuous.
        var stepCount: Int {
            isStepped && most - least < 1_000_000 ? Int(max(0, (most - least).rounded())) : 0
        }

        /// The unit's value for 0 to 1. Thread: any.
        func own(_ value: Double) -> AUValue {
            guard most > least, value.isFinite else { return AUValue(least) }
            let share = min(max(value, 0), 1)
            if isLogarithmic { return AUValue(least * pow(most / least, share)) }
            let plain = least + share * (most - least)
            return AUValue(isStepped ? plain.rounded() : plain)
        }

        /// 0 to 1 for a value of the unit's. Thread: any.
        func shared(_ own: AUValue) -> Double {
            guard most > least, own.isFinite else { return 0 }
            let plain = min(max(Double(own), least), most)
            if isLogarithmic { return log(plain / least) / log(most / least) }
            return (plain - least) / (most - least)
        }

        /// An id for each of the parameters: its address where that is one, else one that is free.
        static func all(of parameters: [AUParameter]) -> [UnitScale] {
            var taken = Set<UInt32>()
            var ids: [AUParameterAddress: UInt32] = [:]
            let isSmall = { (parameter: AUParameter) in parameter.address <= UInt64(UInt32.max) }
            for parameter in parameters.filter(isSmall) + parameters.filter({ !isSmall($0) }) {
                let address = parameter.address
                var id = UInt32(truncatingIfNeeded: address ^ address >> 32)
                while !taken.insert(id).inserted { id &+= 1 }
                ids[address] = id
            }
            return parameters.compactMap { parameter in
                ids[parameter.address].map { UnitScale(parameter, id: $0) }
            }
        }
    }

    /// The scales of a unit where the audio thread finds them.
    ///
    /// Copies are views of the same memory. Thread: made and freed on main.
    struct UnitScales {
        private let count: Int
        /// By id, ascending.
        private let scales: UnsafeMutablePointer<UnitScale>

        init(_ all: [UnitScale]) {
            let sorted = all.sorted { $0.id < $1.id }
            count = sorted.count
            scales = .allocate(capacity: count + 1)
            scales.initialize(from: sorted, count: count)
        }

        func deallocate() { scales.deallocate() }

        /// Thread: audio.
        func scale(of id: UInt32) -> UnitScale? {
            var (low, high) = (0, count)
            while low < high {
                let middle = (low + high) / 2
                if scales[middle].id < id { low = middle + 1 } else { high = middle }
            }
            return low < count && scales[low].id == id ? scales[low] : nil
        }
    }
#endif
