import Foundation
import Testing

@testable import FlowCore

@Suite("The seam of a loop")
struct SeamTests {
    @Test("sounds the same from the ring and from the baked buffer, bit for bit")
    func ringAndBuffer() throws {
        for start in [40_000, 100_000] {
            let rigs = try [true, false].map { bakes in
                let rig = try CoreRig { $0.bpm = 300 }
                rig.bakes = bakes
                rig.step(start)
                rig.capture(0, bars: 1, take: 1)
                rig.step(120_000)
                return rig
            }
            #expect(firstDifference(rigs[0], rigs[1]) == nil)
            let voice = { (rig: CoreRig) in rig.engine.block.pointee.slots[0].voices[0] }
            #expect(voice(rigs[0]).isFromLoop())
            #expect(voice(rigs[1]).isFromRing())
        }
    }

    /// A loop of a second made of a sound, with or without its seam, and the sound's own level.
    private func loop(
        seam isOn: Bool, likeness: Double? = nil, _ sound: (Int) -> Float
    ) -> [Float] {
        let length = 48_000
        let frames = 480
        let preRoll = (0..<2 * frames).map { sound($0 / 2 - frames) }
        var loop = (0..<2 * length).map { sound($0 / 2) }
        guard isOn else { return loop }
        loop.withUnsafeMutableBufferPointer { buffer in
            preRoll.withUnsafeBufferPointer { before in
                guard let base = buffer.baseAddress else { return }
                let end = UnsafePointer(base + 2 * (length - frames))
                var seam = Seam(end: end, preRoll: before.baseAddress, frames: frames)
                if let likeness { seam.correlation = SIMD2(likeness, likeness) }
                LoopBaker.mix(seam, into: base, length: length, preRoll: before.baseAddress)
            }
        }
        return loop
    }

    /// Sixty sines from a printed seed: pitches from 55 to 1,760 Hz, any phase.
    private func sines() -> [(hertz: Double, sound: (Int) -> Float)] {
        var random = SeededRandom(seed: CoreRig.seed)
        print("seed \(CoreRig.seed)")
        return (0..<60).map { _ in
            let hertz = 55 * exp2(Double.random(in: 0...5, using: &random))
            let phase = Double.random(in: 0...2 * Double.pi, using: &random)
            return (
                hertz,
                { Float(0.5 * sin(phase + 2 * Double.pi * hertz * Double($0) / 48_000)) }
            )
        }
    }

    @Test("is not heard above 3 kHz on sixty sines; without it, it is")
    func noClick() throws {
        var worst = (db: -200.0, hertz: 0.0)
        var bare = -200.0
        for (hertz, sound) in sines() {
            let db = clickDb(loop(seam: true, sound))
            if db > worst.db { worst = (db, hertz) }
            bare = max(bare, clickDb(loop(seam: false, sound)))
        }
        print("seam: \(worst.db) dB at \(worst.hertz) Hz, without \(bare) dB")
        #expect(worst.db <= -45)
        #expect(bare > -30)
    }

    @Test("is no bump on sixty sines; a crossfade that ignores their likeness is")
    func noBumpOnSines() {
        func bumpDb(_ loop: [Float]) -> Double {
            let peak = (47_520..<48_000).map { abs(loop[2 * $0]) }.max() ?? 0
            return 20 * log10(Double(peak) / 0.5)
        }
        var worst = -200.0
        var unlike = -200.0
        for (_, sound) in sines() {
            worst = max(worst, bumpDb(loop(seam: true, sound)))
            unlike = max(unlike, bumpDb(loop(seam: true, likeness: 0, sound)))
        }
        print("seam: bump \(worst) dB, ignoring likeness \(unlike) dB")
        #expect(worst <= 1)
        #expect(unlike > 2)
    }

    @Test("keeps the level within 1 dB on the same and on unrelated sound")
    func noBump() {
        let noise = CodedNoise(seed: CoreRig.seed)
        let same = { (frame: Int) in noise.sample(Int64((frame + 48_000) % 48_000 % 1_000), 0) }
        let other = { (frame: Int) in noise.sample(Int64(frame + 1_000_000), 0) }
        for sound in [same, other] {
            let loop = loop(seam: true, sound)
            func power(_ frames: Range<Int>) -> Double {
                frames.map { Double(loop[2 * $0]) * Double(loop[2 * $0]) }.reduce(0, +)
                    / Double(frames.count)
            }
            let bump = 10 * log10(power(47_640..<47_880) / power(0..<47_000))
            #expect(abs(bump) <= 1, "\(bump) dB")
        }
    }

    @Test("keeps the level of each side, whatever the other one does")
    func sidesApart() {
        let sine = { (turns: Double) in
            { (frame: Int) in Float(0.5 * sin(2 * Double.pi * turns * Double(frame) / 48_000)) }
        }
        // Left goes on in phase, right comes back upside down.
        let sides = [sine(200), sine(200.5)]
        for likeness in [nil, 0.5] as [Double?] {
            let frames = 480
            var loop = (0..<96_000).map { sides[$0 % 2]($0 / 2) }
            let before = (0..<960).map { sides[$0 % 2]($0 / 2 - frames) }
            loop.withUnsafeMutableBufferPointer { buffer in
                before.withUnsafeBufferPointer { before in
                    guard let base = buffer.baseAddress else { return }
                    let end = UnsafePointer(base + 2 * (48_000 - frames))
                    var seam = Seam(end: end, preRoll: before.baseAddress, frames: frames)
                    if let likeness { seam.correlation = SIMD2(likeness, likeness) }
                    LoopBaker.mix(
                        seam, into: base, length: 48_000, preRoll: before.baseAddress)
                }
            }
            let peak = (47_520..<48_000).map { abs(loop[2 * $0]) }.max() ?? 0
            let bump = 20 * log10(Double(peak) / 0.5)
            #expect((bump <= 0.1) == (likeness == nil), "\(bump) dB")
        }
    }

    @Test("leaves the attack on the downbeat untouched")
    func attackIsUntouched() {
        let noise = CodedNoise(seed: CoreRig.seed)
        let baked = loop(seam: true) { noise.sample(Int64($0 + 500_000), 0) }
        #expect(baked[0] == noise.sample(500_000, 0))
        #expect(baked[2 * 47_519] == noise.sample(547_519, 0))
        #expect(baked[2 * 47_600] != noise.sample(547_600, 0))
    }

    @Test("without sound before the window both ends fade")
    func fadesWithoutPreRoll() {
        let ones = [Float](repeating: 1, count: 2 * 480)
        let seam = Seam(end: ones, preRoll: nil, frames: 480)
        #expect(!seam.hasPreRoll)
        #expect(seam.frames == 240)
        #expect(seam.gains(position: 0, length: 48_000, side: 0).window < 0.01)
        #expect(seam.gains(position: 47_999, length: 48_000, side: 0).window < 0.01)
        #expect(!seam.touches(position: 240, length: 48_000))
        #expect(!seam.touches(position: 47_759, length: 48_000))
    }
}
