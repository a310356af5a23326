import CFlowLeaf

/// Converts a whole sound to another rate, once, before it is played.
enum Resampler {
    /// Zero crossings of the kernel on each side.
    private static let crossings = 24
    /// Kernel values a crossing; those between are interpolated.
    private static let resolution = 512

    /// Windowed-sinc interpolation; what the lower of both rates cannot hold is filtered out.
    static func convert(_ samples: [Float], from: Int, to: Int) -> [Float] {
        guard from != to, !samples.isEmpty else { return samples }
        let step = Double(from) / Double(to)
        let cutoff = min(1, 1 / step)
        let reach = Double(crossings) / cutoff
        let table = kernel()
        let count = max(1, Int((Double(samples.count) / step).rounded()))
        return (0..<count).map { index in
            let center = Double(index) * step
            let first = max(0, Int((center - reach).rounded(.up)))
            let last = min(samples.count - 1, Int(center + reach))
            var sum = 0.0
            guard first <= last else { return 0 }
            for source in first...last {
                let place = abs(Double(source) - center) * cutoff * Double(resolution)
                let whole = Int(place)
                guard whole + 1 < table.count else { continue }
                let part = place - Double(whole)
                let weight = table[whole] + (table[whole + 1] - table[whole]) * part
                sum += Double(samples[source]) * weight
            }
            return Float(sum * cutoff)
        }
    }

    /// One half of a sinc under a Blackman window.
    private static func kernel() -> [Double] {
        let length = crossings * resolution
        return (0...length).map { index in
            guard index > 0 else { return 1 }
            let turns = Double(index) / Double(resolution)
            let sinc = flow_sin(Double.pi * turns) / (Double.pi * turns)
            let phase = 0.5 * Double(index) / Double(length)
            let window =
                0.42 + 0.5 * flow_sin(Double.pi * (0.5 + 2 * phase))
                + 0.08 * flow_sin(Double.pi * (0.5 + 4 * phase))
            return sinc * window
        }
    }
}
