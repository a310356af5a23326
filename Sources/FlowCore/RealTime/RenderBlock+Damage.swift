/// What keeps takes honest: each knows whether the sound in its window was damaged.
extension RenderBlock {
    /// Notes that the sound of these frames is not what was played, also with the takes that were
    /// told before their last frames had come.
    @_noLocks @_noAllocation
    mutating func taint(from start: Int64, to end: Int64) {
        for source in 0..<settings.sourceCount { taint(source, from: start, to: end) }
    }

    /// Of one source alone.
    @_noLocks @_noAllocation
    private mutating func taint(_ source: Int, from start: Int64, to end: Int64) {
        if source >= settings.sourceCount { return }
        taintLogs[source].add(from: start, to: end)
        rings.memory.noteDamage(
            source, from: start, to: end, joinFrames: settings.damageJoinFrames())
        owesDamage = true
        var entry = rings.memory.nextIntent(from: 0)
        while entry >= 0 {
            let id = rings.memory.taintIntent(entry, of: source, from: start, to: end)
            entry = rings.memory.nextIntent(from: entry + 1)
            if id.isNone() || rings.events.room() < settings.eventReserve { continue }
            var event = CoreEvent(.tainted)
            event.id = id
            event.fromFrame = start
            event.toFrame = end
            post(event)
        }
    }

    /// Counts a missed deadline that the device noted, and taints what was recorded in it.
    ///
    /// While nobody polls they are told together, later: one a block would fill the event ring. A device may
    /// know of the break before the block that lies in front of it, so this block is tainted too.
    @_noLocks @_noAllocation
    mutating func noticeXruns(count: Int) {
        let seen = xruns.pointee.load()
        if seen == xrunsSeen { return }
        let late = xrunFrames.pointee.load()
        if seen != xrunsTainted {
            clock.forget()
            // What was missed before the first frame of a run is in no take.
            taint(
                from: max(0, frame - Int64(late &- xrunFramesTainted)),
                to: frame + Int64(count) + 1)
            xrunsTainted = seen
            xrunFramesTainted = late
        }
        if rings.events.room() < settings.eventReserve { return }
        note(.xrun, from: frame - Int64(late &- xrunFramesSeen), to: frame)
        var event = CoreEvent(.xrun)
        event.value = Double(late &- xrunFramesSeen)
        event.value2 = Double(seen)
        event.errorCode = settings.dropoutCode
        xrunsSeen = seen
        xrunFramesSeen = late
        post(event)
    }

    /// Tells what was damaged since, at most once a second and source: a take of the past that is fetched
    /// later, in another life of the engine too, is as honest as one that was captured.
    ///
    /// `isLast`: no block follows, so nothing waits for its second.
    @_noLocks @_noAllocation
    mutating func tellDamage(isLast: Bool = false) {
        if !owesDamage { return }
        let restFrames = isLast ? 0 : Int64(settings.rateHz)
        var isOwed = false
        for source in 0..<settings.sourceCount {
            if rings.events.room() >= settings.eventReserve {
                let told = taintLogs[source].takeUntold(at: frame, restFrames: restFrames)
                if told.x < told.y {
                    var event = CoreEvent(.damaged)
                    event.source = source
                    event.fromFrame = told.x
                    event.toFrame = told.y
                    post(event)
                }
            }
            if taintLogs[source].isOwed() { isOwed = true }
        }
        owesDamage = isOwed
    }

    /// Taints what of this stretch's input is beyond full scale.
    ///
    /// Of several pairs the clipped one and the sum that it is in; a sum beyond full scale of pairs
    /// that are not is no damage.
    @_noLocks @_noAllocation
    mutating func noticeClips(_ pairs: InputPairs, _ count: Int) {
        for pair in 0..<pairs.count {
            let clipped = pairs.clipped(pair, frames: count)
            if clipped.first == count { continue }
            let start = frame + Int64(clipped.first)
            let end = frame + Int64(clipped.last) + 1
            if !pairs.isSeveral() || pairMix.isHeard(pair) {
                taint(0, from: start, to: end)
            }
            if pairs.isSeveral() { taint(pair + 1, from: start, to: end) }
        }
    }
}

extension InputPairs {
    /// The first and the last frame of a pair at which it is not below full scale; `frames` and 0
    /// where there is none.
    @_noLocks @_noAllocation
    func clipped(_ pair: Int, frames: Int) -> (first: Int, last: Int) {
        var first = frames
        var last = 0
        for channel in 2 * pair...2 * pair + 1 {
            for index in 0..<frames where abs(sample(channel, index)) >= 1 {
                first = min(first, index)
                last = max(last, index)
            }
        }
        return (first, last)
    }
}
