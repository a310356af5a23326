extension RenderBlock {
    /// Lets a captured voice sound over what the slot plays, or alone where it plays nothing.
    @_noLocks @_noAllocation
    mutating func overdub(_ voice: Voice, in slot: Int, factor: Float) {
        var layer = voice
        layer.isOverdub = !slots[slot].isEmpty()
        if !layer.isOverdub {
            start(layer, in: slot)
            return
        }
        retire(slots[slot].join(layer, factor: factor, rampFrames: settings.rampFrames))
    }

    /// Puts another loop in place of all that the slot plays, if that is still what the command was
    /// made for; whoever waits to be recorded there goes on waiting.
    @_noLocks @_noAllocation
    mutating func swapContent(_ command: CoreCommand) {
        let slot = command.slot
        let current = slots[slot].current
        if current < 0 || command.loop.isNone() {
            refuse(command, .slotChanged)
            return
        }
        let old = slots[slot].voices[current]
        if !old.id.equals(command.other) {
            refuse(command, .slotChanged)
            return
        }
        var voice = loopVoice(command)
        // It is the same sound in another form: a press for the same window still means that one.
        voice.source = old.source
        voice.fromFrame = old.fromFrame
        voice.toFrame = old.toFrame
        voice.isOverdub = old.isOverdub
        if old.isFree {
            voice.isFree = true
            voice.own = voice.own(after: old, at: transport.musicFrame(at: frame))
        }
        start(voice, in: slot)
        confirm(command)
    }

    /// Lets the slot's loop go at its own speed, or brings it back to the grid.
    @_noLocks @_noAllocation
    mutating func setFree(_ command: CoreCommand) {
        let slot = command.slot
        let at = transport.musicFrame(at: frame)
        let grid = transport.musicGrid()
        if command.isOn {
            slots[slot].setFree(at: at, grid)
            confirm(command)
            return
        }
        let spare = slots[slot].voiceCount - slots[slot].layerCount()
        if slots[slot].strayCount(at: at, grid) > spare {
            refuse(command, .busy)
            return
        }
        for index in 0..<slots[slot].voiceCount where slots[slot].voices[index].isLayer {
            retire(slots[slot].rejoin(index, at: at, grid, rampFrames: settings.rampFrames))
        }
        confirm(command)
    }

    /// After a pause loops at their own speed go on where they were held.
    @_noLocks @_noAllocation
    func holdFree(frames: Int64) {
        for slot in 0..<settings.slotCount {
            for index in 0..<slots[slot].voiceCount where slots[slot].voices[index].isFree {
                slots[slot].voices[index].own.epochFrame += frames
            }
        }
    }

    @_noLocks @_noAllocation
    func retire(_ loop: LoopHandle) { if !loop.isNone() { _ = rings.retired.push(loop) } }
}

extension Voice {
    /// Its own clock, in the phase of the free voice whose place it takes.
    @_noLocks @_noAllocation
    func own(after old: Voice, at frame: Int64) -> Grid {
        if framesPerBeat == old.framesPerBeat { return old.own }
        return ownGrid(at: frame, old.own)
    }
}
