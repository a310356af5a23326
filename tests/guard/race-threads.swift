// Two threads at once, and what ends the program when one of them read something wrong.
#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Runs both sides at once until both have ended.
func race(_ one: @escaping @Sendable () -> Void, _ other: @escaping @Sendable () -> Void) {
    final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    #if canImport(Darwin)
        var thread: pthread_t?
    #else
        var thread = pthread_t()
    #endif
    let body = Unmanaged.passRetained(Body(one)).toOpaque()
    pthread_create(
        &thread, nil,
        { given in
            #if canImport(Darwin)
                Unmanaged<Body>.fromOpaque(given).takeRetainedValue().run()
            #else
                if let given { Unmanaged<Body>.fromOpaque(given).takeRetainedValue().run() }
            #endif
            return nil
        }, body)
    other()
    #if canImport(Darwin)
        if let thread { pthread_join(thread, nil) }
    #else
        pthread_join(thread, nil)
    #endif
}

func require(_ condition: Bool, _ what: String) {
    if !condition {
        print("wrong: \(what)")
        exit(3)
    }
}
