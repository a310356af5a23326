/// How far the segments of an engine before were synced.
struct SyncedEnds {
    let layout: SpoolLayout
    /// By the ring's disk cursor.
    let durableEnd: UInt64
    /// Of engines that began without the second folder: what is of a lower turn there is from before.
    let notes: [UnseenSecond]

    func end(of place: SegmentMend.Place) -> UInt64 { note(of: place)?.syncedEnd ?? durableEnd }

    /// Whether only a note tells of it; what a dead disk did not let go is told apart by its proof then.
    func isNoted(_ place: SegmentMend.Place) -> Bool { note(of: place) != nil }

    /// Whether any of it was.
    func has(_ place: SegmentMend.Place) -> Bool { end(of: place) > place.firstFrame }

    /// Whether the first of two namesakes counts; of equals the second does.
    func isOver(_ first: SegmentMend.Place, _ second: SegmentMend.Place) -> Bool {
        if has(first) != has(second) { return has(first) }
        return first.turn > second.turn
    }

    private func note(of place: SegmentMend.Place) -> UnseenSecond? {
        if place.folder == layout.folder { return nil }
        return notes.filter { $0.turn > place.turn }.min { $0.turn < $1.turn }
    }
}
