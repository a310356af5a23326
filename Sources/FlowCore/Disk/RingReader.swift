/// Copies one source's stereo frames out of memory.
struct RingReader: Sendable {
    private static let framesPerCopy: UInt64 = 8192

    let feed: any SpoolFeed

    /// - Returns: false when memory does not hold the whole range any more, or not yet.
    func read(
        _ range: Range<UInt64>, source: Int, into out: UnsafeMutablePointer<Float>
    ) -> Bool {
        guard range.upperBound <= feed.newestFrame() else { return false }
        let channelCount = feed.channelCount
        let scratch = UnsafeMutablePointer<Float>.allocate(
            capacity: Int(Self.framesPerCopy) * channelCount)
        defer { scratch.deallocate() }
        var at = range.lowerBound
        while at < range.upperBound {
            let end = min(range.upperBound, at + Self.framesPerCopy)
            guard feed.copy(from: at, frames: Int(end - at), into: scratch) else { return false }
            let target = out + 2 * Int(at - range.lowerBound)
            for frame in 0..<Int(end - at) {
                target[2 * frame] = scratch[frame * channelCount + 2 * source]
                target[2 * frame + 1] = scratch[frame * channelCount + 2 * source + 1]
            }
            at = end
        }
        return true
    }
}
