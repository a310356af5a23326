#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Power spectrum of real samples: a complex radix-2 transform of half the length.
///
/// - Thread: any but the audio thread; one instance belongs to one thread.
struct RealFft {
    let size: Int
    private let half: Int
    private var re: [Float]
    private var im: [Float]
    private let swaps: [Int]
    private let cosines: [Float]
    private let sines: [Float]

    /// `size` is a power of two, at least 8.
    init(size: Int) {
        precondition(size >= 8 && size & (size - 1) == 0)
        self.size = size
        let half = size / 2
        self.half = half
        re = [Float](repeating: 0, count: half)
        im = re
        var swaps = [Int](repeating: 0, count: half)
        for i in 1..<half { swaps[i] = swaps[i >> 1] >> 1 | (i & 1 == 1 ? half >> 1 : 0) }
        self.swaps = swaps
        cosines = (0..<half).map { Float(cos(2 * Double.pi * Double($0) / Double(size))) }
        sines = (0..<half).map { Float(-sin(2 * Double.pi * Double($0) / Double(size))) }
    }

    /// Writes |X|² of bins 0…size/2 (size/2 + 1 values) for `size` samples.
    mutating func power(of samples: [Float], into power: inout [Float]) {
        for i in 0..<half {
            re[swaps[i]] = samples[2 * i]
            im[swaps[i]] = samples[2 * i + 1]
        }
        transform()
        for k in 0...half {
            // Takes the two interleaved half-length spectra apart again.
            let a = k == half ? 0 : k
            let b = k == 0 ? 0 : half - k
            let evenRe = (re[a] + re[b]) / 2
            let evenIm = (im[a] - im[b]) / 2
            let oddRe = (im[a] + im[b]) / 2
            let oddIm = (re[b] - re[a]) / 2
            let c = k == half ? -1 : cosines[k]
            let s = k == half ? 0 : sines[k]
            let x = evenRe + c * oddRe - s * oddIm
            let y = evenIm + c * oddIm + s * oddRe
            power[k] = x * x + y * y
        }
    }

    private mutating func transform() {
        var span = 1
        while span < half {
            let stride = half / span
            for first in Swift.stride(from: 0, to: half, by: 2 * span) {
                for k in 0..<span {
                    let c = cosines[k * stride]
                    let s = sines[k * stride]
                    let top = first + k
                    let low = top + span
                    let x = re[low] * c - im[low] * s
                    let y = re[low] * s + im[low] * c
                    re[low] = re[top] - x
                    im[low] = im[top] - y
                    re[top] += x
                    im[top] += y
                }
            }
            span *= 2
        }
    }
}
