/// Sends a stereo signal through a plug-in host and never waits for it.
///
/// Block n takes what the host made of block n−1 and posts its own. The output is therefore late by
/// `latencyFrames`, and so is the dry signal that takes the host's place when a result is missing:
/// over 64 frames, from the last good sample. After 8 good blocks in a row the host is heard again.
/// Nothing a host writes is believed: numbers are compared, samples that are not finite or beyond
/// ±16 count as missing.
///
/// - Thread: made on the control thread, `process` runs on the audio thread. Bounded: no allocation,
///   no lock, no wait; one system call per posted block, the wake.
struct PluginInsert: ~Copyable {
    /// Delay of everything that passes, in frames.
    let latencyFrames: Int

    private static let fadeFrames = 64
    private static let rejoinBlocks = 8
    private static let loudest: Float = 16
    /// A power of two, at least twice the largest block.
    private static let ringFrames = 16_384
    private static let slotCount = 8

    private let port: HostPort
    /// Four rings by frame number: dry left and right, wet left and right.
    private let rings: UnsafeMutablePointer<Float>
    /// First frame and length of the blocks on their way, by number modulo 8.
    private let starts: UnsafeMutablePointer<Int>
    private let lengths: UnsafeMutablePointer<Int>

    private var epoch: UInt64 = 0
    private var posted: UInt64 = 0
    private var taken: UInt64 = 0
    /// Frame number of the next input frame.
    private var position: Int
    private var wetStart = 0
    private var wetEnd = 0
    private var goodBlocks = 0
    private var isWet = false
    private var wetGain: Float = 0
    /// What the output was away from the dry signal when the host was lost; fades out.
    private var residueLeft: Float = 0
    private var residueRight: Float = 0
    private var residueFrames = 0
    private var lastLeft: Float = 0
    private var lastRight: Float = 0

    /// - Parameters:
    ///   - port: Where the host's lives are found.
    ///   - wanted: The usual block, held to 1…4096: results then are exactly one block late.
    init(port: HostPort, latencyFrames wanted: Int) {
        let latencyFrames = max(1, min(wanted, 4_096))
        self.port = port
        self.latencyFrames = latencyFrames
        position = latencyFrames
        rings = .allocate(capacity: 4 * Self.ringFrames)
        rings.initialize(repeating: 0, count: 4 * Self.ringFrames)
        starts = .allocate(capacity: Self.slotCount)
        starts.initialize(repeating: 0, count: Self.slotCount)
        lengths = .allocate(capacity: Self.slotCount)
        lengths.initialize(repeating: 0, count: Self.slotCount)
    }

    deinit {
        rings.deallocate()
        starts.deallocate()
        lengths.deallocate()
    }

    /// Replaces `frames` frames by the host's sound, or the dry one, `latencyFrames` later.
    ///
    /// - Parameters:
    ///   - left: In and out.
    ///   - right: In and out.
    ///   - frames: Any number; more than the latency is done in pieces.
    ///   - beat: Grid position of the first frame.
    ///   - framesPerBeat: Frames a beat.
    @_noLocks @_noAllocation
    mutating func process(
        left: UnsafeMutablePointer<Float>, right: UnsafeMutablePointer<Float>, frames: Int,
        beat: Double, framesPerBeat: Double
    ) {
        let lease = port.acquire()
        var done = 0
        while done < frames {
            let count = frames - done < latencyFrames ? frames - done : latencyFrames
            if let lease {
                follow(lease.pointee.laneEpoch(generation: 0))
                let lane = lease.pointee.lane(0)
                collect(lane)
                post(
                    lane, lease.pointee, left: left + done, right: right + done, frames: count,
                    beat: beat + Double(done) / framesPerBeat, framesPerBeat: framesPerBeat)
            }
            replace(left: left + done, right: right + done, frames: count, hasHost: lease != nil)
            done += count
        }
        port.release()
    }

    /// A new life begins: nothing of the old one is expected any more.
    @_noLocks @_noAllocation
    private mutating func follow(_ newEpoch: UInt64) {
        guard newEpoch != epoch else { return }
        epoch = newEpoch
        posted = 0
        taken = 0
        goodBlocks = 0
        wetStart = position
        wetEnd = position
    }

    /// Copies the results that have come into the wet ring, in order.
    @_noLocks @_noAllocation
    private mutating func collect(_ lane: HostLane) {
        let done = lane.done.pointee.load()
        guard done <= posted else { return }
        while taken < done {
            taken += 1
            // Its slot was used again: too old to be of any use.
            if posted - taken > HostLane.outstandingMax() { continue }
            let index = Int(taken % 8)
            let start = starts[index]
            let length = lengths[index]
            let slots = lane.incoming
            guard slots.seq(taken).pointee.load() == taken,
                slots.head(taken).pointee.epoch == epoch,
                Int(slots.head(taken).pointee.frames) == length
            else { continue }
            guard copy(slots, taken, start: start, length: length) else {
                port.countScrubbed()
                continue
            }
            if start != wetEnd { wetStart = start }
            wetEnd = start + length
        }
    }

