/// An instance in its place of a lane, as the audio thread sees it.
///
/// Everything in it is a view of memory that the main thread frees only after the audio thread has
/// adopted a plan without it.
struct AudioSeat {
    let instance: UInt32
    /// Nil while it is away: what would go through it passes.
    let player: SeatPlayer?
    /// False for an instrument: silence stands for it, not the sound it would have replaced.
    let hasInput: Bool
    /// Nil for an instance without delay.
    let delay: DelayLine?
    let life: SeatLife
    let board: ValueBoard
}

/// What stays with an instance through all its places.
struct SeatLife {
    /// How much of it is heard, 0 to 1. Thread: audio.
    let gain: UnsafeMutablePointer<Float>
    /// Written by main.
    let isBypassed = SharedWord()
    /// Blocks that went through it. Written by audio.
    let blocks = SharedWord()
    let edits = EditRing()

    init() {
        gain = .allocate(capacity: 1)
        gain.initialize(to: 1)
    }

    func deallocate() {
        gain.deallocate()
        isBypassed.deallocate()
        blocks.deallocate()
        edits.deallocate()
    }
}
