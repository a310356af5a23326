import Synchronization

/// One 64-bit word that two threads share.
///
/// The only file that imports `Synchronization`. The compiler's real-time check refuses `Atomic`,
/// although each call here is a plain load, store or locked add: hence the marks, which the
/// run-time guard covers. Its layout is one word, so that it may lie in shared memory.
struct AtomicCell: ~Copyable, @unchecked Sendable {
    private let word: Atomic<UInt64>

    init(_ value: UInt64) { word = Atomic(value) }

    /// Reads; what the writer did before its `store` is visible after it.
    @_semantics("no_performance_analysis")
    func load() -> UInt64 { word.load(ordering: .acquiring) }

    /// Reads without ordering: for the thread that alone writes the cell.
    @_semantics("no_performance_analysis")
    func loadRelaxed() -> UInt64 { word.load(ordering: .relaxed) }

    /// Writes; publishes all that was written before it.
    @_semantics("no_performance_analysis")
    func store(_ value: UInt64) { word.store(value, ordering: .releasing) }

    /// Adds; wraps around.
    @_semantics("no_performance_analysis")
    func add(_ value: UInt64) { word.wrappingAdd(value, ordering: .relaxed) }

    /// Writes and returns what was there.
    @_semantics("no_performance_analysis")
    func exchange(_ value: UInt64) -> UInt64 {
        word.exchange(value, ordering: .acquiringAndReleasing)
    }

    /// Orders all reads and writes before it against all after it.
    @_semantics("no_performance_analysis")
    static func fence() { atomicMemoryFence(ordering: .sequentiallyConsistent) }
}
