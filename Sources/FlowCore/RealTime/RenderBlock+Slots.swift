extension RenderBlock {
    /// Changes one slot's content or settings.
    @_noLocks @_noAllocation
    mutating func applyToSlot(_ command: CoreCommand) {
        let slot = command.slot
        switch command.code {
        case .slotSet: setContent(command)
        case .slotGain: slots[slot].gain = Float(command.a)
        case .slotPan: slots[slot].pan = Float(command.a)
        case .slotMute: slots[slot].isMuted = command.isOn
        case .slotSolo: setSolo(command)
        default: cancelCapture(in: slot)
        }
        retarget(slot)
        confirm(command)
    }

    /// The first solo and the last change what is heard of all slots.
    @_noLocks @_noAllocation
    private mutating func setSolo(_ command: CoreCommand) {
        let slot = command.slot
        if slots[slot].isSoloed == command.isOn { return }
        slots[slot].isSoloed = command.isOn
        let before = soloedCount
        soloedCount += command.isOn ? 1 : -1
        if before == 0 || soloedCount == 0 { retargetAll() }
    }

    /// Puts a loop from memory into the slot, or empties it.
    @_noLocks @_noAllocation
    private mutating func setContent(_ command: CoreCommand) {
        let slot = command.slot
        cancelCapture(in: slot)
        if command.unmutes { slots[slot].isMuted = false }
        if command.loop.isNone() {
            slots[slot].empty(rampFrames: settings.rampFrames)
            return
        }
        let voice = loopVoice(command)
        if slots[slot].isAlready(voice, at: frame, transport.grid) {
            retire(command.loop)
            return
        }
        start(voice, in: slot)
    }

    /// A voice that plays the loop which the command brings.
    @_noLocks @_noAllocation
    func loopVoice(_ command: CoreCommand) -> Voice {
        let loop = command.loop.view()
        var voice = Voice(samples: loop.samples)
        voice.kind = .loop
        voice.id = command.id
        voice.loop = command.loop
        voice.frames = loop.frames
        voice.framesPerBeat = loop.framesPerBeat
        voice.originBeat = Int64(command.a)
        voice.lengthBeats = Int64(command.b)
        voice.offsetFrames = Int64(command.c)
        return voice
    }

    /// Begins to play a voice at this frame, in phase.
    @_noLocks @_noAllocation
    mutating func start(_ voice: Voice, in slot: Int) {
        retire(slots[slot].replace(with: voice, rampFrames: settings.rampFrames))
    }

    /// The old content of a slot gets its gains from the slot's settings.
    @_noLocks @_noAllocation
    mutating func retarget(_ slot: Int) {
        slots[slot].retarget(anySoloed: anySoloed(), rampFrames: settings.rampFrames)
    }

    @_noLocks @_noAllocation
    private mutating func retargetAll() {
        let any = anySoloed()
        for slot in 0..<settings.slotCount {
            slots[slot].retarget(anySoloed: any, rampFrames: settings.rampFrames)
        }
    }

    @_noLocks @_noAllocation
    private func anySoloed() -> Bool { soloedCount > 0 }

    /// A number of beats after which the bar and all loops are where they were.
    @_noLocks @_noAllocation
    func roundBeats() -> Int64 {
        var round = transport.grid.beatsPerBar
        for slot in 0..<settings.slotCount {
            for index in 0..<slots[slot].voiceCount where slots[slot].voices[index].isLayer {
                let beats = slots[slot].voices[index].lengthBeats
                let shared = FrameMath.greatestCommonDivisor(round, beats)
                let next = round / shared * beats
                // Lengths this odd meet again after days: the phase of the bar then has to do.
                if next > 1 << 32 { return transport.grid.beatsPerBar }
                round = next
            }
        }
        return round
    }

    /// Swaps in the loops that were baked; the bits stay the same.
    @_noLocks @_noAllocation
    mutating func takeHandovers() {
        while rings.handovers.count() > 0, rings.retired.room() > 0 {
            mayHaveChanged = true
            let handover = rings.handovers.take()
            if !slots[handover.slot].adopt(handover) { _ = rings.retired.push(handover.loop) }
        }
    }

    /// Gives back what has faded out, and ends voices whose part of the ring is overwritten.
    @_noLocks @_noAllocation
    mutating func collectVoices() {
        if !isAttended, !mayHaveChanged { return }
        isAttended = false
        let oldest = ring.oldestFrame(whenAt: frame) - ring.marginFrames / 2
        for slot in 0..<settings.slotCount where lines[slot].isAttended() {
            let isLost = slots[slot].losesRing(before: oldest, rampFrames: settings.rampFrames)
            slots[slot].collect(rings.retired)
            if !isLost { continue }
            note(.unrepeatable, from: frame, to: frame)
            var event = CoreEvent(.notice)
            event.slot = slot
            event.refusal = .loopLost
            post(event)
        }
    }
}
