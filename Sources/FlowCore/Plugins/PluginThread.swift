import CFlowLeaf

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A named thread that can be waited for; it lives until its body returns.
final class PluginThread {
    private final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    private let thread: pthread_t

    /// Starts `body`; nil when the system gives no thread.
    init?(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Body(name: name, run: body))
        #if canImport(Darwin)
            var made: pthread_t?
            let failure = pthread_create(
                &made, nil,
                { raw in
                    PluginThread.run(raw)
                    return nil
                }, box.toOpaque())
            guard failure == 0, let made else {
                box.release()
                return nil
            }
            thread = made
        #else
            var made = pthread_t()
            let failure = pthread_create(
                &made, nil,
                { raw in
                    if let raw { PluginThread.run(raw) }
                    return nil
                }, box.toOpaque())
            guard failure == 0 else {
                box.release()
                return nil
            }
            thread = made
        #endif
    }

    /// Waits until the body has returned.
    func join() { pthread_join(thread, nil) }

    private static func run(_ raw: UnsafeMutableRawPointer) {
        let body = Unmanaged<Body>.fromOpaque(raw).takeRetainedValue()
        flow_thread_name(body.name)
        body.run()
    }
}
