import Foundation

/// Writes the log of a run while it plays; see `LogLine` for what lies on disk.
///
/// - Thread: any but audio. `pump` is called by a thread of its own, or after each step.
/// - Bounds: a reader that falls 10 s behind, or effects that do not fit into their ring, break the
///   log: it says so and the audio never waits. A disk that fails ends the log. Either is told once.
final class LogRecorder: @unchecked Sendable {
    private static let inputFramesMax = 4_096

    private let lock = NSLock()
    private let folder: LogFolder
    private let rings: RenderRings
    private let store: CaptureStore
    private let rateHz: Int
    private let recordsInput: Bool
    private let onFailure: @Sendable () -> Void
    private var digest: MasterDigest
    private var followed: UInt64 = 0
    private var inputFrame: UInt64
    private var group: [LoggedCommand] = []
    private var groupLeft = 0
    private var toldSeconds = 0
    private var isBroken = false
    private var hasFailed = false
    private var isTold = false
    private let scratch: UnsafeMutablePointer<Float>
    private let scratchFrames: Int

    /// Throws when the folder cannot be made. Without the header of its file no input is recorded.
    init(
        path: String, engine: LoggedEngine, inputHeader: Data?, rings: RenderRings,
        store: CaptureStore,
        onFailure: @escaping @Sendable () -> Void
    ) throws {
        self.rings = rings
        self.store = store
        self.onFailure = onFailure
        rateHz = engine.rateHz
        recordsInput = inputHeader != nil
        folder = try LogFolder(path: path, inputHeader: inputHeader)
        digest = MasterDigest(rateHz: engine.rateHz)
        inputFrame = UInt64(engine.firstFrame)
        scratchFrames = Self.inputFramesMax
        scratch = .allocate(capacity: scratchFrames * max(2, store.channelCount))
        var line = LogLine(.log)
        line.version = LogLine.version
        line.abi = fz_abi_hash()
        line.engine = engine
        try folder.add(line)
        try folder.flush()
        try folder.sync()
    }

    deinit { scratch.deallocate() }

    /// Writes what has happened since the last call; syncs whenever a second of the master is over.
    func pump() {
        write {
            let told = toldSeconds
            try follow()
            if toldSeconds > told { try folder.sync() }
        }
    }

    /// A loop that this run did not capture is about to be used.
    func note(_ id: TakeID, _ audio: LoopAudio, framesPerBeat: Double) {
        write {
            let kept = try folder.keep(audio)
            var line = LogLine(.loop)
            line.id = id.hex
            line.file = kept.file
            line.sha = kept.sha
            line.frames = Int64(audio.frameCount)
            line.framesPerBeat = framesPerBeat
            line.isRendered = audio.isRendered
            try folder.add(line)
            try folder.flush()
        }
    }

    /// The device has ended: writes the rest and the digest of the whole master.
    func finish() {
        write {
            try follow()
            var line = LogLine(.end)
            line.frames = digest.frames
            line.sha = digest.finish().hex
            try folder.add(line)
            try folder.flush()
            try folder.sync()
        }
    }

    private func write(_ body: () throws -> Void) {
        lock.withLock {
            guard !hasFailed else { return }
            do {
                try body()
            } catch {
                hasFailed = true
                tellOnce()
            }
        }
    }

    /// The master's end is read first: what acted on those frames is then in the ring of effects.
    private func follow() throws {
        let end = rings.masterTap.handedFrames()
        while let effect = rings.effects.pop() { try tell(effect) }
        if rings.effects.lostCount() > 0 {
            try breakOff("commands came faster than they were logged")
        }
        if recordsInput { try followInput(to: store.newestFrame()) }
        while followed < end {
            let run = min(Int(end - followed), scratchFrames)
            if !rings.masterTap.copy(from: followed, frames: run, into: scratch) {
                try breakOff("the disk was too slow for the log")
            }
            digest.add(scratch, frames: run)
            followed += UInt64(run)
        }
        while toldSeconds < digest.seconds.count {
            var line = LogLine(.second)
            line.n = Int64(toldSeconds)
            line.sha = digest.seconds[toldSeconds].sha.hex
            line.parts = digest.seconds[toldSeconds].parts.map(\.hex).joined()
            try folder.add(line)
            toldSeconds += 1
        }
        try folder.flush()
    }

    private func followInput(to end: UInt64) throws {
        while inputFrame < end {
            let run = min(Int(end - inputFrame), scratchFrames)
            if !store.copy(from: inputFrame, frames: run, into: scratch) {
                try breakOff("the input came round before it was logged")
                scratch.update(repeating: 0, count: run * store.channelCount)
            }
            folder.addInput(scratch, count: run * store.channelCount)
            inputFrame += UInt64(run)
        }
    }

    private func tell(_ effect: Effect) throws {
        switch effect.kind {
        case .command:
            if groupLeft == 0 { groupLeft = effect.command.groupCount }
            group.append(LoggedCommand(effect.command))
            groupLeft -= 1
            guard groupLeft == 0 else { return }
            var line = LogLine(.group)
            line.at = effect.frame
            line.commands = group
            group = []
            try folder.add(line)
        case .refused:
            var line = LogLine(.refused)
            line.at = effect.frame
            line.token = effect.command.token
            line.kind = effect.command.kind
            try folder.add(line)
        case .xrun, .gap:
            var line = LogLine(effect.kind == .xrun ? .xrun : .gap)
            line.at = effect.frame
            line.to = effect.toFrame
            try folder.add(line)
        case .unrepeatable:
            try breakOff("a loop was lost or refused because the computer was too slow")
        }
    }

    /// This log cannot be repeated to its end.
    private func tellOnce() {
        if !isTold { onFailure() }
        isTold = true
    }

    private func breakOff(_ says: String) throws {
        guard !isBroken else { return }
        isBroken = true
        tellOnce()
        var line = LogLine(.broken)
        line.at = rings.status.read().frame
        line.says = says
        try folder.add(line)
    }
}
