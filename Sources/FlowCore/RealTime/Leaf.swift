import CFlowLeaf

/// The C calls the audio thread may make; audited: each is bounded, and only `wake` enters the kernel.
enum Leaf {
    /// Nanoseconds of the monotonic clock, from the vDSO.
    @_semantics("no_performance_analysis")
    static func monotonicNs() -> Int64 { flow_monotonic_ns() }

    /// One instruction; the compiler's check knows no body for it.
    @_semantics("no_performance_analysis")
    static func squareRoot(_ value: Double) -> Double { value.squareRoot() }

    /// Sine of a number of whole turns.
    @_semantics("no_performance_analysis")
    static func sine(turns: Double) -> Double { flow_sin(2 * Double.pi * turns) }

    /// Tells the guard of the tests that real-time code begins.
    @_semantics("no_performance_analysis")
    static func enterRealTime() { flow_rt_enter() }

    /// Tells the guard of the tests that real-time code ends.
    @_semantics("no_performance_analysis")
    static func exitRealTime() { flow_rt_exit() }

    /// Wakes the plug-in host that sleeps on this word: the one system call of the audio thread.
    @_semantics("no_performance_analysis")
    static func wake(_ word: UnsafeMutablePointer<AtomicCell>) { flow_segment_wake(word) }
}
