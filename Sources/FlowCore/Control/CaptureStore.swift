import CFlowLeaf
import Foundation

/// Owns the capture ring's memory: makes it, or takes over the one a dead engine left.
///
/// - Thread: control for making and closing; as a feed any but the audio thread.
final class CaptureStore: SpoolFeed, @unchecked Sendable {
    let sampleRateHz: Int
    let memory: RingMemory
    var firstFrame: UInt64 { memory.firstFrame().pointee.load() }
    let diskCursor: UInt64
    /// False when shared memory is too small: the look-back then dies with the process.
    let isShared: Bool
    /// What the engine before left; nil in a new run.
    let inherited: Inheritance?

    var channelCount: Int { memory.channelCount }
    /// The block being written overwrites the oldest frames before it is published.
    var ringFrames: UInt64 {
        UInt64(memory.capacityFrames - min(Limits.blockFramesMax, memory.capacityFrames / 2))
    }

    private var segment: flow_shared
    private let name: String
    private let runId: [UInt32]
    private let settling = NSLock()

    /// What an engine that died left in the ring.
    struct Inheritance {
        let anchor: RingAnchor
        /// One past its last frame: from here to `firstFrame` nobody listened.
        let endFrame: Int64
        /// Of each source.
        let heardFrames: [Int64]
        let intents: [CaptureIntent]
    }

    /// How the ring shall be.
    struct Shape {
        let name: String
        let runId: [UInt32]
        let sampleRateHz: Int
        let channelCount: Int
        let capacityFrames: Int
        let mayAdopt: Bool
    }

    init(_ shape: Shape) throws(EngineError) {
        name = shape.name
        runId = shape.runId
        sampleRateHz = shape.sampleRateHz
        if shape.mayAdopt, let found = try CaptureStore.adopt(shape) {
            segment = found.segment
            memory = found.memory
            inherited = found.inheritance
            let end = UInt64(found.inheritance.endFrame)
            memory.firstFrame().pointee.store(end)
            diskCursor = min(memory.diskCursor().pointee.load(), end)
            isShared = true
            return
        }
        let bytes = RingMemory.bytes(
            capacityFrames: shape.capacityFrames, channelCount: shape.channelCount)
        var made = flow_shared(base: nil, bytes: 0, fd: -1)
        isShared = !shape.name.isEmpty && flow_shared_create(shape.name, bytes, &made) == 0
        if !isShared, flow_anonymous_create(bytes, &made) != 0 {
            throw EngineError(code: ErrorCode.lookbackVolatile, detail: "no memory for the ring")
        }
        guard let base = made.base else {
            throw EngineError(code: ErrorCode.lookbackVolatile, detail: "no memory for the ring")
        }
        segment = made
        memory = RingMemory(
            base: base, capacityFrames: shape.capacityFrames, channelCount: shape.channelCount)
        inherited = nil
        diskCursor = 0
        OverflowShelf.removeAll(besideRing: shape.name)
        CaptureStore.sign(memory, shape)
    }

    deinit { flow_shared_close(&segment) }

    /// Whether a capture is still owed to the disk or to the store.
    func hasIntents() -> Bool {
        (0..<RingMemory.intentCount).contains { memory.readIntent($0) != nil }
    }

    /// Takes the name away, and what lies beside it: a clean end, the next engine begins a new run.
    func unlink() {
        if isShared { _ = flow_shared_unlink(name) }
        OverflowShelf.removeAll(besideRing: name)
    }

    /// Where what outgrows the ring lies; nil when the ring itself is private.
    var shelf: OverflowShelf? {
        guard isShared else { return nil }
        return OverflowShelf(
            ringName: name, runId: runId, sampleRateHz: sampleRateHz, channelCount: channelCount)
    }

    /// Decides the first frame of this engine, rendered at `nowNs` of the monotonic clock.
    ///
    /// After an adoption the timeline went on while nobody listened: that hole is silence. Called
    /// again it goes on from where it left off. It stands still rather than push out of the ring what is
    /// `owed` to the disk.
    func resume(atNs nowNs: Int64, owedFrom owed: UInt64? = nil) -> Int64 {
        guard inherited != nil else { return 0 }
        let known = Int64(newestFrame())
        // With as much room as the disk's threads take to be the only ones who have what is oldest.
        let margin = min(UInt64(2 * SpoolDrain.marginSeconds * sampleRateHz), ringFrames / 4)
        let last = owed.map { Int64($0 + ringFrames - margin) } ?? .max
        let frame = max(known, min(clockFrame(atNs: nowNs), last))
        // First: what the silence takes the place of went in the pause, not by a slow disk.
        memory.firstFrame().pointee.store(UInt64(frame))
        silence(from: known, to: frame)
        return frame
    }

    /// To where the inherited timeline has gone on by the clock; 0 in a new run.
    func clockFrame(atNs nowNs: Int64) -> Int64 {
        guard let anchor = inherited?.anchor else { return 0 }
        let elapsedNs = max(0, nowNs - anchor.monotonicNs)
        return anchor.frame + Int64((Double(elapsedNs) * Double(sampleRateHz) / 1e9).rounded())
    }

