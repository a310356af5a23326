import CFlowLeaf
import HostContract

/// The system's processes: a child for each life.
struct ChildHosts: HostTable {
    /// Path of PluginHostXPC.
    let executable: String
    let sampleRateHz: Int

    func start(epoch: UInt64, isAside: Bool) throws(HostFailure) -> any HostLife {
        let audio = try SharedAudio(
            epoch: epoch, sampleRateHz: sampleRateHz, isAside: isAside)
        return ChildHost(
            audio: audio, process: try HostProcess(executable: executable, audio: audio))
    }
}

/// A real life: a child process behind segments and a socket of its own.
final class ChildHost: HostLife, @unchecked Sendable {
    private let audio: SharedAudio
    private let process: HostProcess
    /// The lanes that have their memory, and the newest block that each said it had answered.
    private var answered: [Int: UInt64] = [:]
    private var seenEchoes: UInt64 = 0

    init(audio: SharedAudio, process: HostProcess) {
        self.audio = audio
        self.process = process
    }

    var pid: Int32 { process.pid }
    var lease: UnsafeMutablePointer<HostLease> { audio.lease }
    var signs: HostSigns { audio.signs }
    var hasEnded: Bool { process.socket.isClosed || process.hasEnded }

    var wasKilled: Bool { process.wasKilled }

    func send(_ request: HostRequest) { process.socket.send(request) }

    func receive() throws(ContractError) -> [HostAnswer] {
        try readCounters()
        process.socket.flush()
        return try process.socket.receive()
    }

    func takeEchoes() -> [flow_echo] { audio.echoes(since: &seenEchoes) }

    func prepare(lane: Int) -> Bool {
        if answered[lane] != nil { return true }
        guard audio.prepare(lane: lane) else { return false }
        answered[lane] = 0
        return true
    }

    /// A counter that ran back, or that is ahead of what was posted, was not written by the host: no
    /// block would ever go through that lane again.
    private func readCounters() throws(ContractError) {
        for (lane, before) in answered {
            let counts = audio.counts(lane: lane)
            guard before <= counts.done, counts.done <= counts.posted else {
                throw .badCounter(lane: UInt32(lane))
            }
            answered[lane] = counts.done
        }
    }

    func measure() -> HostUsage? { process.measure() }

    func limitGrowth(to bytes: Int) {
        guard let usage = process.measure() else { return }
        process.limit(mappedBytes: usage.mappedBytes + bytes)
    }

    func bury() { process.end() }

    /// Waits for news of it, for a byte in `wakeFd`, or for the time. Thread: the group's.
    func wait(wakeFd: Int32, ms: Int) { process.wait(wakeFd: wakeFd, ms: ms) }
}
