#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// One line of JSON for whoever started this process.
///
/// Plug-ins write to the standard output as they like; it is theirs no more: what was standard output
/// becomes ours alone, and their words go to standard error.
struct JsonLines {
    private let descriptor: Int32

    init() {
        descriptor = dup(STDOUT_FILENO)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        dup2(STDERR_FILENO, STDOUT_FILENO)
    }

    /// Writes `value` and a line feed in one piece as far as the pipe takes it.
    func write(_ value: JsonValue) {
        var bytes = Array((value.text + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { send(descriptor, $0) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    private func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Darwin)
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}

/// What a line can say.
enum JsonValue {
    case string(String)
    case int(Int)
    case number(Double)
    case bool(Bool)
    case list([JsonValue])
    case object([(String, JsonValue)])

    /// The value as JSON; a number that JSON has no word for becomes null.
    var text: String {
        switch self {
        case .string(let value): return Self.quoted(value)
        case .int(let value): return String(value)
        case .number(let value): return value.isFinite ? "\(value)" : "null"
        case .bool(let value): return value ? "true" : "false"
        case .list(let values): return "[" + values.map(\.text).joined(separator: ",") + "]"
        case .object(let pairs):
            let parts = pairs.map { Self.quoted($0.0) + ":" + $0.1.text }
            return "{" + parts.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ value: String) -> String {
        var out = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
