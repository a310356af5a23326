/// How often a sync of the recording took how long; the last count is of those above all bounds.
struct SyncTimes: Sendable {
    private(set) var counts = [UInt32](repeating: 0, count: Limits.diskBoundsSeconds.count + 1)
    private(set) var seconds = 0.0

    /// Takes one in.
    mutating func add(ns: Int64) {
        let took = Double(max(0, ns)) / 1e9
        let bounds = Limits.diskBoundsSeconds
        counts[bounds.firstIndex { took <= $0 } ?? bounds.count] &+= 1
        seconds += took
    }
}
