/// Brings loops of another sample rate to the engine's, once, when they come into memory.
///
/// The loop is read round its end, so that its seam stays one. Its length becomes a whole number of
/// frames and its tempo follows that, so that each beat still lies where it lay in the loop.
struct LoopRate {
    let from: Int
    let to: Int

    /// Whether a device can have this rate.
    static func isPossible(_ rateHz: Int) -> Bool {
        (Limits.rateHzMin...Limits.rateHzMax).contains(rateHz)
    }

    /// The same loop at the other rate, with its frames per beat there.
    ///
    /// - Returns: nil when it is too long for memory.
    func converted(
        _ audio: LoopAudio, framesPerBeat: Double
    ) -> (audio: LoopAudio, framesPerBeat: Double)? {
        let exact = Double(audio.frameCount) * Double(to) / Double(from)
        let frames = max(1, Int(exact.rounded()))
        guard frames <= Limits.loopCacheBytesMax / 8 else { return nil }
        let tempo = framesPerBeat * Double(frames) / Double(audio.frameCount)
        let view = LoopView(
            samples: UnsafePointer(audio.samples), frames: audio.frameCount,
            framesPerBeat: framesPerBeat, id: .none())
        let whole = LoopRender.Part(
            loop: view, mode: .repitch, startFrames: 0, gainLeft: 1, gainRight: 1)
        let render = LoopRender(
            parts: [whole], frames: frames, framesPerBeat: tempo, rateHz: to)
        guard let loop = try? render.render() else { return nil }
        return (loop, tempo)
    }
}
