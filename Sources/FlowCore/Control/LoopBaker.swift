/// What becomes of a take's ends in its loop.
enum LoopEnds {
    /// They meet in a seam.
    case seam
    /// As `seam`, but the window's end does not fade out: what follows it in the music is laid over
    /// the loop's start by another part.
    case tailSeam
    /// A post-roll, which is no loop: its last half fades out.
    case raw
    /// They meet already.
    case whole

    /// Whether what was played before the window is heard in it.
    var meetInSeam: Bool {
        switch self {
        case .seam, .tailSeam: true
        case .raw, .whole: false
        }
    }

    /// Of bits of `TAKE_FLAGS`.
    init(_ flags: UInt32) {
        if flags & TakeFlags.seamless != 0 {
            self = .whole
        } else if flags & TakeFlags.raw != 0 {
            self = .raw
        } else {
            self = flags & TakeFlags.tailSeam != 0 ? .tailSeam : .seam
        }
    }
}

/// Makes loop buffers: a range of the ring or of what has outgrown it, or a take from disk, with its seam.
struct LoopBaker {
    let feed: any SpoolFeed

    /// Copies a range out of memory and mixes the seam in.
    ///
    /// - Returns: nil when a part of it is already overwritten.
    func bake(_ request: BakeRequest) -> LoopAudio? {
        let length = Int(request.toFrame - request.fromFrame)
        let seamFrames = Seam.frames(rateHz: feed.sampleRateHz, loopFrames: length)
        let before = request.hasPreRoll ? seamFrames : 0
        let first = UInt64(request.fromFrame) - UInt64(before)
        guard let samples = read(from: first, frames: before + length, request.sourceIndex) else {
            return nil
        }
        let loop = UnsafeMutablePointer<Float>.allocate(capacity: 2 * length)
        loop.update(from: samples + 2 * before, count: 2 * length)
        finish(
            loop, length: length, preRoll: before > 0 ? UnsafePointer(samples) : nil,
            seamFrames: seamFrames)
        samples.deallocate()
        return LoopAudio(samples: loop, frameCount: length, preRoll: nil, preRollFrames: 0)
    }

    /// Gives a take that came from disk its ends, in place; at its own rate.
    func bake(_ audio: LoopAudio, _ ends: LoopEnds, rateHz: Int) {
        if case .whole = ends { return }
        if case .raw = ends {
            LoopBaker.fadeOut(audio.samples, length: audio.frameCount)
            return
        }
        let frames = Seam.frames(rateHz: rateHz, loopFrames: audio.frameCount)
        let hasPreRoll = audio.preRollFrames >= frames
        let preRoll = audio.preRoll.map {
            UnsafePointer($0 + 2 * (audio.preRollFrames - frames))
        }
        finish(
            audio.samples, length: audio.frameCount, preRoll: hasPreRoll ? preRoll : nil,
            seamFrames: frames, ends)
    }

    /// The last half becomes silent along a straight line.
    private static func fadeOut(_ sound: UnsafeMutablePointer<Float>, length: Int) {
        let fade = length / 2
        for index in 0..<fade {
            let gain = (Float(index) + 0.5) / Float(fade)
            sound[2 * (length - 1 - index)] *= gain
            sound[2 * (length - 1 - index) + 1] *= gain
        }
    }

    private func finish(
        _ loop: UnsafeMutablePointer<Float>, length: Int, preRoll: UnsafePointer<Float>?,
        seamFrames frames: Int, _ ends: LoopEnds = .seam
    ) {
        guard frames > 1 else { return }
        let end = UnsafePointer(loop + 2 * (length - frames))
        var seam = Seam(end: end, preRoll: preRoll, frames: frames)
        if case .tailSeam = ends { seam.keepsEnd = true }
        LoopBaker.mix(seam, into: loop, length: length, preRoll: preRoll)
    }

    /// Mixes the seam into a whole loop in place, frame by frame as the audio thread does.
    static func mix(
        _ seam: Seam, into loop: UnsafeMutablePointer<Float>, length: Int,
        preRoll: UnsafePointer<Float>?
    ) {
        let start = length - seam.frames
        let touched = Array(start..<length) + (seam.hasPreRoll ? [] : Array(0..<seam.frames))
        for position in touched {
            for channel in 0..<2 {
                let gains = seam.gains(position: position, length: length, side: channel)
                let before = preRoll.map { $0[2 * (position - start) + channel] } ?? 0
                loop[2 * position + channel] = Seam.mix(
                    loop[2 * position + channel], seam.hasPreRoll ? before : 0, gains)
            }
        }
    }

    /// One source as interleaved stereo.
    private func read(
        from first: UInt64, frames: Int, _ source: Int
    ) -> UnsafeMutablePointer<Float>? {
        let channels = feed.channelCount
        let all = UnsafeMutablePointer<Float>.allocate(capacity: frames * channels)
        guard feed.copy(from: first, frames: frames, into: all) else {
            all.deallocate()
            return nil
        }
        guard channels > 2 else { return all }
        for index in 0..<frames {
            // In place: the pair moves towards the front, never over what is still to be read.
            all[2 * index] = all[channels * index + 2 * source]
            all[2 * index + 1] = all[channels * index + 2 * source + 1]
        }
        return all
    }
}
