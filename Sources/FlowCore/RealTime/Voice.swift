/// One loop that sounds in a slot: from the ring at first, then from its baked buffer.
///
/// A slot has several, so that the old loop can fade while the new one begins.
struct Voice: BitwiseCopyable {
    enum Kind: BitwiseCopyable {
        case idle
        case ring
        case loop
    }

    var kind: Kind
    /// Names this voice for the worker that bakes its loop.
    var serial: UInt64
    var id: TakeID
    /// Held until it is given back retired.
    var loop: LoopHandle
    /// The baked loop; only valid where the kind is `loop`.
    var samples: UnsafePointer<Float>
    /// The captured window, also of a loop that took its place; −1 where that is not known.
    var fromFrame: Int64
    var toFrame: Int64
    /// Whether the window's last frames are still on their way into the ring.
    var isOpen: Bool
    var source: Int
    var frames: Int
    /// Frames of one beat in the take.
    var framesPerBeat: Double
    var originBeat: Int64
    var lengthBeats: Int64
    /// Frames from `originBeat` to the loop's first frame.
    var offsetFrames: Int64
    var seam: Seam
    /// Share of this voice in its slot: its level among layers, and less while loops change.
    var weight: Ramp
    /// Whether it is content of its slot; else it is fading out.
    var isLayer: Bool
    /// Whether it joined what was there before its window, or took the place of such a sum.
    var isOverdub: Bool
    /// Whether it keeps its own speed, and the clock by which it then goes.
    var isFree: Bool
    var own: Grid

    /// A voice that plays nothing; `samples` is any address, it is never read.
    @_noLocks @_noAllocation
    init(samples: UnsafePointer<Float>) {
        self.samples = samples
        kind = .idle
        serial = 0
        id = TakeID.none()
        loop = LoopHandle.none()
        fromFrame = -1
        toFrame = -1
        isOpen = false
        source = 0
        frames = 1
        framesPerBeat = 1
        originBeat = 0
        lengthBeats = 1
        offsetFrames = 0
        seam = Seam()
        weight = Ramp(0)
        isLayer = false
        isOverdub = false
        isFree = false
        own = Grid()
    }

    @_noLocks @_noAllocation
    func isIdle() -> Bool {
        if case .idle = kind { return true }
        return false
    }

    @_noLocks @_noAllocation
    func isFromLoop() -> Bool {
        if case .loop = kind { return true }
        return false
    }

    @_noLocks @_noAllocation
    func isFromRing() -> Bool {
        if case .ring = kind { return true }
        return false
    }

    /// What it goes by: the music's grid, or its own.
    @_noLocks @_noAllocation
    func clock(_ grid: Grid) -> Grid { isFree ? own : grid }

    /// Whether the tempo is the take's own: then every frame is played exactly as it was.
    @_noLocks @_noAllocation
    func isExact(_ grid: Grid) -> Bool {
        framesPerBeat == Double(isFree ? own.framesPerBeat : grid.framesPerBeat)
    }

    /// Frame of the loop that sounds at `frame`; only where `isExact` holds.
    @_noLocks @_noAllocation
    func position(at frame: Int64, _ music: Grid) -> Int {
        let grid = clock(music)
        let beats = grid.epochBeat - originBeat
        let since = grid.framesSinceEpochBeat(at: frame) + beats * grid.framesPerBeat
        return Int(FrameMath.floorModulo(since - offsetFrames, Int64(frames)))
    }

    /// Phase of the loop, 0 ≤ phase < 1, when the music stands at this beat since `frame`.
    @_noLocks @_noAllocation
    func phase(beat: Int64, frac: Double, frame: Int64) -> Float {
        if !isFree { return phase(beat: beat, frac: frac) }
        return phase(beat: own.beat(at: frame), frac: own.frac(at: frame))
    }

    @_noLocks @_noAllocation
    private func phase(beat: Int64, frac: Double) -> Float {
        let length = Double(frames)
        let at = (Double(beat - originBeat) + frac) * framesPerBeat - Double(offsetFrames)
        let phase = (at - Double(FrameMath.floor(at / length)) * length) / length
        return phase >= 1 ? 0 : Float(phase)
    }
}
