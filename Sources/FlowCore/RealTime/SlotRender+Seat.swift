/// How a slot with a chain is rendered.
extension SlotPlayer {
    /// Adds the sound of these frames, as it comes out of the seat's chain, to the bus and measures it.
    @_noLocks @_noAllocation @inline(never)
    mutating func render(_ context: SlotContext, through seat: UnsafeMutablePointer<SlotSeat>) {
        line.pointee.unsettle()
        let sound = context.slotScratch
        if seat.pointee.chain.isNone() {
            renderVoices(context)
        } else {
            renderChain(context, seat)
        }
        seat.pointee.finish(sound, count: context.count)
        line.pointee.meter.add(
            sound, frames: context.count, left: left, right: right, to: context.bus)
        line.pointee.meter.frames &+= Int32(truncatingIfNeeded: context.count)
        left.advance(context.count)
        right.advance(context.count)
    }

    @_noLocks @_noAllocation
    private mutating func renderChain(
        _ context: SlotContext, _ seat: UnsafeMutablePointer<SlotSeat>
    ) {
        follow(context, seat)
        if !seat.pointee.isReady {
            fill(context, seat)
            renderVoices(context)
            return
        }
        renderAhead(context, seat, count: context.count)
        seat.pointee.chain.chain().pointee.pass(
            context.slotScratch, count: context.count, isFilling: false)
        for index in 0..<voiceCount { voices[index].weight.advance(context.count) }
    }

    /// All voices as they sound now.
    @_noLocks @_noAllocation
    private mutating func renderVoices(_ context: SlotContext) {
        let sum = context.slotScratch
        Wide.clear(sum, frames: context.count)
        for index in 0..<voiceCount where !voices[index].isIdle() {
            let scratch = context.voiceScratch
            voices[index].render(
                into: scratch, count: context.count, at: context.frame, context.grid, context.ring)
            Wide.add(scratch, times: voices[index].weight, to: sum, frames: context.count)
            voices[index].weight.advance(context.count)
        }
    }

    /// The voices ahead, as they will sound.
    @_noLocks @_noAllocation
    private func renderAhead(
        _ context: SlotContext, _ seat: UnsafeMutablePointer<SlotSeat>, count: Int
    ) {
        let sum = context.slotScratch
        let ahead = seat.pointee.ahead
        Wide.clear(sum, frames: count)
        for index in 0..<voiceCount where !ahead[index].isOver() {
            let scratch = context.voiceScratch
            ahead[index].render(
                into: scratch, count: count, at: seat.pointee.aheadFrame, context.grid,
                context.ring)
            Wide.add(scratch, times: ahead[index].weight, to: sum, frames: count)
            ahead[index].weight.advance(count)
        }
        seat.pointee.aheadFrame += Int64(count)
        seat.pointee.fedFrames += count
    }

    /// Gives the chain a part of the lead that it lacks; what comes out is not heard.
    ///
    /// A loop whose last frames are still being recorded cannot be played ahead.
    @_noLocks @_noAllocation
    private func fill(_ context: SlotContext, _ seat: UnsafeMutablePointer<SlotSeat>) {
        for index in 0..<voiceCount where !voices[index].isIdle() && voices[index].isOpen {
            seat.pointee.nextFrame = -1
            return
        }
        let chain = seat.pointee.chain.chain()
        let goal = context.frame + Int64(context.count + chain.pointee.lookFrames)
        var left = min(Int(goal - seat.pointee.aheadFrame), 5 * context.count)
        while left > 0 {
            let run = min(left, 512)
            renderAhead(context, seat, count: run)
            chain.pointee.pass(context.slotScratch, count: run, isFilling: true)
            left -= run
        }
        if seat.pointee.aheadFrame < goal { return }
        if seat.pointee.fedFrames < chain.pointee.delayFrames { return }
        seat.pointee.enter(isStep: chain.pointee.heardLateFrames() > 0)
    }

    /// Begins anew where the slot does not play what the voices ahead took it to play.
    @_noLocks @_noAllocation
    private func follow(_ context: SlotContext, _ seat: UnsafeMutablePointer<SlotSeat>) {
        let isExpected =
            context.frame == seat.pointee.nextFrame && context.grid.places(as: seat.pointee.grid)
            && isFollowed(by: seat.pointee.ahead)
        seat.pointee.nextFrame = context.frame + Int64(context.count)
        if isExpected { return }
        seat.pointee.leave()
        seat.pointee.chain.chain().pointee.restart()
        for index in 0..<voiceCount { seat.pointee.ahead[index] = voices[index] }
        seat.pointee.grid = context.grid
        seat.pointee.aheadFrame = context.frame
        seat.pointee.fedFrames = 0
    }

    /// Whether these voices play what the slot's will play; those that were baked since are told.
    @_noLocks @_noAllocation
    private func isFollowed(by ahead: UnsafeMutablePointer<Voice>) -> Bool {
        for index in 0..<voiceCount {
            if !voices[index].isFollowed(by: ahead[index]) { return false }
            if voices[index].isIdle() { continue }
            ahead[index].kind = voices[index].kind
            ahead[index].samples = voices[index].samples
        }
        return true
    }
}

extension Voice {
    /// Whether nothing of it is heard any more.
    @_noLocks @_noAllocation
    func isOver() -> Bool { isIdle() || (!weight.isMoving() && weight.end() == 0) }

    /// Whether a copy that is ahead plays what this one will play, be it from the ring or from memory.
    @_noLocks @_noAllocation
    func isFollowed(by ahead: Voice) -> Bool {
        if isOver() { return ahead.isOver() }
        if ahead.isIdle() || serial != ahead.serial || isOpen != ahead.isOpen { return false }
        if samples != ahead.samples && !(isFromLoop() && ahead.isFromRing()) { return false }
        return frames == ahead.frames && framesPerBeat == ahead.framesPerBeat
            && originBeat == ahead.originBeat && offsetFrames == ahead.offsetFrames
            && fromFrame == ahead.fromFrame && weight.isSameWay(as: ahead.weight)
            && isFree == ahead.isFree && (!isFree || own.places(as: ahead.own))
    }
}
