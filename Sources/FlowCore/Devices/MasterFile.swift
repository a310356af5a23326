import Foundation

/// The master as a growing Float32 WAV file; frame `n` of the file is frame `n` of the timeline.
///
/// The device hands blocks over without waiting; a thread writes them. Where a block was never
/// handed over, or the disk was slower than the buffer, the file holds silence of that length.
final class MasterFile: @unchecked Sendable {
    private static let bufferFrames = 1 << 20
    private static let headerBytes = 58

    private let file: FileHandle
    private let sampleRateHz: Int
    private let lock = NSLock()
    private let buffer: UnsafeMutablePointer<Float>
    /// One past the newest frame in the buffer.
    private let handed: UnsafeMutablePointer<AtomicCell>
    /// Frames in the file.
    private var written: Int64 = 0
    private var headerFrames: Int64 = 0
    private var failure = ""

    /// Goes on in a file that an engine of this run left when it `resumes`, else begins anew.
    init(path: String, sampleRateHz: Int, resumes: Bool) throws(DeviceError) {
        let found = FileManager.default.fileExists(atPath: path)
        if !(resumes && found) {
            guard FileManager.default.createFile(atPath: path, contents: nil) else {
                throw DeviceError(code: ErrorCode.outputFile, detail: "\(path) cannot be made")
            }
        }
        guard let file = FileHandle(forUpdatingAtPath: path) else {
            throw DeviceError(code: ErrorCode.outputFile, detail: "\(path) cannot be written")
        }
        self.file = file
        self.sampleRateHz = sampleRateHz
        buffer = .allocate(capacity: 2 * MasterFile.bufferFrames)
        buffer.initialize(repeating: 0, count: 2 * MasterFile.bufferFrames)
        handed = .allocate(capacity: 1)
        handed.initialize(to: AtomicCell(0))
        do {
            let bytes = try file.seekToEnd()
            written = Int64(max(0, Int(bytes) - MasterFile.headerBytes) / 8)
            try writeHeader()
        } catch {
            throw DeviceError(code: ErrorCode.outputFile, detail: "\(path): \(error)")
        }
    }

    deinit {
        buffer.deallocate()
        handed.deallocate()
    }

    /// The next block handed over begins at `frame`; what the file holds beyond is of another run.
    ///
    /// - Thread: control, before the first block.
    func begin(at frame: Int64) {
        handed.pointee.store(UInt64(frame))
        lock.withLock {
            guard written > frame else { return }
            written = frame
            try? file.truncate(atOffset: UInt64(Int64(MasterFile.headerBytes) + 8 * frame))
            try? writeHeader()
        }
    }

    /// Takes a block. Thread: the device's; bounded, never waits.
    func hand(
        left: UnsafePointer<Float>, right: UnsafePointer<Float>, frames: Int
    ) {
        let start = handed.pointee.loadRelaxed()
        for index in 0..<frames {
            let place = 2 * Int((start &+ UInt64(index)) & UInt64(MasterFile.bufferFrames - 1))
            buffer[place] = left[index]
            buffer[place + 1] = right[index]
        }
        handed.pointee.store(start &+ UInt64(frames))
    }

    /// Writes what was handed over since the last call. Thread: the writer's, or control.
    ///
    /// - Returns: what went wrong for the first time, or nil.
    func drain() -> String? {
        lock.withLock {
            guard failure.isEmpty else { return nil }
            do {
                try writeNew()
                if written - headerFrames >= Int64(sampleRateHz) { try writeHeader() }
                return nil
            } catch {
                failure = "\(error)"
                return failure
            }
        }
    }

    /// Writes the rest and the header's final sizes.
    func close() {
        _ = drain()
        lock.withLock {
            try? writeHeader()
            try? file.close()
        }
    }

    private func writeNew() throws {
        let end = Int64(handed.pointee.load())
        guard end > written else { return }
        try file.seek(toOffset: UInt64(Int64(MasterFile.headerBytes) + 8 * written))
        let kept = Int64(MasterFile.bufferFrames / 2)
        var missing = max(0, end - kept - written)
        while missing > 0 {
            let run = min(missing, kept)
            try file.write(contentsOf: Data(count: Int(8 * run)))
            missing -= run
            written += run
        }
        let mask = Int64(MasterFile.bufferFrames - 1)
        while written < end {
            let place = Int(written & mask)
            let run = min(Int(end - written), MasterFile.bufferFrames - place)
            try file.write(contentsOf: Data(bytes: buffer + 2 * place, count: 8 * run))
            written += Int64(run)
        }
    }

    private func writeHeader() throws {
        try file.seek(toOffset: 0)
        try file.write(contentsOf: header())
        headerFrames = written
    }

    private func header() -> Data {
        let bytes = UInt32(clamping: 8 * written)
        var header = Data()
        func add(_ value: UInt32) { withUnsafeBytes(of: value.littleEndian) { header += $0 } }
        func add(_ value: UInt16) { withUnsafeBytes(of: value.littleEndian) { header += $0 } }
        header += Data("RIFF".utf8)
        add(UInt32(clamping: Int64(bytes) + Int64(MasterFile.headerBytes) - 8))
        header += Data("WAVEfmt ".utf8)
        add(UInt32(18))
        add(UInt16(3))
        add(UInt16(2))
        add(UInt32(sampleRateHz))
        add(UInt32(8 * sampleRateHz))
        add(UInt16(8))
        add(UInt16(32))
        add(UInt16(0))
        header += Data("fact".utf8)
        add(UInt32(4))
        add(UInt32(clamping: written))
        header += Data("data".utf8)
        add(bytes)
        return header
    }
}
