import CFlowLeaf
import Foundation
import HostContract

@testable import PluginFixture

/// A real host process behind real segments and a real socket, with the test in the engine's place.
///
/// Requests and answers are for one thread, blocks for one thread, which may be another.
final class LiveHost: @unchecked Sendable {
    static let rateHz = 48_000
    static let epoch: UInt64 = 3
    static let executable = HostProgram.path

    let toHost: UnsafeMutablePointer<flow_to_host>
    let fromHost: UnsafeMutablePointer<flow_from_host>
    private(set) var control: Int32 = -1
    private var fds: [Int32] = []
    private var child = flow_child(pid: 0, watch: -1)
    private var incoming = MessageBuffer()
    /// Answers that came while another was waited for.
    private(set) var unasked: [HostAnswer] = []
    private var requestCount: UInt32 = 0
    /// Blocks posted in each lane.
    var posted = [UInt64](repeating: 0, count: Int(FLOW_LANE_COUNT))

    /// `program` is started in the host's place, with the host's argument.
    init(program: String = LiveHost.executable) throws {
        toHost = try Self.segment(flow_to_host.self, &fds)
        fromHost = try Self.segment(flow_from_host.self, &fds)
        toHost.pointee.header = Self.header(MemoryLayout<flow_to_host>.size)
        fromHost.pointee.header = Self.header(MemoryLayout<flow_from_host>.size)
        fromHost.pointee.phase = UInt64(FLOW_PHASE_LOAD)
        _ = flow_segment_seal(fds[0])
        var pair: [Int32] = [-1, -1]
        guard flow_control_pair(&pair) == 0 else { throw Missed(description: "no sockets") }
        control = pair[0]
        fds.append(pair[1])
        guard flow_child_spawn(program, String(getpid()), fds, &child) == 0 else {
            throw Missed(description: "\(program) does not start")
        }
        close(fds.removeLast())
        try wait("HELLO") { if case .hello(ContractLimits.version) = $0 { () } else { nil } }
    }

    deinit {
        flow_child_kill(&child)
        flow_child_reap(&child)
        for fd in fds { close(fd) }
        hangUp()
        flow_segment_unmap(toHost, MemoryLayout<flow_to_host>.size)
        flow_segment_unmap(fromHost, MemoryLayout<flow_from_host>.size)
    }

    private static func segment<Segment>(
        _ type: Segment.Type, _ fds: inout [Int32]
    ) throws -> UnsafeMutablePointer<Segment> {
        var base: UnsafeMutableRawPointer?
        let fd = flow_segment_create(MemoryLayout<Segment>.size, &base)
        guard fd >= 0, let base else { throw Missed(description: "no shared memory: \(fd)") }
        fds.append(fd)
        return base.bindMemory(to: type, capacity: 1)
    }

    private static func header(_ bytes: Int) -> flow_segment_header {
        var header = flow_segment_header()
        header.magic = UInt32(FLOW_SEGMENT_MAGIC)
        header.version = UInt32(FLOW_SEGMENT_VERSION)
        header.bytes = UInt32(bytes)
        header.slot_count = UInt32(FLOW_SLOT_COUNT)
        header.slot_frames_max = UInt32(FLOW_SLOT_FRAMES_MAX)
        header.channels = UInt32(FLOW_CHANNELS)
        header.lane_count = UInt32(FLOW_LANE_COUNT)
        header.sample_rate_hz = UInt32(rateHz)
        header.epoch = epoch
        return header
    }

    /// The process itself.
    var pid: Int32 { child.pid }

    /// A number for a request.
    func nextRequest() -> UInt32 {
        requestCount += 1
        return requestCount
    }

    func send(_ request: HostRequest) throws { try send(request.encoded()) }

    /// Sends bytes as they are.
    func send(_ bytes: [UInt8]) throws {
        var left = bytes[...]
        while !left.isEmpty {
            let count = left.withUnsafeBytes { write(control, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Missed(description: "the host is gone") }
            left = left.dropFirst(count)
        }
    }

    func hangUp() {
        if control >= 0 { close(control) }
        control = -1
    }

    /// Waits for the answer that `pick` takes; others are kept in `unasked`.
    @discardableResult
    func wait<Value>(
        _ what: String, seconds: Double = 20, _ pick: (HostAnswer) -> Value?
    ) throws -> Value {
        for index in unasked.indices {
            guard let value = pick(unasked[index]) else { continue }
            unasked.remove(at: index)
            return value
        }
        let end = Date(timeIntervalSinceNow: seconds)
        while Date() < end {
            for answer in try receive() {
                unasked.append(answer)
                guard let value = pick(answer) else { continue }
                unasked.removeLast()
                return value
            }
        }
        throw Missed(description: "\(what): not within \(seconds) s; got \(unasked.suffix(5))")
    }

    /// One message, or none within some milliseconds.
    private func receive() throws -> [HostAnswer] {
        if let message = try incoming.next() {
            return [try HostAnswer(kind: message.kind, payload: message.payload)]
        }
        var watched = pollfd(fd: control, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, 20) > 0 else { return [] }
        let count = withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { room in
            let count = read(control, room.baseAddress, room.count)
            if count > 0 { incoming.add(UnsafeRawBufferPointer(rebasing: room[..<count])) }
            return count
        }
        guard count > 0 else { throw Missed(description: "the host hung up") }
        return []
    }

    /// The exit code of the process, which must end; nil when a signal ended it.
    func exitCode(seconds: Double = 5) throws -> Int32? {
        guard Int(flow_child_wait(&child, -1, Int32(seconds * 1000))) == FLOW_CHILD_ENDED else {
            throw Missed(description: "the host goes on")
        }
        var status: Int32 = 0
        waitpid(child.pid, &status, 0)
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
    }
}
