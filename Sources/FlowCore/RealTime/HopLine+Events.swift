/// Parameters and notes that go with a hop's next block.
extension HopLine {
    /// Where a plug-in stands in this hop; −1 = it does not.
    @_noLocks @_noAllocation
    func place(of instance: UInt32) -> Int {
        for index in 0..<instanceCount where instances[index] == instance { return index }
        return -1
    }

    /// A parameter takes a value, 0 to 1, from the next frame on.
    ///
    /// Of too many the newest are kept.
    @_noLocks @_noAllocation
    mutating func addPoint(_ instance: UInt32, param: UInt32, value: Float) {
        if pointCount == 64 {
            for index in 1..<64 { points[index - 1] = points[index] }
            pointCount = 63
        }
        points[pointCount] = BlockPoint(
            instance: instance, param: param, offset: waiting(), value: value)
        pointCount += 1
    }

    /// A key goes down or up at the next frame.
    ///
    /// Of too many the newest are kept, and no key stays down.
    @_noLocks @_noAllocation
    mutating func addNote(_ place: Int, key: Int, isOn: Bool, velocity: Float) {
        if noteCount == 64 {
            let lost = notes[0]
            if lost.isOn == 0 { end(self.place(of: lost.instance), key: Int(lost.note)) }
            for index in 1..<64 { notes[index - 1] = notes[index] }
            noteCount = 63
        }
        notes[noteCount] = BlockNote(
            instance: instances[place], offset: waiting(),
            note: UInt16(truncatingIfNeeded: key), isOn: isOn ? 1 : 0, velocity: velocity)
        noteCount += 1
    }

    /// All keys go up, also those that are still on their way.
    @_noLocks @_noAllocation
    mutating func endNotes() {
        noteCount = 0
        for word in 0..<2 * instanceCount { ends[word] |= held[word] }
    }

    /// Nobody is there who could hear of them; keys that are down in a host go up with its next block.
    @_noLocks @_noAllocation
    mutating func dropEvents() {
        pointCount = 0
        endNotes()
    }

    /// The host begins a new life, without keys.
    @_noLocks @_noAllocation
    mutating func forgetKeys() {
        for word in 0..<2 * instanceCount {
            held[word] = 0
            ends[word] = 0
        }
    }

    /// Writes all that waits into a block; keys beyond what it holds go up in the next.
    @_noLocks @_noAllocation
    mutating func writeEvents(_ slots: OutgoingSlots, _ seq: UInt64, frames: Int) {
        let last = UInt32(truncatingIfNeeded: frames - 1)
        let toPoints = slots.points(seq)
        for index in 0..<pointCount {
            toPoints[index] = points[index]
            if toPoints[index].offset > last { toPoints[index].offset = last }
        }
        let toNotes = slots.notes(seq)
        var count = 0
        for place in 0..<instanceCount {
            count = writeEnds(toNotes, count, place: place)
        }
        for index in 0..<noteCount {
            toNotes[count] = notes[index]
            if toNotes[count].offset > last { toNotes[count].offset = last }
            hold(notes[index])
            count += 1
        }
        slots.head(seq).pointee.pointCount = UInt32(truncatingIfNeeded: pointCount)
        slots.head(seq).pointee.noteCount = UInt32(truncatingIfNeeded: count)
        pointCount = 0
        noteCount = 0
    }

    /// Frames that go before what comes next in the next block.
    @_noLocks @_noAllocation
    private func waiting() -> UInt32 { UInt32(truncatingIfNeeded: position - postedTo) }

    /// The keys of one plug-in that shall go up, as many as there is room for.
    @_noLocks @_noAllocation
    private mutating func writeEnds(
        _ to: UnsafeMutablePointer<BlockNote>, _ written: Int, place: Int
    ) -> Int {
        var count = written
        for word in 2 * place..<2 * place + 2 {
            if ends[word] == 0 { continue }
            for bit in 0..<64 {
                let mask = UInt64(1) &<< UInt64(bit)
                if ends[word] & mask == 0 || count + noteCount >= 64 { continue }
                ends[word] &= ~mask
                held[word] &= ~mask
                to[count] = BlockNote(
                    instance: instances[place], offset: 0,
                    note: UInt16(truncatingIfNeeded: 64 * (word & 1) + bit), isOn: 0, velocity: 0)
                count += 1
            }
        }
        return count
    }

    @_noLocks @_noAllocation
    private mutating func hold(_ note: BlockNote) {
        let place = place(of: note.instance)
        if place < 0 { return }
        let word = 2 * place + Int(note.note) / 64
        let mask = UInt64(1) &<< UInt64(note.note % 64)
        held[word] = note.isOn == 0 ? held[word] & ~mask : held[word] | mask
    }

    @_noLocks @_noAllocation
    private mutating func end(_ place: Int, key: Int) {
        if place < 0 { return }
        ends[2 * place + key / 64] |= UInt64(1) &<< UInt64(key % 64)
    }
}
