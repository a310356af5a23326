/// What sounds together in a slot: each overdub is a layer over those before it.
extension SlotPlayer {
    @_noLocks @_noAllocation
    func layerCount() -> Int {
        var count = 0
        for index in 0..<voiceCount where voices[index].isLayer { count += 1 }
        return count
    }

    /// Whether another layer may join: one voice stays for what replaces them all, one for fades.
    @_noLocks @_noAllocation
    func hasRoomForLayer() -> Bool { layerCount() < voiceCount - 2 }

    /// The layer that came last; −1 = empty.
    @_noLocks @_noAllocation
    func newestLayer() -> Int {
        var newest = -1
        for index in 0..<voiceCount where voices[index].isLayer {
            if newest < 0 || voices[index].serial > voices[newest].serial { newest = index }
        }
        return newest
    }

    /// Lets a new voice sound over what plays, which is lowered by `factor`; both over one ramp.
    ///
    /// Only where `hasRoomForLayer` holds.
    ///
    /// - Returns: the loop of a voice that had to end at once, to be retired.
    @_noLocks @_noAllocation
    mutating func join(_ voice: Voice, factor: Float, rampFrames: Int) -> LoopHandle {
        for index in 0..<voiceCount where voices[index].isLayer {
            let level = voices[index].weight.end() * factor
            voices[index].weight.go(to: level, frames: rampFrames)
        }
        let chosen = spare()
        let dropped = handBack(chosen)
        begin(voice, as: chosen, level: 1, rampFrames: rampFrames)
        current = chosen
        return dropped
    }

    /// Lets every layer keep its own speed, from where it is at `frame`.
    ///
    /// A loop that was played at another tempo stood between two frames; it goes on at the nearest.
    @_noLocks @_noAllocation
    mutating func setFree(at frame: Int64, _ grid: Grid) {
        line.pointee.unsettle()
        for index in 0..<voiceCount where voices[index].isLayer && !voices[index].isFree {
            voices[index].own = voices[index].ownGrid(at: frame, grid)
            voices[index].isFree = true
        }
    }

    /// Voices that `rejoin` needs besides the layers.
    @_noLocks @_noAllocation
    func strayCount(at frame: Int64, _ grid: Grid) -> Int {
        var count = 0
        for index in 0..<voiceCount where voices[index].strays(at: frame, grid) { count += 1 }
        return count
    }

    /// Brings layer `index` back to where the grid has it, crossfading from where it is.
    ///
    /// - Returns: the loop of a voice that had to end at once, to be retired.
    @_noLocks @_noAllocation
    mutating func rejoin(_ index: Int, at frame: Int64, _ grid: Grid, rampFrames: Int) -> LoopHandle
    {
        line.pointee.unsettle()
        if !voices[index].strays(at: frame, grid) {
            voices[index].isFree = false
            return LoopHandle.none()
        }
        let level = voices[index].weight.end()
        let chosen = spare()
        let dropped = handBack(chosen)
        // The copy fades; the loop is held by the layer.
        voices[chosen] = voices[index]
        voices[chosen].isLayer = false
        voices[chosen].serial = 0
        voices[chosen].loop = LoopHandle.none()
        voices[chosen].weight.go(to: 0, frames: rampFrames)
        voices[index].isFree = false
        voices[index].weight = Ramp(0)
        voices[index].weight.go(to: level, frames: rampFrames)
        return dropped
    }
}

extension Voice {
    /// A clock at the take's own tempo that goes on from where the voice is at `frame`.
    @_noLocks @_noAllocation
    func ownGrid(at frame: Int64, _ grid: Grid) -> Grid {
        if isExact(grid) { return clock(grid) }
        let tempo = FrameMath.floor(framesPerBeat + 0.5)
        var own = clock(grid).changingTempo(to: tempo, at: frame)
        own.offsetFrames = Double(FrameMath.floor(own.offsetFrames + 0.5))
        return own
    }

    /// Whether it keeps its own speed and is not where the grid would have it.
    @_noLocks @_noAllocation
    func strays(at frame: Int64, _ grid: Grid) -> Bool {
        if !isLayer || !isFree { return false }
        var bound = self
        bound.isFree = false
        if !isExact(grid) || !bound.isExact(grid) { return true }
        return position(at: frame, grid) != bound.position(at: frame, grid)
    }
}
