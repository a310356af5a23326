/// One slot: its loop, the loops fading out of it, its gains and the capture it waits for.
struct SlotPlayer: BitwiseCopyable {
    /// As many swaps within one ramp as fade without a step.
    let voiceCount: Int
    let voices: UnsafeMutablePointer<Voice>
    /// The voice that is this slot's content; −1 = empty.
    var current: Int
    var gain: Float
    var pan: Float
    var isMuted: Bool
    var isSoloed: Bool
    var left: Ramp
    var right: Ramp
    var meter: LevelMeter
    var pending: PendingCapture

    /// Takes `voiceCount` idle voices that live as long as the slot.
    init(voices: UnsafeMutablePointer<Voice>, voiceCount: Int) {
        self.voices = voices
        self.voiceCount = voiceCount
        current = -1
        gain = 1
        pan = 0
        isMuted = false
        isSoloed = false
        left = Ramp(1)
        right = Ramp(1)
        meter = LevelMeter()
        pending = PendingCapture()
    }

    @_noLocks @_noAllocation
    func isEmpty() -> Bool { current < 0 }

    /// Phase of the loop when the music stands at this beat; −1 = empty.
    @_noLocks @_noAllocation
    func phase(beat: Int64, frac: Double) -> Float {
        current < 0 ? -1 : voices[current].phase(beat: beat, frac: frac)
    }

    /// Sends both gains to where the slot's settings want them.
    @_noLocks @_noAllocation
    mutating func retarget(anySoloed: Bool, rampFrames: Int) {
        let isAudible = !isMuted && (!anySoloed || isSoloed)
        let level = isAudible ? gain : 0
        left.go(to: level * (pan > 0 ? 1 - pan : 1), frames: rampFrames)
        right.go(to: level * (pan < 0 ? 1 + pan : 1), frames: rampFrames)
    }

    /// Lets everything in the slot fade out; it is empty from now on.
    @_noLocks @_noAllocation
    mutating func empty(rampFrames: Int) {
        for index in 0..<voiceCount where !voices[index].isIdle() {
            voices[index].weight.go(to: 0, frames: rampFrames)
        }
        current = -1
    }

    /// Puts a new voice in place of what plays, over one ramp.
    ///
    /// - Returns: the loop of a voice that had to end at once because all were busy, to be retired.
    @_noLocks @_noAllocation
    mutating func replace(with voice: Voice, rampFrames: Int) -> LoopHandle {
        let isFirst = allSilent()
        empty(rampFrames: rampFrames)
        var chosen = 0
        for index in 0..<voiceCount where isQuieter(index, than: chosen) {
            chosen = index
        }
        let dropped = voices[chosen].loop
        voices[chosen] = voice
        voices[chosen].weight = Ramp(0)
        voices[chosen].weight.go(to: 1, frames: rampFrames)
        current = chosen
        if isFirst {
            // Nothing sounded: the gains need no ramp of their own besides the voice's.
            left = Ramp(left.end())
            right = Ramp(right.end())
        }
        return dropped
    }

    /// Gives back the voices that have faded out.
    @_noLocks @_noAllocation
    mutating func collect(_ retired: RetiredRing) {
        for index in 0..<voiceCount where index != current {
            if voices[index].isIdle() || voices[index].weight.isMoving() { continue }
            let loop = voices[index].loop
            if !loop.isNone(), !retired.push(loop) { continue }
            voices[index].kind = .idle
            voices[index].loop = LoopHandle.none()
        }
    }

    /// Fades out voices that still play from the ring although it has come round.
    ///
    /// - Returns: whether the slot's content was lost by that.
    @_noLocks @_noAllocation
    mutating func losesRing(before oldest: Int64, rampFrames: Int) -> Bool {
        for index in 0..<voiceCount where voices[index].isFromRing() {
            if voices[index].fromFrame >= oldest { continue }
            voices[index].weight.go(to: 0, frames: rampFrames)
            if index == current {
                current = -1
                return true
            }
        }
        return false
    }

    /// Lets the voice play from its baked buffer; the same bits from the next frame on.
    ///
    /// - Returns: false when the voice is gone, or the buffer is of another length: that of an
    ///   earlier take with the same id.
    @_noLocks @_noAllocation
    mutating func adopt(_ handover: LoopHandover) -> Bool {
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
        for index in 0..<voiceCount where !voices[index].isIdle() {
            if voices[index].weight.isMoving() || voices[index].weight.end() != 0 { return false }
        }
        return true
    }

    @_noLocks @_noAllocation
    private func isQuieter(_ index: Int, than other: Int) -> Bool {
        if voices[other].isIdle() { return false }
        if voices[index].isIdle() { return true }
        return voices[index].weight.now() < voices[other].weight.now()
    }
}

/// A capture whose window ends ahead.
struct PendingCapture: BitwiseCopyable {
    var isActive: Bool
    var token: UInt32
    var id: TakeID
    var source: Int
    var pressFrame: Int64
    /// When it begins to sound.
    var readyFrame: Int64
    var window: CaptureWindow
    var marks: EventMarks

    @_noLocks @_noAllocation
    init() {
        isActive = false
        token = 0
        id = TakeID.none()
        source = 0
        pressFrame = 0
        readyFrame = 0
        window = CaptureWindow()
        marks = EventMarks()
    }
}
