import CFlowLeaf

extension RenderBlock {
    /// What the device calls: the border between its thread and the marked code.
    ///
    /// Built in a nonisolated static, so that no isolation is checked on the audio thread.
    static let process: RenderTarget.Process = { context, left, right, outLeft, outRight, frames in
        let mode = flow_denormals_off()
        flow_rt_enter()
        context.assumingMemoryBound(to: RenderBlock.self).pointee.render(
            left: left, right: right, outLeft: outLeft, outRight: outRight, count: Int(frames))
        flow_rt_exit()
        flow_denormals_restore(mode)
    }
}
