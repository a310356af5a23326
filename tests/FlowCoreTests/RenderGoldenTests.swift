import Testing

@testable import FlowCore

/// Rendered sounds are kept in files from one start to the next, under `RENDER_VERSION`.
///
/// When one of these fails on purpose, raise `RENDER_VERSION` in `protocol/version.ts` with the figures:
/// else what was rendered before goes on playing beside what is rendered now.
@Suite("What is rendered sounds as it did")
struct RenderGoldenTests {
    private let loop = TestLoop(frames: 4_800, framesPerBeat: 1_200) {
        CodedNoise(seed: 4_711).sample(Int64($0), $1)
    }

    /// Every 479th sample.
    private func marks(_ sound: [Float]) -> [Float] {
        stride(from: 0, to: sound.count, by: 479).map { sound[$0] }
    }

    private func isSame(_ sound: [Float], as golden: [Float]) -> Bool {
        let found = marks(sound)
        guard found.count == golden.count else { return false }
        return zip(found, golden).allSatisfy { abs($0 - $1) < 1e-5 }
    }

    @Test("at another tempo")
    func repitch() throws {
        let sound = try rendered([loop.part(start: 0.3)], frames: 3_840, framesPerBeat: 960)
        #expect(isSame(sound, as: Self.repitched), "\(marks(sound))")
        #expect(!isSame(sound.map { $0 * 1.0001 }, as: Self.repitched))
    }

    @Test("played once")
    func once() throws {
        let sound = try rendered(
            [loop.part(.once, start: 900)], frames: 3_840, framesPerBeat: 960)
        #expect(isSame(sound, as: Self.playedOnce), "\(marks(sound))")
    }

    @Test("with its seam")
    func seam() throws {
        let noise = CodedNoise(seed: 4_711)
        let frames = 480
        let preRoll = (0..<2 * frames).map { noise.sample(Int64($0 / 2 + 9_000), $0 % 2) }
        var sound = (0..<2 * 4_800).map { noise.sample(Int64($0 / 2), $0 % 2) }
        sound.withUnsafeMutableBufferPointer { buffer in
            preRoll.withUnsafeBufferPointer { before in
                guard let base = buffer.baseAddress else { return }
                let end = UnsafePointer(base + 2 * (4_800 - frames))
                let seam = Seam(end: end, preRoll: before.baseAddress, frames: frames)
                LoopBaker.mix(seam, into: base, length: 4_800, preRoll: before.baseAddress)
            }
        }
        let end = Array(sound.suffix(2 * frames))
        #expect(isSame(end, as: Self.seamed), "\(marks(end))")
    }

    private static let repitched: [Float] = [
        0.387753, 0.077449, 0.129455, -0.161462, -0.448928, -0.128990, 0.101867, -0.143343,
        0.067816, 0.185461, 0.163737, -0.125527, -0.186335, 0.437393, 0.068623, 0.062559, -0.328289,
    ]
    private static let playedOnce: [Float] = [
        0.305890, 0.170524, 0.361138, -0.180980, 0.377771, 0.047712, 0.098528, 0.060150, 0.061281,
        -0.156210, -0.280765, 0.271209, -0.212282, -0.125312, 0.083643, 0.096662, -0.074761,
    ]
    private static let seamed: [Float] = [
        -0.216964, 0.019904, 0.029369,
    ]
}
