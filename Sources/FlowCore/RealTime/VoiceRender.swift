extension Voice {
    /// Writes the loop's sound of `count` frames from `frame` on, interleaved, without its weight.
    @_noLocks @_noAllocation
    func render(
        into out: UnsafeMutablePointer<Float>, count: Int, at frame: Int64,
        _ grid: Grid, _ ring: CaptureRing
    ) {
        if !isExact(grid) {
            renderRepitched(into: out, count: count, at: frame, clock(grid), ring)
            return
        }
        var position = position(at: frame, grid)
        for index in 0..<count {
            out[2 * index] = sample(position, 0, ring)
            out[2 * index + 1] = sample(position, 1, ring)
            position += 1
            if position == frames { position = 0 }
        }
    }

    /// Four-point interpolation at the grid's tempo.
    @_noLocks @_noAllocation
    private func renderRepitched(
        into out: UnsafeMutablePointer<Float>, count: Int, at frame: Int64,
        _ grid: Grid, _ ring: CaptureRing
    ) {
        let ratio = framesPerBeat / Double(grid.framesPerBeat)
        let beats = Double(grid.epochBeat - originBeat) * framesPerBeat - Double(offsetFrames)
        let since = Double(frame - grid.epochFrame) + grid.offsetFrames
        let length = Double(frames)
        var round = Double(FrameMath.floor((since * ratio + beats) / length)) * length
        for index in 0..<count {
            var at = (since + Double(index)) * ratio + beats - round
            if at >= length {
                // More than one round at once where the loop is shorter than a step.
                let rounds = Double(FrameMath.floor(at / length)) * length
                round += rounds
                at -= rounds
            }
            let whole = FrameMath.floor(at)
            if isOpen, whole < 1 || fromFrame + whole + 3 > frame + Int64(index) {
                // Played faster than it was: what is not there yet is silence.
                out[2 * index] = 0
                out[2 * index + 1] = 0
                continue
            }
            interpolate(Int(whole), Float(at - Double(whole)), ring, into: out + 2 * index)
        }
    }

    /// The sound between frames `at` and `at + 1` of the loop.
    @_noLocks @_noAllocation
    private func interpolate(
        _ at: Int, _ part: Float, _ ring: CaptureRing, into out: UnsafeMutablePointer<Float>
    ) {
        let position = at < 0 ? 0 : (at >= frames ? at - frames : at)
        if isFromLoop(), position >= 1, position + 2 < frames {
            let from = samples + 2 * (position - 1)
            out[0] = Voice.curve(from[0], from[2], from[4], from[6], part)
            out[1] = Voice.curve(from[1], from[3], from[5], from[7], part)
            return
        }
        let before = position == 0 ? frames - 1 : position - 1
        let next = position + 1 == frames ? 0 : position + 1
        let after = next + 1 == frames ? 0 : next + 1
        for channel in 0..<2 {
            out[channel] = Voice.curve(
                sample(before, channel, ring), sample(position, channel, ring),
                sample(next, channel, ring), sample(after, channel, ring), part)
        }
    }

    /// Cubic through four points, `part` of the way from the second to the third.
    @_noLocks @_noAllocation
    private static func curve(
        _ y0: Float, _ y1: Float, _ y2: Float, _ y3: Float, _ part: Float
    ) -> Float {
        let slope = 0.5 * (y2 - y0)
        let bend = y0 - 2.5 * y1 + 2 * y2 - 0.5 * y3
        let twist = 0.5 * (y3 - y0) + 1.5 * (y1 - y2)
        return ((twist * part + bend) * part + slope) * part + y1
    }

    /// One sample of the loop with its seam, whatever it is played from.
    @_noLocks @_noAllocation
    private func sample(_ position: Int, _ channel: Int, _ ring: CaptureRing) -> Float {
        if isFromLoop() { return samples[2 * position + channel] }
        let at = fromFrame + Int64(position)
        let window = ring.sample(frame: at, source: source, channel: channel)
        if !seam.touches(position: position, length: frames) { return window }
        let gains = seam.gains(position: position, length: frames)
        if !seam.hasPreRoll { return Seam.mix(window, 0, gains) }
        let before = ring.sample(frame: at - Int64(frames), source: source, channel: channel)
        return Seam.mix(window, before, gains)
    }
}
