import CFlowLeaf

/// What the device's callback holds: the block, and the demo player in place of an input.
struct RenderContext: ~Copyable {
    let block: UnsafeMutablePointer<RenderBlock>
    var demo: DemoPlayer
    let playsDemo: Bool
    /// Planar input that the demo player fills: left, then right.
    let stage: UnsafeMutablePointer<Float>
    private let strideFrames: Int

    init(block: UnsafeMutablePointer<RenderBlock>, playsDemo: Bool, rateHz: Int) {
        self.block = block
        self.playsDemo = playsDemo
        demo = DemoPlayer(sampleRateHz: rateHz)
        strideFrames = Limits.blockFramesMax
        stage = .allocate(capacity: 2 * strideFrames)
        stage.initialize(repeating: 0, count: 2 * strideFrames)
    }

    deinit { stage.deallocate() }

    /// Renders one block.
    ///
    /// The demo player is asked stretch by stretch: a command inside the block reaches it at its frame.
    ///
    /// - Thread: audio.
    @_noLocks @_noAllocation
    mutating func render(
        _ pairs: InputPairs,
        outLeft: UnsafeMutablePointer<Float>, outRight: UnsafeMutablePointer<Float>, count: Int
    ) {
        block.pointee.begin(count: count)
        var done = 0
        while done < count {
            let run = block.pointee.nextStretch(atMost: count - done)
            if playsDemo { perform(run) }
            let heard =
                playsDemo
                ? InputPairs(stage, count: 1, strideFrames: strideFrames)
                : pairs.advanced(by: done)
            block.pointee.renderStretch(
                heard, outLeft: outLeft + done, outRight: outRight + done, count: run)
            done += run
        }
        block.pointee.finish()
        block.pointee.rings.masterTap.hand(left: outLeft, right: outRight, count: count)
    }

    /// Performs one stretch as source 0, in time with the transport as the stretch begins.
    ///
    /// - Thread: audio.
    @_noLocks @_noAllocation
    private mutating func perform(_ frames: Int) {
        let transport = block.pointee.transport
        let frame = block.pointee.frame
        guard transport.isPlaying else {
            for index in 0..<frames {
                stage[index] = 0
                stage[strideFrames + index] = 0
            }
            return
        }
        let grid = transport.grid
        demo.render(
            left: stage, right: stage + strideFrames, frames: frames,
            beat: Int(grid.beat(at: frame)), frac: grid.frac(at: frame),
            framesPerBeat: Double(grid.framesPerBeat), beatsPerBar: Int(grid.beatsPerBar))
    }
}

extension FlowEngine {
    /// What a stereo device calls: the border between its thread and the marked code.
    ///
    /// Built in a nonisolated static, so that no isolation is checked on the audio thread. Longer
    /// blocks than `Limits.blockFramesMax` are not taken: the output is silence then.
    static let process: RenderTarget.Process = { context, left, right, outLeft, outRight, frames in
        var pairs = InputPairs()
        if let left, let right {
            pairs = InputPairs(left, count: 1, strideFrames: right - left)
        }
        render(context, pairs, outLeft, outRight, frames)
    }

    /// What a device with several stereo pairs calls.
    static let processPairs: RenderTarget.ProcessPairs = {
        context, planes, count, stride, outLeft, outRight, frames in
        let root = context.assumingMemoryBound(to: RenderContext.self)
        let pairs = InputPairs(
            planes, count: Int(count), strideFrames: Int(stride),
            hasSum: root.pointee.block.pointee.settings.hearsSources)
        render(context, pairs, outLeft, outRight, frames)
    }

    private static func render(
        _ context: UnsafeMutableRawPointer, _ pairs: InputPairs,
        _ outLeft: UnsafeMutablePointer<Float>, _ outRight: UnsafeMutablePointer<Float>,
        _ frames: UInt32
    ) {
        let count = Int(frames)
        guard count <= Limits.blockFramesMax else {
            outLeft.update(repeating: 0, count: count)
            outRight.update(repeating: 0, count: count)
            return
        }
        let mode = flow_denormals_off()
        flow_rt_enter()
        let root = context.assumingMemoryBound(to: RenderContext.self)
        root.pointee.render(pairs, outLeft: outLeft, outRight: outRight, count: count)
        flow_rt_exit()
        flow_denormals_restore(mode)
    }
}
