/// What keeps takes honest: each knows whether the sound in its window was damaged.
extension RenderBlock {
    /// Notes that the sound of these frames is not what was played, also with the takes that were
    /// told before their last frames had come.
    @_noLocks @_noAllocation
    mutating func taint(from start: Int64, to end: Int64) {
        taintLog.add(from: start, to: end)
        for entry in rings.memory.intentEntries() {
            let id = rings.memory.taintIntent(entry, from: start, to: end)
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
    /// While nobody polls they are told together, later: one a block would fill the event ring.
    @_noLocks @_noAllocation
    mutating func noticeXruns() {
        let seen = xruns.pointee.load()
        if seen == xrunsSeen { return }
        let late = xrunFrames.pointee.load()
        if seen != xrunsTainted {
            clock.forget()
            taint(from: frame - Int64(late &- xrunFramesTainted), to: frame + 1)
            xrunsTainted = seen
            xrunFramesTainted = late
        }
        if rings.events.room() < settings.eventReserve { return }
        var event = CoreEvent(.xrun)
        event.value = Double(late &- xrunFramesSeen)
        event.value2 = Double(seen)
        event.errorCode = settings.dropoutCode
        xrunsSeen = seen
        xrunFramesSeen = late
        post(event)
    }

    /// Taints what of this stretch's input is beyond full scale.
    @_noLocks @_noAllocation
    mutating func noticeClips(_ count: Int) {
        var first = 0
        while first < 2 * count, abs(input[first]) < 1 { first += 1 }
        if first == 2 * count { return }
        var last = 2 * count - 1
        while abs(input[last]) < 1 { last -= 1 }
        taint(from: frame + Int64(first / 2), to: frame + Int64(last / 2) + 1)
    }
}