    /// One look at each sample: a host that scribbles while we read cannot pass the check.
    @_noLocks @_noAllocation
    private func copy(_ slots: IncomingSlots, _ seq: UInt64, start: Int, length: Int) -> Bool {
        let fromLeft = slots.samples(seq, channel: 0)
        let fromRight = slots.samples(seq, channel: 1)
        let toLeft = rings + 2 * Self.ringFrames
        let toRight = rings + 3 * Self.ringFrames
        for i in 0..<length {
            let l = fromLeft[i]
            let r = fromRight[i]
            // A comparison with NaN is false.
            guard l > -Self.loudest, l < Self.loudest, r > -Self.loudest, r < Self.loudest else {
                return false
            }
            let at = (start + i) & (Self.ringFrames - 1)
            toLeft[at] = l
            toRight[at] = r
        }
        return true
    }

    /// Hands the block over, unless the host is so far behind that its slots are full.
    @_noLocks @_noAllocation
    private mutating func post(
        _ lane: HostLane, _ lease: HostLease, left: UnsafeMutablePointer<Float>,
        right: UnsafeMutablePointer<Float>, frames: Int, beat: Double, framesPerBeat: Double
    ) {
        let done = lane.done.pointee.load()
        guard done <= posted, posted - done < HostLane.outstandingMax() else { return }
        let seq = posted + 1
        let slots = lane.outgoing
        let toLeft = slots.samples(seq, channel: 0)
        let toRight = slots.samples(seq, channel: 1)
        for i in 0..<frames {
            toLeft[i] = left[i]
            toRight[i] = right[i]
        }
        slots.head(seq).pointee.epoch = epoch
        slots.head(seq).pointee.frames = UInt32(truncatingIfNeeded: frames)
        slots.head(seq).pointee.beat = beat
        slots.head(seq).pointee.framesPerBeat = framesPerBeat
        slots.seq(seq).pointee.store(seq)
        starts[Int(seq % 8)] = position
        lengths[Int(seq % 8)] = frames
        posted = seq
        lane.posted.pointee.store(seq)
        lease.raiseBell()
        Leaf.wake(lease.bell)
    }

    /// Keeps the input, puts out what was there `latencyFrames` ago.
    @_noLocks @_noAllocation
    private mutating func replace(
        left: UnsafeMutablePointer<Float>, right: UnsafeMutablePointer<Float>, frames: Int,
        hasHost: Bool
    ) {
        let mask = Self.ringFrames - 1
        let from = position - latencyFrames
        for i in 0..<frames {
            rings[(position + i) & mask] = left[i]
            rings[Self.ringFrames + (position + i) & mask] = right[i]
        }
        let isThere = hasHost && wetStart <= from && from + frames <= wetEnd
        goodBlocks = isThere ? goodBlocks + 1 : 0
        if isWet && !isThere { leaveHost(at: from) }
        isWet = isThere && (isWet || goodBlocks >= Self.rejoinBlocks)
        for i in 0..<frames {
            let at = (from + i) & mask
            if isWet && wetGain < 1 { wetGain += 1 / Float(Self.fadeFrames) }
            let dryLeft = rings[at]
            let dryRight = rings[Self.ringFrames + at]
            if wetGain == 1 {
                lastLeft = rings[2 * Self.ringFrames + at]
                lastRight = rings[3 * Self.ringFrames + at]
            } else if wetGain > 0 {
                lastLeft = dryLeft + wetGain * (rings[2 * Self.ringFrames + at] - dryLeft)
                lastRight = dryRight + wetGain * (rings[3 * Self.ringFrames + at] - dryRight)
            } else {
                lastLeft = dryLeft
                lastRight = dryRight
            }
            if residueFrames > 0 {
                residueFrames -= 1
                let part = Float(residueFrames) / Float(Self.fadeFrames)
                lastLeft += residueLeft * part
                lastRight += residueRight * part
            }
            left[i] = lastLeft
            right[i] = lastRight
        }
        position += frames
        port.count(isWet: isWet, isMissed: hasHost && !isThere)
    }

    /// The dry signal goes on from where the output just was.
    @_noLocks @_noAllocation
    private mutating func leaveHost(at frame: Int) {
        let before = (frame - 1) & (Self.ringFrames - 1)
        residueLeft = lastLeft - rings[before]
        residueRight = lastRight - rings[Self.ringFrames + before]
        residueFrames = Self.fadeFrames
        wetGain = 0
    }
}
