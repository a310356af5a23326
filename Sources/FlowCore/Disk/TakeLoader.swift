/// Reads takes back into memory.
///
/// - Thread: load; a slow disk delays only the answer.
struct TakeLoader: Sendable {
    /// What the seam may need of the sound before the window.
    private static let preRollMs = 50

    let files: any FileSystem

    /// Reads a take from its own file, or from the spool's segments.
    ///
    /// - Returns: The audio, or a code of `protocol/errors.ts`: `takeUnreadable` when some of it is in no
    ///   file or a file is not the one that its name promises, `takeNotLoaded` when the disk did not
    ///   answer this time.
    func load(_ request: TakeLoadRequest) -> (code: UInt32, audio: LoopAudio?) {
        let range = request.fromFrame..<max(request.fromFrame, request.toFrame)
        guard !range.isEmpty, range.count <= Limits.loopCacheBytesMax / 8 else {
            return (ErrorCode.takeUnreadable, nil)
        }
        do throws(FileError) {
            switch request.origin {
            case TakeOrigin.file: return (0, try readFile(request, frameCount: range.count))
            case TakeOrigin.spool:
                return (0, try readSpool(request, range))
            default: return (ErrorCode.takeUnreadable, nil)
            }
        } catch {
            let isForGood = [FileError.damaged, FileError.missing].contains(error.code)
            return (isForGood ? ErrorCode.takeUnreadable : ErrorCode.takeNotLoaded, nil)
        }
    }

    private func readFile(
        _ request: TakeLoadRequest, frameCount: Int
    ) throws(FileError) -> LoopAudio {
        if request.path.isEmpty { return try readPostRoll(request, framesMax: frameCount) }
        let file = try files.open(request.path, writable: false)
        let header = try file.readWavHeader()
        guard header.channelCount == 2,
            header.frames(inFileOf: try file.byteCount()) == UInt64(frameCount)
        else { throw FileError(.read, path: request.path, code: FileError.damaged) }
        let frames = try readFrames(0..<UInt64(frameCount), of: file, header)
        if try !file.isNamed(request.path, byHeaderAnd: frames) {
            throw FileError(.read, path: request.path, code: FileError.damaged)
        }
        let audio = makeAudio(frames, preRoll: readPreRoll(request))
        let hasPreRoll = request.preFrames == 0 || audio.preRollFrames > 0
        audio.isIncomplete = request.rollsPath.isEmpty || !hasPreRoll
        return audio
    }

    /// As much of it as there was to keep.
    private func readPostRoll(
        _ request: TakeLoadRequest, framesMax: Int
    ) throws(FileError) -> LoopAudio {
        let file = try files.open(request.rollsPath, writable: false)
        let header = try file.readWavHeader()
        let end = header.frames(inFileOf: try file.byteCount())
        let first = UInt64(max(0, request.preFrames))
        guard header.channelCount == 2, first < end, end <= UInt64(Limits.loopCacheBytesMax / 8)
        else { throw FileError(.read, path: request.rollsPath, code: FileError.damaged) }
        // A file that changed since it was named is not played.
        if try !file.isNamedByContents(request.rollsPath) {
            throw FileError(.read, path: request.rollsPath, code: FileError.damaged)
        }
        let after = first..<min(end, first + UInt64(framesMax))
        return makeAudio(try readFrames(after, of: file, header), preRoll: nil)
    }

    private func makeAudio(_ frames: StereoFrames, preRoll: StereoFrames?) -> LoopAudio {
        LoopAudio(
            samples: frames.handOn(), frameCount: frames.frameCount, preRoll: preRoll?.handOn(),
            preRollFrames: preRoll?.frameCount ?? 0)
    }

    /// The seam can do without: nothing here makes a take unreadable.
    private func readPreRoll(_ request: TakeLoadRequest) -> StereoFrames? {
        guard !request.rollsPath.isEmpty, request.preFrames > 0,
            let file = try? files.open(request.rollsPath, writable: false),
            (try? file.isNamedByContents(request.rollsPath)) == true,
            let header = try? file.readWavHeader(), header.channelCount == 2
        else { return nil }
        let count = min(request.preFrames, header.sampleRateHz * Self.preRollMs / 1000)
        let range = UInt64(request.preFrames - count)..<UInt64(request.preFrames)
        return try? readFrames(range, of: file, header)
    }

    private func readFrames(
        _ range: Range<UInt64>, of file: any RawFile, _ header: WavHeader
    ) throws(FileError) -> StereoFrames {
        let frames = StereoFrames(frameCount: range.count)
        let offset = header.byteOffset(of: range.lowerBound)
        if try file.readAll(into: frames.bytes, at: offset) != frames.byteCount {
            throw FileError(.read, code: FileError.damaged)
        }
        return frames
    }

    private func readSpool(
        _ request: TakeLoadRequest, _ range: Range<UInt64>
    ) throws(FileError) -> LoopAudio {
        let reader = try SpoolReader(files: files, folder: request.path)
        let rate = try reader.sampleRateHz(at: range.lowerBound)
        let wanted = rate * Self.preRollMs / 1000
        let preFrames = reader.framesBefore(range.lowerBound, wanted: wanted)
        let before = range.lowerBound - UInt64(preFrames)..<range.lowerBound
        let preRoll = StereoFrames(frameCount: preFrames)
        let frames = StereoFrames(frameCount: range.count)
        try reader.read(before, source: request.sourceIndex, into: preRoll.samples)
        try reader.read(range, source: request.sourceIndex, into: frames.samples)
        try check(frames, sampleRateHz: rate, against: request.rollsPath)
        let audio = makeAudio(frames, preRoll: preFrames > 0 ? preRoll : nil)
        audio.isIncomplete = preFrames < min(wanted, Int(range.lowerBound))
        return audio
    }

    /// What the spool holds must be what went into the take's file, where there is one.
    private func check(
        _ frames: StereoFrames, sampleRateHz: Int, against path: String
    ) throws(FileError) {
        if path.isEmpty { return }
        let header = WavHeader(
            channelCount: 2, sampleRateHz: sampleRateHz, frameCount: UInt64(frames.frameCount))
        var hash = Sha256()
        header.encoded().withUnsafeBytes { hash.add($0) }
        hash.add(UnsafeRawBufferPointer(frames.bytes))
        if !path.hasSuffix("/\(hash.finish().hex).wav") {
            throw FileError(.read, path: path, code: FileError.damaged)
        }
    }
}