    /// The oldest frame heard by the engine before that disk or store still want from the ring; nil = none.
    /// `kept` is what the overflow has.
    func owedFrame(besides kept: [Range<UInt64>] = []) -> UInt64? {
        guard let inherited, let owed = owedFrame(of: inherited) else { return nil }
        let end = UInt64(inherited.endFrame)
        return FrameRanges.without([owed..<max(owed, end)], kept).first?.lowerBound
    }

    private func owedFrame(of inherited: Inheritance) -> UInt64? {
        let pressed = (0..<RingMemory.intentCount).compactMap { memory.readIntent($0) }
            .filter { $0.toFrame <= inherited.endFrame }
            .map { UInt64(max(0, $0.fromFrame)) }.min()
        let unsaved = memory.diskCursor().pointee.load()
        guard unsaved < UInt64(inherited.endFrame) else { return pressed }
        return min(unsaved, pressed ?? .max)
    }

    func newestFrame() -> UInt64 { memory.writeFrame().pointee.load() }

    func oldestFrame() -> UInt64 {
        let newest = newestFrame()
        return newest - min(newest, ringFrames)
    }

    func holes() -> [Range<UInt64>] {
        guard let end = inherited.map({ UInt64($0.endFrame) }), end < firstFrame else { return [] }
        return [end..<firstFrame]
    }

    func copy(from frame: UInt64, frames: Int, into out: UnsafeMutablePointer<Float>) -> Bool {
        guard frames >= 0, frame + UInt64(frames) <= newestFrame(), frame >= oldestFrame() else {
            return false
        }
        var done = 0
        while done < frames {
            let place = Int((frame + UInt64(done)) % UInt64(memory.capacityFrames))
            let run = min(frames - done, memory.capacityFrames - place)
            (out + done * channelCount).update(
                from: memory.samples() + place * channelCount, count: run * channelCount)
            done += run
        }
        AtomicCell.fence()
        return frame >= oldestFrame()
    }

    /// Notes one of the two things that make a capture safe; after both its intent is given up.
    ///
    /// - Thread: any but audio.
    func settle(_ id: TakeID, _ part: RingMemory.Settled) {
        settling.withLock { memory.settle(id, part) }
    }

    func setDiskCursor(_ frame: UInt64) { memory.diskCursor().pointee.store(frame) }
}

extension CaptureStore {
    private struct Found {
        let segment: flow_shared
        let memory: RingMemory
        let inheritance: Inheritance
    }

    /// The ring of that name, if it is of this run and whole; as long as the one that left it made it.
    private static func adopt(_ shape: Shape) throws(EngineError) -> Found? {
        guard let left = LeftRing(name: shape.name, runId: shape.runId) else { return nil }
        guard left.sampleRateHz == shape.sampleRateHz, left.channelCount == shape.channelCount
        else {
            throw EngineError(
                code: ErrorCode.ringOther,
                detail: "it is of \(left.channelCount / 2) sources at \(left.sampleRateHz) Hz")
        }
        var segment = flow_shared(base: nil, bytes: 0, fd: -1)
        guard flow_shared_open(shape.name, &segment) == 0, let base = segment.base else {
            return nil
        }
        let memory = RingMemory(
            base: base, capacityFrames: left.capacityFrames, channelCount: left.channelCount)
        guard let anchor = memory.readAnchor(),
            anchor.grid.framesPerBeat > 0, anchor.grid.beatsPerBar > 0
        else {
            flow_shared_close(&segment)
            return nil
        }
        let end = Int64(bitPattern: memory.writeFrame().pointee.load())
        let inheritance = Inheritance(
            anchor: anchor, endFrame: end,
            heardFrames: (0..<shape.channelCount / 2).map {
                Int64(bitPattern: memory.heardFrame($0).pointee.load())
            },
            intents: (0..<RingMemory.intentCount).compactMap { memory.readIntent($0) })
        return Found(segment: segment, memory: memory, inheritance: inheritance)
    }

    /// Writes who this ring belongs to; the magic last, so that a half-made ring is none.
    private static func sign(_ memory: RingMemory, _ shape: Shape) {
        let shapeWords = [
            (RingMemory.Word.sampleRateHz, UInt64(shape.sampleRateHz)),
            (RingMemory.Word.channelCount, UInt64(shape.channelCount)),
            (RingMemory.Word.capacityFrames, UInt64(shape.capacityFrames)),
        ]
        let owner = LeftRing.owner(shape.runId)
        for (word, value) in shapeWords + owner where word != RingMemory.Word.magic {
            memory.word(word).pointee.store(value)
        }
        memory.word(RingMemory.Word.magic).pointee.store(RingMemory.magic)
    }

    /// Nobody listened here: the frames are zero in the ring.
    ///
    /// Published piece by piece, as blocks are: a reader of the oldest frames learns in time that
    /// they go.
    private func silence(from start: Int64, to end: Int64) {
        let first = max(start, end - Int64(memory.capacityFrames))
        var frame = first
        while frame < end {
            let place = Int(frame % Int64(memory.capacityFrames))
            let run = min(
                Int(end - frame), memory.capacityFrames - place, Limits.blockFramesMax,
                memory.capacityFrames / 2)
            (memory.samples() + place * channelCount).update(
                repeating: 0, count: run * channelCount)
            frame += Int64(run)
            memory.writeFrame().pointee.store(UInt64(frame))
        }
    }
}
