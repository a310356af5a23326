/// A loop made of other loops: each at the tempo of the result, at its place, with its gains.
///
/// A pure function of its parts: the same parts give the same bits, in any thread, in any run. Parts
/// are added in their order, as slots are mixed: at their own tempo they give what was heard.
struct LoopRender: @unchecked Sendable {
    enum Mode: Sendable {
        /// Faster and higher together; looped.
        case repitch
        /// Faster at the same pitch; looped.
        case stretch
        /// As `repitch`, but played once, round the end of the result as often as it is long.
        case once
    }

    struct Part {
        /// Must be held while it is rendered.
        var loop: LoopView
        var mode: Mode
        /// Frame of the loop with which the result begins; with `once` the frame of the result at
        /// which the loop begins.
        var startFrames: Double
        var gainLeft: Float
        var gainRight: Float
    }

    var parts: [Part]
    var frames: Int
    var framesPerBeat: Double
    var rateHz: Int
    var stretchLibrary = StretchLibrary.installed

    private static let framesPerAsk = 4_096

    /// The result: a loop without any further seam.
    ///
    /// Every few thousand frames `isCancelled` is asked and `onProgress` told how much of it is done,
    /// 0…1 and never less than before.
    ///
    /// - Returns: nil when it was cancelled.
    /// - Throws: `stretcherMissing` on a machine without Rubber Band, where a part needs it.
    func render(
        isCancelled: () -> Bool = { false }, onProgress: (Double) -> Void = { _ in }
    ) throws(EngineError) -> LoopAudio? {
        let out = UnsafeMutablePointer<Float>.allocate(capacity: 2 * frames)
        out.initialize(repeating: 0, count: 2 * frames)
        let audio = LoopAudio(samples: out, frameCount: frames, preRoll: nil, preRollFrames: 0)
        let shelf = KernelShelf()
        var done = 0
        func goesOn(_ share: Double) -> Bool {
            onProgress((Double(done) + share) / Double(parts.count))
            return !isCancelled()
        }
        for part in parts {
            let isWhole: Bool
            switch part.mode {
            case .repitch: isWhole = addLooped(part, to: out, shelf, goesOn)
            case .stretch: isWhole = try addStretched(part, to: out, shelf, goesOn)
            case .once: isWhole = addOnce(part, to: out, shelf, goesOn)
            }
            if !isWhole { return nil }
            done += 1
        }
        return audio
    }

    /// Frames of the part per frame of the result.
    private func ratio(_ part: Part) -> Double { part.loop.framesPerBeat / framesPerBeat }

    private func addLooped(
        _ part: Part, to out: UnsafeMutablePointer<Float>, _ shelf: KernelShelf,
        _ goesOn: (Double) -> Bool
    ) -> Bool {
        let ratio = ratio(part)
        let start = part.startFrames
        if ratio == 1, start == start.rounded() {
            addCopy(part.loop.samples, part.loop.frames, from: Int64(start), part, to: out)
            return true
        }
        let sound = CyclicResampler(part.loop, shelf.kernel(ratio), isCyclic: true)
        let length = Double(part.loop.frames)
        for frame in 0..<frames {
            let isAsked = frame % Self.framesPerAsk == 0
            if isAsked, !goesOn(Double(frame) / Double(frames)) { return false }
            let at = start + Double(frame) * ratio
            let place = at - Double(FrameMath.floor(at / length)) * length
            add(sound.frame(at: place < length ? place : 0), part, to: out, frame)
        }
        return true
    }

    private func addStretched(
        _ part: Part, to out: UnsafeMutablePointer<Float>, _ shelf: KernelShelf,
        _ goesOn: (Double) -> Bool
    ) throws(EngineError) -> Bool {
        let ratio = ratio(part)
        if ratio == 1 { return addLooped(part, to: out, shelf, goesOn) }
        let stretcher = Stretcher(
            rateHz: rateHz, ratio: 1 / ratio, library: stretchLibrary)
        guard let round = try stretcher.stretch(part.loop, goesOn) else { return false }
        let from = Int64((part.startFrames / ratio).rounded())
        addCopy(round.samples, round.frameCount, from: from, part, to: out)
        return true
    }

    private func addOnce(
        _ part: Part, to out: UnsafeMutablePointer<Float>, _ shelf: KernelShelf,
        _ goesOn: (Double) -> Bool
    ) -> Bool {
        let ratio = ratio(part)
        let first = part.startFrames.rounded(.up)
        let isExact = ratio == 1 && first == part.startFrames
        let sound =
            isExact ? nil : CyclicResampler(part.loop, shelf.kernel(ratio), isCyclic: false)
        let samples = part.loop.samples
        // What the filter rings before and behind belongs to the sound: without it a sound that goes
        // on from another would begin with a click.
        let reach = isExact ? 0 : Double(shelf.kernel(ratio).reachFrames - 1)
        var count = -Int(reach / ratio)
        var place = Int(FrameMath.floorModulo(Int64(first) + Int64(count), Int64(frames)))
        while true {
            let at = (first + Double(count) - part.startFrames) * ratio
            if at >= Double(part.loop.frames) + reach { return true }
            let isAsked = count % Self.framesPerAsk == 0
            if isAsked, !goesOn(max(0, min(1, at / Double(part.loop.frames)))) { return false }
            let pair = sound?.frame(at: at) ?? SIMD2(samples[2 * count], samples[2 * count + 1])
            add(pair, part, to: out, place)
            count += 1
            place = place + 1 == frames ? 0 : place + 1
        }
    }

    /// Adds frames of a loop, from `from` of it on, round its end.
    private func addCopy(
        _ samples: UnsafePointer<Float>, _ length: Int, from: Int64, _ part: Part,
        to out: UnsafeMutablePointer<Float>
    ) {
        var place = Int(FrameMath.floorModulo(from, Int64(length)))
        for frame in 0..<frames {
            let pair = SIMD2(samples[2 * place], samples[2 * place + 1])
            add(pair, part, to: out, frame)
            place = place + 1 == length ? 0 : place + 1
        }
    }

    private func add(
        _ pair: SIMD2<Float>, _ part: Part, to out: UnsafeMutablePointer<Float>, _ frame: Int
    ) {
        out[2 * frame] += pair.x * part.gainLeft
        out[2 * frame + 1] += pair.y * part.gainRight
    }
}
