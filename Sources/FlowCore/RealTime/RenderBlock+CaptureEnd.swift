extension RenderBlock {
    /// All windows that end here become their slots' loops; those whose last frames have come since
    /// get their seams.
    @_noLocks @_noAllocation
    mutating func finishCaptures() {
        mayHaveChanged = true
        nextCaptureEnd = Int64.max
        for slot in 0..<settings.slotCount {
            closeSeams(slot)
            if !slots[slot].pending.isActive { continue }
            if slots[slot].pending.readyFrame <= frame {
                let pending = slots[slot].pending
                slots[slot].pending = PendingCapture()
                finish(pending, in: slot)
            } else {
                nextCaptureEnd = min(nextCaptureEnd, slots[slot].pending.readyFrame)
            }
        }
    }

    @_noLocks @_noAllocation
    private mutating func closeSeams(_ slot: Int) {
        for index in 0..<slots[slot].voiceCount where slots[slot].voices[index].isOpen {
            if slots[slot].voices[index].toFrame <= frame {
                slots[slot].voices[index].isOpen = false
                slots[slot].voices[index].seam = makeSeam(slots[slot].voices[index])
            } else {
                nextCaptureEnd = min(nextCaptureEnd, slots[slot].voices[index].toFrame)
            }
        }
    }

    /// The window is there but for its last frames, which are not needed yet: the slot plays it from
    /// the ring until the worker has baked it.
    @_noLocks @_noAllocation
    mutating func finish(_ pending: PendingCapture, in slot: Int) {
        let window = pending.window
        var voice = Voice(samples: ring.memory.samples())
        voiceSerial += 1
        voice.kind = .ring
        voice.serial = voiceSerial
        voice.id = pending.id
        voice.fromFrame = window.ringFromFrame()
        voice.toFrame = window.ringToFrame()
        voice.source = pending.source
        voice.frames = Int(window.toFrame - window.fromFrame)
        voice.framesPerBeat = Double(window.framesPerBeat)
        voice.originBeat = window.originBeat
        voice.lengthBeats = window.lengthBeats
        voice.offsetFrames = window.offsetFrames
        voice.isOpen = voice.toFrame > frame
        if voice.isOpen { nextCaptureEnd = min(nextCaptureEnd, voice.toFrame) }
        voice.seam = makeSeam(voice)
        let joins = pending.isOverdub && !slots[slot].isEmpty()
        if pending.isOverdub {
            overdub(voice, in: slot, factor: pending.factor)
        } else {
            start(voice, in: slot)
        }
        slots[slot].isMuted = false
        retarget(slot)
        var event = event(.captured, pending, slot)
        event.marks.isOverdub = joins
        post(event)
        // After the event: what the worker reports of this take is polled behind it. There is room: a
        // press is refused before what all slots may wait for would not fit.
        if rings.bakes.room() > 0 { rings.bakes.push(bake(voice, slot)) }
    }

    /// The seam between the window's end and what was played before it; without their likeness while
    /// the end is still to come.
    @_noLocks @_noAllocation
    private func makeSeam(_ voice: Voice) -> Seam {
        let frames = Seam.frames(rateHz: settings.rateHz, loopFrames: voice.frames)
        let start = voice.fromFrame - Int64(frames)
        let hasPreRoll = start >= ring.oldestFrame(whenAt: frame)
        if voice.isOpen { return Seam(frames: frames, hasPreRoll: hasPreRoll) }
        let end = seamScratch
        let preRoll = seamScratch + 2 * frames
        ring.copy(
            from: voice.toFrame - Int64(frames), frames: frames, source: voice.source, into: end)
        if !hasPreRoll { return Seam(end: end, preRoll: nil, frames: frames) }
        ring.copy(from: start, frames: frames, source: voice.source, into: preRoll)
        return Seam(end: end, preRoll: preRoll, frames: frames)
    }

    @_noLocks @_noAllocation
    private func bake(_ voice: Voice, _ slot: Int) -> BakeRequest {
        var request = BakeRequest()
        request.id = voice.id
        request.slot = slot
        request.voice = voice.serial
        request.sourceIndex = voice.source
        request.fromFrame = voice.fromFrame
        request.toFrame = voice.toFrame
        request.framesPerBeat = voice.framesPerBeat
        request.barFrames = Int(transport.grid.barFrames())
        request.hasPreRoll = voice.seam.hasPreRoll
        return request
    }
}
