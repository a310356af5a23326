import CFlowLeaf

/// Time as it passes for the supervisor's thread while it waits; a test puts in its own.
struct WaitClock {
    var nowNs: () -> Int64 = flow_monotonic_ns
    var sleepUntil: (_ deadlineNs: Int64) -> Void = flow_sleep_until
}
