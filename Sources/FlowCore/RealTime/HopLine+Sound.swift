/// What goes through a hop: late, and the host's where that is there in time.
extension HopLine {
    /// Replaces `count` frames by what went in `delayFrames` ago, or what the host made of it.
    ///
    /// When a result is missing the dry sound takes its place within 64 frames, from the last good
    /// sample. After 8 good blocks in a row the host is heard again.
    ///
    /// - Parameters:
    ///   - sound: Interleaved; in and out.
    ///   - count: At most 512.
    ///   - isFilling: Nobody hears what comes out: nothing is missing if the host is not there yet.
    @_noLocks @_noAllocation
    mutating func pass(_ sound: UnsafeMutablePointer<Float>, count: Int, isFilling: Bool) {
        write(sound, count)
        let from = position - pipeFrames
        position += count
        if position - postedTo > waitingMax {
            postedTo = position - waitingMax
            isDiscontinuous = true
        }
        if isFilling {
            read(dry, dryMask, position - count - delayFrames, count, into: sound)
            return
        }
        let isThere = hasHost && wetStart <= from && from + count <= wetEnd
        note(isThere, isOwed: from >= expectedFrom)
        if isWet && !isThere { leaveHost(at: position - count - delayFrames) }
        if isThere && goodBlocks >= 8 {
            isWet = true
            isCarried = false
        }
        if !isWet && fade.isOver() {
            read(dry, dryMask, position - count - delayFrames, count, into: sound)
        } else if isWet && wetGain == 1 && hasInput && fade.isOver() {
            read(wet, wetMask, from, count, into: sound)
        } else {
            mix(sound, count, from: from)
        }
        lastLeft = sound[2 * count - 2]
        lastRight = sound[2 * count - 1]
    }

    /// Whether what comes out is not only what went in.
    @_noLocks @_noAllocation
    func isColored() -> Bool { isWet || !fade.isOver() }

    /// From here on something else goes in: what is on its way is not wanted any more.
    @_noLocks @_noAllocation
    mutating func restart() {
        isCarried = isCarried || isWet
        generation &+= 1
        isDiscontinuous = true
        postedTo = position
        expectNothing()
        isWet = false
        wetGain = 0
        fade = Residue()
    }

    /// No result that was asked for until now is waited for.
    @_noLocks @_noAllocation
    mutating func expectNothing() {
        wetStart = position
        wetEnd = position
        expectedFrom = position
        goodBlocks = 0
    }

    @_noLocks @_noAllocation
    private mutating func note(_ isThere: Bool, isOwed: Bool) {
        hasBlock = true
        if isThere { return }
        isBlockThere = false
        if isOwed && hasHost && hadItsTime() { isBlockMissed = true }
        if isOwed { isCarried = false }
    }

    /// The dry signal goes on from where the output just was.
    @_noLocks @_noAllocation
    private mutating func leaveHost(at frame: Int) {
        isWet = false
        wetGain = 0
        let before = 2 * ((frame - 1) & dryMask)
        fade.begin(left: lastLeft - dry[before], right: lastRight - dry[before + 1])
    }

    @_noLocks @_noAllocation
    private mutating func mix(_ sound: UnsafeMutablePointer<Float>, _ count: Int, from: Int) {
        let dryFrom = position - count - delayFrames
        for index in 0..<count {
            if isWet && wetGain < 1 { wetGain += 1 / 64 }
            let dryAt = 2 * ((dryFrom + index) & dryMask)
            let wetAt = 2 * ((from + index) & wetMask)
            sound[2 * index] = blend(dry[dryAt], wet[wetAt])
            sound[2 * index + 1] = blend(dry[dryAt + 1], wet[wetAt + 1])
            fade.addOne(to: sound + 2 * index)
        }
    }

    /// A host without input adds its sound, another one takes the place of what went in.
    @_noLocks @_noAllocation
    private func blend(_ dry: Float, _ wet: Float) -> Float {
        if !isWet { return dry }
        if !hasInput { return dry + wetGain * wet }
        return wetGain == 1 ? wet : dry + wetGain * (wet - dry)
    }

    @_noLocks @_noAllocation
    private func write(_ sound: UnsafePointer<Float>, _ count: Int) {
        Wide.copy(sound, toRing: dry, at: position & dryMask, length: dryMask + 1, frames: count)
    }

    @_noLocks @_noAllocation
    private func read(
        _ ring: UnsafeMutablePointer<Float>, _ mask: Int, _ from: Int, _ count: Int,
        into sound: UnsafeMutablePointer<Float>
    ) {
        Wide.copy(fromRing: ring, at: from & mask, length: mask + 1, to: sound, frames: count)
    }
}
