/// Reads a loop between its frames: round its end, or with silence around it.
///
/// - Thread: any but audio; one at a time.
final class CyclicResampler {
    private let kernel: ResampleKernel
    private let frames: Int
    /// Frames of the surroundings that are kept on each side of the loop.
    private let aroundFrames: Int
    /// The loop of each side, with its surroundings.
    private let left: UnsafeMutablePointer<Float>
    private let right: UnsafeMutablePointer<Float>

    init(_ loop: LoopView, _ kernel: ResampleKernel, isCyclic: Bool) {
        self.kernel = kernel
        frames = loop.frames
        aroundFrames = (isCyclic ? 1 : 2) * kernel.reachFrames
        let count = frames + 2 * aroundFrames + 8
        left = .allocate(capacity: count)
        right = .allocate(capacity: count)
        for index in 0..<count {
            let place = index - aroundFrames
            let isInside = place >= 0 && place < frames
            guard isCyclic || isInside else {
                left[index] = 0
                right[index] = 0
                continue
            }
            let from = isInside ? place : Int(FrameMath.floorModulo(Int64(place), Int64(frames)))
            left[index] = loop.samples[2 * from]
            right[index] = loop.samples[2 * from + 1]
        }
    }

    deinit {
        left.deallocate()
        right.deallocate()
    }

    /// Both sides at `position`, 0 ≤ position < the loop's frames; with silence around it as far
    /// before and behind as the kernel reaches.
    func frame(at position: Double) -> SIMD2<Float> {
        let whole = Int(position.rounded(.down))
        let (row, share) = kernel.place(position - Double(whole))
        let weights = UnsafeRawPointer(row)
        let next = UnsafeRawPointer(row + kernel.rowLength)
        let first = whole + 1 + aroundFrames - kernel.reachFrames
        let leftFrom = UnsafeRawPointer(left + first)
        let rightFrom = UnsafeRawPointer(right + first)
        var leftSum = SIMD8<Float>(repeating: 0)
        var rightSum = SIMD8<Float>(repeating: 0)
        for at in stride(from: 0, to: 4 * kernel.rowLength, by: 32) {
            var weight = weights.loadUnaligned(fromByteOffset: at, as: SIMD8<Float>.self)
            let other = next.loadUnaligned(fromByteOffset: at, as: SIMD8<Float>.self)
            weight += (other - weight) * share
            leftSum += leftFrom.loadUnaligned(fromByteOffset: at, as: SIMD8<Float>.self) * weight
            rightSum += rightFrom.loadUnaligned(fromByteOffset: at, as: SIMD8<Float>.self) * weight
        }
        return SIMD2(leftSum.sum(), rightSum.sum())
    }
}
