import CFlowLeaf
import HostContract

/// Starts processes that run plug-ins: the system's, or a made-up one of a test.
protocol HostTable: Sendable {
    /// Starts the life with number `epoch`; nobody hears one that is aside as it plays.
    ///
    /// - Thread: the group's; the process ends with that thread.
    func start(epoch: UInt64, isAside: Bool) throws(HostFailure) -> any HostLife
}

/// One life of a plug-in host, from its start to its burial.
///
/// - Thread: any, one call at a time; `bury` may take a while.
protocol HostLife: AnyObject, Sendable {
    var pid: Int32 { get }
    /// What the audio thread gets of it; valid until `bury`.
    var lease: UnsafeMutablePointer<HostLease> { get }
    var signs: HostSigns { get }
    /// Whether the process is over, or no longer talks to us.
    var hasEnded: Bool { get }
    /// Whether somebody else ended it: the system, or whoever kills processes by hand.
    var wasKilled: Bool { get }

    /// Sends it as soon as the host takes it.
    func send(_ request: HostRequest)

    /// What the host said since the last call; throws when it does not keep the contract.
    func receive() throws(ContractError) -> [HostAnswer]

    /// Parameters that plug-ins moved by themselves since the last call.
    func takeEchoes() -> [flow_echo]

    /// Gives a lane its memory, once; false when there is none left.
    func prepare(lane: Int) -> Bool

    /// What it takes of the machine; nil when that cannot be told.
    func measure() -> HostUsage?

    /// Refuses it memory beyond what is mapped now and so many bytes.
    func limitGrowth(to bytes: Int)

    /// Ends the process if it still runs, and frees all of it.
    func bury()
}

/// What a host takes of the machine.
struct HostUsage: Equatable, Sendable {
    var residentBytes = 0
    var mappedBytes = 0
    var cpuMs = 0.0
}
