/// Measures what the page draws: levels, slots and the look-back strip.
///
/// Values of a meter frame, in floats: input then master, each left peak, left rms, right peak,
/// right rms; three per slot; two per bucket, oldest first.
struct FeatureTap: BitwiseCopyable {
    private let ring: FeatureRing
    /// At full pace.
    private let periodFrames: Int
    private var pace = FeaturePace()
    private var back: Int
    private var sincePublish: Int
    private var input = LevelMeter()
    private var master = LevelMeter()
    private var strip: StripTap
    /// Slots that are measured; a frame has no room for more.
    private let slotCount: Int

    /// Thread: control.
    init(ring: FeatureRing, strip: StripTap, slotCount: Int, periodFrames: Int) {
        self.ring = ring
        self.strip = strip
        self.slotCount = slotCount
        self.periodFrames = periodFrames
        back = 0
        sincePublish = 0
    }

    func deallocate() { strip.deallocate() }

    /// Measures source 0 before it is captured, in beats of the running grid.
    ///
    /// - Returns: the loudest sample of these frames.
    @_noLocks @_noAllocation
    mutating func measureInput(
        _ interleaved: UnsafePointer<Float>, count: Int, at frame: Int64, _ grid: Grid
    ) -> Float {
        var level = LevelMeter()
        level.measure(interleaved, frames: count)
        input.join(level)
        strip.add(interleaved, count: count, at: frame, grid)
        return level.loudest()
    }

    /// Measures the master before the metronome.
    @_noLocks @_noAllocation
    mutating func measureMaster(_ interleaved: UnsafePointer<Float>, count: Int) {
        master.measure(interleaved, frames: count)
        ring.tap(interleaved, frames: count)
        sincePublish += count
    }

    @_noLocks @_noAllocation
    func isDue() -> Bool { sincePublish >= pace.period(of: periodFrames) }

    /// Slows down and recovers with the load of the last `frames` frames; two seconds are 60 periods.
    @_noLocks @_noAllocation
    mutating func follow(load: Double, frames: Int) {
        pace.follow(load: load, frames: frames, framesToCalm: 60 * periodFrames)
    }

    /// The frame to fill before `publish`.
    @_noLocks @_noAllocation
    func frame() -> UnsafeMutablePointer<MeterFrame> { ring.backFrame(back) }

    /// Writes the levels into the frame, hands it over and starts anew.
    @_noLocks @_noAllocation
    mutating func publish(
        slots: UnsafeMutablePointer<SlotPlayer>, lines: UnsafeMutablePointer<SlotLine>,
        musicFrame: Int64
    ) {
        let frame = ring.backFrame(back)
        let values = frame.pointee.values
        write(input, to: values)
        write(master, to: values + 4)
        for slot in 0..<slotCount {
            let meter = lines[slot].meter
            let out = values + 8 + 3 * slot
            out[0] = meter.loudest()
            let power = meter.power()
            out[1] = meter.rms(power.x + power.y, sides: 2)
            out[2] = slots[slot].phase(
                beat: frame.pointee.beat, frac: frame.pointee.beatFrac, frame: musicFrame)
            lines[slot].meter.clear()
        }
        frame.pointee.hasInputClip = input.loudest() >= 1
        frame.pointee.hasMasterClip = master.loudest() > 1
        frame.pointee.newestBucket = strip.newest()
        frame.pointee.bucketCount = strip.write(to: values + 8 + 3 * 32, atMost: 24)
        frame.pointee.pace = pace.level()
        back = ring.publish(back)
        // Blocks seldom end where a period does: what is over counts for the next one.
        sincePublish %= pace.period(of: periodFrames)
        input.clear()
        master.clear()
    }

    @_noLocks @_noAllocation
    private func write(_ meter: LevelMeter, to out: UnsafeMutablePointer<Float>) {
        let (peak, power) = (meter.peak(), meter.power())
        out[0] = peak.x
        out[1] = meter.rms(power.x, sides: 1)
        out[2] = peak.y
        out[3] = meter.rms(power.y, sides: 1)
    }
}
