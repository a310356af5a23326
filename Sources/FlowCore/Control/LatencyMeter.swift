/// Finds the calibration's clicks in what the input heard.
///
/// - Thread: the loop worker's; some tens of milliseconds of work.
struct LatencyMeter {
    let store: CaptureStore
    let sound: CalibrationSound

    /// Less alike than this is chance: noise of this length reaches 0.14 in a second.
    private static let likenessMin: Float = 0.22
    /// How much stronger than all that is not beside it the click must be.
    private static let contrastMin: Float = 1.3

    /// Whether the ring holds all that can have come back.
    func isComplete(from startFrame: Int64) -> Bool {
        Int64(store.newestFrame()) >= startFrame + Int64(sound.lengthFrames())
    }

    /// Frames from the master to the input; nil when not all clicks were heard, equally late.
    func measure(from startFrame: Int64) -> Int? {
        let frames = sound.lengthFrames()
        let channels = store.channelCount
        let all = UnsafeMutablePointer<Float>.allocate(capacity: frames * channels)
        defer { all.deallocate() }
        guard store.copy(from: UInt64(startFrame), frames: frames, into: all) else { return nil }
        // Both sides of source 0: the microphone may be on either.
        for index in 0..<frames { all[index] = all[channels * index] + all[channels * index + 1] }
        var found: Int?
        for click in 0..<sound.clickCount {
            guard let way = way(UnsafePointer(all + click * sound.spacingFrames)) else {
                return nil
            }
            if let found, found != way { return nil }
            found = way
        }
        return found
    }

    /// Where the code begins in the frames after one click; nil when it is not surely there.
    private func way(_ heard: UnsafePointer<Float>) -> Int? {
        let code = sound.codeSamples()
        let length = sound.clickFrames
        var power = Float(0)
        for index in 0..<length { power += heard[index] * heard[index] }
        var best = Float(0)
        var bestAt = -1
        var likeness = [Float](repeating: 0, count: sound.wayFramesMax)
        for at in 0..<sound.wayFramesMax {
            var both = Float(0)
            let here = heard + at
            for index in 0..<length { both += here[index] * code[index] }
            if power > 1e-9 { likeness[at] = abs(both) / (power * Float(length)).squareRoot() }
            if likeness[at] > best {
                best = likeness[at]
                bestAt = at
            }
            power += here[length] * here[length] - here[0] * here[0]
            power = max(0, power)
        }
        // The code's own bandwidth makes the frames beside it alike too.
        let others = likeness.indices.lazy.filter { abs($0 - bestAt) > 64 }
        let second = others.map { likeness[$0] }.max() ?? 0
        guard best >= Self.likenessMin, best >= Self.contrastMin * second else { return nil }
        return bestAt
    }
}
