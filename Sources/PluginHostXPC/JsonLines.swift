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

/// What a line can say, as the JSON it will be.
struct JsonValue {
    let text: String

    static func string(_ value: String) -> JsonValue { JsonValue(text: quoted(value)) }
    static func int(_ value: Int) -> JsonValue { JsonValue(text: String(value)) }
    static func bool(_ value: Bool) -> JsonValue { JsonValue(text: value ? "true" : "false") }

    /// A number that JSON has no word for becomes null.
    static func number(_ value: Double) -> JsonValue {
        JsonValue(text: value.isFinite ? "\(value)" : "null")
    }

    static func object(_ pairs: [(String, JsonValue)]) -> JsonValue {
        let parts = pairs.map { quoted($0.0) + ":" + $0.1.text }
        return JsonValue(text: "{" + parts.joined(separator: ",") + "}")
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
