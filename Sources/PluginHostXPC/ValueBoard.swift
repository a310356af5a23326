import CFlowLeaf

/// The value that each parameter of an instance got last in a block, from the engine or from itself.
///
/// The audio thread writes it, the main thread reads it and tells the plug-in's other half. A value is
/// replaced by the next one, so that nothing is lost however long the main thread loads something.
///
/// Copies are views of the same memory. Thread: made and freed on main.
struct ValueBoard {
    let count: Int
    /// Ascending.
    private let ids: UnsafeMutablePointer<UInt32>
    private let isMeter: UnsafeMutablePointer<Bool>
    /// Bits of each value.
    private let values: UnsafeMutablePointer<UInt64>
    private let moves = SharedWord()

    /// No value has these bits: the parameter was never given one.
    private static let none = UInt64.max

    init(_ parameters: [PluginParameter]) {
        let sorted = parameters.sorted { $0.id < $1.id }
        count = sorted.count
        ids = .allocate(capacity: count + 1)
        isMeter = .allocate(capacity: count + 1)
        values = .allocate(capacity: count + 1)
        for (index, parameter) in sorted.enumerated() {
            (ids + index).initialize(to: parameter.id)
            (isMeter + index).initialize(to: parameter.isMeter)
            (values + index).initialize(to: Self.none)
        }
    }

    func deallocate() {
        ids.deallocate()
        isMeter.deallocate()
        values.deallocate()
        moves.deallocate()
    }

    /// Notes a value of a block; true when it is another than before. What only shows something, and
    /// what was never described, is not noted. Thread: audio.
    func note(_ id: UInt32, _ value: Double) -> Bool {
        guard let place = place(of: id), !isMeter[place], values[place] != value.bitPattern else {
            return false
        }
        flow_word_store(values + place, value.bitPattern)
        moves.store(moves.load() &+ 1)
        return true
    }

    private func place(of id: UInt32) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < count && ids[low] == id ? low : nil
    }

    /// Raised with each value that is noted. Thread: main.
    var moveCount: UInt64 { moves.load() }

    /// The parameter in a place, and the bits of its value; nil as long as it has none. Thread: main.
    func value(at place: Int) -> (id: UInt32, bits: UInt64)? {
        let bits = flow_word_load(values + place)
        return bits == Self.none ? nil : (ids[place], bits)
    }
}
