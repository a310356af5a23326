import CFlowLeaf
import Foundation

/// All loops in memory, found by take: those that play, and a cache of those that played.
///
/// The least recently used go when the cache is full, never one that somebody holds, nor one that was
/// asked for a moment ago: whoever did is about to let it play, perhaps together with others.
///
/// - Thread: any but audio.
final class LoopPool: @unchecked Sendable {
    private final class Entry {
        let audio: LoopAudio
        let view: UnsafeMutablePointer<LoopView>
        /// Times it is held: by the audio thread, or by whoever makes another of it.
        var uses = 0
        var lastUse: UInt64 = 0
        var askedNs = Int64.min / 2

        var byteCount: Int { (audio.frameCount + audio.preRollFrames) * 8 }

        init(id: TakeID, audio: LoopAudio, framesPerBeat: Double) {
            self.audio = audio
            view = .allocate(capacity: 1)
            view.initialize(
                to: LoopView(
                    samples: UnsafePointer(audio.samples), frames: audio.frameCount,
                    framesPerBeat: framesPerBeat, id: id))
        }

        deinit { view.deallocate() }
    }

    /// Longer than any group of loads is waited for.
    static let keptNs: Int64 = 30_000_000_000

    private let lock = NSLock()
    private let byteLimit: Int
    private let keptNs: Int64
    private let now: @Sendable () -> Int64
    /// Called with each loop that comes in and was not captured by this run, before it can be used.
    var onForeign: (@Sendable (TakeID, LoopAudio, Double) -> Void)?
    private var entries: [TakeID: Entry] = [:]
    private var clock: UInt64 = 0
    private var bytes = 0

    /// What was asked for stays for `keptNs`, by the clock `now`.
    init(
        byteLimit: Int, keptNs: Int64 = LoopPool.keptNs,
        now: @escaping @Sendable () -> Int64 = { flow_monotonic_ns() }
    ) {
        self.byteLimit = byteLimit
        self.keptNs = keptNs
        self.now = now
    }

    /// Bytes of all loops in memory.
    var byteCount: Int { lock.withLock { bytes } }

    /// How often loops are held.
    var useCount: Int { lock.withLock { entries.values.reduce(0) { $0 + $1.uses } } }

    /// Bytes of those that were asked for a moment ago and that nobody holds.
    var askedByteCount: Int {
        lock.withLock {
            let oldest = now() - keptNs
            return entries.values.reduce(0) { sum, entry in
                entry.uses == 0 && entry.askedNs > oldest ? sum + entry.byteCount : sum
            }
        }
    }

    /// Keeps a finished loop that was asked for, seam and all; a take that is there already keeps its
    /// old one.
    func insert(id: TakeID, audio: LoopAudio, framesPerBeat: Double) {
        if !contains(id) { onForeign?(id, audio, framesPerBeat) }
        lock.withLock {
            entry(id, audio, framesPerBeat).askedNs = now()
            evict()
        }
    }

    /// As `insert`, for the audio thread: it holds the loop from the first moment on.
    @discardableResult
    func insertHeld(id: TakeID, audio: LoopAudio, framesPerBeat: Double) -> LoopHandle {
        lock.withLock {
            let entry = entry(id, audio, framesPerBeat)
            entry.uses += 1
            evict()
            return LoopHandle(entry.view)
        }
    }

    func contains(_ id: TakeID) -> Bool { lock.withLock { entries[id] != nil } }

    /// Whether the loop is there, and lacks some of what belongs to it.
    func isIncomplete(_ id: TakeID) -> Bool {
        lock.withLock { entries[id]?.audio.isIncomplete ?? false }
    }

    /// Whether the loop is in memory; it then stays there for whoever asked.
    func keep(_ id: TakeID) -> Bool {
        lock.withLock {
            guard let entry = entries[id] else { return false }
            entry.askedNs = now()
            touch(entry)
            return true
        }
    }

    /// Holds the take's loop until it is given to `release`. Nil = not in memory.
    func acquire(_ id: TakeID) -> LoopHandle? {
        lock.withLock {
            guard let entry = entries[id] else { return nil }
            entry.uses += 1
            touch(entry)
            return LoopHandle(entry.view)
        }
    }

    /// It is no longer held.
    func release(_ handle: LoopHandle) {
        lock.withLock {
            guard let entry = entries[handle.view().id], entry.uses > 0 else { return }
            entry.uses -= 1
            touch(entry)
            evict()
        }
    }

    private func entry(_ id: TakeID, _ audio: LoopAudio, _ framesPerBeat: Double) -> Entry {
        if let entry = entries[id] { return entry }
        let entry = Entry(id: id, audio: audio, framesPerBeat: framesPerBeat)
        entries[id] = entry
        bytes += entry.byteCount
        touch(entry)
        return entry
    }

    private func touch(_ entry: Entry) {
        clock += 1
        entry.lastUse = clock
    }

    private func evict() {
        guard bytes > byteLimit else { return }
        let oldest = now() - keptNs
        let idle = entries.filter { $0.value.uses == 0 && $0.value.askedNs <= oldest }
        for (id, entry) in idle.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
            if bytes <= byteLimit { return }
            bytes -= entry.byteCount
            entries[id] = nil
        }
    }
}
