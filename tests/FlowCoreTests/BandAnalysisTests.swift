import Foundation
import Testing

@testable import FlowCore

@Suite("band analysis")
struct BandAnalysisTests {
    private static func centre(_ band: Int) -> Double {
        40 * pow(400, (Double(band) + 0.5) / 32)
    }

    private static func bands(
        rate: Int, _ sample: (Int) -> Double, blocks: [Int] = [1600, 1600]
    ) -> [Float] {
        let analysis = BandAnalysis(sampleRateHz: rate)
        var frame = 0
        for count in blocks {
            let block = (0..<count).map { Float(sample(frame + $0)) }
            frame += count
            analysis.analyse(block, count: count)
        }
        var result = [Float](repeating: 0, count: BandAnalysis.bandCount)
        analysis.bandsDb(into: &result)
        return result
    }

    @Test("a sine reads its level within 1 dB in its band, and no other band reads more")
    func sines() {
        for (rate, block) in [(44_100, 1470), (48_000, 1600), (96_000, 3200), (192_000, 6400)] {
            for band in 0..<BandAnalysis.bandCount {
                for (phase, amplitude) in [(0.0, 1.0), (1.1, 0.1), (2.2, 0.001)] {
                    let step = 2 * Double.pi * Self.centre(band) / Double(rate)
                    let read = Self.bands(
                        rate: rate, { amplitude * sin(step * Double($0) + phase) },
                        blocks: [block, block, block])
                    let level = Float(20 * log10(amplitude))
                    #expect(
                        abs(read[band] - level) < 1, "band \(band) at \(rate) Hz: \(read[band])")
                    #expect(read.max() == read[band], "band \(band) at \(rate) Hz")
                }
            }
        }
    }

    @Test("two sines are seen as two, eight bands apart")
    func twoSines() {
        let low = 2 * Double.pi * Self.centre(12) / 48_000
        let high = 2 * Double.pi * Self.centre(20) / 48_000
        let read = Self.bands(
            rate: 48_000, { 0.5 * sin(low * Double($0)) + 0.05 * sin(high * Double($0)) })
        #expect(abs(read[12] + 6.02) < 1 && abs(read[20] + 26.02) < 1)
        #expect(read[16] < read[20] - 20)
    }

    @Test("silence and nothing at all read the floor, and old sound is forgotten")
    func silence() {
        #expect(Self.bands(rate: 48_000, { _ in 0 }).allSatisfy { $0 == BandAnalysis.floorDb })
        #expect(Self.bands(rate: 48_000, { _ in 1 }, blocks: []).allSatisfy { $0 == -120 })
        let fading = Self.bands(rate: 48_000, { $0 < 1600 ? 0.5 : 0 }, blocks: [1600, 1600, 1600])
        #expect(fading.allSatisfy { $0 == BandAnalysis.floorDb })
    }

    @Test("blocks of any length give the same bands")
    func blocks() {
        let sound: (Int) -> Double = { sin(0.05 * Double($0)) * 0.3 }
        let whole = Self.bands(rate: 48_000, sound, blocks: [4800])
        #expect(Self.bands(rate: 48_000, sound, blocks: [1, 999, 3000, 0, 800]) == whole)
    }
}
