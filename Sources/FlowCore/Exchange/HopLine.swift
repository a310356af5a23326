/// One hop of a chain: a delay line for what goes in, and in its place what the host made of it.
///
/// Frames are counted from the hop's first one, 0: its *stream*. What comes back from the host lies in a
/// ring of its own by the same numbers, so that any block lengths give the same bits. How it is used is
/// in `RealTime`.
struct HopLine: BitwiseCopyable {
    static let slotCount = 8

    let port: HostPort
    let lane: Int
    /// From going in to the host's answer.
    let pipeFrames: Int
    /// From going in to coming out: the pipe, and how late the plug-ins are.
    let delayFrames: Int
    let hasInput: Bool
    /// No more than so many frames wait to be posted.
    let waitingMax: Int
    /// Plug-ins refuse a longer block.
    let blockFramesMax: Int
    let instances: UnsafeMutablePointer<UInt32>
    let instanceCount: Int
    /// What went in, and what came back; interleaved, as long as the masks say and one frame more.
    let dry: UnsafeMutablePointer<Float>
    let dryMask: Int
    let wet: UnsafeMutablePointer<Float>
    let wetMask: Int
    /// First frame and length of the blocks on their way, by number modulo 8.
    let starts: UnsafeMutablePointer<Int>
    let lengths: UnsafeMutablePointer<Int>
    /// When the engine's blocks began that those were posted in.
    let postedNs: UnsafeMutablePointer<Int64>
    /// A result that is missing so long after that is the host's fault: most of the pipe.
    let needNs: Int64
    /// What goes with the next block.
    let points: UnsafeMutablePointer<BlockPoint>
    var pointCount = 0
    let notes: UnsafeMutablePointer<BlockNote>
    var noteCount = 0
    /// Keys that are down in the host, and keys that shall go up: two words for each instance.
    let held: UnsafeMutablePointer<UInt64>
    let ends: UnsafeMutablePointer<UInt64>

    /// What blocks carry: the host's life, and how often the stream began anew.
    var epoch: UInt64 = 0
    var generation: UInt32 = 0
    var posted: UInt64 = 0
    var taken: UInt64 = 0
    /// The next frame to go in, and the first that was not posted.
    var position = 0
    var postedTo = 0
    /// Frames that came back; from `expectedFrom` on a missing one is the host's fault.
    var wetStart = 0
    var wetEnd = 0
    var expectedFrom = 0
    var isDiscontinuous = true
    var hasHost = false
    /// When this block of the engine began.
    var nowNs: Int64 = 0
    /// Of this block: whether there was sound, whether all of it was there in time, and whether it should
    /// have been.
    var hasBlock = false
    var isBlockThere = true
    var isBlockMissed = false
    var goodBlocks = 0
    var isWet = false
    /// Whether the host was heard until the stream began anew, and has missed nothing since.
    var isCarried = false
    var wetGain: Float = 0
    /// The last frame that came out, and what the dry sound lacked there when the host was lost.
    var lastLeft: Float = 0
    var lastRight: Float = 0
    var fade = Residue()

    /// Thread: control; freed by `deallocate`.
    init(_ hop: ChainHop, pipeFrames: Int, blockFrames: Int, rateHz: Int) {
        port = hop.port
        lane = hop.lane
        self.pipeFrames = pipeFrames
        needNs = Int64(pipeFrames) * 750_000_000 / Int64(rateHz)
        // No plug-in is taken to be later than a second.
        delayFrames = pipeFrames + max(0, min(hop.latencyFrames, rateHz))
        hasInput = hop.hasInput
        waitingMax = max(1_024, 8 * blockFrames)
        blockFramesMax = HostLane.blockFramesMax(usual: blockFrames)
        instanceCount = hop.instances.count
        instances = .allocate(capacity: max(1, hop.instances.count))
        instances.initialize(from: hop.instances, count: hop.instances.count)
        dryMask = Self.mask(delayFrames + waitingMax + Self.stretchMax)
        wetMask = Self.mask(pipeFrames + waitingMax + Self.stretchMax)
        dry = Self.filled(2 * (dryMask + 1), 0)
        wet = Self.filled(2 * (wetMask + 1), 0)
        starts = Self.filled(Self.slotCount, 0)
        lengths = Self.filled(Self.slotCount, 0)
        postedNs = Self.filled(Self.slotCount, 0)
        points = Self.filled(
            SegmentLayout.pointCountMax, BlockPoint(instance: 0, param: 0, offset: 0, value: 0))
        notes = Self.filled(
            SegmentLayout.noteCountMax,
            BlockNote(instance: 0, offset: 0, note: 0, isOn: 0, velocity: 0))
        held = Self.filled(max(1, 2 * hop.instances.count), 0)
        ends = Self.filled(max(1, 2 * hop.instances.count), 0)
    }

    func deallocate() {
        instances.deallocate()
        dry.deallocate()
        wet.deallocate()
        starts.deallocate()
        lengths.deallocate()
        postedNs.deallocate()
        points.deallocate()
        notes.deallocate()
        held.deallocate()
        ends.deallocate()
    }

    /// No stretch that goes in at once is longer.
    private static let stretchMax = 512

    /// Of the smallest ring that holds so many frames.
    private static func mask(_ frames: Int) -> Int {
        var length = 1
        while length < frames { length *= 2 }
        return length - 1
    }

    private static func filled<T>(_ count: Int, _ value: T) -> UnsafeMutablePointer<T> {
        let memory = UnsafeMutablePointer<T>.allocate(capacity: count)
        memory.initialize(repeating: value, count: count)
        return memory
    }
}
