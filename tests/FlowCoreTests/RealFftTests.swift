import Foundation
import Testing

@testable import FlowCore

/// The power spectrum against the sum it is defined by.
@Suite("the real transform")
struct RealFftTests {
    @Test(
        "every bin has the power of its sum, at every length",
        arguments: [128, 256, 512, 1024, 2048, 4096, 8192])
    func sameAsSum(size: Int) {
        var random = SeededRandom(seed: UInt64(size))
        let samples = (0..<size).map { _ in Float.random(in: -1...1, using: &random) }
        let window = (0..<size).map { _ in Float.random(in: 0...1, using: &random) }
        var power = [Float](repeating: -1, count: size / 2 + 1)
        RealFft(size: size).power(of: samples, window: window, into: &power)
        // All bins of the short ones, every 97th and the ends of the long ones.
        let bins = Set(stride(from: 0, through: size / 2, by: size > 1024 ? 97 : 1))
        for bin in bins.union([1, 7, 8, 9, size / 4, size / 2 - 1, size / 2]) {
            let exact = sum(samples, window, bin)
            let share = 1e-7 * Double(size)
            #expect(abs(Double(power[bin]) - exact) < 1e-5 * exact + share, "bin \(bin)")
        }
        let wrong = sum(samples.reversed(), window, 5)
        #expect(abs(Double(power[5]) - wrong) > 1e-5 * wrong, "another sound has another spectrum")
    }

    private func sum(_ samples: [Float], _ window: [Float], _ bin: Int) -> Double {
        var (x, y) = (0.0, 0.0)
        for at in samples.indices {
            let turn = 2 * Double.pi * Double(at * bin % samples.count) / Double(samples.count)
            let sample = Double(samples[at] * window[at])
            x += sample * cos(turn)
            y -= sample * sin(turn)
        }
        return x * x + y * y
    }
}
