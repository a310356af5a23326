import Foundation

/// Repeats a log on an engine without device and disk, as fast as it goes.
///
/// Each group is taken in at the frame at which it was, whatever the block: the audio thread holds
/// it until then. What the worker does is done after each block, so that nothing hangs on time.
final class LogReplay {
    struct Outcome {
        var frames: Int64 = 0
        var groups = 0
        var secondsCompared = 0
        /// The first second that is not as recorded, and where the first part of it is that is not.
        var differentSecond: Int?
        var differentFrame: Int64?
        /// Whether the run ended in order: only then the whole was compared.
        var isWhole = false
        var isEqual = false
        var sha: TakeSha
    }

    private let log: LogReader
    private let engine: FlowEngine
    private let blockFrames: Int
    private var digest: MasterDigest
    private var followed: UInt64 = 0
    private var next = 0
    private let scratch: UnsafeMutablePointer<Float>

    private init(_ log: LogReader, blockFrames: Int, outputPath: String) throws(EngineError) {
        self.log = log
        self.blockFrames = blockFrames
        digest = MasterDigest(rateHz: log.engine.rateHz)
        engine = try FlowEngine(LogReplay.configuration(log, outputPath: outputPath))
        scratch = .allocate(capacity: 2 * Limits.blockFramesMax)
        scratch.initialize(repeating: 0, count: 2 * Limits.blockFramesMax)
    }

    deinit { scratch.deallocate() }

    /// Thread: control; returns when all is done.
    static func run(
        logPath: String, blockFrames: Int, outputPath: String
    ) throws(EngineError) -> Outcome {
        do throws(LogReader.Fault) {
            let log = try LogReader(path: logPath)
            let replay = try LogReplay.make(log, blockFrames, outputPath)
            return try replay.play()
        } catch {
            throw EngineError(code: error.code, detail: error.says)
        }
    }

    private static func make(
        _ log: LogReader, _ blockFrames: Int, _ outputPath: String
    ) throws(LogReader.Fault) -> LogReplay {
        guard (1...Limits.blockFramesMax).contains(blockFrames) else {
            throw LogReader.Fault(says: "a block has 1 to \(Limits.blockFramesMax) frames")
        }
        do throws(EngineError) {
            return try LogReplay(log, blockFrames: blockFrames, outputPath: outputPath)
        } catch {
            throw LogReader.Fault(says: error.detail)
        }
    }

    private static func configuration(
        _ log: LogReader, outputPath: String
    ) throws(EngineError) -> EngineConfiguration {
        let logged = log.engine
        var configuration = EngineConfiguration()
        configuration.sampleRateHz = logged.rateHz
        configuration.slotCount = logged.slotCount
        configuration.sourceCount = logged.sourceCount
        configuration.ringSecondsMax = logged.ringSecondsMax
        configuration.bpm = logged.bpm
        configuration.outputPath = outputPath
        configuration.logPath = log.folder
        configuration.isReplay = true
        if logged.playsDemo { configuration.flags |= ConfigFlags.demoPlayer }
        configuration.replayedKind = logged.deviceKind
        if logged.monitors { configuration.flags |= ConfigFlags.monitor }
        if !logged.playsDemo {
            configuration.inputPath = log.folder + "/" + LogLine.inputName
        }
        guard configuration.isValid else {
            throw EngineError(code: ErrorCode.logFile, detail: "its first line is out of bounds")
        }
        return configuration
    }

    private func play() throws(LogReader.Fault) -> Outcome {
        do throws(EngineError) { try engine.start() } catch {
            throw LogReader.Fault(says: error.detail)
        }
        defer {
            engine.stop()
            _ = engine.retire()
        }
        let end = try endFrame()
        while engine.block.pointee.frame < end {
            let frame = engine.block.pointee.frame
            var run = Int(min(Int64(blockFrames), end - frame))
            try feed(upTo: frame, &run)
            guard engine.step(frames: run) else { throw LogReader.Fault(says: "no steps") }
            // Its events are of no use, but they take room.
            _ = engine.events.poll(capacity: 65_536) { _ in }
            if engine.block.pointee.heldFrame() < engine.block.pointee.frame {
                throw LogReader.Fault(says: "a command could not be taken in at \(frame)")
            }
            follow()
        }
        return outcome()
    }

