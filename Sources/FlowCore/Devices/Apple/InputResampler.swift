import CFlowLeaf

/// Brings what is heard to the core's rate, block by block, where the hardware would not take that rate.
///
/// A windowed sinc over the frames before and after; what the lower of both rates cannot hold is
/// filtered out. It hears `delayFrames` late.
struct InputResampler: ~Copyable {
    /// Zero crossings of the kernel on each side.
    private static let crossings = 16
    private static let resolution = 256

    let channelCount: Int
    /// Input frames for one output frame.
    private let step: Double
    private let cutoff: Double
    private let reach: Int
    private let table: UnsafeMutablePointer<Float>
    /// Of each channel the newest `2 × reach` frames before this block, then the block.
    private let past: UnsafeMutablePointer<Float>
    private let strideFrames: Int
    /// Place of the next output frame, in input frames after the oldest one kept.
    private var place: Double

    init(channelCount: Int, fromHz: Int, toHz: Int) {
        self.channelCount = channelCount
        step = Double(fromHz) / Double(toHz)
        cutoff = min(1, 1 / step)
        reach = Int((Double(Self.crossings) / cutoff).rounded(.up))
        strideFrames = 2 * reach + Limits.blockFramesMax
        past = .allocate(capacity: max(1, channelCount) * strideFrames)
        past.initialize(repeating: 0, count: max(1, channelCount) * strideFrames)
        table = Self.kernel()
        place = Double(reach)
    }

    deinit {
        past.deallocate()
        table.deallocate()
    }

    /// Input frames by which it hears late.
    var delayFrames: Int { reach }

    /// Takes a block of one channel in; to be followed by `make` for all channels, then `advance`.
    ///
    /// - Thread: audio; `frames` is at most `Limits.blockFramesMax`.
    @_noLocks @_noAllocation
    func feed(_ channel: Int, _ samples: UnsafePointer<Float>?, stride: Int, frames: Int) {
        let plane = past + channel * strideFrames + 2 * reach
        for index in 0..<frames { plane[index] = samples?[index * stride] ?? 0 }
    }

    /// How many output frames can be made of what was fed.
    @_noLocks @_noAllocation
    func ready(_ frames: Int) -> Int {
        let end = Double(frames + reach)
        let count = (end - place) / step
        let whole = Int(count)
        return count <= 0 ? 0 : Double(whole) < count ? whole + 1 : whole
    }

    /// One output frame of a channel: the `index`-th since the last `advance`.
    @_noLocks @_noAllocation
    func make(_ channel: Int, _ index: Int) -> Float {
        let center = place + Double(index) * step
        let first = Int(center) - reach + 1
        let plane = past + channel * strideFrames
        var sum: Float = 0
        for source in first...(first + 2 * reach - 1) {
            let distance = abs(Double(source) - center) * cutoff * Double(Self.resolution)
            let whole = Int(distance)
            if whole >= Self.crossings * Self.resolution { continue }
            let part = Float(distance - Double(whole))
            sum += plane[source] * (table[whole] + (table[whole + 1] - table[whole]) * part)
        }
        return sum * Float(cutoff)
    }

    /// Goes on behind a block of `frames` input frames of which `made` output frames were made.
    @_noLocks @_noAllocation
    mutating func advance(_ frames: Int, made: Int) {
        place += Double(made) * step - Double(frames)
        for channel in 0..<channelCount {
            let plane = past + channel * strideFrames
            for index in 0..<2 * reach { plane[index] = plane[index + frames] }
        }
    }

    /// One half of a sinc under a Blackman window.
    private static func kernel() -> UnsafeMutablePointer<Float> {
        let length = crossings * resolution
        let table = UnsafeMutablePointer<Float>.allocate(capacity: length + 2)
        table.initialize(repeating: 0, count: length + 2)
        for index in 0...length {
            let turns = Double(index) / Double(resolution)
            let sinc = index == 0 ? 1 : flow_sin(.pi * turns) / (.pi * turns)
            let phase = 0.5 * Double(index) / Double(length)
            let window =
                0.42 + 0.5 * flow_sin(.pi * (0.5 + 2 * phase))
                + 0.08 * flow_sin(.pi * (0.5 + 4 * phase))
            table[index] = Float(sinc * window)
        }
        return table
    }
}
