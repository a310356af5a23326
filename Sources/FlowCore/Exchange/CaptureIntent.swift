/// A capture as it is noted in shared memory in the block in which it was pressed.
struct CaptureIntent: BitwiseCopyable {
    var id = TakeID.none()
    var slot = 0
    var source = 0
    var fromFrame: Int64 = 0
    var toFrame: Int64 = 0
    var originBeat: Int64 = 0
    var lengthBeats: Int64 = 0
    var offsetFrames: Int64 = 0
    var framesPerBeat: Int64 = 1
    var bars: Int64 = 0
    var pressFrame: Int64 = 0
    /// What is to be told of it again; whether it was recovered is not part of it.
    var marks = EventMarks()

    @_noLocks @_noAllocation
    init() {}
}

extension RingMemory {
    /// Fills an entry whose state is 0; that comes last, so that a crash leaves no half entry.
    ///
    /// - Thread: audio.
    @_noLocks @_noAllocation
    func write(_ intent: CaptureIntent, entry: Int) {
        setIntent(entry, 1, Int64(bitPattern: UInt64(intent.id.w0) << 32 | UInt64(intent.id.w1)))
        setIntent(entry, 2, Int64(bitPattern: UInt64(intent.id.w2) << 32 | UInt64(intent.id.w3)))
        setIntent(entry, 3, Int64(intent.slot))
        setIntent(entry, 4, Int64(intent.source))
        setIntent(entry, 5, intent.fromFrame)
        setIntent(entry, 6, intent.toFrame)
        setIntent(entry, 7, intent.originBeat)
        setIntent(entry, 8, intent.lengthBeats)
        setIntent(entry, 9, intent.offsetFrames)
        setIntent(entry, 10, intent.framesPerBeat)
        setIntent(entry, 11, intent.bars)
        setIntent(entry, 12, intent.pressFrame)
        setIntent(entry, RingMemory.marksField, RingMemory.bits(of: intent.marks))
        intentState(entry).pointee.store(1)
    }

    @_noLocks @_noAllocation
    func setIntent(_ entry: Int, _ field: Int, _ value: Int64) {
        intent(entry, field).pointee.store(UInt64(bitPattern: value))
    }

    /// Reads an entry in use; nil also for one that no capture can have written.
    ///
    /// - Thread: control.
    func readIntent(_ entry: Int) -> CaptureIntent? {
        guard intentState(entry).pointee.load() == 1 else { return nil }
        func word(_ field: Int) -> UInt64 { intent(entry, field).pointee.load() }
        func signed(_ field: Int) -> Int64 { Int64(bitPattern: word(field)) }
        let id = TakeID(
            w0: UInt32(truncatingIfNeeded: word(1) >> 32),
            w1: UInt32(truncatingIfNeeded: word(1)),
            w2: UInt32(truncatingIfNeeded: word(2) >> 32),
            w3: UInt32(truncatingIfNeeded: word(2)))
        var found = CaptureIntent()
        found.id = id
        found.slot = Int(signed(3))
        found.source = Int(signed(4))
        found.fromFrame = signed(5)
        found.toFrame = signed(6)
        found.originBeat = signed(7)
        found.lengthBeats = signed(8)
        found.offsetFrames = signed(9)
        found.framesPerBeat = signed(10)
        found.bars = signed(11)
        found.pressFrame = signed(12)
        found.marks = RingMemory.marks(of: signed(RingMemory.marksField))
        return isPossible(found) ? found : nil
    }

    /// Whether numbers from shared memory can be computed with: a trap would meet every next engine.
    private func isPossible(_ intent: CaptureIntent) -> Bool {
        intent.fromFrame >= 0 && intent.fromFrame < intent.toFrame
            && intent.toFrame < RingMemory.frameMax
            && intent.toFrame - intent.fromFrame <= Int64(capacityFrames)
            && (0..<channelCount / 2).contains(intent.source) && intent.slot >= 0
            && intent.framesPerBeat > 0 && intent.bars > 0
    }
}

extension RingMemory {
    private static let marksField = 15
    private static let acrossChangeBit: Int64 = 1
    private static let taintedBit: Int64 = 2
    private static let overdubBit: Int64 = 4

    @_noLocks @_noAllocation
    private static func bits(of marks: EventMarks) -> Int64 {
        (marks.isAcrossChange ? acrossChangeBit : 0) | (marks.isTainted ? taintedBit : 0)
            | (marks.isOverdub ? overdubBit : 0)
    }

    private static func marks(of bits: Int64) -> EventMarks {
        var marks = EventMarks()
        marks.isAcrossChange = bits & acrossChangeBit != 0
        marks.isTainted = bits & taintedBit != 0
        marks.isOverdub = bits & overdubBit != 0
        return marks
    }

    /// Notes with the capture of this entry that these frames of a source are damaged, if its window
    /// has some of them.
    ///
    /// - Thread: audio.
    /// - Returns: its take, when that was whole until now; else none.
    @_noLocks @_noAllocation
    func taintIntent(
        _ entry: Int, of source: Int, from start: Int64, to end: Int64
    ) -> TakeID {
        if intentState(entry).pointee.load() != 1 { return TakeID.none() }
        if intent(entry, 4).pointee.load() != UInt64(source) { return TakeID.none() }
        let from = Int64(bitPattern: intent(entry, 5).pointee.load())
        let to = Int64(bitPattern: intent(entry, 6).pointee.load())
        if from >= end || to <= start { return TakeID.none() }
        let bits = Int64(bitPattern: intent(entry, RingMemory.marksField).pointee.load())
        if bits & RingMemory.taintedBit != 0 { return TakeID.none() }
        setIntent(entry, RingMemory.marksField, bits | RingMemory.taintedBit)
        let high = intent(entry, 1).pointee.load()
        let low = intent(entry, 2).pointee.load()
        return TakeID(
            w0: UInt32(truncatingIfNeeded: high >> 32), w1: UInt32(truncatingIfNeeded: high),
            w2: UInt32(truncatingIfNeeded: low >> 32), w3: UInt32(truncatingIfNeeded: low))
    }
}
