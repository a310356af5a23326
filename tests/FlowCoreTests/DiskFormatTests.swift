import Testing

@testable import FlowCore

@Suite("disk formats")
struct DiskFormatTests {
    @Test("a WAV header is 58 bytes and says what it was given")
    func headerRoundTrip() throws {
        for channelCount in [2, 4, 32] {
            for frameCount: UInt64 in [0, 1, 2_880_000] {
                let header = WavHeader(
                    channelCount: channelCount, sampleRateHz: 48_000, frameCount: frameCount)
                let bytes = header.encoded()
                #expect(bytes.count == 58)
                #expect(bytes.withUnsafeBytes { WavHeader($0) } == header)
            }
        }
    }

    @Test("a header that claims more than 4 GiB claims the most it can")
    func headerOverflow() throws {
        let header = WavHeader(channelCount: 2, sampleRateHz: 48_000, frameCount: 1 << 40)
        let read = try #require(header.encoded().withUnsafeBytes { WavHeader($0) })
        #expect(read.frameCount == (UInt64(UInt32.max) - 50) / 8)
    }

    @Test("no changed byte of a header is taken for another format")
    func headerDamage() throws {
        let right = WavHeader(channelCount: 2, sampleRateHz: 48_000, frameCount: 9)
        let lengths = Set(Array(4..<8) + Array(46..<50) + Array(54..<58))
        // Bytes per second and the size of an extension: no reader here uses them.
        let unused = Set(Array(28..<32) + [36, 37] + Array(42..<46))
        for index in 0..<58 where !lengths.contains(index) && !unused.contains(index) {
            var bytes = right.encoded()
            bytes[index] ^= 0x41
            let read = bytes.withUnsafeBytes { WavHeader($0) }
            // A changed rate is still a rate; everything else is refused.
            if let read { #expect((24..<28).contains(index), "byte \(index): \(read)") }
        }
    }

    @Test("CRC-32 of the check string is the published one, whole or in pieces")
    func crc() {
        let text = Array("123456789".utf8)
        for cut in 0...text.count {
            var crc = Crc32()
            text[..<cut].withUnsafeBytes { crc.add($0) }
            text[cut...].withUnsafeBytes { crc.add($0) }
            #expect(crc.value == 0xCBF4_3926)
        }
    }

    @Test("zeros change a CRC-32 as if they were there, and an hour of them takes no time")
    func crcOfZeros() {
        var start = Crc32()
        Array("123456789".utf8).withUnsafeBytes { start.add($0) }
        for count in Array(0...40) + [4095, 65_536, 100_003] {
            for before in [Crc32(), start] {
                var (zeros, written) = (before, before)
                zeros.addZeros(count)
                [UInt8](repeating: 0, count: count).withUnsafeBytes { written.add($0) }
                #expect(zeros == written, "\(count) zeros")
            }
        }
        // 2⁶² of them, as one and in two halves.
        var (whole, halves) = (start, start)
        whole.addZeros(1 << 62)
        for _ in 0..<2 { halves.addZeros(1 << 61) }
        #expect(whole == halves)
    }

    @Test("SHA-256 of the published examples is right")
    func shaExamples() {
        #expect(
            sha("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            sha("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            sha("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
        #expect(
            sha(String(repeating: "a", count: 1_000_000))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("SHA-256 does not depend on how the bytes are cut")
    func shaPieces() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 7) }
        for length in 0..<140 {
            var whole = Sha256()
            bytes[..<length].withUnsafeBytes { whole.add($0) }
            let right = whole.finish()
            for cut in stride(from: 0, through: length, by: 13) {
                var pieces = Sha256()
                bytes[..<cut].withUnsafeBytes { pieces.add($0) }
                bytes[cut..<length].withUnsafeBytes { pieces.add($0) }
                #expect(pieces.finish() == right)
            }
        }
    }

    @Test("segment names give their first frame back, and nothing else is one")
    func segmentNames() {
        for frame: UInt64 in [0, 48_000, 999_999_999_999, 1 << 50, 1 << 53 - 1] {
            for turn in [0, 1, 12] {
                let parts = SegmentName.parts(
                    of: SegmentName.make(firstFrame: frame, turn: turn))
                #expect(parts?.firstFrame == frame && parts?.turn == turn)
            }
        }
        for name in [
            "seg-.wav", "seg-12.wav", "seg-00000000000x.wav", "seg-000000000000.wav.orphan",
            "index.jsonl", "seg-000000000000", "seg--00000000001.wav",
            "seg-000000000000-.wav", "seg-000000000000-0.wav", "seg-000000000000-x.wav",
            "seg-000000000000-1-1.wav", "seg-9007199254740992.wav", "seg-9999999999999999999.wav",
            "seg-18446744073709551615.wav", "seg-000000000000-9223372036854775807.wav",
        ] {
            #expect(SegmentName.firstFrame(of: name) == nil, "\(name)")
        }
    }

    @Test("an index line is read back, a torn one is not")
    func indexLines() {
        let lines: [SpoolIndex.Line] = [
            .segment(first: 2_880_000, frames: 17, crc: .max), .gap(5..<25),
            .unseen(UnseenSecond(turn: 16, syncedEnd: 2190, startFrame: 800)),
        ]
        for line in lines {
            let text = line.text.dropLast()
            #expect(SpoolIndex.Line(text) == line)
            for cut in 0..<text.count { #expect(SpoolIndex.Line(text.prefix(cut)) == nil) }
        }
        #expect(SpoolIndex.Line("{\"first\":1,\"frames\":2,\"crc\":4294967296}") == nil)
        // As it was before gaps had a check, and as the store reads it.
        #expect(SpoolIndex.Line("{\"gap\":5,\"frames\":20}") == .gap(5..<25))
        #expect(lines[1].text == "{\"gap\":5,\"frames\":20,\"check\":3748580901}\n")
        #expect(SpoolIndex.Line("{\"first\":18446744073709551615,\"frames\":9,\"crc\":0}") == nil)
        #expect(SpoolIndex.Line("{\"gap\":1,\"frames\":18446744073709551615}") == nil)
    }

    private func sha(_ text: String) -> String {
        var hash = Sha256()
        Array(text.utf8).withUnsafeBytes { hash.add($0) }
        return hash.finish().hex
    }
}
