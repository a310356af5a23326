#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

#if canImport(AudioToolbox)
    import Dispatch
    import Foundation

    /// How the main thread waits for its socket: in the run loop, where plug-ins have their timers and
    /// what they put off.
    final class SocketWait {
        private let reading: any DispatchSourceRead
        private let writing: any DispatchSourceWrite

        init(_ descriptor: Int32) {
            reading = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .main)
            writing = DispatchSource.makeWriteSource(fileDescriptor: descriptor, queue: .main)
            // They only end the wait.
            reading.setEventHandler {}
            writing.setEventHandler {}
        }

        /// Waits for one of the events; what came of them is in `watched`. False when nothing did.
        func wait(for watched: inout pollfd, _ milliseconds: Int32) -> Bool {
            let wanted = [
                watched.events & Int16(POLLIN) == 0 ? nil : reading as any DispatchSourceProtocol,
                watched.events & Int16(POLLOUT) == 0 ? nil : writing,
            ].compactMap { $0 }
            for source in wanted { source.resume() }
            _ = RunLoop.main.run(
                mode: .default, before: Date(timeIntervalSinceNow: Double(milliseconds) / 1000))
            for source in wanted { source.suspend() }
            return poll(&watched, 1, 0) > 0
        }
    }
#else
    /// How the main thread waits for its socket.
    struct SocketWait {
        init(_ descriptor: Int32) {}

        /// Waits for one of the events; what came of them is in `watched`. False when nothing did.
        func wait(for watched: inout pollfd, _ milliseconds: Int32) -> Bool {
            poll(&watched, 1, milliseconds) > 0
        }
    }
#endif
