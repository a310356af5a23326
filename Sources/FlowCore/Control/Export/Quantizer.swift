/// Makes 24-bit words of Float32 samples and counts what was too loud for them.
///
/// Plainly rounded, without dither: the error is half a step of 2⁻²³, 150 dB below full scale and
/// under every converter's noise; silence stays silence, and the same sound gives the same words in
/// WAV and FLAC, today and tomorrow.
struct Quantizer {
    static let steps: Float = 8_388_608

    /// Samples beyond the largest word.
    private(set) var clipCount = 0

    /// The word nearest to the sample.
    mutating func word(_ sample: Float) -> Int32 {
        let scaled = (sample * Self.steps).rounded(.toNearestOrEven)
        if scaled > Self.steps - 1 {
            clipCount += 1
            return Int32(Self.steps) - 1
        }
        if scaled < -Self.steps {
            clipCount += 1
            return -Int32(Self.steps)
        }
        // Not a number is silence; it is compared false above.
        return scaled.isNaN ? 0 : Int32(scaled)
    }
}
