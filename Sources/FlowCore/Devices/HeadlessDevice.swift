import CFlowLeaf
import Foundation

/// A device without hardware: a clock thread that renders in real time, or steps by hand.
///
/// After a stall every missed block is made up for (`HeadlessClock`); the stall counts as one late block,
/// and no sound is missing.
final class HeadlessDevice: AudioDevice, @unchecked Sendable {
    /// How the device is made.
    struct Settings {
        var sampleRateHz: Int
        var blockFrames: Int
        /// Rendered only by `step`.
        var isStepped: Bool
        /// What is played; nil is silence.
        var input: (any HeadlessInput)?
        /// Receives the master.
        var output: MasterFile?
    }

    let kind: UInt32
    let name = "Headless"
    let counters = DeviceCounters()
    let inputLatencyFrames = 0
    let outputLatencyFrames = 0
    var sampleRateHz: Int { settings.sampleRateHz }
    var blockFrames: Int { settings.blockFrames }
    var sourceCount: Int { settings.input?.sourceCount ?? 1 }
    var hasRealTime: Bool { counters.realTime.pointee.load() == 1 }
    /// Called with what went wrong when the master has holes, or can no longer be written.
    var onOutputTrouble: (@Sendable (MasterFile.Trouble) -> Void)?

    /// Frames that the input lasts; nil = silence.
    var inputFrames: Int? { settings.input?.frameCount }

    private let settings: Settings
    private let lock = NSCondition()
    private var isRunning = false
    /// 1 = the clock thread shall end; atomic, so that it takes no lock.
    private let ending: UnsafeMutablePointer<AtomicCell>
    private var target: RenderTarget?
    private let writer = WorkThread()
    private var frame: Int64 = 0
    private var firstBlockNs: Int64?
    /// Planar: output left and right, then the input's pairs.
    private let planes: UnsafeMutablePointer<Float>
    private let pairCount: Int

    init(_ settings: Settings) {
        self.settings = settings
        kind = settings.isStepped ? DeviceKind.stepped : DeviceKind.headless
        pairCount = settings.input?.pairCount ?? 0
        let count = (2 + 2 * pairCount) * Limits.blockFramesMax
        planes = .allocate(capacity: count)
        planes.initialize(repeating: 0, count: count)
        ending = .allocate(capacity: 1)
        ending.initialize(to: AtomicCell(0))
    }

    deinit {
        planes.deallocate()
        ending.deallocate()
    }

    /// The timeline's frame that the next block begins with, and when that block is due on the
    /// monotonic clock; nil = one period after the start. Thread: control, before `start`.
    func begin(at frame: Int64, firstBlockNs: Int64? = nil) {
        self.frame = frame
        self.firstBlockNs = firstBlockNs
        settings.output?.begin(at: frame)
    }

    func start(_ target: RenderTarget) throws(DeviceError) {
        self.target = target
        if settings.output != nil, !settings.isStepped {
            writer.start("fz-master", periodMs: 20) { [unowned self] in drainOutput() }
        }
        guard !settings.isStepped else { return }
        ending.pointee.store(0)
        lock.withLock { isRunning = true }
        let thread = Thread { [unowned self] in runClock() }
        thread.stackSize = 512 * 1_024
        thread.start()
    }

    func stop() {
        ending.pointee.store(1)
        lock.withLock {
            while isRunning { lock.wait() }
        }
        writer.stop()
        drainOutput()
        target = nil
    }

    /// Renders `frames` frames now. Stepped devices only; thread: control.
    func step(frames: Int) {
        var left = frames
        while left > 0 {
            let run = min(left, Limits.blockFramesMax)
            render(run)
            drainOutput()
            left -= run
        }
    }

    /// Finishes the master file.
    func close() { tell(settings.output?.close()) }

    private func runClock() {
        flow_thread_name("fz-audio")
        counters.realTime.pointee.store(flow_thread_real_time() == 1 ? 1 : 0)
        let clock = HeadlessClock(
            sampleRateHz: settings.sampleRateHz, blockFrames: settings.blockFrames,
            time: HeadlessClock.Time(nowNs: flow_monotonic_ns, sleepUntil: flow_sleep_until))
        let periodNs = Int64(Double(clock.blockFrames) * 1e9 / Double(clock.sampleRateHz))
        let startNs = firstBlockNs.map { $0 - periodNs } ?? flow_monotonic_ns()
        firstBlockNs = nil
        let buffer = settings.output?.buffer
        clock.run(
            from: startNs,
            HeadlessClock.Work(
                isWanted: { [ending] in ending.pointee.load() == 0 },
                hasRoom: { buffer?.hasRoom(frames: clock.blockFrames) ?? true },
                progress: { buffer?.released ?? 0 },
                late: { [counters] in counters.lateBlocks.pointee.add(1) },
                render: { [unowned self] in render(clock.blockFrames) }))
        lock.withLock {
            isRunning = false
            lock.broadcast()
        }
    }

    private func render(_ frames: Int) {
        guard let target else { return }
        let outLeft = planes
        let outRight = planes + Limits.blockFramesMax
        let input = planes + 2 * Limits.blockFramesMax
        settings.input?.read(
            from: frame, frames: frames, into: input, strideFrames: Limits.blockFramesMax)
        if pairCount > 1, let processPairs = target.processPairs {
            processPairs(
                target.context, input, UInt32(pairCount), UInt32(Limits.blockFramesMax), outLeft,
                outRight, UInt32(frames))
        } else {
            let hasInput = pairCount > 0
            target.process(
                target.context, hasInput ? UnsafePointer(input) : nil,
                hasInput ? UnsafePointer(input + Limits.blockFramesMax) : nil, outLeft, outRight,
                UInt32(frames))
        }
        settings.output?.buffer.hand(left: outLeft, right: outRight, frames: frames)
        frame += Int64(frames)
    }

    private func drainOutput() { tell(settings.output?.drain()) }

    private func tell(_ trouble: MasterFile.Trouble?) {
        if let trouble { onOutputTrouble?(trouble) }
    }
}
