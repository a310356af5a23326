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
final class BandAnalysis {
    private typealias Lane = ColumnFft.Lane

    private static let numbers = Lane(0, 1, 2, 3, 4, 5, 6, 7)

    static let bandCount = Limits.bandCount
    /// What silence reads.
    static let floorDb: Float = -120

    private let size: Int
    /// Edges of the bands in bins, `bandCount` + 1 of them.
    private let edges: [Float]
    private let fft: RealFft
    private let window: UnsafeMutablePointer<Float>
    private let recent: UnsafeMutablePointer<Float>
    /// One for each bin, with room for a lane behind the last: its power, later its level; and the
    /// peak next to it, if there is one.
    private let levels: UnsafeMutablePointer<Float>
    private let peakLevels: UnsafeMutablePointer<Float>
    private let peakBins: UnsafeMutablePointer<Float>

    init(sampleRateHz: Int) {
        // About 43 ms at every rate: the lowest bands are then still told apart.
        var size = 1024
        while size * 1000 < 40 * sampleRateHz { size *= 2 }
        self.size = size
        let ratio = Double(Limits.bandHzMax) / Double(Limits.bandHzMin)
        let bins = Double(size) / Double(sampleRateHz)
        edges = (0...Self.bandCount).map { band in
            let hz = Double(Limits.bandHzMin) * pow(ratio, Double(band) / Double(Self.bandCount))
            return Float(min(hz * bins, Double(size / 2 - 1)))
        }
        fft = RealFft(size: size)
        window = .allocate(capacity: size)
        recent = .allocate(capacity: size)
        levels = .allocate(capacity: size / 2 + 16)
        peakLevels = .allocate(capacity: size / 2 + 16)
        peakBins = .allocate(capacity: size / 2 + 16)
        recent.initialize(repeating: 0, count: size)
        for floats in [levels, peakLevels] {
            floats.initialize(repeating: Self.floorDb, count: size / 2 + 16)
        }
        peakBins.initialize(repeating: 0, count: size / 2 + 16)
        // Hann, scaled so that a full-scale sine has an amplitude of 1 in its bin.
        for at in 0..<size {
            let turn = 2 * Double.pi * Double(at) / Double(size)
            (window + at).initialize(to: Float((1 - cos(turn)) / 2 / (Double(size) / 4)))
        }
    }

    deinit {
        for floats in [window, recent, levels, peakLevels, peakBins] { floats.deallocate() }
    }

    /// Takes the next `count` samples; the bands then describe the newest 43 ms.
    func analyse(_ mono: UnsafePointer<Float>, count: Int) {
        let new = min(max(count, 0), size)
        recent.update(from: recent + new, count: size - new)
        (recent + size - new).update(from: mono + count - new, count: new)
        fft.power(of: recent, window: window, into: levels)
        for bin in stride(from: 0, through: size / 2, by: 8) {
            ColumnFft.store(Self.decibels(ColumnFft.load(levels + bin)), levels + bin)
        }
        for bin in stride(from: 1, to: size / 2, by: 8) { findPeaks(bin) }
    }

    /// The tops of parabolas through three bins: Hann peaks between two of them.
    @inline(__always)
    private func findPeaks(_ bin: Int) {
        let (below, here) = (ColumnFft.load(levels + bin - 1), ColumnFft.load(levels + bin))
        let above = ColumnFft.load(levels + bin + 1)
        let bend = 0.5 * (below + above) - here
        let slope = 0.5 * (above - below)
        let isPeak = (here .>= below) .& (here .>= above) .& (bend .< Lane(repeating: 0))
        let way = slope / bend
        let bins = Self.numbers + Lane(repeating: Float(bin))
        let top = here - 0.25 * slope * way
        ColumnFft.store(bins - 0.5 * way, peakBins + bin)
        ColumnFft.store(
            Lane(repeating: Self.floorDb).replacing(with: top, where: isPeak), peakLevels + bin)
    }

    /// Writes one level a band in dB, lowest first.
    func bandsDb(into bands: UnsafeMutablePointer<Float>) {
        for band in 0..<Self.bandCount {
            bands[band] = strongest(from: edges[band], to: edges[band + 1])
        }
    }

    /// The highest level between two places given in bins.
    private func strongest(from low: Float, to high: Float) -> Float {
        let (from, to) = (Lane(repeating: low), Lane(repeating: high))
        var best = Lane(repeating: max(between(low), between(high)))
        for bin in stride(from: Int(low), through: min(size / 2 - 1, Int(high) + 1), by: 8) {
            let bins = Self.numbers + Lane(repeating: Float(bin))
            let level = ColumnFft.load(levels + bin)
            let isBin = (bins .>= from) .& (bins .< to) .& (level .> best)
            best = best.replacing(with: level, where: isBin)
            let (peak, place) = (ColumnFft.load(peakLevels + bin), ColumnFft.load(peakBins + bin))
            let isPeak = (place .>= from) .& (place .< to) .& (peak .> best)
            best = best.replacing(with: peak, where: isPeak)
        }
        let four = Wide.larger(best.lowHalf, best.highHalf)
        return max(max(four[0], four[1]), max(four[2], four[3]))
    }

    /// Level at a place between two bins.
    private func between(_ place: Float) -> Float {
        let bin = min(Int(place), size / 2 - 1)
        let part = place - Float(bin)
        return levels[bin] + part * (levels[bin + 1] - levels[bin])
    }

    /// Logarithms from the exponent and a series in (m − 1) ÷ (m + 1); off by less than 0.001 dB.
    @inline(__always)
    private static func decibels(_ power: Lane) -> Lane {
        let rootHalf: Int32 = 0x3f35_04f3
        let bits = unsafeBitCast(power, to: SIMD8<Int32>.self) &- rootHalf
        let mantissa = unsafeBitCast((bits & 0x7f_ffff) &+ rootHalf, to: Lane.self)
        let part = (mantissa - 1) / (mantissa + 1)
        let square = part * part
        let series = 2.885_390 + square * (0.961_797 + square * (0.577_078 + square * 0.412_199))
        let octaves = Lane(bits &>> 23) + part * series
        let level = 3.010_300 * octaves
        let isHeard = power .> Lane(repeating: 1e-12)
        return Lane(repeating: floorDb).replacing(with: level, where: isHeard)
    }
}
