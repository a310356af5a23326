/// What a device calls for each block: one C function with its context.
///
/// - Thread: the device's audio thread; the core marks the thread as real-time itself.
/// - Blocks are planar stereo. Any `frames` from 1 to `Limits.blockFramesMax` is taken; the core
///   splits. Both outputs are written completely. A missing input pointer is silence.
struct RenderTarget {
    typealias Process = @convention(c) (
        _ context: UnsafeMutableRawPointer,
        _ inL: UnsafePointer<Float>?,
        _ inR: UnsafePointer<Float>?,
        _ outL: UnsafeMutablePointer<Float>,
        _ outR: UnsafeMutablePointer<Float>,
        _ frames: UInt32
    ) -> Void

    /// The same for `pairCount` stereo pairs: planes of `strideFrames` each, one after another.
    typealias ProcessPairs = @convention(c) (
        _ context: UnsafeMutableRawPointer,
        _ planes: UnsafePointer<Float>,
        _ pairCount: UInt32,
        _ strideFrames: UInt32,
        _ outL: UnsafeMutablePointer<Float>,
        _ outR: UnsafeMutablePointer<Float>,
        _ frames: UInt32
    ) -> Void

    let context: UnsafeMutableRawPointer
    let process: Process
    /// Nil where only one pair is taken.
    var processPairs: ProcessPairs?
}

/// A device could not be opened or started.
struct DeviceError: Error {
    /// A code of `protocol/errors.ts`.
    let code: UInt32
    /// What the system said, for the log.
    let detail: String
}

/// Counters that a device's own threads raise and the core reads; atomic, so that the audio
/// thread may write them.
final class DeviceCounters: @unchecked Sendable {
    /// Missed deadlines since start in which sound was lost.
    var xruns: UnsafeMutablePointer<AtomicCell> { cells }
    /// Frames that came late or were lost in them.
    var xrunFrames: UnsafeMutablePointer<AtomicCell> { cells + 1 }
    /// 1 once the device is gone; the core then drives blocks from the headless clock.
    var lost: UnsafeMutablePointer<AtomicCell> { cells + 2 }
    /// 1 when the audio thread runs with real-time scheduling.
    var realTime: UnsafeMutablePointer<AtomicCell> { cells + 3 }

    /// Deadlines missed by a clock that makes up for them: no sound is missing, no take is touched.
    var lateBlocks: UnsafeMutablePointer<AtomicCell> { cells + 4 }

    private static let cellCount = 5
    private let cells: UnsafeMutablePointer<AtomicCell>

    init() {
        cells = .allocate(capacity: Self.cellCount)
        for index in 0..<Self.cellCount { (cells + index).initialize(to: AtomicCell(0)) }
    }

    deinit {
        cells.deinitialize(count: Self.cellCount)
        cells.deallocate()
    }

    /// One missed deadline. Thread: any; bounded, no lock.
    func countXrun(frames: UInt64) {
        xrunFrames.pointee.add(frames)
        xruns.pointee.add(1)
    }
}

/// A condition of a device that began or ended.
struct DeviceNews: Equatable {
    /// A code of `protocol/errors.ts`.
    let code: UInt32
    let isOn: Bool
}

/// Something that calls the core once a block.
///
/// - Thread: control for everything here; only the target is called on the audio thread.
protocol AudioDevice: AnyObject {
    /// A value of `DeviceKind`.
    var kind: UInt32 { get }
    var name: String { get }
    var sampleRateHz: Int { get }
    /// The usual frames of a block; single blocks may differ.
    var blockFrames: Int { get }
    /// Whether the audio thread got real-time scheduling; known once blocks have run.
    var hasRealTime: Bool { get }
    var inputLatencyFrames: Int { get }
    var outputLatencyFrames: Int { get }
    /// Differs between devices of a kind; 0 = there is but one.
    var key: UInt32 { get }
    /// Sources it can be heard as: one, or the sum of its stereo pairs and each of them.
    var sourceCount: Int { get }
    var counters: DeviceCounters { get }
    /// Whether hardware, or what stands for it, calls the target.
    var isThere: Bool { get }

    /// Looks after itself, and tells what the player has to know. Thread: supervisor, every 50 ms.
    func attend(nowNs: Int64) -> [DeviceNews]

    /// Begins to call `target`. The rate and block are known from `init` on.
    func start(_ target: RenderTarget) throws(DeviceError)

    /// Ends the calls: after it returns the target is not called again. Harmless when stopped.
    func stop()
}

extension AudioDevice {
    /// A stereo device.
    var sourceCount: Int { 1 }
    /// The only one.
    var key: UInt32 { 0 }
    var isThere: Bool { counters.lost.pointee.load() == 0 }
    /// One that cannot help itself.
    func attend(nowNs: Int64) -> [DeviceNews] { [] }
}
