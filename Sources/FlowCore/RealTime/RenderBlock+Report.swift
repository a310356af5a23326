extension RenderBlock {
    /// Time and grid at the start of this block, for an engine that may have to go on here.
    @_noLocks @_noAllocation
    func anchor(_ monotonicNs: Int64) -> RingAnchor {
        var anchor = RingAnchor()
        anchor.frame = frame
        anchor.monotonicNs = monotonicNs
        anchor.grid = transport.grid
        anchor.isPlaying = transport.isPlaying
        anchor.heldBeat = transport.heldBeat
        anchor.heldFrac = transport.heldFrac
        return anchor
    }

    /// Tells of another grid than the one told last, so that bars of the past can be found again.
    ///
    /// While nobody polls only the newest is told, later.
    @_noLocks @_noAllocation
    mutating func tellGrid() {
        if transport.grid.isSame(as: toldGrid) { return }
        if rings.events.room() < settings.eventReserve { return }
        let grid = transport.grid
        toldGrid = grid
        var event = CoreEvent(.grid)
        event.fromFrame = grid.changedAtFrame
        event.toFrame = grid.frame(ofBeat: grid.barOriginBeat)
        event.originBeat = grid.barOriginBeat
        event.lengthBeats = grid.beatsPerBar
        event.value = Double(grid.barOriginIndex)
        post(event)
    }

    /// Tells the log, if one is written, what became of a command.
    @_noLocks @_noAllocation
    func note(_ kind: Effect.Kind, _ command: CoreCommand) {
        if !rings.effects.takes(1) { return }
        var effect = Effect(kind, frame: frame, toFrame: frame)
        effect.command = command
        rings.effects.push(effect)
    }

    /// Tells the log, if one is written.
    @_noLocks @_noAllocation
    func note(_ kind: Effect.Kind, from start: Int64, to end: Int64) {
        if rings.effects.takes(1) { rings.effects.push(Effect(kind, frame: start, toFrame: end)) }
    }

    /// Sends an event with the time and grid of the next frame.
    @_noLocks @_noAllocation
    mutating func post(_ event: CoreEvent) {
        var stamped = event
        stamped.frame = frame
        stamped.beat = transport.beat(at: frame)
        stamped.beatFrac = transport.frac(at: frame)
        stamped.framesPerBeat =
            event.framesPerBeat == 0 ? Double(transport.grid.framesPerBeat) : event.framesPerBeat
        if !rings.events.push(stamped) { eventsLost += 1 }
    }

    /// Publishes the block for status, for the page and for an engine after a crash.
    @_noLocks @_noAllocation
    mutating func report(_ startNs: Int64) {
        heard.write(to: rings.memory)
        var picture = StatusBoard.Picture()
        picture.frame = frame
        picture.blocks = blocks
        picture.beat = transport.beat(at: frame)
        picture.beatFrac = transport.frac(at: frame)
        picture.framesPerBeat = transport.grid.framesPerBeat
        picture.beatsPerBar = transport.grid.beatsPerBar
        picture.isPlaying = transport.isPlaying
        picture.load = load.smoothed()
        picture.loadPeak = load.worst()
        picture.monotonicNs = startNs
        picture.eventsLost = eventsLost
        rings.status.write(picture)
        if tap.isDue() { reportFeatures() }
    }

    @_noLocks @_noAllocation
    private mutating func reportFeatures() {
        let meter = tap.frame()
        let beat = transport.beat(at: frame)
        let frac = transport.frac(at: frame)
        let grid = transport.grid
        let into = FrameMath.floorModulo(beat - grid.barOriginBeat, grid.beatsPerBar)
        meter.pointee.frame = frame
        meter.pointee.beat = beat
        meter.pointee.beatFrac = frac
        meter.pointee.framesPerBeat = grid.framesPerBeat
        meter.pointee.barIndex = grid.barIndex(ofBeat: beat)
        meter.pointee.barPhase = (Double(into) + frac) / Double(grid.beatsPerBar)
        meter.pointee.isPlaying = transport.isPlaying
        meter.pointee.load = load.smoothed()
        meter.pointee.xruns = xrunsSeen
        tap.publish(slots: slots, lines: lines, musicFrame: transport.musicFrame(at: frame))
    }
}
