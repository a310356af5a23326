/// What the system's audio thread works on; reached by a raw pointer.
///
/// - Thread: audio for `hear` and `render`; everything else while the gate is closed.
struct PortState: ~Copyable {
    /// More input channels are left alone.
    static let channelCountMax = 2 * Limits.sourceCountMax
    /// So many frames more than are needed may wait before some are left out: clocks that drift.
    static let excessFramesMax = 4_096

    var target: RenderTarget?
    var bridge: InputBridge
    /// Nil while the hardware has the core's rate.
    var resampler: UnsafeMutablePointer<InputResampler>?
    /// Whether a graph brings input at all.
    var listens = false
    /// Ticks of the system's clock for a frame of the core; 0 = times are not told.
    var ticksPerFrame = 0.0
    let gate: PortGate
    let counters: DeviceCounters
    /// Of the block that is being heard: each channel's samples, and how far they lie apart.
    let heard: UnsafeMutablePointer<UnsafePointer<Float>?>
    let stage: UnsafeMutablePointer<Float>
    private var heardCount = 0
    private var stride = 1
    private var isPrimed = false
    private var hasHeard = false
    /// Frames kept waiting because blocks came unevenly.
    private var reserveFrames = 0
    private var broughtTicks: UInt64 = 0
    /// Frames brought with that block.
    private var broughtFrames = 0

    init(channelCount: Int, gate: PortGate, counters: DeviceCounters) {
        self.gate = gate
        self.counters = counters
        // More than the longest block twice.
        bridge = InputBridge(
            channelCount: channelCount, capacityFrames: 4 * Limits.blockFramesMax)
        heard = .allocate(capacity: Self.channelCountMax)
        heard.initialize(repeating: nil, count: Self.channelCountMax)
        let count = max(2, channelCount) * Limits.blockFramesMax
        stage = .allocate(capacity: count)
        stage.initialize(repeating: 0, count: count)
    }

    deinit {
        heard.deallocate()
        stage.deallocate()
    }

    /// Forgets the graph before.
    mutating func begin() {
        bridge.clear()
        isPrimed = false
        hasHeard = false
        reserveFrames = 0
        broughtTicks = 0
        gate.zeroFrames.pointee.store(0)
        gate.turnaroundFrames.pointee.store(0)
    }

    /// Takes a block of `count` channels, set in `heard`, whose samples lie `stride` apart.
    mutating func hear(count: Int, stride: Int, frames: Int, atTicks: UInt64) {
        guard gate.enter() else { return gate.leave() }
        heardCount = min(count, Self.channelCountMax)
        self.stride = stride
        broughtTicks = atTicks
        broughtFrames = 0
        var done = 0
        while done < frames {
            let run = min(frames - done, Limits.blockFramesMax)
            noteSilence(from: done, run)
            if resampler == nil { bring(from: done, run) } else { bringResampled(from: done, run) }
            done += run
        }
        hasHeard = true
        gate.leave()
    }

    /// A single last channel is both sides of its pair; those beyond are silent.
    private func samples(_ channel: Int, from frame: Int) -> UnsafePointer<Float>? {
        let own = channel == heardCount && heardCount % 2 == 1 ? channel - 1 : channel
        guard own < heardCount, let base = heard[own] else { return nil }
        return base + frame * stride
    }

    private func noteSilence(from frame: Int, _ frames: Int) {
        for channel in 0..<heardCount {
            guard let base = heard[channel] else { continue }
            for index in frame..<(frame + frames) where base[index * stride] != 0 {
                gate.zeroFrames.pointee.store(0)
                return
            }
        }
        gate.zeroFrames.pointee.add(UInt64(frames))
    }

    private mutating func bring(from frame: Int, _ frames: Int) {
        guard frames <= bridge.room() else { return counters.countXrun(frames: UInt64(frames)) }
        for channel in 0..<bridge.channelCount {
            let from = samples(channel, from: frame)
            var done = 0
            while done < frames {
                let (to, fit) = bridge.place(channel, after: done)
                let run = min(fit, frames - done)
                for index in 0..<run { to[index] = from?[(done + index) * stride] ?? 0 }
                done += run
            }
        }
        broughtFrames += frames
        bridge.brought(frames)
    }

