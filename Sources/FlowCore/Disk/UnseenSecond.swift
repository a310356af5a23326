/// What an engine goes by that began while the second folder was away; the index keeps it.
///
/// Segments lie there that it cannot see, in steps of whole segments from where those of the first folder end.
/// None may take over from sound that this engine writes, and its silence takes over from none of them: they
/// hold what it must call lost.
struct UnseenSecond: Equatable {
    /// Of sound, above every turn there.
    let turn: Int
    /// To where it was synced.
    let syncedEnd: UInt64
    /// From where the steps go.
    let startFrame: UInt64

    /// In the other folder turns may have gone on from what is seen in this one.
    private static let turnsUnseenMax = 16

    init(turn: Int, syncedEnd: UInt64, startFrame: UInt64) {
        self.turn = turn
        self.syncedEnd = syncedEnd
        self.startFrame = startFrame
    }

    /// For an engine that sees these segments, of which the last that counts ends at `endFrame`.
    init(
        after earlier: [UnseenSecond], seen: [SegmentMend.Place], endFrame: UInt64,
        syncedEnd: UInt64
    ) {
        let last = earlier.max { $0.turn < $1.turn }
        turn = seen.map(\.turn).reduce(last?.turn ?? 0, max) + Self.turnsUnseenMax
        self.syncedEnd = syncedEnd
        startFrame = last?.startFrame ?? seen.map(\.firstFrame).reduce(endFrame, max)
    }

    /// Where the segment there that holds a frame ends, if it is full.
    func segmentEnd(of frame: UInt64, segmentFrames: UInt64) -> UInt64 {
        guard frame >= startFrame else { return min(startFrame, frame + segmentFrames) }
        return startFrame + ((frame - startFrame) / segmentFrames + 1) * segmentFrames
    }
}
