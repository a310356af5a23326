import CFlowLeaf
import HostContract

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The socket to the engine: requests come in, answers go out, and nothing ever waits for the other side.
///
/// While the engine does not read, no further request is taken, so that at most the answers to one
/// request lie here beside `fullBytes`.
///
/// Thread: main.
final class ControlSocket {
    private static let pieceBytes = 64 * 1024
    private static let fullBytes = 1 << 20

    private let descriptor = Int32(FLOW_HOST_FD_CONTROL)
    private let waiting = SocketWait(Int32(FLOW_HOST_FD_CONTROL))
    private let piece = UnsafeMutableRawBufferPointer.allocate(
        byteCount: ControlSocket.pieceBytes, alignment: 16)
    private var incoming = MessageBuffer()
    private var outgoing: [[UInt8]] = []
    /// Bytes of the first outgoing message that are gone.
    private var sentBytes = 0
    private var outgoingBytes = 0

    /// Whether the engine is behind with reading.
    var isFull: Bool { outgoingBytes >= Self.fullBytes }

    /// Sends it as soon as the engine takes it.
    func queue(_ answer: HostAnswer) {
        let bytes = answer.encoded()
        outgoing.append(bytes)
        outgoingBytes += bytes.count
    }

    /// Sends and receives what can be, after waiting for it for at most `milliseconds`.
    ///
    /// - Returns: false when the engine is gone.
    func exchange(waitingFor milliseconds: Int32) -> Bool {
        var watched = pollfd(fd: descriptor, events: 0, revents: 0)
        if !isFull { watched.events |= Int16(POLLIN) }
        if !outgoing.isEmpty { watched.events |= Int16(POLLOUT) }
        guard waiting.wait(for: &watched, milliseconds) else { return true }
        if watched.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { return false }
        if watched.revents & Int16(POLLOUT) != 0 { send() }
        return watched.revents & Int16(POLLIN) == 0 || receive()
    }

    /// The next request that has come whole, unless the engine has to read first.
    func next() throws(ContractError) -> HostRequest? {
        guard !isFull, let message = try incoming.next() else { return nil }
        return try HostRequest(kind: message.kind, payload: message.payload)
    }

    private func receive() -> Bool {
        let count = recv(descriptor, piece.baseAddress, piece.count, Int32(MSG_DONTWAIT))
        if count > 0 { incoming.add(UnsafeRawBufferPointer(rebasing: piece[..<count])) }
        return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
    }

    /// A peer that is gone is seen by the next `poll`.
    private func send() {
        while let first = outgoing.first {
            let count = first.withUnsafeBytes { bytes in
                write(UnsafeRawBufferPointer(rebasing: bytes[sentBytes...]))
            }
            guard count > 0 else { return }
            sentBytes += count
            outgoingBytes -= count
            if sentBytes == first.count {
                outgoing.removeFirst()
                sentBytes = 0
            }
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Darwin)
            Darwin.send(descriptor, bytes.baseAddress, bytes.count, MSG_DONTWAIT)
        #else
            Glibc.send(
                descriptor, bytes.baseAddress, bytes.count,
                Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
        #endif
    }
}
