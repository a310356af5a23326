import CFlowLeaf
import HostContract

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The engine's end of a control socket: nothing ever waits for the host.
///
/// - Thread: any, one call at a time.
final class HostSocket {
    /// More than that is never read at once, so that a host that talks without end holds nobody up.
    private static let readBytesMax = 4 << 20
    private static let pieceBytes = 64 * 1_024

    private(set) var descriptor: Int32
    private var incoming = MessageBuffer()
    private var outgoing: [[UInt8]] = []
    /// Bytes of the first outgoing message that are gone.
    private var sentBytes = 0
    /// The host has closed its end.
    private(set) var isClosed = false

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close() }

    /// Whether something waits to be sent.
    var isSending: Bool { !outgoing.isEmpty && !isClosed }

    func close() {
        if descriptor >= 0 { closeDescriptor(descriptor) }
        descriptor = -1
        isClosed = true
    }

    func send(_ request: HostRequest) {
        outgoing.append(request.encoded())
        flush()
    }

    /// Sends what the host takes now.
    func flush() {
        while !isClosed, let first = outgoing.first {
            let count = first.withUnsafeBytes { bytes in
                write(UnsafeRawBufferPointer(rebasing: bytes[sentBytes...]))
            }
            guard count > 0 else {
                if count < 0, errno == EPIPE || errno == ECONNRESET { isClosed = true }
                return
            }
            sentBytes += count
            if sentBytes == first.count {
                outgoing.removeFirst()
                sentBytes = 0
            }
        }
    }

    /// Whole messages that have come.
    func receive() throws(ContractError) -> [HostAnswer] {
        read()
        var answers: [HostAnswer] = []
        while let message = try incoming.next() {
            answers.append(try HostAnswer(kind: message.kind, payload: message.payload))
        }
        return answers
    }

    private func read() {
        guard descriptor >= 0 else { return }
        var total = 0
        withUnsafeTemporaryAllocation(byteCount: Self.pieceBytes, alignment: 16) { piece in
            while total < Self.readBytesMax {
                let count = recv(descriptor, piece.baseAddress, piece.count, Int32(MSG_DONTWAIT))
                if count == 0 || (count < 0 && errno == ECONNRESET) { isClosed = true }
                guard count > 0 else { return }
                incoming.add(UnsafeRawBufferPointer(rebasing: piece[..<count]))
                total += count
            }
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Darwin)
            Darwin.send(descriptor, bytes.baseAddress, bytes.count, MSG_DONTWAIT)
        #else
            Glibc.send(
                descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
        #endif
    }
}

private func closeDescriptor(_ descriptor: Int32) { _ = close(descriptor) }
