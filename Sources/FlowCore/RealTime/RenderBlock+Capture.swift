extension RenderBlock {
    /// Makes the last bars this slot's loop: at once, or on the line the press was meant for.
    @_noLocks @_noAllocation
    mutating func capture(_ command: CoreCommand) {
        let seam = Int64(settings.rateHz / 100)
        let late = lateFrames(ofSource: Int(command.b))
        let ahead = frame + transport.grid.barFrames() + late
        let oldest = ring.oldestFrame(whenAt: ahead)
        if heard.frame(ofSource: Int(command.b)) <= ring.oldestFrame(whenAt: frame) {
            rings.memory.dropIntent(of: command.id)
            refuse(command, .nothingHeard)
            return
        }
        var press = CaptureWindow.Press()
        press.frame = pressFrame(of: command)
        press.bars = Int64(command.a)
        press.isQuantized = command.isQuantized
        press.isPlaying = transport.isPlaying
        press.oldestFrame = oldest > 0 ? max(0, oldest + seam - late) : 0
        press.latencyFrames = late
        if waited(command), press.frame < press.oldestFrame {
            rings.memory.dropIntent(of: command.id)
            refuse(command, .notKept)
            return
        }
        press.rateHz = Int64(settings.rateHz)
        let window = CaptureWindow(press: press, grid: transport.grid)
        if command.isNote {
            if !canNote(command) {
                refuse(command, .noNote)
                return
            }
            let pending = pending(window, press.frame, command)
            rings.memory.note(intent(pending, command))
            confirm(command, pressed: press.frame)
            return
        }
        let held = window.toFrame - window.fromFrame + late
        let isBehind = rings.bakes.room() <= settings.slotCount
        if isBehind || held > Int64(ring.memory.capacityFrames) - ring.marginFrames
            || (command.isOverdub && !slots[command.slot].hasRoomForLayer())
        {
            rings.memory.dropIntent(of: command.id)
            if isBehind { note(.unrepeatable, from: frame, to: frame) }
            refuse(command, .busy)
            return
        }
        let slot = command.slot
        if has(window, command) {
            rings.memory.dropIntent(of: command.id)
            confirm(command)
            return
        }
        if !canNote(command) {
            refuse(command, .noNote)
            return
        }
        cancelCapture(in: slot)
        begin(window, press.frame, command)
    }

    /// Whether the press was made at an earlier frame than it is carried out, as when others were before
    /// it; longer than the ring is long, there is nothing left of what was meant.
    @_noLocks @_noAllocation
    private func waited(_ command: CoreCommand) -> Bool { command.carriesPress() && command.c > 0 }

    /// Whether a crash leaves the capture; what it would take is not answered for.
    @_noLocks @_noAllocation
    private func canNote(_ command: CoreCommand) -> Bool {
        !settings.freesNotes || rings.memory.canNote(command.id)
    }

    /// How much later than on the grid a source's sound lies in the ring.
    ///
    /// Not at all where the player hears it through the engine at this very point, or where it is
    /// played inside it: he has it in time by ear. Else also by what the plug-ins before the ring take.
    @_noLocks @_noAllocation
    func lateFrames(ofSource source: Int) -> Int64 {
        let isOn = source == 0 || pairMix.isOn(source - 1)
        return settings.isPlayedInside || (isOn && mixer.monitor.end() != 0)
            ? 0 : latencyFrames + (source == 0 ? inputSeat.lateFrames() : 0)
    }

    /// Whether the slot plays or waits for exactly what the press asks for.
    ///
    /// An overdub of the window that came last would only make the same sound louder: a finger that
    /// bounced. One of any other window joins, and a press without overdub puts the window alone in
    /// place of a sum that it is part of.
    @_noLocks @_noAllocation
    private func has(_ window: CaptureWindow, _ command: CoreCommand) -> Bool {
        let player = slots[command.slot]
        let source = Int(command.b)
        if player.pending.isActive {
            return player.pending.source == source && player.pending.window.isSame(as: window)
                && player.pending.isOverdub == command.isOverdub
        }
        if player.isEmpty() || window.startsTransport { return false }
        let voice = player.voices[player.current]
        if voice.isOverdub && !command.isOverdub { return false }
        return voice.source == source && voice.fromFrame == window.ringFromFrame()
            && voice.toFrame == window.ringToFrame()
    }

    @_noLocks @_noAllocation
    private mutating func begin(
        _ window: CaptureWindow, _ pressFrame: Int64, _ command: CoreCommand
    ) {
        let slot = command.slot
        if window.startsTransport {
            holdFree(frames: frame - transport.musicFrame(at: frame))
            transport.isPlaying = true
            transport.grid = window.grid
            schedule.releaseLines(at: frame)
            openGates()
        }
        let pending = pending(window, pressFrame, command)
        rings.memory.note(intent(pending, command))
        if pending.readyFrame <= frame {
            finish(pending, in: slot)
            return
        }
        slots[slot].pending = pending
        nextCaptureEnd = min(nextCaptureEnd, pending.readyFrame)
        post(event(.recording, pending, slot))
    }

    @_noLocks @_noAllocation
    private func pending(
        _ window: CaptureWindow, _ pressFrame: Int64, _ command: CoreCommand
    ) -> PendingCapture {
        var pending = PendingCapture()
        pending.isActive = true
        pending.token = command.token
        pending.id = command.id
        pending.source = Int(command.b)
        pending.pressFrame = pressFrame
        pending.readyFrame = window.readyFrame(
            seamFrames: Seam.frames(
                rateHz: settings.rateHz, loopFrames: Int(window.toFrame - window.fromFrame)))
        pending.window = window
        pending.isOverdub = command.isOverdub
        pending.factor = Float(command.d)
        pending.marks.isAcrossChange = window.isAcrossChange
        pending.marks.startedTransport = window.startsTransport
        pending.marks.isOverdub = command.isOverdub
        return pending
    }

    @_noLocks @_noAllocation
    private func intent(_ pending: PendingCapture, _ command: CoreCommand) -> CaptureIntent {
        let window = pending.window
        var intent = CaptureIntent()
        intent.id = command.id
        intent.slot = command.slot
        intent.source = Int(command.b)
        intent.fromFrame = window.ringFromFrame()
        intent.toFrame = window.ringToFrame()
        intent.originBeat = window.originBeat
        intent.lengthBeats = window.lengthBeats
        intent.offsetFrames = window.offsetFrames
        intent.framesPerBeat = window.framesPerBeat
        intent.bars = window.bars
        intent.pressFrame = pending.pressFrame
        intent.marks = pending.marks
        intent.marks.isTainted = taintLogs[intent.source].touches(
            from: intent.fromFrame, to: intent.toFrame)
        return intent
    }

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
    private mutating func finish(_ pending: PendingCapture, in slot: Int) {
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

    /// Forgets a capture whose window has not ended; its sound stays in ring and spool.
    @_noLocks @_noAllocation
    mutating func cancelCapture(in slot: Int) {
        if !slots[slot].pending.isActive { return }
        let pending = slots[slot].pending
        slots[slot].pending = PendingCapture()
        rings.memory.dropIntent(of: pending.id)
        post(event(.cancelled, pending, slot))
    }

    @_noLocks @_noAllocation
    private func event(_ code: EventCode, _ pending: PendingCapture, _ slot: Int) -> CoreEvent {
        var event = CoreEvent(code)
        event.token = pending.token
        event.slot = slot
        event.detail = settings.captureKind
        event.id = pending.id
        event.source = pending.source
        event.marks = pending.marks
        event.fromFrame = pending.window.ringFromFrame()
        event.toFrame = pending.window.ringToFrame()
        event.marks.isTainted = taintLogs[pending.source].touches(
            from: event.fromFrame, to: event.toFrame)
        event.framesPerBeat = Double(pending.window.framesPerBeat)
        event.originBeat = pending.window.originBeat
        event.lengthBeats = pending.window.lengthBeats
        event.offsetFrames = pending.window.offsetFrames
        event.value = Double(pending.window.bars)
        event.value2 = Double(pending.pressFrame)
        return event
    }
}
