import CFlowLeaf

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Starts a detached thread that runs `body` once.
///
/// Detached because a thread that hangs in a dead disk can never be joined.
///
/// - Returns: false when the system gives no thread.
func startDiskThread(_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
    let box = Unmanaged.passRetained(DiskThreadBody(name: name, run: body))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    defer { pthread_attr_destroy(&attributes) }
    #if canImport(Darwin)
        var thread: pthread_t?
    #else
        var thread = pthread_t()
    #endif
    let code = pthread_create(&thread, &attributes, runDiskThread, box.toOpaque())
    if code != 0 { box.release() }
    return code == 0
}

private final class DiskThreadBody: Sendable {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, run: @escaping @Sendable () -> Void) {
        self.name = name
        self.run = run
    }
}

private func runBody(_ raw: UnsafeMutableRawPointer) {
    let body = Unmanaged<DiskThreadBody>.fromOpaque(raw).takeRetainedValue()
    flow_thread_name(body.name)
    body.run()
}

#if canImport(Darwin)
    private func runDiskThread(_ raw: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        runBody(raw)
        return nil
    }
#else
    private func runDiskThread(_ raw: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        if let raw { runBody(raw) }
        return nil
    }
#endif
