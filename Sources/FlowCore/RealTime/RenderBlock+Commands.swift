extension RenderBlock {
    /// Takes whole groups from the ring: each is applied now or waits for its frame.
    ///
    /// One without a frame of its own lands `periodFrames` after it came: as late within its block
    /// as it came within the one before, so that the delay is always the same. Stops while the
    /// events of what waits, or the loops it gives back, might not fit: commands are late then,
    /// never lost.
    @_noLocks @_noAllocation
    mutating func drainCommands(periodFrames: Int64) {
        while rings.commands.count() > 0 {
            let head = rings.commands.peek(0)
            if head.takeFrame > frame { return }
            let needed = 2 * (head.groupCount + schedule.waitingCount() + settings.slotCount) + 16
            if rings.events.room() < needed || rings.retired.room() < needed { return }
            if rings.retiredChains.room() < needed { return }
            let hasRoom = schedule.room() >= head.groupCount
            let groupFrame = dueFrame(of: head, periodFrames)
            // It came in this block: in the next it is due and needs no place to wait.
            if groupFrame > frame, head.atFrame == 0, !hasRoom { return }
            log(head.groupCount, groupFrame: groupFrame)
            for index in 0..<head.groupCount {
                take(nextCommand(index), groupFrame: groupFrame, hasRoom: hasRoom)
            }
            rings.commands.drop(head.groupCount)
        }
    }

    /// When a group takes effect; never before what was sent before it without a frame.
    @_noLocks @_noAllocation
    private mutating func dueFrame(of head: CoreCommand, _ periodFrames: Int64) -> Int64 {
        if head.atFrame > frame { return head.atFrame }
        if head.atFrame > 0 || head.arrivalNs == 0 { return max(frame, newestGroupFrame) }
        let due = min(clock.frame(atNs: head.arrivalNs), frame) + periodFrames
        newestGroupFrame = max(newestGroupFrame, due)
        return newestGroupFrame
    }

    /// The command that waits at this place, with the hand's time as a frame.
    @_noLocks @_noAllocation
    private func nextCommand(_ place: Int) -> CoreCommand {
        var command = rings.commands.peek(place)
        if command.hasUnreadHand() { command.handFrame = handFrame(of: command) }
        return command
    }

    /// When the hand moved, else when the command came, by what is known of the clock now.
    @_noLocks @_noAllocation
    private func handFrame(of command: CoreCommand) -> Int64 {
        if command.atNs != 0 { return clock.frame(atNs: command.atNs) }
        if command.atFrame == 0, command.arrivalNs != 0 {
            return clock.frame(atNs: command.arrivalNs)
        }
        return Int64.max
    }

    /// Tells the log of the next `count` commands, before any of them takes effect at this frame.
    ///
    /// All that they mean is in their fields by now, times as frames: a replay knows no clock.
    @_noLocks @_noAllocation
    private func log(_ count: Int, groupFrame: Int64) {
        if !rings.effects.takes(count) { return }
        for place in 0..<count {
            var effect = Effect(.command, frame: frame, toFrame: frame)
            effect.command = nextCommand(place)
            effect.command.atFrame = groupFrame
            rings.effects.push(effect)
        }
    }

    /// Takes in the groups that a replay holds for this frame, as a block's start would.
    @_noLocks @_noAllocation
    mutating func takeHeld() {
        if heldFrame() > frame { return }
        drainCommands(periodFrames: 0)
        applyDue()
    }

    /// The frame for which the next group is held; far away when none is.
    @_noLocks @_noAllocation
    mutating func heldFrame() -> Int64 {
        if rings.commands.count() == 0 { return Int64.max }
        let held = rings.commands.peek(0).takeFrame
        return held > 0 ? held : Int64.max
    }

    /// One command of a group whose frame is `groupFrame`; `hasRoom` says whether all of it may wait.
    @_noLocks @_noAllocation
    private mutating func take(_ command: CoreCommand, groupFrame: Int64, hasRoom: Bool) {
        if groupFrame <= frame {
            apply(command)
        } else if hasRoom {
            schedule.add(ScheduledCommand(command, frame: groupFrame))
        } else {
            refuse(command, .busy)
        }
    }

    /// The frame the player heard when his hand moved, as far as that is known.
    ///
    /// One that waited for its turn carries the frame itself, however old that is. Else it is at most
    /// the two seconds old that the session lets a message be late. Never ahead.
    @_noLocks @_noAllocation
    func pressFrame(of command: CoreCommand) -> Int64 {
        let latest = frame - outputLatencyFrames
        if command.carriesPress(), command.c > 0 { return max(0, min(Int64(command.c), latest)) }
        if command.handFrame >= frame { return max(0, latest) }
        let press = command.handFrame - outputLatencyFrames
        if command.atNs != 0, press < latest - settings.pressAgeFrames { return max(0, latest) }
        return max(0, press)
    }

    /// Everything whose frame has come: windows that end here, then what was scheduled, then what
    /// these released.
    @_noLocks @_noAllocation
    mutating func applyDue() {
        while true {
            if nextCaptureEnd <= frame { finishCaptures() }
            let due = schedule.takeDue(at: frame)
            if due == 0 { return }
            for index in 0..<due { apply(schedule.dueCommand(index)) }
        }
    }

    /// Applies a command at this frame, or puts it on the line it waits for.
    @_noLocks @_noAllocation
    private mutating func apply(_ command: CoreCommand) {
        if command.code.isForPlugins() {
            applyToPlugin(command)
            return
        }
        mayHaveChanged = true
        switch command.code {
        case .capture: capture(command)
        case .slotMute, .slotSolo:
            withdrawWaiting(command)
            if command.isQuantized && waitsForLine(command) { return }
            applyToSlot(command)
        case .slotSet:
            if command.isQuantized && waitsForLine(command) { return }
            applyToSlot(command)
        case .slotCancel where !command.id.isNone():
            rings.memory.dropIntent(of: command.id)
            confirm(command)
        case .slotGain, .slotPan, .slotCancel: applyToSlot(command)
        case .slotSwap: swapContent(command)
        case .slotFree: setFree(command)
        case .tempo: changeTempo(command)
        case .meter, .play, .pause, .panic: applyToTransport(command)
        case .metronome:
            metronome.set(
                gain: command.isOn ? Float(command.a) : 0, rampFrames: settings.rampFrames)
            confirm(command)
        case .input: applyToInput(command)
        case .mark: confirm(command, pressed: pressFrame(of: command))
        case .align: align(command)
        case .calibrate: calibrate(command)
        case .latency:
            latencyFrames = Int64(command.a)
            outputLatencyFrames = Int64(command.b)
            confirm(command)
        case .chainSet, .pluginParam, .pluginNote: return
        }
    }

    /// The later hand wins: a mute or solo that waits for a line gives way to a newer one.
    @_noLocks @_noAllocation
    private mutating func withdrawWaiting(_ newer: CoreCommand) {
        while true {
            let place = schedule.lineIndex(ofSlot: newer.slot, kind: newer.kind)
            if place < 0 { return }
            post(answer(.cancelled, to: schedule.remove(at: place)))
        }
    }

    /// Schedules a quantized command, unless the line that the hand meant has passed.
    ///
    /// - Returns: whether it was taken care of: it waits, or was refused.
    @_noLocks @_noAllocation
    private mutating func waitsForLine(_ command: CoreCommand) -> Bool {
        if !transport.isPlaying { return false }
        let grid = transport.grid
        let press = pressFrame(of: command)
        let since = press - grid.barLine(atOrBefore: press)
        if since <= grid.earlyFrames(rateHz: Int64(settings.rateHz)) { return false }
        let beat = grid.barStart(ofBeat: grid.beat(at: press)) + grid.beatsPerBar
        if grid.frame(ofBeat: beat) <= frame { return false }
        if schedule.room() == 0 {
            refuse(command, .busy)
            return true
        }
        var later = command
        later.isQuantized = false
        schedule.add(ScheduledCommand(later, beat: beat, grid))
        var event = answer(.scheduled, to: command)
        event.toFrame = grid.frame(ofBeat: beat)
        post(event)
        return true
    }

    @_noLocks @_noAllocation
    private mutating func changeTempo(_ command: CoreCommand) {
        let earliest = lastTempoFrame + settings.tempoChangeFrames
        if frame > lastTempoFrame, frame < earliest, schedule.room() > 0 {
            schedule.add(ScheduledCommand(command, frame: earliest))
            return
        }
        lastTempoFrame = frame
        setGrid(transport.grid.changingTempo(to: Int64(command.a), at: frame))
        confirm(command)
    }

    @_noLocks @_noAllocation
    private mutating func applyToTransport(_ command: CoreCommand) {
        switch command.code {
        case .meter:
            setGrid(
                transport.grid.changingMeter(
                    beatsPerBar: Int64(command.a), unit: Int64(command.b),
                    inBeat: transport.beat(at: frame), at: frame))
        case .play:
            holdFree(frames: frame - transport.musicFrame(at: frame))
            transport.play(at: frame, roundBeats: roundBeats())
            openGates()
            schedule.retime(transport.grid, at: frame)
        case .pause: pause()
        default:
            pause()
            endNotes()
            mixer.master.go(to: 0, frames: settings.rampFrames)
        }
        confirm(command)
    }

    @_noLocks @_noAllocation
    private mutating func pause() {
        transport.pause(at: frame)
        mixer.transport.go(to: 0, frames: settings.rampFrames)
    }

    /// Lets the transport be heard, after a pause or PANIC.
    @_noLocks @_noAllocation
    mutating func openGates() {
        mixer.transport.go(to: 1, frames: settings.rampFrames)
        mixer.master.go(to: 1, frames: settings.rampFrames)
    }

    /// The worker that measures it answers; what plug-ins before the ring take is no part of the way.
    @_noLocks @_noAllocation
    private mutating func calibrate(_ command: CoreCommand) {
        if rings.calibration.begin(at: frame + inputSeat.lateFrames(), token: command.token) {
            calibration.begin(at: frame)
        } else {
            note(.refused, command)
            refuse(command, .busy)
        }
    }

    @_noLocks @_noAllocation
    mutating func setGrid(_ grid: Grid) {
        transport.grid = grid
        schedule.retime(grid, at: frame)
    }

    /// An event that answers this command.
    @_noLocks @_noAllocation
    func answer(_ code: EventCode, to command: CoreCommand) -> CoreEvent {
        var event = CoreEvent(code)
        event.token = command.token
        event.slot = command.slot
        event.detail = command.kind
        event.id = command.id
        return event
    }

    @_noLocks @_noAllocation
    mutating func confirm(_ command: CoreCommand) { post(answer(.applied, to: command)) }

    /// Also tells the frame of the press.
    @_noLocks @_noAllocation
    mutating func confirm(_ command: CoreCommand, pressed frame: Int64) {
        var event = answer(.applied, to: command)
        event.value2 = Double(frame)
        post(event)
    }

    /// Answers why the command has no effect and gives back the loop or the chain it carried.
    @_noLocks @_noAllocation
    mutating func refuse(_ command: CoreCommand, _ refusal: Refusal) {
        var event = answer(.applied, to: command)
        event.refusal = refusal
        post(event)
        if !command.loop.isNone() { _ = rings.retired.push(command.loop) }
        retire(command.chain)
    }
}
