import CVST3

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The text of a fixed-size C field, up to its closing zero.
func text<Field>(of field: inout Field) -> String {
    withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}

/// Runs a call that explains its failure in a buffer.
func withError(
    _ call: (UnsafeMutablePointer<CChar>) -> some BinaryInteger
) -> (code: Int32, text: String) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(VST3_ERROR_BYTES)) { buffer in
        guard let base = buffer.baseAddress else { return (Int32(VST3_NO_MEMORY), "no memory") }
        base[0] = 0
        let code = Int32(call(base))
        return (code, String(cString: base))
    }
}

/// One sentence on standard error.
func sayError(_ text: String) {
    let line = text + "\n"
    _ = write(STDERR_FILENO, line, line.utf8.count)
}

/// Bytes as hexadecimal digits and back.
enum HexText {
    static func of(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }

    /// Nil when `text` is not an even number of hexadecimal digits.
    static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == text.count, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }
}
