/// Reads the master as it is made, for those who listen elsewhere than at the sound card.
///
/// What was not read in time is left out: the count of the first frame read tells of it.
///
/// - Thread: control; one reader.
final class MasterFollower {
    private let tap: MasterTap
    private var isOn = false
    private var next: UInt64 = 0

    init(tap: MasterTap) { self.tap = tap }

    /// Begins at the newest frame, or ends; nothing where that is so already.
    func follow(_ wanted: Bool) {
        if wanted == isOn { return }
        isOn = wanted
        if wanted { tap.follow() } else { tap.unfollow() }
        next = tap.handedFrames()
    }

    /// Copies what has come since, interleaved.
    ///
    /// - Parameters:
    ///   - out: Room for twice as many samples as there are frames.
    ///   - capacityFrames: At most so many; the rest comes with the next call.
    /// - Returns: How many, and the place of the first, counted while anybody follows.
    func read(
        into out: UnsafeMutablePointer<Float>, capacityFrames: Int
    ) -> (frames: Int, first: UInt64) {
        guard isOn else { return (0, next) }
        let end = tap.handedFrames()
        let first = next
        let frames = min(capacityFrames, Int(end &- first))
        guard frames > 0 else { return (0, first) }
        guard tap.copy(from: first, frames: frames, into: out) else {
            next = end
            return (0, end)
        }
        next = first &+ UInt64(frames)
        return (frames, first)
    }
}
