/// What every slot needs to render a stretch of frames.
struct SlotContext: BitwiseCopyable {
    var frame: Int64
    var count: Int
    var grid: Grid
    var ring: CaptureRing
    /// Interleaved stereo; the sum of all slots.
    var bus: UnsafeMutablePointer<Float>
    /// One voice, and one slot; as long as the bus.
    var voiceScratch: UnsafeMutablePointer<Float>
    var slotScratch: UnsafeMutablePointer<Float>

    @_noLocks @_noAllocation
    init(
        bus: UnsafeMutablePointer<Float>, voice: UnsafeMutablePointer<Float>,
        slot: UnsafeMutablePointer<Float>, ring: CaptureRing, grid: Grid
    ) {
        self.bus = bus
        voiceScratch = voice
        slotScratch = slot
        self.ring = ring
        self.grid = grid
        frame = 0
        count = 0
    }
}

extension SlotPlayer {
    /// Adds the sound of these frames of a slot that is not settled to the bus and measures it.
    @_noLocks @_noAllocation @inline(never)
    mutating func render(_ context: SlotContext) {
        if isAlone(), voices[current].isFromLoop() {
            renderAlone(context)
        } else if !allSilent() {
            renderChanging(context)
        }
        left.advance(context.count)
        right.advance(context.count)
        if !line.pointee.isSettled() {
            line.pointee.meter.frames &+= Int32(truncatingIfNeeded: context.count)
        }
    }

    /// Lets time pass without sound.
    @_noLocks @_noAllocation
    mutating func advance(_ count: Int) {
        line.pointee.unsettle()
        for index in 0..<voiceCount { voices[index].weight.advance(count) }
        left.advance(count)
        right.advance(count)
    }

    /// One loop: with standing gains and at its own tempo nothing but its line is needed from now on.
    @_noLocks @_noAllocation
    private mutating func renderAlone(_ context: SlotContext) {
        if !left.isMoving(), !right.isMoving() {
            let gains = SIMD2<Float>(left.end(), right.end())
            if voices[current].isExact(context.grid) {
                let position = voices[current].position(at: context.frame, context.grid)
                line.pointee.settle(voices[current], position: position, gains: gains)
                if line.pointee.isSettled() {
                    line.pointee.render(to: context.bus, count: context.count)
                    return
                }
            }
            if gains.x == 0, gains.y == 0 { return }
        }
        voices[current].render(
            into: context.voiceScratch, count: context.count, at: context.frame, context.grid,
            context.ring)
        line.pointee.meter.add(
            context.voiceScratch, frames: context.count, left: left, right: right,
            to: context.bus)
    }

    /// Any number of voices, any tempo, moving gains.
    @_noLocks @_noAllocation
    private mutating func renderChanging(_ context: SlotContext) {
        let sum = context.slotScratch
        Wide.clear(sum, frames: context.count)
        for voice in 0..<voiceCount where !voices[voice].isIdle() {
            let scratch = context.voiceScratch
            voices[voice].render(
                into: scratch, count: context.count, at: context.frame, context.grid, context.ring)
            Wide.add(scratch, times: voices[voice].weight, to: sum, frames: context.count)
            voices[voice].weight.advance(context.count)
        }
        line.pointee.meter.add(
            sum, frames: context.count, left: left, right: right, to: context.bus)
    }

    /// Whether exactly one voice sounds, at its full level.
    @_noLocks @_noAllocation
    private func isAlone() -> Bool {
        if current < 0 { return false }
        if voices[current].weight.isMoving() || voices[current].weight.end() != 1 { return false }
        for index in 0..<voiceCount where index != current && !voices[index].isIdle() {
            return false
        }
        return true
    }
}
