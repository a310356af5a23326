/// What goes to the host and comes back; nobody waits for it, and nothing it writes is believed.
extension HopLine {
    /// Takes the results that have come, at the start of a block, at that time.
    @_noLocks @_noAllocation
    mutating func collect(atNs: Int64) {
        nowNs = atNs
        hasBlock = false
        isBlockThere = true
        isBlockMissed = false
        hasHost = false
        if let lease = port.acquire() {
            let lane = lease.pointee.lane(lane)
            follow(lease.pointee.laneEpoch(generation: generation), lane)
            take(lane)
            hasHost = true
        }
        port.release()
    }

    /// Posts what went in since the last time, with its parameters and notes.
    ///
    /// At the end of a block; the host is marked to be woken. A host that is so far behind that its slots are full gets nothing.
    @_noLocks @_noAllocation
    mutating func post(_ time: HopTime, _ bells: UnsafeMutablePointer<HostBells>) {
        endBlock()
        if let lease = port.acquire() {
            let lane = lease.pointee.lane(lane)
            follow(lease.pointee.laneEpoch(generation: generation), lane)
            if postedTo < position { bells.pointee.mark(port) }
            while postedTo < position, postOne(lane, time) {}
        } else {
            dropEvents()
        }
        port.release()
        if postedTo < position {
            postedTo = position
            isDiscontinuous = true
        }
    }

    /// Whether the oldest block that is not answered was asked for long enough ago: an engine that makes
    /// up for lost time asks for the next ones at once, which no host is to blame for.
    @_noLocks @_noAllocation
    func hadItsTime() -> Bool {
        taken >= posted || nowNs - postedNs[Int((taken + 1) % 8)] >= needNs
    }

    @_noLocks @_noAllocation
    private mutating func endBlock() {
        if !hasBlock { return }
        goodBlocks = isBlockThere ? min(goodBlocks + 1, 8) : 0
        port.count(lane: lane, isWet: isWet || isCarried, isMissed: isBlockMissed)
    }

    /// A new life or another stream begins: nothing of the old one is expected any more.
    @_noLocks @_noAllocation
    private mutating func follow(_ newEpoch: UInt64, _ hostLane: HostLane) {
        if newEpoch == epoch { return }
        let isOtherLife = newEpoch >> 32 != epoch >> 32
        // What its plug-ins brought along from the chain before is down in this life.
        let isFirst = epoch == 0
        epoch = newEpoch
        if !isOtherLife { return }
        // Who had the lane before may have left blocks in it.
        posted = hostLane.posted.pointee.load()
        taken = posted
        isDiscontinuous = true
        if !isFirst { forgetKeys() }
        expectNothing()
    }

    /// Copies the results that have come into their ring, in order.
    @_noLocks @_noAllocation
    private mutating func take(_ lane: HostLane) {
        let done = lane.done.pointee.load()
        if done > posted { return }
        while taken < done {
            taken += 1
            // Its slot was used again: too old to be of any use.
            if posted - taken > HostLane.outstandingMax() { continue }
            let index = Int(taken % 8)
            let slots = lane.incoming
            if slots.seq(taken).pointee.load() != taken { continue }
            if slots.head(taken).pointee.epoch != epoch { continue }
            if Int(slots.head(taken).pointee.frames) != lengths[index] { continue }
            if !copy(slots, taken, start: starts[index], length: lengths[index]) {
                port.countScrubbed(lane: self.lane)
                continue
            }
            if starts[index] != wetEnd { wetStart = starts[index] }
            wetEnd = starts[index] + lengths[index]
        }
    }

    /// One look at each sample: a host that scribbles while we read cannot pass the check.
    @_noLocks @_noAllocation
    private func copy(_ slots: IncomingSlots, _ seq: UInt64, start: Int, length: Int) -> Bool {
        let fromLeft = slots.samples(seq, channel: 0)
        let fromRight = slots.samples(seq, channel: 1)
        for index in 0..<length {
            let (l, r) = (fromLeft[index], fromRight[index])
            // A comparison with NaN is false.
            let isSound = l > -16 && l < 16 && r > -16 && r < 16
            if !isSound { return false }
            let at = 2 * ((start + index) & wetMask)
            wet[at] = l
            wet[at + 1] = r
        }
        return true
    }

    /// Posts one block of what waits; false when there is no slot free.
    @_noLocks @_noAllocation
    private mutating func postOne(_ lane: HostLane, _ time: HopTime) -> Bool {
        let done = lane.done.pointee.load()
        if done > posted || posted - done >= HostLane.outstandingMax() { return false }
        let seq = posted + 1
        let count = min(position - postedTo, blockFramesMax)
        let slots = lane.outgoing
        let toLeft = slots.samples(seq, channel: 0)
        let toRight = slots.samples(seq, channel: 1)
        for index in 0..<count {
            let at = 2 * ((postedTo + index) & dryMask)
            toLeft[index] = dry[at]
            toRight[index] = dry[at + 1]
        }
        let head = slots.head(seq)
        time.write(to: head, framesAgo: position - postedTo)
        if isDiscontinuous { head.pointee.flags |= 1 }
        head.pointee.epoch = epoch
        head.pointee.frames = UInt32(truncatingIfNeeded: count)
        writeEvents(slots, seq, frames: count)
        slots.seq(seq).pointee.store(seq)
        starts[Int(seq % 8)] = postedTo
        lengths[Int(seq % 8)] = count
        postedNs[Int(seq % 8)] = nowNs
        isDiscontinuous = false
        postedTo += count
        posted = seq
        lane.posted.pointee.store(seq)
        return true
    }
}
