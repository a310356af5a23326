import Testing

@testable import FlowCore

@Suite("The page is told less while the audio thread is busy")
struct FeaturePaceTests {
    private static let secondFrames = 48_000

    private func follow(_ pace: inout FeaturePace, _ load: Double, seconds: Double) {
        pace.follow(
            load: load, frames: Int(seconds * Double(Self.secondFrames)),
            framesToCalm: 2 * Self.secondFrames)
    }

    @Test("half pace above 70 %, sparse above 85 %, at once")
    func slowsDown() {
        var pace = FeaturePace()
        follow(&pace, 0.7, seconds: 1)
        #expect(pace.level() == .full)
        follow(&pace, 0.71, seconds: 0.01)
        #expect(pace.level() == .half)
        follow(&pace, 0.86, seconds: 0.01)
        #expect(pace.level() == .sparse)
        #expect(pace.period(of: 1_600) == 6_000)
    }

    @Test("full again after two seconds below 60 %, not sooner, and not in between")
    func recovers() {
        var pace = FeaturePace()
        follow(&pace, 0.75, seconds: 0.01)
        follow(&pace, 0.65, seconds: 9)
        #expect(pace.level() == .half)
        follow(&pace, 0.5, seconds: 1.9)
        follow(&pace, 0.65, seconds: 0.01)
        follow(&pace, 0.5, seconds: 1.9)
        #expect(pace.level() == .half)
        follow(&pace, 0.5, seconds: 0.2)
        #expect(pace.level() == .full)
    }

    @Test("from sparse to half when that much time is free again, to full when more is")
    func recoversByStages() {
        var pace = FeaturePace()
        follow(&pace, 0.9, seconds: 0.01)
        follow(&pace, 0.8, seconds: 9)
        #expect(pace.level() == .sparse)
        follow(&pace, 0.7, seconds: 2)
        #expect(pace.level() == .half)
        follow(&pace, 0.9, seconds: 0.01)
        follow(&pace, 0.3, seconds: 2)
        #expect(pace.level() == .full)
    }

    /// Frames of ten seconds, and bands and buckets of the last one.
    private func frames(of rig: CoreRig, load: Double) -> (count: Int, bands: Int, buckets: Int) {
        var words = [UInt32](repeating: 0, count: 256)
        var count = 0
        for _ in 0..<10 * Self.secondFrames / 480 {
            rig.step(480, block: 480)
            rig.engine.block.pointee.tap.follow(load: load, frames: 480)
            rig.engine.features.step()
            let bytes = words.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map {
                    rig.engine.features.copyNewest(into: $0, capacity: buffer.count)
                } ?? 0
            }
            if bytes > 0 { count += 1 }
        }
        let counts = Int(words[FeatureHeader.counts])
        return (count, counts >> 8 & 0xff, counts >> 16)
    }

    @Test("30, 15 and 8 frames a second; bands at full pace only; no bucket is left out")
    func frames() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        let full = frames(of: rig, load: 0.1)
        #expect((298...300).contains(full.count) && full.bands == 32 && full.buckets == 24)
        let half = frames(of: rig, load: 0.75)
        #expect((148...152).contains(half.count) && half.bands == 0 && half.buckets == 24)
        let sparse = frames(of: rig, load: 0.9)
        // 120 buckets a second: 15 new ones in each frame, and no room for all of them twice.
        #expect((78...82).contains(sparse.count) && sparse.bands == 0 && sparse.buckets == 24)
    }

    @Test("at the slowest pace a frame holds its new buckets twice, ending at the newest")
    func fewBuckets() throws {
        let rig = try CoreRig { $0.bpm = 60 }
        let sparse = frames(of: rig, load: 0.9)
        // 24 a second.
        #expect((4...8).contains(sparse.buckets))
    }
}
