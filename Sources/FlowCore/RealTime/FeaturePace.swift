/// How often and how fully the page is told: less while the audio thread has little time to spare.
///
/// Above 70 % load 15 frames a second without bands, above 85 % 8 a second with the newest buckets only;
/// up again when the load was ten points lower for two seconds.
struct FeaturePace: BitwiseCopyable {
    private var now = PaceLevel.full
    private var calmFrames = 0

    @_noLocks @_noAllocation
    init() {}

    @_noLocks @_noAllocation
    func level() -> PaceLevel { now }

    /// Takes in the smoothed load, as a share of the time there is, of the last `frames` frames.
    @_noLocks @_noAllocation
    mutating func follow(load: Double, frames: Int, framesToCalm: Int) {
        switch now {
        case .full:
            if load > 0.7 { now = load > 0.85 ? .sparse : .half }
            calmFrames = 0
            return
        case .half:
            if load > 0.85 { now = .sparse }
            calmFrames = load < 0.6 ? calmFrames + frames : 0
        case .sparse:
            calmFrames = load < 0.75 ? calmFrames + frames : 0
        }
        if calmFrames < framesToCalm { return }
        now = load < 0.6 ? .full : .half
        calmFrames = 0
    }

    /// - Returns: frames between two feature frames, of those between two at full pace.
    @_noLocks @_noAllocation
    func period(of fullFrames: Int) -> Int {
        switch now {
        case .full: fullFrames
        case .half: 2 * fullFrames
        case .sparse: 15 * fullFrames / 4
        }
    }
}
