import Foundation
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
        // A prime, so that both sides and all of the fade are met.
        let end = sound.suffix(2 * frames)
        let found = stride(from: end.startIndex, to: end.endIndex, by: 31).map { end[$0] }
        let isSame = zip(found, Self.seamed).allSatisfy { abs($0 - $1) < 1e-5 }
        #expect(isSame && found.count == Self.seamed.count, "\(found)")
    }

    /// The library's bits are its own: with another one than the golden's the sound is judged by what
    /// is heard of it, and its files are made anew by its mark.
    @Test(
        "stretched", .enabled(if: StretchLibrary.installed.isHere, "librubberband is not installed")
    )
    func stretch() throws {
        let tone = TestLoop(frames: 48_000, framesPerBeat: 12_000) { frame, channel in
            let turn = 2 * Double.pi * Double(frame) / 48_000
            return Float(0.4 * sin(220 * turn) + (channel == 0 ? 0.2 : 0.1) * sin(660 * turn))
        }
        let sound = try rendered([tone.part(.stretch)], frames: 60_000, framesPerBeat: 15_000)
        let found = stride(from: 0, to: sound.count, by: 5_987).map { sound[$0] }
        if StretchLibrary.installed.mark == Self.stretchedBy {
            let isSame = zip(found, Self.stretched).allSatisfy { abs($0 - $1) < 1e-4 }
            #expect(isSame && found.count == Self.stretched.count, "\(found)")
        } else {
            print("stretch: mark \(StretchLibrary.installed.mark) is not the golden's: \(found)")
        }
        let (low, restDb) = sineAndRest(sound, channel: 0, cycles: 275)
        let (high, _) = sineAndRest(sound, channel: 0, cycles: 825)
        #expect(abs(low - 20 * log10(0.4)) < 0.5, "\(low) dB")
        #expect(abs(high - 20 * log10(0.2)) < 0.5, "\(high) dB")
        #expect(
            abs(restDb - high) < 0.5,
            "\(restDb) dB beside the low tone, and the high one is \(high)")
    }

    @Test("a library is named by its bytes, so that another one's sounds are not taken for its own")
    func marks() {
        #expect(StretchLibrary(path: "/no/such/place/librubberband.so").mark == 0)
        #expect((StretchLibrary.installed.mark != 0) == StretchLibrary.installed.isHere)
    }

    /// Of librubberband 3.1.2 as Debian 12 builds it.
    private static let stretchedBy: UInt32 = 2_984_299_779
    private static let stretched: [Float] = [
        -0.234378, -0.291583, 0.476319, 0.291934, -0.430128, -0.186740, 0.258353, -0.040286,
        -0.191089, 0.279829, 0.285374, -0.400192, -0.362059, 0.377525, 0.219901, -0.306895,
        0.120784, 0.285587, -0.421553, -0.287924, 0.431010,
    ]
    private static let repitched: [Float] = [
        0.387753, 0.077449, 0.129455, -0.161462, -0.448928, -0.128990, 0.101867, -0.143343,
        0.067816, 0.185461, 0.163737, -0.125527, -0.186335, 0.437393, 0.068623, 0.062559, -0.328289,
    ]
    private static let playedOnce: [Float] = [
        0.305890, 0.170524, 0.361138, -0.180980, 0.377771, 0.047712, 0.098528, 0.060150, 0.061281,
        -0.156210, -0.280765, 0.271209, -0.212282, -0.125312, 0.083643, 0.096662, -0.074761,
    ]
    private static let seamed: [Float] = [
        -0.216964, 0.335642, 0.115634, -0.177410, 0.127229, -0.521719, 0.409178, 0.447381,
        0.038647, 0.288044, -0.170255, -0.433298, 0.552642, -0.022718, -0.217273, 0.051008,
        -0.132468, -0.540067, -0.278290, -0.301249, -0.162381, 0.141820, -0.152387, 0.178588,
        0.437110, 0.314399, 0.485319, 0.398600, -0.391489, -0.222819, 0.149727,
    ]
}
