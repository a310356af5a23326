/// Writes what the audio thread measured as the frame that the page reads; `protocol/features.ts`.
///
/// - Thread: feature; in stepped engines whoever asks.
final class FeatureComposer: @unchecked Sendable {
    private static let tapWindow = 1_600

    private let ring: FeatureRing
    private let rateHz: Int
    private let slotCount: Int
    private let bands: BandAnalysis
    private var front = 2
    private var sequence: UInt32 = 0
    private var lastFrame: Int64 = 0
    private var lastXruns: UInt64 = 0
    private var lastBucket: Int64 = 0
    /// As of the newest frame.
    private(set) var pace = PaceLevel.full
    private let mono: UnsafeMutablePointer<Float>
    private let words: UnsafeMutablePointer<UInt32>

    init(ring: FeatureRing, rateHz: Int, slotCount: Int) {
        self.ring = ring
        self.rateHz = rateHz
        self.slotCount = min(slotCount, Limits.featureSlotsMax)
        bands = BandAnalysis(sampleRateHz: rateHz)
        mono = .allocate(capacity: FeatureRing.tapFrames)
        words = .allocate(capacity: Limits.featureBytesMax / 4)
        words.initialize(repeating: 0, count: Limits.featureBytesMax / 4)
    }

    deinit {
        mono.deallocate()
        words.deallocate()
    }

    /// Makes the next frame, if the audio thread has measured anything new.
    func compose(nowMs: Double, diskState: DiskState) -> UnsafeRawBufferPointer? {
        guard let meter = ring.take(&front)?.pointee else { return nil }
        pace = meter.pace
        let buckets = bucketCount(meter)
        writeHeader(meter, buckets: buckets, nowMs: nowMs, diskState: diskState)
        var at = FeatureLayout.headerWords
        copy(meter.values, count: FeatureLayout.levelWords + 3 * slotCount, to: &at)
        if pace == .full { writeBands(meter, to: &at) }
        lastFrame = meter.frame
        let strip = FeatureLayout.levelWords + 3 * Limits.featureSlotsMax
        // Oldest first: those that are left out come first.
        let skipped = min(meter.bucketCount, Limits.bucketsPerFrame) - buckets
        copy(meter.values + strip + 2 * skipped, count: 2 * buckets, to: &at)
        return UnsafeRawBufferPointer(start: words, count: 4 * at)
    }

    /// All that a frame holds, so that a lost one leaves no hole; twice the new ones at the slowest pace.
    private func bucketCount(_ meter: MeterFrame) -> Int {
        let new = max(1, Int(clamping: meter.newestBucket - lastBucket))
        lastBucket = meter.newestBucket
        let most = min(meter.bucketCount, Limits.bucketsPerFrame)
        return pace == .sparse ? min(most, 2 * min(new, most)) : most
    }

    private func writeBands(_ meter: MeterFrame, to at: inout Int) {
        // As much sound as passed since the last frame, within what the tap surely still holds.
        let passed = Int(min(Int64(FeatureRing.tapFrames / 2), max(0, meter.frame - lastFrame)))
        ring.copyTap(into: mono, count: passed)
        bands.analyse(mono, count: passed)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: Limits.bandCount) { levels in
            guard let base = levels.baseAddress else { return }
            bands.bandsDb(into: base)
            copy(base, count: Limits.bandCount, to: &at)
        }
    }

    private func writeHeader(
        _ meter: MeterFrame, buckets: Int, nowMs: Double, diskState: DiskState
    ) {
        sequence &+= 1
        let bandCount = pace == .full ? Limits.bandCount : 0
        let frame = UInt64(bitPattern: meter.frame)
        let bpm = 60 * Double(rateHz) / Double(meter.framesPerBeat)
        set(FeatureHeader.magic, UInt32(FeatureLayout.magic))
        set(FeatureHeader.seq, sequence)
        set(FeatureHeader.frameLo, UInt32(truncatingIfNeeded: frame))
        set(FeatureHeader.frameHi, UInt32(truncatingIfNeeded: frame >> 32))
        set(FeatureHeader.sampleRateHz, Double(rateHz))
        set(FeatureHeader.bpm, bpm)
        set(FeatureHeader.barPhase, meter.barPhase)
        set(FeatureHeader.barIndex, UInt32(truncatingIfNeeded: meter.barIndex))
        set(FeatureHeader.audioLoad, meter.load)
        set(FeatureHeader.flags, flags(meter, diskState))
        set(
            FeatureHeader.counts,
            UInt32(slotCount) | UInt32(bandCount) << 8 | UInt32(buckets) << 16)
        set(FeatureHeader.serverTimeMs, UInt32(truncatingIfNeeded: Int64(nowMs)))
        set(FeatureHeader.beat, UInt32(truncatingIfNeeded: meter.beat))
        set(FeatureHeader.beatFrac, meter.beatFrac)
        set(FeatureHeader.framesPerBeat, Double(meter.framesPerBeat))
        set(FeatureHeader.newestBucket, UInt32(truncatingIfNeeded: meter.newestBucket))
    }

    private func flags(_ meter: MeterFrame, _ diskState: DiskState) -> UInt32 {
        var flags: UInt32 = 0
        if meter.isPlaying { flags |= FeatureFlags.playing }
        if meter.xruns != lastXruns { flags |= FeatureFlags.xrun }
        if diskState == .slow { flags |= FeatureFlags.diskSlow }
        if diskState == .critical { flags |= FeatureFlags.diskCritical }
        if meter.hasInputClip { flags |= FeatureFlags.clipInput }
        if meter.hasMasterClip { flags |= FeatureFlags.clipMaster }
        if meter.pace == .half { flags |= FeatureFlags.paceHalf }
        if meter.pace == .sparse { flags |= FeatureFlags.paceSparse }
        lastXruns = meter.xruns
        return flags
    }

    private func set(_ word: Int, _ value: UInt32) { words[word] = value }

    private func set(_ word: Int, _ value: Double) { words[word] = Float(value).bitPattern }

    private func copy(_ values: UnsafePointer<Float>, count: Int, to at: inout Int) {
        for index in 0..<count { words[at + index] = values[index].bitPattern }
        at += count
    }
}
