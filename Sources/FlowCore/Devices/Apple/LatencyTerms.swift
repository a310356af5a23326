/// What the hardware tells of one direction, in its own frames.
struct LatencyTerms: Equatable {
    var deviceFrames = 0
    /// Of the stream; `presentationLatency` leaves it out.
    var streamFrames = 0
    /// How far from the hardware's own place it is read or written.
    var safetyFrames = 0
    var blockFrames = 0

    /// Frames between the core and the air, at `toHz`; terms that cannot be are left out.
    func frames(fromHz: Int, toHz: Int) -> Int {
        let terms = [deviceFrames, streamFrames, safetyFrames, blockFrames]
        let sum = terms.filter { (0...Self.believedMax).contains($0) }.reduce(0, +)
        guard fromHz > 0, fromHz != toHz else { return sum }
        return Int((Double(sum) * Double(toHz) / Double(fromHz)).rounded())
    }

    /// More than any hardware has in one term.
    private static let believedMax = 1 << 17
}
