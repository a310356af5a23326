/// Three coded clicks by which the way from the master back to the input is measured.
///
/// Each is the same noise of ±1, which nothing else sounds like; mixed in after all taps, like the
/// metronome. They lie so far apart that each can come back before the next begins.
struct CalibrationSound: BitwiseCopyable {
    let clickCount: Int
    let clickFrames: Int
    /// Frames from one click's start to the next; the longest way that is looked for.
    let spacingFrames: Int
    let wayFramesMax: Int
    private let code: UnsafeMutablePointer<Float>
    private let gain: Float
    private var startFrame: Int64

    /// Thread: control; freed by `deallocate`.
    init(rateHz: Int) {
        clickCount = 3
        clickFrames = 1_023
        wayFramesMax = rateHz / 2
        spacingFrames = wayFramesMax + 2 * clickFrames
        gain = 0.25
        startFrame = Int64.min
        code = .allocate(capacity: clickFrames)
        var register: UInt32 = 1
        for index in 0..<clickFrames {
            // The longest sequence of ten bits: its correlation with itself has one peak.
            code[index] = register & 1 == 1 ? 1 : -1
            let next = (register ^ (register >> 3)) & 1
            register = (register >> 1) | (next << 9)
        }
    }

    func deallocate() { code.deallocate() }

    /// What is looked for, in full scale. Thread: any.
    @_noLocks @_noAllocation
    func codeSamples() -> UnsafePointer<Float> { UnsafePointer(code) }

    /// Frames from the start until the last click can have come back.
    @_noLocks @_noAllocation
    func lengthFrames() -> Int { clickCount * spacingFrames }

    @_noLocks @_noAllocation
    mutating func begin(at frame: Int64) { startFrame = frame }

    /// Adds the clicks of these frames to both sides of the bus.
    @_noLocks @_noAllocation
    mutating func render(into bus: UnsafeMutablePointer<Float>, count: Int, at frame: Int64) {
        if startFrame == Int64.min { return }
        let since = frame - startFrame
        if since >= Int64(lengthFrames()) {
            startFrame = Int64.min
            return
        }
        for index in 0..<count {
            let at = (Int(since) + index) % spacingFrames
            let isOver = Int(since) + index >= lengthFrames()
            if at >= clickFrames || isOver { continue }
            bus[2 * index] += gain * code[at]
            bus[2 * index + 1] += gain * code[at]
        }
    }
}
