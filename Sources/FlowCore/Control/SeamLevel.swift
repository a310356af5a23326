/// Keeps a stretched loop from being louder than the loop where that meets itself.
///
/// There the phases of its partials jump, and a stretcher that follows them overshoots by up to 2 dB a
/// few milliseconds before. What is louder than the loop is at the same place is lowered to it; nothing
/// is raised, and what lies further from the seam is not touched.
struct SeamLevel {
    let rateHz: Int
    /// Frames of the stretched sound per frame of the loop.
    let ratio: Double

    /// Ear and low notes need so long to tell a level.
    private var reachFrames: Int { rateHz / 100 }
    /// Points at which levels are compared.
    private var stepFrames: Int { max(1, rateHz / 1_000) }
    /// The guard covers so many points on each side of the seam's middle, and fades in and out.
    private static let pointCount = 50
    private static let fadePoints = 20
    /// Peaks of noise differ by so much without being a bump.
    private static let tolerance: Float = 1.03

    /// The loop begins anew at frame `place` of `loop`, the stretched one at frame `end` of `sound`.
    func apply(to sound: PlanarSound, at end: Int, from loop: PlanarSound, at place: Int) {
        for (target, source) in [(sound.left, loop.left), (sound.right, loop.right)] {
            let gains = gains(target, sound.frames, end, source, loop.frames, place)
            let step = Double(stepFrames) * ratio
            let middle = Double(end) - Double(reachFrames) * ratio
            let first = middle - step * Double(Self.pointCount)
            for frame in Int(first)..<Int(first + step * Double(gains.count - 1))
            where frame >= 0 && frame < sound.frames {
                let at = max(0, (Double(frame) - first) / step)
                let point = min(Int(at), gains.count - 2)
                let share = Float(at - Double(point))
                target[frame] *= gains[point] + (gains[point + 1] - gains[point]) * share
            }
        }
    }

    /// The gain at each point: 1 at both ends.
    private func gains(
        _ sound: UnsafePointer<Float>, _ soundFrames: Int, _ end: Int,
        _ loop: UnsafePointer<Float>, _ loopFrames: Int, _ place: Int
    ) -> [Float] {
        let reach = reachFrames
        let needed = (-Self.pointCount...Self.pointCount).map { point -> Float in
            let offset = point * stepFrames - reach
            let made = Self.peak(
                sound, soundFrames, end + Int(Double(offset) * ratio),
                Int(Double(reach) * ratio))
            let was = Self.peak(loop, loopFrames, place + offset, reach) * Self.tolerance
            return made > was ? was / made : 1
        }
        let half = reach / stepFrames
        return needed.indices.map { index in
            let around = needed[max(0, index - half)...min(needed.count - 1, index + half)]
            let mean = around.reduce(0, +) / Float(around.count)
            let edge = min(index, needed.count - 1 - index)
            let weight = min(1, Float(edge) / Float(Self.fadePoints))
            return 1 - (1 - mean) * weight
        }
    }

    private static func peak(
        _ sound: UnsafePointer<Float>, _ frames: Int, _ middle: Int, _ reach: Int
    ) -> Float {
        var peak: Float = 0
        let first = max(0, middle - reach)
        for frame in first..<max(first, min(frames, middle + reach)) {
            peak = max(peak, abs(sound[frame]))
        }
        return peak
    }
}
