/// Loops that an export plays from; the pool keeps them until this is gone.
///
/// - Thread: any but audio.
final class HeldLoops: Sendable {
    private let pool: LoopPool
    private let handles: [LoopHandle]

    /// Nil when one of them is not in memory.
    init?(_ ids: [TakeID], in pool: LoopPool) {
        self.pool = pool
        handles = ids.compactMap { pool.acquire($0) }
        // What was acquired is released by deinit, which a failed init runs too.
        guard handles.count == ids.count else { return nil }
    }

    deinit { for handle in handles { pool.release(handle) } }

    func view(_ index: Int) -> LoopView { handles[index].view() }
}

/// What a riff sounds like from its first bar on: one track a loop, at its gains, round and round.
///
/// A loop at its own tempo is played from the pool, as the mixer plays it. One at another tempo is
/// rendered once for one round, so that no more than the loops themselves is in memory.
final class RiffSound: ExportSound {
    /// One round of a loop.
    private struct Round {
        let samples: UnsafePointer<Float>
        let frames: Int
        /// Frame of the round with which the riff begins.
        let first: Int
        let gains: SIMD2<Float>
        /// Keeps what was rendered.
        let audio: LoopAudio?
    }

    private let loops: HeldLoops
    private let parts: [LoopRender.Part]
    private let framesPerBeat: Double
    private var rounds: [Round] = []

    let missing: [Range<UInt64>] = []
    let sampleRateHz: Int
    var trackCount: Int { parts.count }

    /// `parts` are looped; their loops are those that are held.
    init(parts: [LoopRender.Part], loops: HeldLoops, framesPerBeat: Double, sampleRateHz: Int) {
        self.parts = parts
        self.loops = loops
        self.framesPerBeat = framesPerBeat
        self.sampleRateHz = sampleRateHz
    }

    func prepare(_ goesOn: () -> Bool) throws(ExportError) {
        for part in parts { rounds.append(try round(of: part, goesOn)) }
    }

    func availableEnd() -> UInt64 { .max }

    func read(
        _ track: Int, _ range: Range<UInt64>, into out: UnsafeMutablePointer<Float>
    ) throws(ExportError) {
        let round = rounds[track]
        var place = Int((UInt64(round.first) + range.lowerBound) % UInt64(round.frames))
        for index in 0..<range.count {
            out[2 * index] = round.samples[2 * place] * round.gains.x
            out[2 * index + 1] = round.samples[2 * place + 1] * round.gains.y
            place = place + 1 == round.frames ? 0 : place + 1
        }
    }

    private func round(
        of part: LoopRender.Part, _ goesOn: () -> Bool
    ) throws(ExportError) -> Round {
        let gains = SIMD2(part.gainLeft, part.gainRight)
        let ratio = part.loop.framesPerBeat / framesPerBeat
        let start = part.startFrames
        if ratio == 1, start == start.rounded() {
            let first = FrameMath.floorModulo(Int64(start), Int64(part.loop.frames))
            return Round(
                samples: part.loop.samples, frames: part.loop.frames, first: Int(first),
                gains: gains, audio: nil)
        }
        var plain = part
        plain.gainLeft = 1
        plain.gainRight = 1
        let frames = max(1, Int((Double(part.loop.frames) / ratio).rounded()))
        let render = LoopRender(
            parts: [plain], frames: frames, framesPerBeat: framesPerBeat, rateHz: sampleRateHz)
        do throws(EngineError) {
            guard let audio = try render.render(isCancelled: { !goesOn() }) else {
                throw EngineError(code: 0, detail: "cancelled")
            }
            return Round(
                samples: UnsafePointer(audio.samples), frames: audio.frameCount, first: 0,
                gains: gains, audio: audio)
        } catch {
            throw error.code == 0 ? .cancelled : .render(error.code)
        }
    }
}
