/// Ports of hops that were posted in this block of the device: each host behind them is woken once.
struct HostBells: BitwiseCopyable {
    private let ports: UnsafeMutablePointer<HostPort>
    private let rung: UnsafeMutablePointer<UnsafeMutablePointer<AtomicCell>>
    private var count = 0

    /// Thread: control; freed by `deallocate`.
    init() {
        ports = .allocate(capacity: 1_024)
        rung = .allocate(capacity: 64)
    }

    func deallocate() {
        ports.deallocate()
        rung.deallocate()
    }

    /// A lane behind this port was posted.
    @_noLocks @_noAllocation
    mutating func mark(_ port: HostPort) {
        // More hops than hosts have lanes for: their host may hear of them a block later.
        if count == 1_024 { return }
        ports[count] = port
        count += 1
    }

    /// Wakes all of them.
    @_noLocks @_noAllocation
    mutating func ring() {
        var hosts = 0
        for index in 0..<count {
            if let lease = ports[index].acquire() {
                hosts = ring(lease.pointee, after: hosts)
            }
            ports[index].release()
        }
        count = 0
    }

    /// Wakes a host that is none of the first `hosts` in the list; returns how many are in it then.
    @_noLocks @_noAllocation
    private func ring(_ lease: HostLease, after hosts: Int) -> Int {
        for index in 0..<hosts where rung[index] == lease.bell { return hosts }
        lease.raiseBell()
        Leaf.wake(lease.bell)
        // More hosts than a machine can run: the last ones are woken for each lane.
        if hosts == 64 { return hosts }
        rung[hosts] = lease.bell
        return hosts + 1
    }
}
