/// Reads frames of the timeline out of a take's own files: its window, and what was kept around it.
///
/// A file that is not what its name promises is left out.
///
/// - Thread: any one at a time.
final class TakeFileReader {
    private struct Piece {
        let frames: Range<UInt64>
        let file: any RawFile
        let header: WavHeader
        /// Where in the file its first frame is.
        let firstInFile: UInt64
    }

    /// What the files hold, in one piece; empty when the window's file cannot be had.
    let frames: Range<UInt64>
    private let pieces: [Piece]

    init(files: any FileSystem, _ take: TakeFiles) {
        guard let window = try? Self.open(take.path, files),
            window.frameCount == UInt64(take.window.count)
        else {
            frames = take.window.lowerBound..<take.window.lowerBound
            pieces = []
            return
        }
        var found = [
            Piece(frames: take.window, file: window.file, header: window.header, firstInFile: 0)
        ]
        let before = min(UInt64(max(0, take.preFrames)), take.window.lowerBound)
        if !take.rollsPath.isEmpty, let rolls = try? Self.open(take.rollsPath, files),
            rolls.frameCount >= before
        {
            let (from, to) = (take.window.lowerBound, take.window.upperBound)
            let after = to..<to + rolls.frameCount - before
            found.append(
                Piece(
                    frames: from - before..<from, file: rolls.file, header: rolls.header,
                    firstInFile: 0))
            found.append(
                Piece(
                    frames: after, file: rolls.file, header: rolls.header, firstInFile: before))
        }
        pieces = found
        frames = FrameRanges.joined(found.map(\.frames)).first ?? take.window
    }

    var sampleRateHz: Int? { pieces.first?.header.sampleRateHz }

    /// Copies stereo frames; throws when any of the range is in no file.
    func read(
        _ range: Range<UInt64>, into out: UnsafeMutablePointer<Float>
    ) throws(FileError) {
        guard range.clamped(to: frames) == range else {
            throw FileError(.read, code: FileError.missing)
        }
        for piece in pieces {
            let part = piece.frames.clamped(to: range)
            if part.isEmpty { continue }
            let inFile = piece.firstInFile + part.lowerBound - piece.frames.lowerBound
            let bytes = UnsafeMutableRawBufferPointer(
                start: out + 2 * Int(part.lowerBound - range.lowerBound), count: 8 * part.count)
            let offset = piece.header.byteOffset(of: inFile)
            if try piece.file.readAll(into: bytes, at: offset) != bytes.count {
                throw FileError(.read, code: FileError.damaged)
            }
        }
    }

    private static func open(
        _ path: String, _ files: any FileSystem
    ) throws(FileError) -> (file: any RawFile, header: WavHeader, frameCount: UInt64) {
        let file = try files.open(path, writable: false)
        let header = try file.readWavHeader()
        guard header.channelCount == 2, try file.isNamedByContents(path) else {
            throw FileError(.read, path: path, code: FileError.damaged)
        }
        return (file, header, header.frames(inFileOf: try file.byteCount()))
    }
}
