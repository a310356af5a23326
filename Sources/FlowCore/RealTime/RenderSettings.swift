/// What is fixed for the life of an engine; times are in frames at its rate.
struct RenderSettings: BitwiseCopyable {
    var rateHz: Int
    var slotCount: Int
    var sourceCount: Int
    var chunkFrames: Int
    /// Length of every gain ramp.
    var rampFrames: Int
    /// Shortest time between two tempo changes.
    var tempoChangeFrames: Int64
    /// Magnitudes up to this count as silence.
    var silence: Float
    /// Number of the capture command, as events echo it.
    var captureKind: UInt32
    /// Room in the event ring that dropouts leave to what commands are owed.
    var eventReserve: Int
    /// The code an xrun event carries.
    var dropoutCode: UInt32
    /// Why frames are missing after a crash, as gap events say it.
    var restartReason: UInt32
    /// Whether its time is that of its frames, not the clock's.
    var isStepped: Bool
    /// Whether its sources have no way into it: the demo player, files.
    var isPlayedInside: Bool
    /// Whether source 0 begins as the sum of all pairs, or as the first.
    var sumsAllPairs: Bool
    /// Older than this no press is believed.
    var pressAgeFrames: Int64
    /// Whether a disk frees the notes of captures that it has.
    var freesNotes: Bool
    /// Whether the device also brings the sum of its pairs as it was heard: a replay.
    var hearsSources: Bool

    /// Damages no further apart may be noted as one: the shortest window, a beat, is longer.
    @_noLocks @_noAllocation
    func damageJoinFrames() -> Int64 { Int64(rateHz / 6) }
}

/// The rings that the audio thread shares with the rest of the engine.
struct RenderRings {
    let memory: RingMemory
    let commands: CommandRing
    let events: EventRing
    let bakes: BakeRing
    let handovers: HandoverRing
    let retired: RetiredRing
    let retiredChains: RetiredChainRing
    let features: FeatureRing
    let status: StatusBoard
    let calibration: CalibrationCell
    let effects: EffectRing
    let masterTap: MasterTap
    let dry: DryTape
}

/// Tempo, place in the music and whether it plays.
struct Transport: BitwiseCopyable {
    var grid: Grid
    var isPlaying: Bool
    /// Where the music stands while it is paused; the grid runs on underneath.
    var heldBeat: Int64
    var heldFrac: Double
    /// When it was paused.
    var heldFrame: Int64

    @_noLocks @_noAllocation
    init(grid: Grid, isPlaying: Bool) {
        self.grid = grid
        self.isPlaying = isPlaying
        heldBeat = 0
        heldFrac = 0
        heldFrame = 0
    }

    @_noLocks @_noAllocation
    func beat(at frame: Int64) -> Int64 { isPlaying ? grid.beat(at: frame) : heldBeat }

    @_noLocks @_noAllocation
    func frac(at frame: Int64) -> Double { isPlaying ? grid.frac(at: frame) : heldFrac }

    /// The frame at which the music stands: that of the pause while it is paused.
    @_noLocks @_noAllocation
    func musicFrame(at frame: Int64) -> Int64 { isPlaying ? frame : heldFrame }

    /// The grid as the music stands on it; while it is paused, at `musicFrame`.
    @_noLocks @_noAllocation
    func musicGrid() -> Grid {
        isPlaying ? grid : grid.placing(beat: heldBeat, frac: heldFrac, at: heldFrame)
    }

    @_noLocks @_noAllocation
    mutating func pause(at frame: Int64) {
        if !isPlaying { return }
        heldBeat = grid.beat(at: frame)
        heldFrac = grid.frac(at: frame)
        heldFrame = frame
        isPlaying = false
    }

    /// Goes on in the phase in which it was paused.
    ///
    /// Beats never go back, so that the look-back strip keeps its order: the music goes on at the
    /// first beat from now that all loops cannot tell from the held one.
    /// `roundBeats` is a common multiple of the bar and of all loops.
    @_noLocks @_noAllocation
    mutating func play(at frame: Int64, roundBeats: Int64) {
        if isPlaying { return }
        let behind = grid.beat(at: frame) - heldBeat + (grid.frac(at: frame) > heldFrac ? 1 : 0)
        let rounds = FrameMath.floorDivide(behind + roundBeats - 1, roundBeats)
        let beat = heldBeat + max(0, rounds) * roundBeats
        grid = grid.placing(beat: beat, frac: heldFrac, at: frame)
        isPlaying = true
    }
}
