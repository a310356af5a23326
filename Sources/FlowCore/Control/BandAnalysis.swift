#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// How loud each of 32 bands is, from low to high: what the page's spectrum shows.
///
/// Bands are equally wide in pitch from 40 Hz to 16 kHz. A band shows its strongest partial, with
/// a full-scale sine at 0 dB, so that a sine reads the same wherever it lies.
///
/// - Thread: feature thread, never the audio thread: it allocates when made.
struct BandAnalysis {
    static let bandCount = Limits.bandCount
    /// What silence reads.
    static let floorDb: Float = -120

    private let size: Int
    private let window: [Float]
    /// Edges of the bands in bins, `bandCount` + 1 of them.
    private let edges: [Float]
    private var fft: RealFft
    private var recent: [Float]
    private var windowed: [Float]
    private var power: [Float]
    private var levels: [Float]

    init(sampleRateHz: Int) {
        // About 43 ms at every rate: the lowest bands are then still told apart.
        var size = 1024
        while size * 1000 < 40 * sampleRateHz { size *= 2 }
        self.size = size
        // Hann, scaled so that a full-scale sine has an amplitude of 1 in its bin.
        window = (0..<size).map { i in
            Float((1 - cos(2 * Double.pi * Double(i) / Double(size))) / 2 / (Double(size) / 4))
        }
        let ratio = Double(Limits.bandHzMax) / Double(Limits.bandHzMin)
        let bins = Double(size) / Double(sampleRateHz)
        edges = (0...Self.bandCount).map { band in
            let hz = Double(Limits.bandHzMin) * pow(ratio, Double(band) / Double(Self.bandCount))
            return Float(min(hz * bins, Double(size / 2 - 1)))
        }
        fft = RealFft(size: size)
        recent = [Float](repeating: 0, count: size)
        windowed = recent
        power = [Float](repeating: 0, count: size / 2 + 1)
        levels = [Float](repeating: Self.floorDb, count: size / 2 + 1)
    }

    /// Takes the next `count` samples; the bands then describe the newest 43 ms.
    mutating func analyse(_ mono: UnsafePointer<Float>, count: Int) {
        let new = min(max(count, 0), size)
        for i in 0..<(size - new) { recent[i] = recent[i + new] }
        for i in 0..<new { recent[size - new + i] = mono[count - new + i] }
        for i in 0..<size { windowed[i] = recent[i] * window[i] }
        fft.power(of: windowed, into: &power)
        for bin in 0...(size / 2) { levels[bin] = Self.decibels(power[bin]) }
    }

    /// Writes one level a band in dB, lowest first.
    func bandsDb(into bands: UnsafeMutablePointer<Float>) {
        for band in 0..<Self.bandCount {
            bands[band] = strongest(from: edges[band], to: edges[band + 1])
        }
    }

    /// The highest level between two places given in bins.
    private func strongest(from low: Float, to high: Float) -> Float {
        var best = max(between(low), between(high))
        let first = max(1, Int(low.rounded()))
        let last = min(size / 2 - 1, Int(high.rounded()))
        guard first <= last else { return best }
        for bin in first...last {
            if Float(bin) >= low, Float(bin) < high { best = max(best, levels[bin]) }
            guard levels[bin] >= levels[bin - 1], levels[bin] >= levels[bin + 1] else { continue }
            // The top of a parabola through three bins: a Hann peak between two of them.
            let bend = (levels[bin - 1] + levels[bin + 1]) / 2 - levels[bin]
            guard bend < 0 else { continue }
            let slope = (levels[bin + 1] - levels[bin - 1]) / 2
            let place = Float(bin) - slope / (2 * bend)
            if place >= low, place < high {
                best = max(best, levels[bin] - slope * slope / (4 * bend))
            }
        }
        return best
    }

    /// Level at a place between two bins.
    private func between(_ place: Float) -> Float {
        let bin = min(Int(place), size / 2 - 1)
        let part = place - Float(bin)
        return levels[bin] + part * (levels[bin + 1] - levels[bin])
    }

    private static func decibels(_ power: Float) -> Float {
        power > 1e-12 ? 10 * log10f(power) : floorDb
    }
}
