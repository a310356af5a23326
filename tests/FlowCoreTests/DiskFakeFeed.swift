@testable import FlowCore

/// A ring without memory: every sample is a known function of its frame and channel.
final class DiskFakeFeed: SpoolFeed, @unchecked Sendable {
    let sampleRateHz = 22_050
    let channelCount: Int
    let ringFrames: UInt64
    var firstFrame: UInt64
    var diskCursor: UInt64
    /// Nothing was heard before it.
    private let ringStart: UInt64
    private let monitor = DiskMonitor()
    private var newestNow: UInt64
    private var cursorNow: UInt64 = 0
    var holeList: [Range<UInt64>] = []
    /// Frames that come in while a copy is under way: what the audio thread does to us.
    var framesDuringCopy: UInt64 = 0

    init(channelCount: Int = 2, ringFrames: UInt64 = 4000, firstFrame: UInt64 = 0) {
        self.channelCount = channelCount
        self.ringFrames = ringFrames
        self.firstFrame = firstFrame
        ringStart = firstFrame
        diskCursor = firstFrame
        newestNow = firstFrame
    }

    var newest: UInt64 { monitor.locked { newestNow } }

    var cursorTold: UInt64 { monitor.locked { cursorNow } }

    func advance(_ frames: UInt64) { monitor.locked { newestNow += frames } }

    func newestFrame() -> UInt64 { newest }

    func oldestFrame() -> UInt64 {
        let newest = newest
        return max(ringStart, newest - min(newest, ringFrames))
    }

    func copy(from frame: UInt64, frames: Int, into out: UnsafeMutablePointer<Float>) -> Bool {
        guard frame >= oldestFrame(), frame + UInt64(frames) <= newest else { return false }
        for offset in 0..<frames {
            for channel in 0..<channelCount {
                out[offset * channelCount + channel] = Self.sample(
                    frame + UInt64(offset), channel)
            }
        }
        advance(framesDuringCopy)
        return frame >= oldestFrame()
    }

    func holes() -> [Range<UInt64>] { holeList }

    func setDiskCursor(_ frame: UInt64) {
        monitor.locked { cursorNow = frame }
    }

    /// Never 0, so that silence cannot be taken for sound; exact in Float.
    static func sample(_ frame: UInt64, _ channel: Int) -> Float {
        let mixed = (frame &* 2_654_435_761 &+ UInt64(channel) &* 40_503) >> 3
        return Float(1 + mixed % 8_000_000) / 8_388_608
    }
}

/// Numbers from a seed that a failing test prints.
struct DiskSeed: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ limit: UInt64) -> UInt64 { next() % limit }
}
