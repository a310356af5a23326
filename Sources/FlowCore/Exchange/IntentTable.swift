/// The captures that wait for the disk, where an engine after a crash finds them.
///
/// A capture lies in one of the places behind the one its id gives: finding it, or room for it, takes
/// the same few steps however many wait. Entries are claimed by the audio thread alone.
extension RingMemory {
    /// Captures that may wait for the disk at the same time; `LIMITS.intentCount`.
    static let intentCount = 4_096

    /// Places that one may lie in: all of them are taken only when half of the table is.
    private static let placeCount = 64
    /// Entries of one part of the table; there are as many parts as a word has bits.
    private static let partCount = 64

    @_noLocks @_noAllocation
    private func place(_ id: TakeID, _ step: Int) -> Int {
        let high = UInt64(id.w0) << 32 | UInt64(id.w1)
        let low = UInt64(id.w2) << 32 | UInt64(id.w3)
        let mixed = (high ^ (low << 1 | low >> 63)) &* 0x9e37_79b9_7f4a_7c15
        return (Int(truncatingIfNeeded: mixed >> 52) + step) & (RingMemory.intentCount - 1)
    }

    /// Whether there is room to note this capture, or it was noted before.
    ///
    /// - Thread: audio.
    @_noLocks @_noAllocation
    func canNote(_ id: TakeID) -> Bool { entry(of: id) >= 0 || freeEntry(for: id) >= 0 }

    /// Notes a capture, if there is room.
    ///
    /// One that was noted before keeps the slot it was noted for.
    ///
    /// - Thread: audio.
    @_noLocks @_noAllocation
    func note(_ intent: CaptureIntent) {
        var intent = intent
        let earlier = entry(of: intent.id)
        if earlier >= 0 {
            intent.slot = Int(truncatingIfNeeded: self.intent(earlier, 3).pointee.load())
        }
        let entry = freeEntry(for: intent.id)
        // No room: what was noted before stands.
        if entry < 0 { return }
        intentState(entry).pointee.store(0)
        let bit: UInt64 = 1 &<< UInt64(entry / RingMemory.partCount)
        intentParts().pointee.store(intentParts().pointee.load() | bit)
        setIntent(entry, Settled.stored.rawValue, 0)
        setIntent(entry, Settled.filed.rawValue, 0)
        write(intent, entry: entry)
        // Not before: a crash finds one of the two.
        if earlier >= 0 { intentState(earlier).pointee.store(0) }
    }

    /// Where this capture is noted; −1 = nowhere.
    @_noLocks @_noAllocation
    private func entry(of id: TakeID) -> Int {
        for step in 0..<RingMemory.placeCount where isNoted(id, place(id, step)) {
            return place(id, step)
        }
        return -1
    }

    @_noLocks @_noAllocation
    private func isNoted(_ id: TakeID, _ entry: Int) -> Bool {
        intentState(entry).pointee.load() == 1
            && intent(entry, 1).pointee.load() == UInt64(id.w0) << 32 | UInt64(id.w1)
            && intent(entry, 2).pointee.load() == UInt64(id.w2) << 32 | UInt64(id.w3)
    }

    /// Entries of a capture: two when a crash came while one took the other's place.
    private func entries(of id: TakeID) -> [Int] {
        (0..<RingMemory.placeCount).map { place(id, $0) }.filter { isNoted(id, $0) }
    }

    /// Where a capture can be noted; −1 = nowhere.
    ///
    /// Where all places are taken, one whose sound is in a file of its own gives way: that file is found
    /// without it.
    @_noLocks @_noAllocation
    private func freeEntry(for id: TakeID) -> Int {
        var filed = -1
        for step in 0..<RingMemory.placeCount {
            let entry = place(id, step)
            if intentState(entry).pointee.load() == 0 { return entry }
            if filed < 0, intent(entry, Settled.filed.rawValue).pointee.load() == 1 {
                filed = entry
            }
        }
        return filed
    }

    /// The first capture at or behind an entry; −1 = there is none.
    ///
    /// - Thread: audio.
    @_noLocks @_noAllocation
    func nextIntent(from first: Int) -> Int {
        var entry = first
        while entry < RingMemory.intentCount {
            let part = entry / RingMemory.partCount
            let bit: UInt64 = 1 &<< UInt64(part)
            let end = (part + 1) * RingMemory.partCount
            let parts = intentParts().pointee.load()
            let isAll = entry == part * RingMemory.partCount
            if parts & bit == 0 { entry = end }
            while entry < end {
                if intentState(entry).pointee.load() == 1 { return entry }
                entry += 1
            }
            if isAll && parts & bit != 0 { intentParts().pointee.store(parts & ~bit) }
        }
        return -1
    }

    /// Frees the entry of a capture that was called off.
    ///
    /// - Thread: audio.
    @_noLocks @_noAllocation
    func dropIntent(of id: TakeID) {
        let found = entry(of: id)
        if found >= 0 { intentState(found).pointee.store(0) }
    }

    /// What must both be true before an intent is given up; the word that notes it.
    enum Settled: Int {
        /// The store holds the take's row.
        case stored = 13
        /// The sound is in a file of its own.
        case filed = 14
    }

    /// Notes that one of the two is done; frees the entry after both.
    ///
    /// - Thread: any but audio, one at a time.
    func settle(_ id: TakeID, _ part: Settled) {
        for entry in entries(of: id) {
            setIntent(entry, part.rawValue, 1)
            let isSafe = [Settled.stored, .filed].allSatisfy {
                intent(entry, $0.rawValue).pointee.load() == 1
            }
            if isSafe { intentState(entry).pointee.store(0) }
        }
    }

    /// Frees the entry of this take: its window never became whole.
    ///
    /// - Thread: control.
    func clearIntent(of id: TakeID) {
        for entry in entries(of: id) { intentState(entry).pointee.store(0) }
    }
}
