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
        var done = 0
        while done < count {
            let run = min(count - done, frames - position)
            copy(into: out + 2 * done, from: position, count: run, ring)
            done += run
            position = position + run == frames ? 0 : position + run
        }
    }

    /// Copies frames of the loop, none of which lies beyond its end.
    @_noLocks @_noAllocation
    private func copy(
        into out: UnsafeMutablePointer<Float>, from position: Int, count: Int, _ ring: CaptureRing
    ) {
        if isFromLoop() {
            Wide.copy(samples + 2 * position, to: out, frames: count)
            return
        }
        let last = position + count - 1
        if !seam.touches(position: position, length: frames),
            !seam.touches(position: last, length: frames)
        {
            let from = fromFrame + Int64(position)
            ring.copy(from: from, frames: count, source: source, into: out)
            return
        }
        for index in 0..<count {
            out[2 * index] = sample(position + index, 0, ring)
            out[2 * index + 1] = sample(position + index, 1, ring)
        }
    }

    /// One sample of the loop with its seam, whatever it is played from.
    @_noLocks @_noAllocation
    func sample(_ position: Int, _ channel: Int, _ ring: CaptureRing) -> Float {
        if isFromLoop() { return samples[2 * position + channel] }
        let at = fromFrame + Int64(position)
        let window = ring.sample(frame: at, source: source, channel: channel)
        if !seam.touches(position: position, length: frames) { return window }
        let gains = seam.gains(position: position, length: frames, side: channel)
        if !seam.hasPreRoll { return Seam.mix(window, 0, gains) }
        let before = ring.sample(frame: at - Int64(frames), source: source, channel: channel)
        return Seam.mix(window, before, gains)
    }
}
