/// What a sound was away from another one when that took its place: fades over 64 frames.
struct Residue: BitwiseCopyable {
    private var left: Float
    private var right: Float
    private var framesLeft: Int

    @_noLocks @_noAllocation
    init() {
        left = 0
        right = 0
        framesLeft = 0
    }

    @_noLocks @_noAllocation
    func isOver() -> Bool { framesLeft == 0 }

    /// Begins with what is missing in the frame before the next one.
    @_noLocks @_noAllocation
    mutating func begin(left: Float, right: Float) {
        self.left = left
        self.right = right
        framesLeft = 64
    }

    /// Adds itself to the next frame, interleaved.
    @_noLocks @_noAllocation
    mutating func addOne(to frame: UnsafeMutablePointer<Float>) {
        if framesLeft == 0 { return }
        framesLeft -= 1
        let part = Float(framesLeft) / 64
        frame[0] += left * part
        frame[1] += right * part
    }

    /// As if so many frames had come.
    @_noLocks @_noAllocation
    mutating func pass(_ count: Int) { framesLeft = framesLeft > count ? framesLeft - count : 0 }

    /// The same for the next `count` frames.
    @_noLocks @_noAllocation
    mutating func add(to sound: UnsafeMutablePointer<Float>, count: Int) {
        let run = count < framesLeft ? count : framesLeft
        for index in 0..<run { addOne(to: sound + 2 * index) }
    }
}
