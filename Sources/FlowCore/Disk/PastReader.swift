/// Reads any frames of the past that are still there: out of the ring, and what that has lost out of
/// the spool or an older take's files; or out of the files of an earlier run.
///
/// - Thread: load.
struct PastReader: Sendable {
    /// What the seam may need of the sound before the window.
    private static let preRollMs = 50

    let files: any FileSystem
    /// The spool of this run; empty when nothing is spooled.
    let folder: String
    let feed: any SpoolFeed
    /// Source 0 without its plug-ins; nil = nobody keeps it.
    var dry: (any SpoolFeed)?
    /// Frames of this run that no file will ever hold.
    let gaps: [Range<UInt64>]

    enum Answer {
        /// Its sound, and the frames of it that the spool's files have.
        case kept(LoopAudio, inSpool: [Range<UInt64>])
        /// Not all of it is there; the longest part that is, empty when there is none.
        case partly(Range<UInt64>)
        /// It is all there, and cannot be held until it has files.
        case noMemory
        case unreadable(isDamaged: Bool)
    }

    func read(_ window: TakeWindow) -> Answer {
        let sound = TakeSound(
            of: window, feed: feed, dry: dry, files: files, spoolFolder: folder)
        let most = window.fromFrame - min(window.fromFrame, UInt64(Limits.rateHzMax))
        let spooled = sound.spooled(in: most..<window.toFrame)
        let held = sound.held(in: most..<window.toFrame, spooled: spooled, without: gaps)
        guard let piece = held.first(where: { $0.clamped(to: window.frames) == window.frames })
        else {
            let parts = held.map { $0.clamped(to: window.frames) }
            return .partly(parts.max { $0.count < $1.count } ?? window.fromFrame..<window.fromFrame)
        }
        do throws(FileError) {
            let wanted = UInt64(try sound.sampleRateHz() * Self.preRollMs / 1_000)
            let before = window.fromFrame - min(wanted, window.fromFrame - piece.lowerBound)
            let preRoll = try sound.frames(before..<window.fromFrame)
            let frames = try sound.frames(window.frames)
            let audio = LoopAudio(
                samples: frames.handOn(), frameCount: frames.frameCount,
                preRoll: preRoll.handOn(), preRollFrames: preRoll.frameCount)
            audio.isIncomplete = preRoll.frameCount < Int(min(wanted, window.fromFrame))
            return .kept(audio, inSpool: spooled)
        } catch {
            return .unreadable(isDamaged: error.code == FileError.damaged)
        }
    }

    static func report(_ id: TakeID, _ answer: Answer) -> DiskReport {
        switch answer {
        case .kept(let audio, _): .takeLoaded(id: id, code: 0, audio: audio)
        case .partly(let range): .rangeNotKept(id: id, kept: range)
        case .noMemory: .takeLoaded(id: id, code: ErrorCode.loopMemory, audio: nil)
        case .unreadable(let isDamaged):
            .takeLoaded(
                id: id, code: isDamaged ? ErrorCode.takeDamaged : ErrorCode.takeUnreadable,
                audio: nil)
        }
    }
}

extension SpoolDesk {
    /// Keeps what was found until it has files; `noMemory` when that is not possible.
    func keep(_ answer: PastReader.Answer, as window: TakeWindow) -> PastReader.Answer {
        guard case .kept(let audio, let inSpool) = answer else { return answer }
        return keepPast(window, audio, inSpool: inSpool) ? answer : .noMemory
    }
}
