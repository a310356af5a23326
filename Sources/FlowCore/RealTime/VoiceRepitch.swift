/// A loop that follows another tempo than its own.
extension Voice {
    /// Four-point interpolation at the grid's tempo.
    ///
    /// Every frame's place is rounded as if it were the first of a stretch: its bits do not hang on
    /// where stretches begin.
    @_noLocks @_noAllocation
    func renderRepitched(
        into out: UnsafeMutablePointer<Float>, count: Int, at frame: Int64,
        _ grid: Grid, _ ring: CaptureRing
    ) {
        let ratio = framesPerBeat / Double(grid.framesPerBeat)
        let beats = Double(grid.epochBeat - originBeat) * framesPerBeat - Double(offsetFrames)
        let since = Double(frame - grid.epochFrame)
        let offset = grid.offsetFrames
        let length = Double(frames)
        let first = (since + offset) * ratio + beats
        var round = Double(FrameMath.floor(first / length)) * length
        if first < round { round -= length }
        var index = 0
        while index < count {
            var at = (since + Double(index) + offset) * ratio + beats - round
            if at >= length {
                // More than one round at once where the loop is shorter than a step.
                let rounds = Double(FrameMath.floor(at / length)) * length
                round += rounds
                at -= rounds
            }
            if isFromLoop(), at >= 1 {
                // As long as all four points surely lie within the loop.
                let fitting = (length - 4 - at) / ratio
                if fitting >= 2 {
                    let run = min(count - index, Int(fitting))
                    let line = Line(
                        since: since, offset: offset, ratio: ratio, beats: beats, round: round)
                    interpolateRun(line, from: index, count: run, into: out + 2 * index)
                    index += run
                    continue
                }
            }
            let whole = FrameMath.floor(at)
            if isOpen, whole < 1 || fromFrame + whole + 3 > frame + Int64(index) {
                // Played faster than it was: what is not there yet is silence.
                out[2 * index] = 0
                out[2 * index + 1] = 0
            } else {
                interpolate(Int(whole), Float(at - Double(whole)), ring, into: out + 2 * index)
            }
            index += 1
        }
    }

    /// Where in the loop the frames of a stretch lie.
    private struct Line: BitwiseCopyable {
        let since: Double
        let offset: Double
        let ratio: Double
        let beats: Double
        let round: Double

        @_noLocks @_noAllocation @inline(__always)
        func at(_ index: Int) -> Double {
            (since + Double(index) + offset) * ratio + beats - round
        }
    }

    /// Frames whose four points lie within the loop's buffer; two at a time.
    @_noLocks @_noAllocation
    private func interpolateRun(
        _ line: Line, from first: Int, count: Int, into out: UnsafeMutablePointer<Float>
    ) {
        var index = 0
        while index + 2 <= count {
            let (early, late) = (line.at(first + index), line.at(first + index + 1))
            let (one, two) = (Int(early), Int(late))
            let (part, latePart) = (Float(early - Double(one)), Float(late - Double(two)))
            let (from, lateFrom) = (samples + 2 * (one - 1), samples + 2 * (two - 1))
            let sound = Voice.curve(
                Voice.both(from, lateFrom), Voice.both(from + 2, lateFrom + 2),
                Voice.both(from + 4, lateFrom + 4), Voice.both(from + 6, lateFrom + 6),
                SIMD4(part, part, latePart, latePart))
            UnsafeMutableRawPointer(out + 2 * index).storeBytes(of: sound, as: SIMD4<Float>.self)
            index += 2
        }
        if index == count { return }
        let at = line.at(first + index)
        let from = samples + 2 * (Int(at) - 1)
        let part = Float(at - Double(Int(at)))
        out[2 * index] = Voice.curve(from[0], from[2], from[4], from[6], part)
        out[2 * index + 1] = Voice.curve(from[1], from[3], from[5], from[7], part)
    }

    /// One frame, then another.
    @_noLocks @_noAllocation @inline(__always)
    private static func both(
        _ one: UnsafePointer<Float>, _ other: UnsafePointer<Float>
    ) -> SIMD4<Float> {
        SIMD4(
            lowHalf: UnsafeRawPointer(one).loadUnaligned(as: SIMD2<Float>.self),
            highHalf: UnsafeRawPointer(other).loadUnaligned(as: SIMD2<Float>.self))
    }

    /// The cubic below, for two frames of both sides.
    @_noLocks @_noAllocation @inline(__always)
    private static func curve(
        _ y0: SIMD4<Float>, _ y1: SIMD4<Float>, _ y2: SIMD4<Float>, _ y3: SIMD4<Float>,
        _ part: SIMD4<Float>
    ) -> SIMD4<Float> {
        let slope = 0.5 * (y2 - y0)
        let bend = y0 - 2.5 * y1 + 2 * y2 - 0.5 * y3
        let twist = 0.5 * (y3 - y0) + 1.5 * (y1 - y2)
        return ((twist * part + bend) * part + slope) * part + y1
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
}
