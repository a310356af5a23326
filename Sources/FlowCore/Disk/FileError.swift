#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The file operation that failed.
enum FileOperation: String, Sendable {
    case makeFolder
    case list
    case create
    case open
    case rename
    case touch
    case remove
    case syncFolder
    case statistics
    case write
    case read
    case length
    case truncate
    case reserve
    case sync
    case format
}

/// A file operation that failed, on what, and the system's error number.
struct FileError: Error, Equatable, CustomStringConvertible {
    let operation: FileOperation
    let path: String
    let code: Int32

    init(_ operation: FileOperation, path: String = "", code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    static let inputOutput = EIO
    static let noSpace = ENOSPC
    static let interrupted = EINTR
    static let missing = ENOENT
    static let nameTaken = EEXIST
    /// The bytes are not what they should be.
    static let damaged = EBADMSG

    var isInterruption: Bool { code == EINTR }

    /// Too many files are open, or memory is short: this says nothing about the file.
    var isShortage: Bool { [EMFILE, ENFILE, ENOMEM].contains(code) }

    /// Space may come back: the same file can go on then.
    var isFull: Bool { code == ENOSPC || code == EDQUOT }

    var description: String { "\(operation.rawValue) \(path): error \(code)" }
}
