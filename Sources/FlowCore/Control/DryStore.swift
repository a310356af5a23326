import CFlowLeaf
import Foundation

/// Source 0 as it was before its plug-ins: the newest two minutes, on the frames of the ring.
///
/// Until the first chain the ring itself is dry, and nothing is kept twice; the memory comes with that
/// chain. Frames that an engine before this one heard are not here.
///
/// - Thread: any but the audio thread.
final class DryStore: SpoolFeed, @unchecked Sendable {
    let tape: DryTape
    private let ring: CaptureStore
    private let samples: UnsafeMutablePointer<Float>?
    private let cells: UnsafeMutablePointer<AtomicCell>
    private let preparing = NSLock()
    private(set) var memory = flow_shared(base: nil, bytes: 0, fd: -1)

    /// As long as the ring, and at most as long as every ring is.
    init(ring: CaptureStore) {
        self.ring = ring
        cells = .allocate(capacity: 3)
        for index in 0..<3 { (cells + index).initialize(to: AtomicCell(0)) }
        let frames = min(
            ring.memory.capacityFrames, Limits.ringSecondsMin * ring.sampleRateHz)
        guard flow_reserved_create(8 * frames, &memory) == 0, let base = memory.base else {
            samples = nil
            tape = DryTape.none()
            return
        }
        let samples = base.bindMemory(to: Float.self, capacity: 2 * frames)
        self.samples = samples
        tape = DryTape(samples, capacityFrames: frames, cells: cells)
    }

    deinit {
        flow_shared_close(&memory)
        cells.deallocate()
    }

    /// Before a chain of an input is on its way: the system gives the memory now, not to the audio thread.
    func prepare() {
        preparing.withLock {
            guard let samples, (cells + 2).pointee.load() == 0 else { return }
            samples.update(repeating: 0, count: 2 * tape.capacityFrames)
            (cells + 2).pointee.store(1)
        }
    }

    var sampleRateHz: Int { ring.sampleRateHz }
    var channelCount: Int { 2 }
    var ringFrames: UInt64 {
        UInt64(tape.capacityFrames - min(Limits.blockFramesMax, tape.capacityFrames / 2))
    }
    var firstFrame: UInt64 { ring.firstFrame }
    var diskCursor: UInt64 { 0 }

    /// One past the tape's newest frame; 0 = it has not begun.
    func newestFrame() -> UInt64 {
        (cells + 1).pointee.load() == 0 ? 0 : cells.pointee.load()
    }

    func oldestFrame() -> UInt64 {
        let newest = newestFrame()
        guard newest > 0 else { return 0 }
        let kept = newest - min(newest, ringFrames)
        return kept > beginFrame ? kept : max(ring.firstFrame, ring.oldestFrame())
    }

    func copy(from frame: UInt64, frames: Int, into out: UnsafeMutablePointer<Float>) -> Bool {
        let end = frame + UInt64(frames)
        guard end <= newestFrame(), frame >= oldestFrame() else { return false }
        let inRing = frame..<max(frame, min(end, beginFrame))
        guard RingReader(feed: ring).read(inRing, source: 0, into: out) else { return false }
        copyTape(from: inRing.upperBound, to: end, into: out + 2 * inRing.count)
        AtomicCell.fence()
        return frame >= oldestFrame()
    }

    func holes() -> [Range<UInt64>] { [] }

    func setDiskCursor(_ frame: UInt64) {}

    /// A window's sound without plug-ins; nil when it is not all here, or when they changed nothing in it.
    func sound(of window: Range<UInt64>) -> StereoFrames? {
        let dry = StereoFrames(frameCount: window.count)
        guard copy(from: window.lowerBound, frames: window.count, into: dry.samples) else {
            return nil
        }
        let wet = StereoFrames(frameCount: window.count)
        let isKept = RingReader(feed: ring).read(window, source: 0, into: wet.samples)
        return isKept && memcmp(dry.samples, wet.samples, dry.byteCount) == 0 ? nil : dry
    }

    private var beginFrame: UInt64 { (cells + 1).pointee.load() - 1 }

    private func copyTape(from frame: UInt64, to end: UInt64, into out: UnsafeMutablePointer<Float>)
    {
        guard let samples, frame < end else { return }
        let capacity = UInt64(tape.capacityFrames)
        var at = frame
        while at < end {
            let place = at % capacity
            let run = min(end - at, capacity - place)
            (out + 2 * Int(at - frame)).update(
                from: samples + 2 * Int(place), count: 2 * Int(run))
            at += run
        }
    }
}
