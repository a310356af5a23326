extension RenderBlock {
    /// Makes the moment of the press a beat, `a` beats after a bar line; what sounds goes on exactly as it sounds.
    ///
    /// While the music is paused the place where it stands becomes one.
    @_noLocks @_noAllocation
    mutating func align(_ command: CoreCommand) {
        let press = pressFrame(of: command)
        let before = transport.grid
        // Frames by which the beats move, whole as loops count them, and with their fraction.
        var whole: Int64
        var exact: Double
        if transport.isPlaying {
            let grid = before.aligning(at: press, beatsIn: Int64(command.a))
            whole = press - before.frame(ofBeat: grid.epochBeat)
            exact = Double(whole) + before.offsetFrames - Double(before.wholeOffset())
            shiftLoops(whole: whole, exact: exact)
            transport.grid = grid
            schedule.realign(grid, at: frame)
        } else {
            let into = transport.heldFrac * Double(before.framesPerBeat)
            exact = into > 0 ? into - Double(before.framesPerBeat) : 0
            whole = FrameMath.floor(exact + 0.5)
            shiftLoops(whole: whole, exact: exact)
            if into > 0 { transport.heldBeat += 1 }
            transport.heldFrac = 0
            transport.grid.beginBar(Int64(command.a), before: transport.heldBeat)
        }
        var event = answer(.applied, to: command)
        event.value = exact
        event.value2 = Double(press)
        post(event)
    }

    /// Keeps every loop's place in time while the beats move by so many frames.
    @_noLocks @_noAllocation
    private mutating func shiftLoops(whole: Int64, exact: Double) {
        let grid = transport.grid
        for slot in 0..<settings.slotCount {
            for index in 0..<slots[slot].voiceCount {
                slots[slot].voices[index].shift(whole: whole, exact: exact, grid)
            }
            if slots[slot].pending.isActive {
                slots[slot].pending.window.shift(whole: whole, exact: exact, grid)
            }
        }
    }
}

extension Voice {
    /// The beats move by so many frames of this grid, the loop does not; nor does one at its own speed.
    @_noLocks @_noAllocation
    mutating func shift(whole: Int64, exact: Double, _ grid: Grid) {
        let ratio = framesPerBeat / Double(grid.framesPerBeat)
        let moved = ratio == 1 ? whole : FrameMath.floor(exact * ratio + 0.5)
        offsetFrames -= moved
        if isFree { own.epochFrame += moved }
    }
}

extension CaptureWindow {
    /// The beats move by so many frames of this grid, the window does not.
    @_noLocks @_noAllocation
    mutating func shift(whole: Int64, exact: Double, _ grid: Grid) {
        let ratio = Double(framesPerBeat) / Double(grid.framesPerBeat)
        let isExact = framesPerBeat == grid.framesPerBeat
        offsetFrames -= isExact ? whole : FrameMath.floor(exact * ratio + 0.5)
    }
}
