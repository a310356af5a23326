import Foundation

@testable import FlowCore

/// A target that keeps the newest block it heard, and plays what it heard.
final class Listener {
    private(set) var frames = 0
    private(set) var blocks: [Int] = []
    private(set) var hadInput = false
    private(set) var planes: [[Float]]
    /// All that was heard on the left.
    private(set) var heard: [Float] = []

    init(pairs: Int) { planes = Array(repeating: [], count: 2 * pairs) }

    var target: RenderTarget {
        RenderTarget(
            context: Unmanaged.passUnretained(self).toOpaque(),
            process: { context, left, right, outLeft, outRight, frames in
                let listener = Unmanaged<Listener>.fromOpaque(context).takeUnretainedValue()
                listener.take([left, right], Int(frames), outLeft, outRight)
            },
            processPairs: { context, planes, pairs, stride, outLeft, outRight, frames in
                let listener = Unmanaged<Listener>.fromOpaque(context).takeUnretainedValue()
                let all = (0..<2 * Int(pairs)).map { Optional(planes + $0 * Int(stride)) }
                listener.take(all, Int(frames), outLeft, outRight)
            })
    }

    private func take(
        _ inputs: [UnsafePointer<Float>?], _ count: Int, _ left: UnsafeMutablePointer<Float>,
        _ right: UnsafeMutablePointer<Float>
    ) {
        frames += count
        blocks.append(count)
        hadInput = inputs[0] != nil
        for (channel, input) in inputs.enumerated() where channel < planes.count {
            planes[channel] =
                input.map { Array(UnsafeBufferPointer(start: $0, count: count)) } ?? []
        }
        for index in 0..<count {
            left[index] = inputs[0]?[index] ?? 0
            right[index] = inputs[1]?[index] ?? 0
            heard.append(left[index])
        }
    }
}