    private mutating func bringResampled(from frame: Int, _ frames: Int) {
        guard let resampler else { return }
        for channel in 0..<bridge.channelCount {
            resampler.pointee.feed(
                channel, samples(channel, from: frame), stride: stride, frames: frames)
        }
        let made = resampler.pointee.ready(frames)
        guard made <= bridge.room() else { return counters.countXrun(frames: UInt64(made)) }
        for channel in 0..<bridge.channelCount {
            for index in 0..<made {
                let (to, _) = bridge.place(channel, after: index)
                to.pointee = resampler.pointee.make(channel, index)
            }
        }
        resampler.pointee.advance(frames, made: made)
        broughtFrames += made
        bridge.brought(made)
    }

    /// Renders `frames` frames; silence while the gate is closed.
    mutating func render(
        _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>, frames: Int,
        atTicks: UInt64
    ) {
        guard gate.enter(), let target else {
            left.update(repeating: 0, count: frames)
            right.update(repeating: 0, count: frames)
            return gate.leave()
        }
        var done = 0
        while done < frames {
            let run = min(frames - done, Limits.blockFramesMax)
            let hears =
                listens
                && stageInput(run, of: frames - done, atTicks: done == 0 ? atTicks : 0)
            call(target, hears, left + done, right + done, run)
            done += run
        }
        gate.leave()
    }

    private func call(
        _ target: RenderTarget, _ hears: Bool, _ left: UnsafeMutablePointer<Float>,
        _ right: UnsafeMutablePointer<Float>, _ frames: Int
    ) {
        let (stride, pairs) = (Limits.blockFramesMax, bridge.channelCount / 2)
        if hears, pairs > 1, let processPairs = target.processPairs {
            processPairs(
                target.context, stage, UInt32(pairs), UInt32(stride), left, right, UInt32(frames))
            return
        }
        target.process(
            target.context, hears ? UnsafePointer(stage) : nil,
            hears ? UnsafePointer(stage + stride) : nil, left, right, UInt32(frames))
    }

    /// Fills the stage with the next frames heard, of `wanted` that are asked for in this call; false
    /// while there are none yet.
    private mutating func stageInput(_ frames: Int, of wanted: Int, atTicks: UInt64) -> Bool {
        let excess = bridge.waiting() - wanted - reserveFrames
        if !isPrimed {
            guard hasHeard, excess >= 0 else { return false }
            bridge.skip(excess)
            isPrimed = true
        } else if excess > Self.excessFramesMax {
            bridge.skip(excess)
            counters.countXrun(frames: UInt64(excess))
        }
        let have = min(frames, bridge.waiting())
        measureTurnaround(atTicks)
        bridge.take(have, into: stage, strideFrames: Limits.blockFramesMax)
        guard have < frames else { return true }
        for channel in 0..<max(2, bridge.channelCount) {
            let plane = stage + channel * Limits.blockFramesMax
            for index in have..<frames { plane[index] = 0 }
        }
        counters.countXrun(frames: UInt64(frames - have))
        // Blocks come unevenly here: so many more shall wait from now on.
        reserveFrames = min(Self.excessFramesMax, reserveFrames + frames - have)
        isPrimed = false
        return true
    }

    /// From when the first waiting frame was in the air to when the one rendered now will be.
    private func measureTurnaround(_ atTicks: UInt64) {
        guard ticksPerFrame > 0, atTicks > 0, broughtTicks > 0 else { return }
        let later = Double(Int64(bitPattern: atTicks &- broughtTicks)) / ticksPerFrame
        // The block before may still wait, too.
        let frames = later + Double(bridge.waiting() - broughtFrames)
        guard frames > 0, frames < 1e6 else { return }
        gate.turnaroundFrames.pointee.store(UInt64(frames.rounded()))
    }
}
