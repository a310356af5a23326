import CFlowLeaf

/// Memory for frames of all sources, interleaved, that the ring gave up before they were durable.
///
/// A header of words, then samples. Touched when it is made, so that filling it never waits for the
/// system; mapped, so that the system has it back when the last holder lets go. In shared memory it
/// outlives its engine, and the words tell the next one what is in it. The counts are the overflow's,
/// under its lock.
final class OverflowBlock: @unchecked Sendable {
    static let headerBytes = 4096

    enum Word {
        static let magic = 0
        static let layout = 1
        static let runLow = 2
        static let runHigh = 3
        static let sampleRateHz = 4
        static let channelCount = 5
        static let capacityFrames = 6
        static let firstFrame = 7
        static let frameCount = 8
    }

    let samples: UnsafeMutablePointer<Float>
    let capacityFrames: UInt64
    /// Of its name in shared memory; nil = it is private, and gone with the process.
    let number: Int?
    /// Frames that are being copied in behind those it holds.
    var comingFrames: UInt64 = 0
    private let base: UnsafeMutableRawPointer
    private var memory: flow_shared

    /// Private; nil when the system has no memory.
    convenience init?(bytes: Int, channelCount: Int) {
        var memory = flow_shared(base: nil, bytes: 0, fd: -1)
        guard flow_anonymous_create(Self.headerBytes + bytes, &memory) == 0,
            let base = memory.base
        else { return nil }
        (base + Self.headerBytes).initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        self.init(memory, base, capacityFrames: UInt64(bytes / (4 * channelCount)), number: nil)
    }

    /// In memory that is its own from now on.
    init(
        _ memory: flow_shared, _ base: UnsafeMutableRawPointer, capacityFrames: UInt64, number: Int?
    ) {
        self.memory = memory
        self.base = base
        self.capacityFrames = capacityFrames
        self.number = number
        samples = (base + Self.headerBytes).assumingMemoryBound(to: Float.self)
    }

    /// The name in shared memory stays.
    deinit { flow_shared_close(&memory) }

    func word(_ index: Int) -> UnsafeMutablePointer<AtomicCell> {
        (base + 8 * index).assumingMemoryBound(to: AtomicCell.self)
    }

    var firstFrame: UInt64 { word(Word.firstFrame).pointee.load() }

    var frameCount: UInt64 { word(Word.frameCount).pointee.load() }

    /// Empties it; what is copied in next begins with this frame.
    ///
    /// Told in this order, so that an engine that dies in between leaves it empty.
    func begin(at frame: UInt64) {
        word(Word.frameCount).pointee.store(0)
        word(Word.firstFrame).pointee.store(frame)
    }

    /// The frames that were coming are there.
    func take() { word(Word.frameCount).pointee.store(frameCount + comingFrames) }

    /// What it holds.
    var range: Range<UInt64> { firstFrame..<firstFrame + frameCount }

    /// With what is on its way.
    var promised: Range<UInt64> { firstFrame..<firstFrame + frameCount + comingFrames }
}