    /// A run that did not end in order is repeated as far as its seconds and its input are known.
    private func endFrame() throws(LogReader.Fault) -> Int64 {
        let known = log.end?.frames ?? Int64(log.seconds.count * log.engine.rateHz)
        guard let input = engine.headless?.inputFrames, Int64(input) < known else { return known }
        guard log.end == nil else {
            throw LogReader.Fault(says: "\(LogLine.inputName) ends at frame \(input) of \(known)")
        }
        return Int64(input)
    }

    /// Sends all that falls into the block from `frame` on; shortens it where something has to wait
    /// for what is played first.
    private func feed(upTo frame: Int64, _ run: inout Int) throws(LogReader.Fault) {
        while next < log.steps.count {
            switch log.steps[next] {
            case .loop(let id, let file, let sha, let frames, let framesPerBeat):
                let audio = try log.loop(file, sha: sha, frames: frames)
                engine.pool.insert(id: id, audio: audio, framesPerBeat: framesPerBeat)
            case .group(let at, let group):
                if at >= frame + Int64(run) { return }
                guard at >= frame else { throw LogReader.Fault(says: "frame \(at) comes twice") }
                var copy = group
                if engine.intake.replay(&copy) != 0 {
                    if at > frame {
                        run = Int(at - frame)
                        return
                    }
                    throw LogReader.Fault(says: "what sounds from frame \(at) on is not in it")
                }
            }
            next += 1
        }
    }

    private func follow() {
        let end = engine.rings.masterTap.handedFrames()
        while followed < end {
            let run = min(Int(end - followed), Limits.blockFramesMax)
            _ = engine.rings.masterTap.copy(from: followed, frames: run, into: scratch)
            digest.add(scratch, frames: run)
            followed += UInt64(run)
        }
    }

    /// First frame of the first part of this second that is not as recorded.
    private func differentFrame(in second: Int) -> Int64 {
        let recorded = log.seconds[second].parts
        let place = digest.seconds[second].parts.enumerated().first { index, crc in
            recorded.dropFirst(8 * index).prefix(8) != crc.hex
        }
        let part = MasterDigest.partFrames(rateHz: digest.rateHz)
        return Int64(second * digest.rateHz + (place?.offset ?? 0) * part)
    }

    private func outcome() -> Outcome {
        var outcome = Outcome(sha: digest.finish())
        outcome.frames = digest.frames
        outcome.groups = log.steps.reduce(0) { sum, step in
            if case .group = step { return sum + 1 }
            return sum
        }
        outcome.secondsCompared = min(log.seconds.count, digest.seconds.count)
        outcome.differentSecond = (0..<outcome.secondsCompared).first {
            digest.seconds[$0].sha.hex != log.seconds[$0].sha
        }
        outcome.differentFrame = outcome.differentSecond.map(differentFrame)
        outcome.isWhole = log.end != nil
        let isSameWhole = log.end.map { $0.sha == outcome.sha.hex } ?? true
        outcome.isEqual = outcome.differentSecond == nil && isSameWhole
        if !outcome.isEqual, outcome.differentSecond == nil {
            outcome.differentSecond = outcome.secondsCompared
            outcome.differentFrame = Int64(outcome.secondsCompared * log.engine.rateHz)
        }
        return outcome
    }
}

extension LogReplay.Outcome {
    func write(to report: ReplayReport) {
        report.frames = Double(frames)
        report.groups = Double(groups)
        report.secondsCompared = Double(secondsCompared)
        report.differentSecond = Double(differentSecond ?? -1)
        report.differentFrame = Double(differentFrame ?? -1)
        report.isWhole = isWhole ? 1 : 0
        report.isEqual = isEqual ? 1 : 0
        for (index, word) in sha.list.enumerated() { report.sha[index] = word }
    }
}
