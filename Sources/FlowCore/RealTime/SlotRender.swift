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
    /// Adds the slot's sound of these frames to the bus and measures it.
    @_noLocks @_noAllocation
    mutating func render(_ context: SlotContext) {
        if isSteady(), voices[current].isFromLoop(), voices[current].isExact(context.grid) {
            renderSteady(context)
        } else if !allSilent() {
            renderChanging(context)
        }
        left.advance(context.count)
        right.advance(context.count)
        meter.frames += context.count
    }

    /// Lets time pass without sound.
    @_noLocks @_noAllocation
    mutating func advance(_ count: Int) {
        for index in 0..<voiceCount { voices[index].weight.advance(count) }
        left.advance(count)
        right.advance(count)
    }

    /// One loop at its own tempo with standing gains: straight from its buffer.
    @_noLocks @_noAllocation
    private mutating func renderSteady(_ context: SlotContext) {
        let gains = SIMD2<Float>(left.end(), right.end())
        if gains.x == 0, gains.y == 0 { return }
        let frames = voices[current].frames
        var position = voices[current].position(at: context.frame, context.grid)
        var done = 0
        while done < context.count {
            let run = min(context.count - done, frames - position)
            let from = voices[current].samples + 2 * position
            meter.add(from, frames: run, gains: gains, to: context.bus + 2 * done)
            done += run
            position = position + run == frames ? 0 : position + run
        }
    }

    /// Any number of voices, any tempo, moving gains.
    @_noLocks @_noAllocation
    private mutating func renderChanging(_ context: SlotContext) {
        let sum = context.slotScratch
        for index in 0..<2 * context.count { sum[index] = 0 }
        for voice in 0..<voiceCount where !voices[voice].isIdle() {
            let scratch = context.voiceScratch
            voices[voice].render(
                into: scratch, count: context.count, at: context.frame, context.grid, context.ring)
            for index in 0..<context.count {
                let weight = voices[voice].weight.value(index)
                sum[2 * index] += scratch[2 * index] * weight
                sum[2 * index + 1] += scratch[2 * index + 1] * weight
            }
            voices[voice].weight.advance(context.count)
        }
        for index in 0..<context.count {
            let gains = SIMD2<Float>(left.value(index), right.value(index))
            meter.add(sum + 2 * index, frames: 1, gains: gains, to: context.bus + 2 * index)
        }
    }

    /// Whether exactly one voice sounds, at its full level, and nothing moves.
    @_noLocks @_noAllocation
    private func isSteady() -> Bool {
        if current < 0 || left.isMoving() || right.isMoving() { return false }
        if voices[current].weight.isMoving() || voices[current].weight.end() != 1 { return false }
        for index in 0..<voiceCount where index != current && !voices[index].isIdle() {
            return false
        }
        return true
    }
}

extension LevelMeter {
    /// Adds interleaved frames times the gains to the bus and measures what was added.
    @_noLocks @_noAllocation
    mutating func add(
        _ from: UnsafePointer<Float>, frames count: Int, gains: SIMD2<Float>,
        to bus: UnsafeMutablePointer<Float>
    ) {
        let wide = SIMD8<Float>(
            gains.x, gains.y, gains.x, gains.y, gains.x, gains.y, gains.x, gains.y)
        var peaks = SIMD8<Float>(repeating: 0)
        var powers = SIMD8<Float>(repeating: 0)
        let source = UnsafeRawPointer(from)
        let target = UnsafeMutableRawPointer(bus)
        let bytes = 8 * count
        var at = 0
        while at + 32 <= bytes {
            let sound = source.loadUnaligned(fromByteOffset: at, as: SIMD8<Float>.self) * wide
            let sum = target.loadUnaligned(fromByteOffset: at, as: SIMD8<Float>.self) + sound
            target.storeBytes(of: sum, toByteOffset: at, as: SIMD8<Float>.self)
            let negative = SIMD8<Float>(repeating: 0) - sound
            let larger = sound.replacing(with: negative, where: sound .< negative)
            peaks.replace(with: larger, where: larger .> peaks)
            powers += sound * sound
            at += 32
        }
        var index = at / 8
        while index < count {
            let sound = SIMD2<Float>(from[2 * index] * gains.x, from[2 * index + 1] * gains.y)
            bus[2 * index] += sound.x
            bus[2 * index + 1] += sound.y
            peak.x = max(peak.x, abs(sound.x))
            peak.y = max(peak.y, abs(sound.y))
            power.x += sound.x * sound.x
            power.y += sound.y * sound.y
            index += 1
        }
        for lane in 0..<4 {
            peak.x = max(peak.x, peaks[2 * lane])
            peak.y = max(peak.y, peaks[2 * lane + 1])
            power.x += powers[2 * lane]
            power.y += powers[2 * lane + 1]
        }
    }
}
