#if canImport(AVFAudio)
    import CFlowApple
    import Foundation

    /// Runs what may raise an Objective-C exception, which would end the process.
    ///
    /// Swift cannot catch one: the graph's edits go through a function in Objective-C that can. What the
    /// body held at that moment is never given back, so it holds little.
    enum AppleGuard {
        private final class Work {
            let body: () throws -> Void
            var failure: (any Error)?

            init(_ body: @escaping () throws -> Void) { self.body = body }
        }

        private static let reasonBytes = 256

        /// - Throws: what was raised or thrown, as ERR_DEVICE_OPEN with `what` before it.
        static func run(
            _ what: String, _ body: @escaping () throws -> Void
        ) throws(DeviceError) {
            let work = Work(body)
            var reason = [CChar](repeating: 0, count: reasonBytes)
            let raised = flow_apple_guard(
                { context in
                    guard let context else { return }
                    let work = Unmanaged<Work>.fromOpaque(context).takeUnretainedValue()
                    do {
                        try work.body()
                    } catch {
                        work.failure = error
                    }
                }, Unmanaged.passUnretained(work).toOpaque(), &reason, reasonBytes)
            guard raised == 0 else {
                throw DeviceError(
                    code: ErrorCode.deviceOpen, detail: "\(what): \(AppleHal.text(reason))")
            }
            if let failure = work.failure {
                throw DeviceError(code: ErrorCode.deviceOpen, detail: "\(what): \(failure)")
            }
        }
    }
#endif
