/// Finds an input that is switched off somewhere: every sample of it is exactly zero.
///
/// A process that may not listen gets no error on macOS, only zeros. No microphone that works is that
/// quiet for so long; an interface without a plug in it is, and is told the same.
struct SilenceWatch {
    static let secondsMin = 5

    private(set) var isSilent = false

    /// Whether it has begun or ended, given how many frames were zero until now; nil = as before.
    mutating func step(zeroFrames: UInt64, rateHz: Int) -> Bool? {
        let isNow = rateHz > 0 && zeroFrames >= UInt64(Self.secondsMin * rateHz)
        guard isNow != isSilent else { return nil }
        isSilent = isNow
        return isNow
    }
}
