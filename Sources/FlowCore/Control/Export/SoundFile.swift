/// A file being exported: stereo frames go in, one after the other.
///
/// - Thread: export.
protocol SoundFile: AnyObject {
    /// Samples that were too loud for the format.
    var clipCount: Int { get }

    /// Appends interleaved frames.
    func write(_ samples: UnsafePointer<Float>, frames: Int) throws(ExportError)

    /// Completes the file and makes it survive a power cut.
    ///
    /// - Returns: What identifies its bytes, and how many there are.
    func finish() throws(ExportError) -> (sha: TakeSha, bytes: UInt64)
}

/// WAV, Float32 or 24 bit.
final class WavSoundFile: SoundFile {
    private let file: any RawFile
    private let isFloat: Bool
    private var quantizer = Quantizer()
    private var hash = Sha256()
    private var byteCount: UInt64 = 0
    private var packed: [UInt8] = []

    var clipCount: Int { quantizer.clipCount }

    init(_ file: any RawFile, header: ExportHeader) throws(ExportError) {
        self.file = file
        isFloat = header.isFloat
        let bytes = header.encoded()
        try append(bytes)
    }

    func write(_ samples: UnsafePointer<Float>, frames: Int) throws(ExportError) {
        if isFloat {
            try append(UnsafeRawBufferPointer(start: samples, count: 8 * frames))
            return
        }
        packed.removeAll(keepingCapacity: true)
        for index in 0..<2 * frames {
            let word = quantizer.word(samples[index])
            packed.append(UInt8(truncatingIfNeeded: word))
            packed.append(UInt8(truncatingIfNeeded: word >> 8))
            packed.append(UInt8(truncatingIfNeeded: word >> 16))
        }
        try append(packed)
    }

    func finish() throws(ExportError) -> (sha: TakeSha, bytes: UInt64) {
        do throws(FileError) {
            try file.sync()
        } catch {
            throw .file(error)
        }
        file.close()
        return (hash.finish(), byteCount)
    }

    private func append(_ bytes: [UInt8]) throws(ExportError) {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(ExportError) in try append(buffer) }
        }
        try result.get()
    }

    private func append(_ bytes: UnsafeRawBufferPointer) throws(ExportError) {
        do throws(FileError) {
            try file.writeAll(bytes, at: byteCount)
        } catch {
            throw .file(error)
        }
        hash.add(bytes)
        byteCount += UInt64(bytes.count)
    }
}
