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

    /// Forgets a capture whose window has not ended; its sound stays in ring and spool.
    @_noLocks @_noAllocation
    mutating func cancelCapture(in slot: Int) {
        if !slots[slot].pending.isActive { return }
        let pending = slots[slot].pending
        slots[slot].pending = PendingCapture()
        rings.memory.dropIntent(of: pending.id)
        post(event(.cancelled, pending, slot))
    }

    /// What is told of a capture.
    @_noLocks @_noAllocation
    func event(_ code: EventCode, _ pending: PendingCapture, _ slot: Int) -> CoreEvent {
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
