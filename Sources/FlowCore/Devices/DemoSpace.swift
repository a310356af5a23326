/// Echo in time with the music: dotted eighths that go from side to side and get darker.
struct DemoEcho {
    private let line: UnsafeMutablePointer<Float>
    private let capacity: Int
    private var write = 0
    private var delay: Float = 0
    private var leftTone: Float = 0
    private var rightTone: Float = 0
    private let glide: Float
    private let tone: Float

    init(sampleRateHz rate: Int) {
        // 0.75 beat at the slowest tempo of 20 bpm, for two sides one after the other.
        capacity = Int(2 * 2.3 * Double(rate))
        line = .allocate(capacity: capacity)
        line.initialize(repeating: 0, count: capacity)
        glide = 1 - DemoMath.decay(seconds: 0.08, sampleRateHz: rate)
        tone = 1 - DemoMath.decay(seconds: 0.00006, sampleRateHz: rate)
    }

    func deallocate() {
        line.deallocate()
    }

    @_noLocks @_noAllocation
    mutating func render(_ bus: DemoBus, frames: Int, delayFrames: Float) {
        let longest = Float(capacity / 2 - 2)
        let wanted = delayFrames < 2 ? 2 : (delayFrames > longest ? longest : delayFrames)
        if delay == 0 { delay = wanted }
        for i in 0..<frames {
            delay += (wanted - delay) * glide
            let near = tap(delay)
            let far = tap(2 * delay)
            leftTone += (near - leftTone) * tone
            rightTone += (far - rightTone) * tone
            line[write] = bus.echo[i] + 0.36 * rightTone
            write = write + 1 == capacity ? 0 : write + 1
            bus.left[i] += 0.55 * leftTone + 0.1 * rightTone
            bus.right[i] += 0.1 * leftTone + 0.45 * rightTone
            bus.room[i] += 0.1 * (leftTone + rightTone)
        }
    }

    @_noLocks @_noAllocation
    @inline(__always)
    private func tap(_ back: Float) -> Float {
        let whole = Int(back)
        let part = back - Float(whole)
        var newer = write - whole
        if newer < 0 { newer += capacity }
        let older = newer == 0 ? capacity - 1 : newer - 1
        return line[newer] + part * (line[older] - line[newer])
    }
}

/// A small warm room: four delay lines that feed each other.
struct DemoRoom {
    private static let lineCount = 4
    private let lines: UnsafeMutablePointer<Float>
    private let lengths: UnsafeMutablePointer<Int>
    private let capacity: Int
    private var write = 0
    private var dark0: Float = 0
    private var dark1: Float = 0
    private var dark2: Float = 0
    private var dark3: Float = 0
    private let tone: Float

    init(sampleRateHz rate: Int) {
        capacity = Int(0.06 * Double(rate))
        lines = .allocate(capacity: Self.lineCount * capacity)
        lines.initialize(repeating: 0, count: Self.lineCount * capacity)
        lengths = .allocate(capacity: Self.lineCount)
        for (index, seconds) in [0.0297, 0.0371, 0.0419, 0.0537].enumerated() {
            lengths[index] = Int(seconds * Double(rate)) | 1
        }
        tone = 1 - DemoMath.decay(seconds: 0.00005, sampleRateHz: rate)
    }

    func deallocate() {
        lines.deallocate()
        lengths.deallocate()
    }

    @_noLocks @_noAllocation
    mutating func render(_ bus: DemoBus, frames: Int) {
        for i in 0..<frames {
            dark0 += (read(0) - dark0) * tone
            dark1 += (read(1) - dark1) * tone
            dark2 += (read(2) - dark2) * tone
            dark3 += (read(3) - dark3) * tone
            let x = bus.room[i]
            // A Hadamard mix keeps the energy; 0.8 lets it die within a second.
            let a = dark0 + dark1
            let b = dark0 - dark1
            let c = dark2 + dark3
            let d = dark2 - dark3
            put(0, x + 0.4 * (a + c))
            put(1, -x + 0.4 * (b + d))
            put(2, x + 0.4 * (a - c))
            put(3, -x + 0.4 * (b - d))
            write = write + 1 == capacity ? 0 : write + 1
            bus.left[i] += 0.5 * (dark0 - dark2)
            bus.right[i] += 0.5 * (dark1 - dark3)
        }
    }

    @_noLocks @_noAllocation
    @inline(__always)
    private func read(_ line: Int) -> Float {
        var at = write - lengths[line]
        if at < 0 { at += capacity }
        return lines[line * capacity + at]
    }

    @_noLocks @_noAllocation
    @inline(__always)
    private func put(_ line: Int, _ x: Float) {
        lines[line * capacity + write] = x
    }
}

/// Takes away what no loudspeaker should hold: everything below about 12 Hz.
struct DemoDcBlock {
    private var before: Float = 0
    private var held: Float = 0
    private let keep: Float

    init(sampleRateHz rate: Int) {
        keep = DemoMath.decay(seconds: 1 / (2 * Double.pi * 12), sampleRateHz: rate)
    }

    @_noLocks @_noAllocation
    @inline(__always)
    mutating func run(_ x: Float) -> Float {
        held = x - before + keep * held
        before = x
        return held
    }
}
