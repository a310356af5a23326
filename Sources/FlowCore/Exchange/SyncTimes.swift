/// How often a sync of the recording took how long; the last count is of those above all bounds.
struct SyncTimes: Sendable {
    private let boundsSeconds: [Double]
    private(set) var counts: [UInt32]
    private(set) var seconds = 0.0

    init(boundsSeconds: [Double] = []) {
        self.boundsSeconds = boundsSeconds
        counts = [UInt32](repeating: 0, count: boundsSeconds.count + 1)
    }

    /// Takes one in.
    mutating func add(ns: Int64) {
        let took = Double(max(0, ns)) / 1e9
        counts[boundsSeconds.firstIndex { took <= $0 } ?? boundsSeconds.count] &+= 1
        seconds += took
    }
}
