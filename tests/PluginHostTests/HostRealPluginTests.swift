import CFlowLeaf
import Foundation
import HostContract
import Testing

@testable import PluginFixture

private let frames = 128

/// Something for every effect: two tones and clicks.
private func tones(_ block: Int) -> [Float] {
    (0..<frames).map { index in
        let frame = block * frames + index
        let time = Double(frame) / Double(LiveHost.rateHz)
        let click = frame % 6_000 < 8 ? 0.4 : 0
        return Float(0.3 * sin(time * 2 * .pi * 220) + 0.2 * sin(time * 2 * .pi * 330) + click)
    }
}

private func peak(_ sound: [Float]) -> Float { sound.reduce(0) { max($0, abs($1)) } }

@Suite("real plug-ins in a host", .enabled(if: RealBundles.areThere), .serialized)
struct HostRealPluginTests {
    /// The loudest sample of some blocks.
    private func peak(of host: LiveHost, blocks: Int, notes: [flow_note] = []) throws -> Float {
        var loudest: Float = 0
        for block in 0..<blocks {
            let keys = block == 0 ? notes : []
            let heard = try host.play(Block(sound: tones(block), notes: keys))
            loudest = max(loudest, PluginHostTests.peak(heard))
        }
        return loudest
    }

    @Test("all classes of a maker live in one process, in one chain, and leave it again")
    func maker() throws {
        let host = try LiveHost()
        let classes = try RealBundles.classes("mda-vst3").values.sorted {
            $0.description < $1.description
        }
        #expect(classes.count == 34)
        var effects: [UInt32] = []
        for (index, plugin) in classes.enumerated() {
            let number = UInt32(index + 1)
            let loaded = try host.load(number, plugin)
            if !loaded.isInstrument { effects.append(number) }
        }
        try host.chain(effects)
        for block in 0..<100 { try host.play(tones(block)) }
        for number in 1...UInt32(classes.count) { try host.unload(number) }
        let dry = tones(0)
        #expect(try host.play(dry) == dry)
    }

    @Test("an instrument plays, and its sound comes back with its state")
    func instrument() throws {
        let host = try LiveHost()
        let piano = try #require(try RealBundles.classes("mda-vst3")["mda Piano"])
        #expect(try host.load(1, piano).isInstrument)
        try host.chain([1])
        let params = try host.parameters(1).all
        let first = try #require(params.first { $0.stepCount == 0 })
        try host.play(Block(sound: tones(0), points: [point(1, first.id, 0.125)]))
        #expect(try peak(of: host, blocks: 50, notes: [note(1, 60)]) > 0.01)
        let state = try host.state(1)
        try host.load(2, piano, state: state)
        #expect(try host.state(2) == state, "it tells another one until it has played")
        try host.chain([2])
        try host.play(tones(0))
        let told = try host.parameters(2).all.first { $0.id == first.id }
        #expect(told.map { abs($0.value - 0.125) < 1e-6 } == true)
        #expect(try host.state(2) == state)
    }

    @Test("a plug-in that would be silent after a restart for its latency is heard")
    func latency() throws {
        let host = try LiveHost()
        let classes = try RealBundles.classes("lsp-plugins")
        let name = try #require(classes.keys.first { $0.contains("A/B Tester x2 Stereo") })
        try host.load(1, try #require(classes[name]))
        try host.chain([1])
        #expect(try peak(of: host, blocks: 100) > 0.1)
    }

    @Test("the next host has the reverb as it was left in the last one")
    func successor() throws {
        let hall = try #require(try RealBundles.classes("DragonflyHallReverb").values.first)
        let last = try LiveHost()
        try last.load(1, hall)
        try last.chain([1])
        let size = try #require(try last.parameters(1).all.first { $0.stepCount == 0 })
        try last.play(Block(sound: tones(0), points: [point(1, size.id, 0.9)]))
        let state = try last.state(1)
        let next = try LiveHost()
        try next.load(1, hall, state: state)
        try next.chain([1])
        #expect(try peak(of: next, blocks: 100) > 0.05)
        #expect(try next.state(1) == state)
    }

    @Test("a plug-in hears the tempo, in quarters whatever the meter's unit")
    func tempo() throws {
        let plugin = try #require(try RealBundles.classes("syncdelay")["SyncDelay"])
        /// Frames until a one comes back.
        func delay(_ framesPerBeat: Double, _ unit: UInt32) throws -> Int? {
            let host = try LiveHost()
            try host.load(1, plugin)
            try host.chain([1])
            var frame = 0
            while frame < 200_000 {
                let sound = (0..<512).map { frame + $0 == 4_096 ? Float(1) : 0 }
                let heard = try host.play(
                    Block(
                        sound: sound, beat: Double(frame) / framesPerBeat,
                        framesPerBeat: framesPerBeat, unit: unit))
                if let at = heard.firstIndex(where: { abs($0) > 0.1 }), frame + at > 4_096 {
                    return frame + at - 4_096
                }
                frame += 512
            }
            return nil
        }
        let slow = try #require(try delay(24_000, 4))
        print("sync delay: \(slow) frames")
        #expect(try delay(12_000, 4) == slow / 2)
        #expect(try delay(12_000, 8) == slow)
    }
}
