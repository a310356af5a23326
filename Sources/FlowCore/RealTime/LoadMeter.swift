/// How much of its time the audio thread uses: block time over period.
struct LoadMeter: BitwiseCopyable {
    private var load = 0.0
    private var peak = 0.0
    private var secondsSincePeak = 0.0

    @_noLocks @_noAllocation
    init() {}

    @_noLocks @_noAllocation
    func smoothed() -> Double { load }

    /// The worst block of about the last second.
    @_noLocks @_noAllocation
    func worst() -> Double { peak }

    @_noLocks @_noAllocation
    mutating func add(elapsedNs: Int64, frames: Int, rateHz: Int) {
        let period = Double(frames) / Double(rateHz)
        let now = Double(elapsedNs) * 1e-9 / period
        load += (now - load) * min(1, period / 0.3)
        secondsSincePeak += period
        if now >= peak || secondsSincePeak > 1 {
            peak = now
            secondsSincePeak = 0
        }
    }
}
