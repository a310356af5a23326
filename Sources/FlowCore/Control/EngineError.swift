import Foundation

/// Why an engine could not be made, started or stopped.
struct EngineError: Error {
    /// A code of `protocol/errors.ts`.
    let code: UInt32
    /// What the system said, for the log.
    let detail: String
}

/// The text of the newest failure, for `fz_last_error`.
final class LastError: @unchecked Sendable {
    static let shared = LastError()
    private let lock = NSLock()
    private var text = ""

    func set(_ text: String) { lock.withLock { self.text = text } }

    func get() -> String { lock.withLock { text } }
}
