import Foundation

/// All loops in memory, found by take: those that play, and a cache of those that played.
///
/// The least recently used go when the cache is full, never one that the audio thread holds, nor the
/// one that came last: whoever had it made has not taken it yet.
///
/// - Thread: any but audio.
final class LoopPool: @unchecked Sendable {
    private final class Entry {
        let audio: LoopAudio
        let view: UnsafeMutablePointer<LoopView>
        /// Times the audio thread holds it.
        var uses = 0
        var lastUse: UInt64 = 0

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

    private let lock = NSLock()
    private let byteLimit: Int
    private var entries: [TakeID: Entry] = [:]
    private var newest = TakeID.none()
    private var clock: UInt64 = 0
    private var bytes = 0

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    /// Bytes of all loops in memory.
    var byteCount: Int { lock.withLock { bytes } }

    /// Keeps a finished loop, seam and all; a take that is there already keeps its old one.
    func insert(id: TakeID, audio: LoopAudio, framesPerBeat: Double) {
        lock.withLock {
            guard entries[id] == nil else { return }
            let entry = Entry(id: id, audio: audio, framesPerBeat: framesPerBeat)
            entries[id] = entry
            newest = id
            bytes += entry.byteCount
            touch(entry)
            evict()
        }
    }

    func contains(_ id: TakeID) -> Bool { lock.withLock { entries[id] != nil } }

    /// Hands the take's loop to the audio thread; `release` takes it back. Nil = not in memory.
    func acquire(_ id: TakeID) -> LoopHandle? {
        lock.withLock {
            guard let entry = entries[id] else { return nil }
            entry.uses += 1
            touch(entry)
            return LoopHandle(entry.view)
        }
    }

    /// The audio thread no longer holds it.
    func release(_ handle: LoopHandle) {
        lock.withLock {
            guard let entry = entries[handle.view().id], entry.uses > 0 else { return }
            entry.uses -= 1
            touch(entry)
            evict()
        }
    }

    private func touch(_ entry: Entry) {
        clock += 1
        entry.lastUse = clock
    }

    private func evict() {
        while bytes > byteLimit {
            let idle = entries.filter { $0.value.uses == 0 && $0.key != newest }
            guard let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
            bytes -= oldest.value.byteCount
            entries[oldest.key] = nil
        }
    }
}
