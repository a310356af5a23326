/// One source's frames from wherever they are: memory, the ring, or the spool's files.
final class TakeSound {
    /// Nil when the frames are of an earlier run.
    private let ring: RingReader?
    private let source: Int
    /// The window in memory, and where it lies on the timeline.
    private let pinned: StereoFrames?
    private let pinnedRange: Range<UInt64>
    private let openSpool: () throws(FileError) -> SpoolReader
    private var spool: SpoolReader?

    init(
        of take: KeptTake, ring: RingReader?,
        openSpool: @escaping () throws(FileError) -> SpoolReader
    ) {
        self.ring = ring
        source = take.window.sourceIndex
        pinned = take.pinned
        pinnedRange = take.frames
        self.openSpool = openSpool
    }

    func read(
        _ range: Range<UInt64>, into out: UnsafeMutablePointer<Float>
    ) throws(FileError) {
        if let pinned, range.clamped(to: pinnedRange) == range {
            let from = pinned.samples + 2 * Int(range.lowerBound - pinnedRange.lowerBound)
            out.update(from: from, count: 2 * range.count)
            return
        }
        if let ring, ring.read(range, source: source, into: out) { return }
        try openedSpool().read(range, source: source, into: out)
    }

    private func openedSpool() throws(FileError) -> SpoolReader {
        if let spool { return spool }
        let opened = try openSpool()
        spool = opened
        return opened
    }
}
