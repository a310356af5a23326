import Foundation
import Testing

@testable import FlowCore

@Suite("What the page draws")
struct FeatureTests {
    /// Words of the newest frame, as integers and as reals.
    private func frame(_ rig: CoreRig) throws -> (words: [UInt32], reals: [Float]) {
        rig.engine.features.step()
        var words = [UInt32](repeating: 0, count: 256)
        let bytes = words.withUnsafeMutableBytes { buffer in
            buffer.baseAddress.map {
                rig.engine.features.copyNewest(into: $0, capacity: buffer.count)
            } ?? 0
        }
        try #require(bytes > 0)
        let used = Array(words.prefix(bytes / 4))
        return (used, used.map { Float(bitPattern: $0) })
    }

    @Test("a frame tells place, levels and phases of the block it was made in")
    func frameOfABlock() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.input = { frame, channel in
            Float((channel == 0 ? 0.5 : 0.25) * sin(2 * Double.pi * Double(frame) / 240))
        }
        rig.step(90_000, block: 100)
        rig.capture(1, bars: 2, take: 1)
        rig.step(to: 96_000, block: 100)
        let (words, reals) = try frame(rig)
        #expect(words[0] == 0x015a_4601)
        #expect(words[FeatureHeader.counts] == 8 | 32 << 8 | 24 << 16)
        #expect(words.count == 16 + 8 + 24 + 32 + 48)
        let at = Int64(words[FeatureHeader.frameLo])
        #expect((96_000 - 1_700...96_000).contains(at))
        #expect(reals[FeatureHeader.bpm] == 300)
        #expect(Int64(words[FeatureHeader.beat]) == at / 9_600)
        #expect(abs(Double(reals[FeatureHeader.beatFrac]) - Double(at % 9_600) / 9_600) < 1e-4)
        #expect(words[FeatureHeader.barIndex] == UInt32(at / 38_400))
        #expect(words[FeatureHeader.flags] & FeatureFlags.playing != 0)
        #expect(abs(reals[16] - 0.5) < 1e-3)
        #expect(abs(reals[17] - 0.5 / Float(2).squareRoot()) < 2e-2)
        #expect(abs(reals[18] - 0.25) < 1e-3)
        // Slot 1: peak, rms, phase; slot 0 is empty.
        #expect(reals[26] == -1)
        #expect(abs(reals[27] - 0.5) < 1e-3)
        #expect(abs(reals[29] - Float(at % 76_800) / 76_800) < 1e-4)
        // 200 Hz lies in one of the lower bands and is its full level minus 6 dB.
        let bands = Array(reals[48..<80])
        #expect((bands.max() ?? -99) > -12)
        #expect(bands.firstIndex(of: bands.max() ?? 0).map { (6...11).contains($0) } == true)
    }

    @Test("strip buckets are the lowest and highest sample of each 24th of a beat")
    func strip() throws {
        for bpm in [300.0, 171.3] {
            let rig = try CoreRig { $0.bpm = bpm }
            let grid = rig.engine.block.pointee.transport.grid
            rig.step(150_000, block: 333)
            let (words, reals) = try frame(rig)
            let newest = Int64(Int32(bitPattern: words[FeatureHeader.newestBucket]))
            let at = Int64(words[FeatureHeader.frameLo])
            let current =
                grid.beat(at: at - 1) * 24 + grid.framesIntoBeat(at: at - 1) * 24
                / grid.framesPerBeat
            #expect(newest == current - 1)
            for place in 0..<24 {
                let bucket = newest - 23 + Int64(place)
                let beat = FrameMath.floorDivide(bucket, 24)
                let part = bucket - 24 * beat
                let start = grid.frame(ofBeat: beat)
                let from = start + (part * grid.framesPerBeat + 23) / 24
                let end = start + ((part + 1) * grid.framesPerBeat + 23) / 24
                var low: Float = 0
                var high: Float = 0
                for frame in from..<end {
                    low = min(low, rig.noise.sample(frame, 0), rig.noise.sample(frame, 1))
                    high = max(high, rig.noise.sample(frame, 0), rig.noise.sample(frame, 1))
                }
                #expect(reals[80 + 2 * place] == low)
                #expect(reals[81 + 2 * place] == high)
            }
        }
    }

    @Test("after a change of tempo the strip counts by the new grid at once")
    func stripFollowsTheGrid() {
        var strip = StripTap(keptCount: 64)
        defer { strip.deallocate() }
        var grid = Grid()
        let sound = [Float](repeating: 0.5, count: 2 * 333)
        for block in 0..<60 {
            let frame = Int64(333 * block)
            if block == 20 { grid = grid.changingTempo(to: 10_000, at: frame) }
            strip.add(sound, count: 333, at: frame, grid)
            let last = frame + 332
            let part = grid.framesIntoBeat(at: last) * 24 / grid.framesPerBeat
            let bucket = 24 * grid.beat(at: last) + part
            if bucket > 0 { #expect(strip.newest() == bucket - 1) }
        }
    }

    @Test(
        "thirty frames a second come at any block size, and none is read twice",
        arguments: [64, 128, 441, 512, 1_024])
    func rate(block: Int) throws {
        let rig = try CoreRig()
        var frames = 0
        for _ in 0..<10 * 48_000 / block {
            rig.step(block, block: block)
            rig.engine.features.step()
            var bytes = [UInt8](repeating: 0, count: 1_024)
            if rig.engine.features.copyNewest(into: &bytes, capacity: 1_024) > 0 { frames += 1 }
            #expect(rig.engine.features.copyNewest(into: &bytes, capacity: 1_024) == 0)
        }
        #expect((298...300).contains(frames), "\(frames) in ten seconds of blocks of \(block)")
    }

    @Test("input and master over full scale light their lamps")
    func clip() throws {
        let rig = try CoreRig { $0.flags |= ConfigFlags.monitor }
        rig.input = { frame, _ in frame > 20_000 ? 1.2 : 0.9 }
        rig.step(10_000)
        let clips = FeatureFlags.clipInput | FeatureFlags.clipMaster
        #expect(try frame(rig).words[FeatureHeader.flags] & clips == 0)
        rig.step(15_000)
        #expect(try frame(rig).words[FeatureHeader.flags] & clips == clips)
    }
}
