/// Keys that were down when their plug-in left a chain: they go up in the chain it is in next.
///
/// Of more plug-ins than it has room for the newest are kept.
struct KeyShelf: BitwiseCopyable {
    private static let countMax = 64

    private let instances: UnsafeMutablePointer<UInt32>
    /// Two words for each.
    private let keys: UnsafeMutablePointer<UInt64>
    private var count = 0

    /// Thread: control; freed by `deallocate`.
    init() {
        instances = .allocate(capacity: Self.countMax)
        instances.initialize(repeating: 0, count: Self.countMax)
        keys = .allocate(capacity: 2 * Self.countMax)
        keys.initialize(repeating: 0, count: 2 * Self.countMax)
    }

    func deallocate() {
        instances.deallocate()
        keys.deallocate()
    }

    /// Takes in the keys that are down in a chain that leaves its place.
    @_noLocks @_noAllocation
    mutating func put(_ chain: PluginChain) {
        for hop in 0..<chain.hopCount {
            let line = chain.hops[hop]
            for index in 0..<line.instanceCount {
                let (low, high) = (line.held[2 * index], line.held[2 * index + 1])
                if low | high != 0 { put(line.instances[index], low, high) }
            }
        }
    }

    /// Has them go up in a chain that is in its place, as far as it has their plug-ins.
    @_noLocks @_noAllocation
    mutating func hand(to chain: PluginChain) {
        var index = 0
        while index < count {
            if isTaken(index, by: chain) { remove(index) } else { index += 1 }
        }
    }

    @_noLocks @_noAllocation
    private func isTaken(_ index: Int, by chain: PluginChain) -> Bool {
        for hop in 0..<chain.hopCount {
            let place = chain.hops[hop].place(of: instances[index])
            if place < 0 { continue }
            chain.hops[hop].ends[2 * place] |= keys[2 * index]
            chain.hops[hop].ends[2 * place + 1] |= keys[2 * index + 1]
            return true
        }
        return false
    }

    @_noLocks @_noAllocation
    private mutating func put(_ instance: UInt32, _ low: UInt64, _ high: UInt64) {
        if count == Self.countMax { remove(0) }
        instances[count] = instance
        keys[2 * count] = low
        keys[2 * count + 1] = high
        count += 1
    }

    @_noLocks @_noAllocation
    private mutating func remove(_ index: Int) {
        count -= 1
        for at in index..<count {
            instances[at] = instances[at + 1]
            keys[2 * at] = keys[2 * at + 2]
            keys[2 * at + 1] = keys[2 * at + 3]
        }
    }
}
