/// The newest damage of each source, where an engine after a crash finds it.
///
/// Damage is told at most once a second; what an engine owed when it died would be called whole by
/// whatever is made of these frames later.
extension RingMemory {
    /// Ranges of a source that are remembered.
    ///
    /// They lie further apart than `joinFrames`, so these are the last three seconds at least.
    static let damageCount = 24

    /// `frameMax`; the audio thread may read only what this file holds.
    static let damageFrameMax: Int64 = 0x10_0000_0000_0000

    /// Word `field` of a source's note: how many were noted, one that is not used, then the ranges.
    @_noLocks @_noAllocation
    private func damage(_ source: Int, _ field: Int) -> UnsafeMutablePointer<AtomicCell> {
        word(1_088 + 56 * source + field)
    }

    @_noLocks @_noAllocation
    private func set(_ source: Int, _ field: Int, _ value: Int64) {
        damage(source, field).pointee.store(UInt64(bitPattern: value))
    }

    /// How many were noted; of more than fill the places twice only what tells the next place.
    ///
    /// Whatever the word holds, it can be counted on from.
    @_noLocks @_noAllocation
    private func damagesNoted(_ source: Int) -> Int {
        let places = UInt64(RingMemory.damageCount)
        let count = damage(source, 0).pointee.load()
        return Int(truncatingIfNeeded: count < 2 * places ? count : places + count % places)
    }

    /// Whether these can be frames of a run: a trap on what lies in shared memory would meet every
    /// next engine.
    @_noLocks @_noAllocation
    private func isPossible(_ from: Int64, _ to: Int64) -> Bool {
        from >= 0 && from < to && to < RingMemory.damageFrameMax
    }

    /// Notes that these frames of a source are damaged; near what was noted last it is one with that.
    ///
    /// - Thread: audio; control before the first block.
    @_noLocks @_noAllocation
    func noteDamage(_ source: Int, from start: Int64, to end: Int64, joinFrames: Int64) {
        let count = damagesNoted(source)
        if count > 0 {
            let last = 2 + 2 * ((count - 1) % RingMemory.damageCount)
            let from = Int64(bitPattern: damage(source, last).pointee.load())
            let to = Int64(bitPattern: damage(source, last + 1).pointee.load())
            if isPossible(from, to) && start <= to + joinFrames {
                // A crash between the two finds it as long as it was, or longer at its beginning.
                set(source, last, min(from, start))
                set(source, last + 1, max(to, end))
                return
            }
        }
        let next = 2 + 2 * (count % RingMemory.damageCount)
        set(source, next, start)
        set(source, next + 1, end)
        // Last: a crash before it finds neither this one nor, when all places are in use, the oldest.
        set(source, 0, Int64(count + 1))
    }

    /// What was noted of a source, the oldest first; only what frames before this one can be.
    ///
    /// An engine that died within a block may have noted frames that never were in the ring. They are
    /// cut off in the note too, so that nothing that comes later is one with them.
    ///
    /// - Thread: control, while nobody renders.
    func adoptDamage(_ source: Int, before endFrame: Int64) -> [Range<Int64>] {
        let count = damagesNoted(source)
        return (max(0, count - RingMemory.damageCount)..<count).compactMap { index in
            let field = 2 + 2 * (index % RingMemory.damageCount)
            let start = Int64(bitPattern: damage(source, field).pointee.load())
            let noted = Int64(bitPattern: damage(source, field + 1).pointee.load())
            guard isPossible(start, noted) else { return nil }
            let end = min(noted, max(start, endFrame))
            set(source, field + 1, end)
            return start < end ? start..<end : nil
        }
    }
}
