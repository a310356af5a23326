import AudioToolbox
import CoreAudio
import Foundation

/// The audio thread of the stubs: a test makes it run, block by block, in virtual time.
///
/// Thread: the test's; what it calls believes to be on the system's audio thread.
package final class StubAudio: @unchecked Sendable {
    package static let shared = StubAudio()

    private final class Seat {
        weak var engine: AVAudioEngine?

        init(_ engine: AVAudioEngine) { self.engine = engine }
    }

    private let lock = NSRecursiveLock()
    private var seats: [ObjectIdentifier: Seat] = [:]
    /// The system's clock in ticks, here nanoseconds.
    package var nowNs: UInt64 = 1_000_000_000
    /// A sample of the input: the frame counts from the start of the block.
    package var input: (_ frame: Int, _ channel: Int) -> Float = { _, _ in 0 }
    /// Whether a cycle brings the input before it asks for the output.
    package var bringsInputFirst = true
    /// Whether time stamps are valid.
    package var tellsTimes = true
    /// Whether the input's format reads 0 Hz although everything is allowed.
    package var readsZeroHz = false
    /// Whether a sink raises when it is connected.
    package var refusesSinks = false
    /// Exceptions raised so far, caught or not.
    package private(set) var raiseCount = 0
    /// So many starts fail from now on.
    package var startFailures = 0
    /// What the last cycle played, left and right.
    package private(set) var left: [Float] = []
    package private(set) var right: [Float] = []
    private var phases: [ObjectIdentifier: Double] = [:]

    package func reset() {
        lock.withLock {
            nowNs = 1_000_000_000
            input = { _, _ in 0 }
            bringsInputFirst = true
            tellsTimes = true
            startFailures = 0
            readsZeroHz = false
            refusesSinks = false
            raiseCount = 0
            left = []
            right = []
        }
    }

    func countRaise() { lock.withLock { raiseCount += 1 } }

    /// Engines that play now, other than by hand.
    package var running: [AVAudioEngine] {
        lock.withLock { seats.values.compactMap(\.engine) }
            .filter { $0.isRunning && $0.manualFormat == nil }
    }

    /// Engines that were not given up yet.
    package var aliveCount: Int { lock.withLock { seats.values.filter { $0.engine != nil }.count } }

    func enter(_ engine: AVAudioEngine) {
        let key = ObjectIdentifier(engine)
        lock.withLock { seats[key] = Seat(engine) }
        StubHal.shared.locked {
            StubHal.shared.onFormat[key] = { [weak engine] id in engine?.formatChanged(id) }
        }
    }

    func leave(_ engine: AVAudioEngine) {
        let key = ObjectIdentifier(engine)
        lock.withLock { seats[key] = nil }
        _ = StubHal.shared.locked { StubHal.shared.onFormat.removeValue(forKey: key) }
    }

    /// One block of the hardware, of `frames` or what the device has; false when nothing plays.
    @discardableResult
    package func cycle(frames: Int? = nil) -> Bool {
        guard let engine = running.first, let device = engine.hardware.output else {
            left = []
            right = []
            return false
        }
        let rate = engine.hardware.rateHz
        let count = frames ?? Int(device.blockFrames)
        let sides = (0..<2).map { _ in UnsafeMutablePointer<Float>.allocate(capacity: count) }
        if bringsInputFirst { hear(engine, count, rate) }
        play(engine, frames: count, rateHz: rate, sides)
        if !bringsInputFirst { hear(engine, count, rate) }
        left = Array(UnsafeBufferPointer(start: sides[0], count: count))
        right = Array(UnsafeBufferPointer(start: sides[1], count: count))
        for side in sides { side.deallocate() }
        nowNs += UInt64(Double(count) * 1e9 / rate)
        return true
    }

    private func stamp(_ atNs: UInt64) -> AudioTimeStamp {
        var stamp = AudioTimeStamp()
        stamp.mHostTime = atNs
        stamp.mFlags = tellsTimes ? [.hostTimeValid, .sampleTimeValid] : .sampleTimeValid
        return stamp
    }

    private func hear(_ engine: AVAudioEngine, _ frames: Int, _ rateHz: Double) {
        guard let sink = engine.sink, let format = sink.format else { return }
        let planes = (0..<Int(format.channelCount)).map { channel in
            (0..<frames).map { input($0, channel) }
        }
        let list = StubList(planes)
        // The block began a block ago.
        let stamp = stamp(nowNs &- UInt64(Double(frames) * 1e9 / rateHz))
        StubThread.render {
            withUnsafePointer(to: stamp) {
                _ = sink.receiverBlock($0, AVAudioFrameCount(frames), UnsafePointer(list.pointer))
            }
        }
    }

    /// Sums what the sources play; one of another rate is asked for as many frames as that takes.
    func play(
        _ engine: AVAudioEngine, frames: Int, rateHz: Double,
        _ sides: [UnsafeMutablePointer<Float>]
    ) {
        for side in sides { side.update(repeating: 0, count: frames) }
        let stamp = stamp(nowNs &+ UInt64(Double(frames) * 1e9 / rateHz))
        for source in engine.sources {
            let step = source.format.sampleRate / rateHz
            let phase = phases[ObjectIdentifier(engine)] ?? 0
            let wanted = step == 1 ? frames : Int(phase + Double(frames) * step)
            phases[ObjectIdentifier(engine)] =
                step == 1 ? 0 : phase + Double(frames) * step - Double(wanted)
            guard wanted > 0 else { continue }
            // Left over from whatever was rendered before.
            let list = StubList([[Float]](repeating: .init(repeating: 9, count: wanted), count: 2))
            var isSilence = ObjCBool(false)
            var status: OSStatus = 0
            StubThread.render {
                withUnsafePointer(to: stamp) {
                    status = source.renderBlock(
                        &isSilence, $0, AVAudioFrameCount(wanted), list.pointer)
                }
            }
            if status != noErr || isSilence.boolValue { continue }
            for (side, out) in sides.enumerated() {
                let plane = list.plane(side)
                for index in 0..<frames {
                    out[index] += plane[min(wanted - 1, Int(Double(index) * step))]
                }
            }
        }
    }
}
