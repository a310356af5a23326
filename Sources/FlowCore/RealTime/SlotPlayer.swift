/// One slot: its loop, the loops fading out of it, its gains and the capture it waits for.
///
/// While an overdub is not yet rendered into one loop, the slot plays its layers together, each in its
/// own length.
struct SlotPlayer: BitwiseCopyable {
    /// As many layers and swaps within one ramp as sound without a step.
    let voiceCount: Int
    let voices: UnsafeMutablePointer<Voice>
    /// The newest layer, whose take is this slot's content; −1 = empty.
    var current: Int
    var gain: Float
    var pan: Float
    var isMuted: Bool
    var isSoloed: Bool
    var left: Ramp
    var right: Ramp
    var pending: PendingCapture
    /// Whether it goes through a chain of plug-ins, or did a moment ago.
    var hasSeat: Bool
    /// What a block needs of the slot while nothing moves.
    let line: UnsafeMutablePointer<SlotLine>

    /// Takes `voiceCount` idle voices and a line that live as long as the slot.
    init(
        voices: UnsafeMutablePointer<Voice>, voiceCount: Int, line: UnsafeMutablePointer<SlotLine>
    ) {
        self.voices = voices
        self.voiceCount = voiceCount
        current = -1
        gain = 1
        pan = 0
        isMuted = false
        isSoloed = false
        left = Ramp(1)
        right = Ramp(1)
        pending = PendingCapture()
        hasSeat = false
        self.line = line
    }

    @_noLocks @_noAllocation
    func isEmpty() -> Bool { current < 0 }

    /// Phase of the loop when the music stands at this beat since `frame`; −1 = empty.
    @_noLocks @_noAllocation
    func phase(beat: Int64, frac: Double, frame: Int64) -> Float {
        current < 0 ? -1 : voices[current].phase(beat: beat, frac: frac, frame: frame)
    }

    /// Sends both gains to where the slot's settings want them.
    @_noLocks @_noAllocation
    mutating func retarget(anySoloed: Bool, rampFrames: Int) {
        line.pointee.unsettle()
        let isAudible = !isMuted && (!anySoloed || isSoloed)
        let level = isAudible ? gain : 0
        left.go(to: level * (pan > 0 ? 1 - pan : 1), frames: rampFrames)
        right.go(to: level * (pan < 0 ? 1 + pan : 1), frames: rampFrames)
    }

    /// Lets everything in the slot fade out; it is empty from now on.
    @_noLocks @_noAllocation
    mutating func empty(rampFrames: Int) {
        line.pointee.unsettle()
        for index in 0..<voiceCount where !voices[index].isIdle() {
            voices[index].weight.go(to: 0, frames: rampFrames)
            voices[index].isLayer = false
        }
        current = -1
    }

    /// Whether the slot plays this loop and nothing else, at this place: changing it for itself would only
    /// be work, for all slots at once where a riff comes back.
    @_noLocks @_noAllocation
    func isAlready(_ voice: Voice, at frame: Int64, _ grid: Grid) -> Bool {
        if current < 0 || layerCount() != 1 || !voice.isExact(grid) { return false }
        let playing = voices[current]
        return playing.isFromLoop() && !playing.isFree && playing.samples == voice.samples
            && playing.weight.end() == 1 && playing.id.equals(voice.id)
            && playing.lengthBeats == voice.lengthBeats
            && playing.position(at: frame, grid) == voice.position(at: frame, grid)
    }

    /// Puts a new voice in place of what plays, over one ramp.
    ///
    /// - Returns: the loop of a voice that had to end at once because all were busy, to be retired.
    @_noLocks @_noAllocation
    mutating func replace(with voice: Voice, rampFrames: Int) -> LoopHandle {
        let isFirst = allSilent()
        empty(rampFrames: rampFrames)
        let chosen = spare()
        let dropped = handBack(chosen)
        begin(voice, as: chosen, level: 1, rampFrames: rampFrames)
        current = chosen
        if isFirst {
            // Nothing sounded: the gains need no ramp of their own besides the voice's.
            left = Ramp(left.end())
            right = Ramp(right.end())
        }
        return dropped
    }

