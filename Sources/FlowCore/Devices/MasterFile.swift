import Foundation

/// The master as a growing Float32 WAV file; frame `n` of the file is frame `n` of the timeline.
///
/// The device hands blocks over without waiting; a thread writes them. Where a block was never handed
/// over, or the disk was slower than the buffer, the file holds silence of that length, and a file
/// beside it says where (`MasterGaps`).
final class MasterFile: @unchecked Sendable {
    /// What writing has come upon.
    enum Trouble: Equatable {
        /// Nothing more is written. Said once.
        case failed(String)
        /// The disk was too slow: the file has holes since the last time, `frames` long in all.
        case gap(fromFrame: Int64, toFrame: Int64, frames: Int64)
    }

    /// 22 seconds at 48 kHz.
    static let bufferFramesDefault = 1 << 20
    private static let headerBytes = 58
    private static let pieceFrames = 1 << 16
    /// Of the buffer, what a hole makes free besides, so that few long ones come of a slow disk.
    private static let freedShare: Int64 = 4

    let buffer: MasterBuffer
    private let file: FileHandle
    private let gaps: MasterGaps
    private let sampleRateHz: Int
    private let lock = NSLock()
    private let piece: UnsafeMutablePointer<Float>
    /// Frames in the file.
    private var written: Int64 = 0
    private var headerFrames: Int64 = 0
    private var failure = ""
    private var untold: Trouble?
    private var toldAt: Int64 = .min

    /// Goes on in a file that an engine of this run left when it `resumes`, else begins anew.
    init(
        path: String, sampleRateHz: Int, resumes: Bool,
        bufferFrames: Int = MasterFile.bufferFramesDefault
    ) throws(DeviceError) {
        gaps = MasterGaps(besideFile: path)
        let found = FileManager.default.fileExists(atPath: path)
        if !(resumes && found) {
            gaps.forget()
            guard FileManager.default.createFile(atPath: path, contents: nil) else {
                throw DeviceError(code: ErrorCode.outputFile, detail: "\(path) cannot be made")
            }
        }
        guard let file = FileHandle(forUpdatingAtPath: path) else {
            throw DeviceError(code: ErrorCode.outputFile, detail: "\(path) cannot be written")
        }
        self.file = file
        self.sampleRateHz = sampleRateHz
        buffer = MasterBuffer(capacityFrames: bufferFrames)
        piece = .allocate(capacity: 2 * MasterFile.pieceFrames)
        do {
            let bytes = try file.seekToEnd()
            written = Int64(max(0, Int(bytes) - MasterFile.headerBytes) / 8)
            try writeHeader()
        } catch {
            throw DeviceError(code: ErrorCode.outputFile, detail: "\(path): \(error)")
        }
    }

    deinit { piece.deallocate() }

    /// The next block handed over begins at `frame`; what the file holds beyond is of another run.
    ///
    /// - Thread: control, before the first block.
    func begin(at frame: Int64) {
        buffer.begin(at: frame)
        lock.withLock {
            guard written > frame else { return }
            written = frame
            try? file.truncate(atOffset: byteOffset(of: frame))
            try? gaps.cut(at: frame)
            try? writeHeader()
        }
    }

    /// Writes what was handed over since the last call. Thread: the writer's, or control.
    func drain() -> Trouble? { drain(isLast: false) }

    /// Writes the rest and the header's final sizes.
    func close() -> Trouble? {
        let trouble = drain(isLast: true)
        lock.withLock {
            try? writeHeader()
            try? file.close()
        }
        return trouble
    }

    private func drain(isLast: Bool) -> Trouble? {
        lock.withLock {
            guard failure.isEmpty else { return nil }
            do {
                try writeNew()
                if written - headerFrames >= Int64(sampleRateHz) { try writeHeader() }
                return takeUntold(isLast: isLast)
            } catch {
                failure = "\(error)"
                // Nobody shall wait for it.
                buffer.release(before: .max / 2)
                return .failed(failure)
            }
        }
    }

    /// Holes are told at most once a second of sound.
    private func takeUntold(isLast: Bool) -> Trouble? {
        guard let told = untold, isLast || written - Int64(sampleRateHz) >= toldAt else {
            return nil
        }
        untold = nil
        toldAt = written
        return told
    }

    private func writeNew() throws {
        let end = buffer.handed
        while written < end {
            if written < buffer.oldest {
                try writeHole()
                continue
            }
            let run = Int(min(end - written, Int64(MasterFile.pieceFrames)))
            guard buffer.copy(from: written, frames: run, into: piece) else { continue }
            try file.seek(toOffset: byteOffset(of: written))
            try file.write(
                contentsOf: Data(bytesNoCopy: piece, count: 8 * run, deallocator: .none))
            written += Int64(run)
            buffer.release(before: written)
        }
    }

    /// Silence for what is not in the buffer, declared before it is written.
    private func writeHole() throws {
        let from = written
        // Before the first frame no engine played, which is told elsewhere.
        let isOvertaken = from >= buffer.firstFrame
        let freed = buffer.capacityFrames / MasterFile.freedShare
        let to = isOvertaken ? min(buffer.oldest + freed, buffer.handed) : buffer.firstFrame
        try gaps.add(MasterGaps.Gap(fromFrame: from, toFrame: to))
        try file.truncate(atOffset: byteOffset(of: from))
        try file.truncate(atOffset: byteOffset(of: to))
        written = to
        buffer.release(before: written)
        guard isOvertaken else { return }
        if case .gap(let first, _, let frames) = untold {
            untold = .gap(fromFrame: first, toFrame: to, frames: frames + to - from)
        } else {
            untold = .gap(fromFrame: from, toFrame: to, frames: to - from)
        }
    }

    private func byteOffset(of frame: Int64) -> UInt64 {
        UInt64(Int64(MasterFile.headerBytes) + 8 * frame)
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
