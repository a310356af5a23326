import CFlowLeaf

/// What the device's callback holds: the block, and the demo player in place of an input.
struct RenderContext: ~Copyable {
    let block: UnsafeMutablePointer<RenderBlock>
    var demo: DemoPlayer
    let playsDemo: Bool
    /// Planar input that the demo player fills.
    let left: UnsafeMutablePointer<Float>
    let right: UnsafeMutablePointer<Float>

    init(block: UnsafeMutablePointer<RenderBlock>, playsDemo: Bool, rateHz: Int) {
        self.block = block
        self.playsDemo = playsDemo
        demo = DemoPlayer(sampleRateHz: rateHz)
        left = .allocate(capacity: Limits.blockFramesMax)
        left.initialize(repeating: 0, count: Limits.blockFramesMax)
        right = .allocate(capacity: Limits.blockFramesMax)
        right.initialize(repeating: 0, count: Limits.blockFramesMax)
    }

    deinit {
        left.deallocate()
        right.deallocate()
    }

    /// Renders one block; the input pointers are planar, nil is silence.
    ///
    /// The demo player is asked stretch by stretch: a command inside the block reaches it at its frame.
    ///
    /// - Thread: audio.
    @_noLocks @_noAllocation
    mutating func render(
        _ inLeft: UnsafePointer<Float>?, _ inRight: UnsafePointer<Float>?,
        outLeft: UnsafeMutablePointer<Float>, outRight: UnsafeMutablePointer<Float>, count: Int
    ) {
        block.pointee.begin(count: count)
        var done = 0
        while done < count {
            let run = block.pointee.nextStretch(atMost: count - done)
            if playsDemo {
                perform(run)
                block.pointee.renderStretch(
                    left: left, right: right, outLeft: outLeft + done, outRight: outRight + done,
                    count: run)
            } else if let inLeft, let inRight {
                block.pointee.renderStretch(
                    left: inLeft + done, right: inRight + done, outLeft: outLeft + done,
                    outRight: outRight + done, count: run)
            } else {
                block.pointee.renderStretch(
                    left: nil, right: nil, outLeft: outLeft + done, outRight: outRight + done,
                    count: run)
            }
            done += run
        }
        block.pointee.finish()
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
                left[index] = 0
                right[index] = 0
            }
            return
        }
        let grid = transport.grid
        demo.render(
            left: left, right: right, frames: frames,
            beat: Int(grid.beat(at: frame)), frac: grid.frac(at: frame),
            framesPerBeat: Double(grid.framesPerBeat), beatsPerBar: Int(grid.beatsPerBar))
    }
}

extension FlowEngine {
    /// What the device calls: the border between its thread and the marked code.
    ///
    /// Built in a nonisolated static, so that no isolation is checked on the audio thread. Longer
    /// blocks than `Limits.blockFramesMax` are not taken: the output is silence then.
    static let process: RenderTarget.Process = { context, left, right, outLeft, outRight, frames in
        let count = Int(frames)
        guard count <= Limits.blockFramesMax else {
            outLeft.update(repeating: 0, count: count)
            outRight.update(repeating: 0, count: count)
            return
        }
        let mode = flow_denormals_off()
        flow_rt_enter()
        let root = context.assumingMemoryBound(to: RenderContext.self)
        root.pointee.render(left, right, outLeft: outLeft, outRight: outRight, count: count)
        flow_rt_exit()
        flow_denormals_restore(mode)
    }
}