    /// Lets a voice begin as a layer, fading in.
    @_noLocks @_noAllocation
    mutating func begin(_ voice: Voice, as index: Int, level: Float, rampFrames: Int) {
        line.pointee.unsettle()
        if line.pointee.isQuiet {
            // Its gains stood still meanwhile; nobody heard where they were.
            left = Ramp(left.end())
            right = Ramp(right.end())
            line.pointee.isQuiet = false
        }
        voices[index] = voice
        voices[index].isLayer = true
        voices[index].weight = Ramp(0)
        voices[index].weight.go(to: level, frames: rampFrames)
    }

    /// The quietest voice that is not a layer; only where `layerCount` leaves one.
    ///
    /// Which one does not hang on whether those that have faded out were given back yet: the order of
    /// voices is the order in which they are summed.
    @_noLocks @_noAllocation
    func spare() -> Int {
        var chosen = -1
        for index in 0..<voiceCount where !voices[index].isLayer {
            if chosen < 0 || isQuieter(index, than: chosen) { chosen = index }
        }
        return max(0, chosen)
    }

    /// Gives back the voices that have faded out.
    @_noLocks @_noAllocation
    mutating func collect(_ retired: RetiredRing) {
        var busy = 0
        for index in 0..<voiceCount where !voices[index].isIdle() {
            busy += 1
            if voices[index].isLayer || voices[index].weight.isMoving() { continue }
            if retired.room() == 0 { return }
            let loop = handBack(index)
            if !loop.isNone() { _ = retired.push(loop) }
            busy -= 1
        }
        line.pointee.isQuiet = busy == 0 && !hasSeat
    }

    /// Ends a voice at once.
    ///
    /// - Returns: its loop, to be retired; none while another voice of the slot plays the same one,
    ///   which then holds it.
    @_noLocks @_noAllocation
    mutating func handBack(_ index: Int) -> LoopHandle {
        line.pointee.unsettle()
        let loop = voices[index].loop
        voices[index].kind = .idle
        voices[index].isLayer = false
        voices[index].isOpen = false
        voices[index].isFree = false
        voices[index].loop = LoopHandle.none()
        if loop.isNone() { return loop }
        for other in 0..<voiceCount where voices[other].isFromLoop() && voices[other].loop.isNone()
        {
            if voices[other].samples != voices[index].samples { continue }
            voices[other].loop = loop
            return LoopHandle.none()
        }
        return loop
    }

    /// Fades out voices that still play from the ring although it has come round.
    ///
    /// - Returns: whether content of the slot was lost by that.
    @_noLocks @_noAllocation
    mutating func losesRing(before oldest: Int64, rampFrames: Int) -> Bool {
        var isLost = false
        for index in 0..<voiceCount where voices[index].isFromRing() {
            if voices[index].fromFrame >= oldest { continue }
            voices[index].weight.go(to: 0, frames: rampFrames)
            isLost = isLost || voices[index].isLayer
            voices[index].isLayer = false
        }
        if isLost { current = newestLayer() }
        return isLost
    }

    /// Lets the voice play from its baked buffer; the same bits from the next frame on.
    ///
    /// - Returns: false when the voice is gone, or the buffer is of another length: that of an
    ///   earlier take with the same id.
    @_noLocks @_noAllocation
    mutating func adopt(_ handover: LoopHandover) -> Bool {
        line.pointee.unsettle()
        let loop = handover.loop.view()
        for index in 0..<voiceCount
        where voices[index].isFromRing() && voices[index].serial == handover.voice {
            if voices[index].frames != loop.frames { return false }
            voices[index].kind = .loop
            voices[index].loop = handover.loop
            voices[index].samples = loop.samples
            return true
        }
        return false
    }

    /// Whether nothing sounds; a voice that has faded out and was not given back yet does not.
    @_noLocks @_noAllocation
    func allSilent() -> Bool {
        for index in 0..<voiceCount where !isSilent(index) { return false }
        return true
    }

    @_noLocks @_noAllocation
    private func isSilent(_ index: Int) -> Bool {
        if voices[index].isIdle() { return true }
        return !voices[index].weight.isMoving() && voices[index].weight.end() == 0
    }

    @_noLocks @_noAllocation
    private func isQuieter(_ index: Int, than other: Int) -> Bool {
        if isSilent(other) { return false }
        if isSilent(index) { return true }
        return voices[index].weight.now() < voices[other].weight.now()
    }
}
