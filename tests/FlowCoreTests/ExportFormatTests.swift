import Foundation
import Testing

@testable import FlowCore

private let hasJudges =
    diskHasProgram("sndfile-info") && diskHasProgram("sox") && diskHasProgram("ffmpeg")
private let judges = Comment("sndfile-info, sox and ffmpeg are not all installed")

@Suite("The files of an export", .enabled(if: hasJudges, judges))
struct ExportFormatTests {
    private static let frames = 20_001
    private let noise = CodedNoise(seed: CoreRig.seed)

    /// Noise, and at its start every value on which a converter could stumble.
    private func sample(_ frame: Int64, _ channel: Int) -> Float {
        let edges: [Float] = [
            0, 1, -1, 0.999_999_9, -0.999_999_9, 1.5, -1.5, 1e-9, -0.0, 0.5, -0.5,
        ]
        return frame < edges.count ? edges[Int(frame)] : noise.sample(frame, channel)
    }

    private func write(
        _ format: ExportFileFormat, in folder: DiskFolder,
        riffBytesMax: UInt64 = ExportHeader.riffBytesMax
    ) throws -> String {
        let path = "\(folder.path)/\(format)"
        let plan = ExportPlan.stems(1, 0..<UInt64(Self.frames), as: format, in: path)
        try export(
            plan, ExportTracks(1) { [self] in sample($1, $2) }, riffBytesMax: riffBytesMax)
        return "\(path)/\(ExportPlan.testBase)_slot 1\(format.suffix)"
    }

    private var wanted: [Float] {
        (0..<2 * Self.frames).map { sample(Int64($0 / 2), $0 % 2) }
    }

    /// Three readers that are not ours agree on what the file is.
    ///
    /// sox reads an RF64 to its end to open it; of a very long one the other two must do.
    private func expectReadable(_ path: String, frames: Int, _ label: String, isLong: Bool = false)
    {
        // It would read a long file to its end for its peak; what comes before that is enough.
        let sndfile = diskShell(
            "mkfifo '\(path).pipe'; stdbuf -oL sndfile-info '\(path)' > '\(path).pipe' 2>&1 & "
                + "sed /Duration/q '\(path).pipe'; kill $!; rm '\(path).pipe'")
        #expect(sndfile.text.contains("Frames      : \(frames)"))
        #expect(sndfile.text.contains("Sample Rate : 48000"), "\(sndfile.text)")
        #expect(!sndfile.text.contains("***"), "\(sndfile.text)")
        if !isLong {
            let sox = diskShell("soxi -s '\(path)' && soxi -c '\(path)' && soxi -r '\(path)'")
            #expect(sox.text == "\(frames)\n2\n48000\n", "\(sox.text)")
        }
        let probe = diskShell(
            "ffprobe -v error -of csv=p=0 -show_entries stream=duration_ts,channels,sample_rate"
                + " '\(path)'")
        #expect(probe.text.hasPrefix("48000,2,\(frames)"), "\(probe.text)")
        let readers = isLong ? "sndfile-info and ffprobe" : "sndfile-info, sox and ffprobe"
        print("\(label): \(readers) read \(frames) frames")
    }

    @Test("WAV Float32 holds every bit, beyond full scale too")
    func float() throws {
        let folder = try DiskFolder()
        let path = try write(.wavFloat, in: folder)
        expectReadable(path, frames: Self.frames, "WAV Float32")
        #expect(try samples(of: path) == wanted)
    }

    @Test("24 bit holds the nearest step, clipped to full scale, the same in WAV and FLAC")
    func words() throws {
        let folder = try DiskFolder()
        let wav = try write(.wav24, in: folder)
        let flac = try write(.flac, in: folder)
        expectReadable(wav, frames: Self.frames, "WAV 24 bit")
        expectReadable(flac, frames: Self.frames, "FLAC")
        let read = try samples(of: wav)
        let compressed = try samples(of: flac)
        #expect(read == compressed)
        let clipped = wanted.map { min(max($0, -1), 1 - 1 / Quantizer.steps) }
        let error = largestErrorDbfs(read, clipped)
        print("24 bit: largest error \(error) dBFS")
        #expect(error <= -144.4)
        // Half a step further is seen: the judge is not blind.
        #expect(largestErrorDbfs(read, clipped.map { $0 + 1 / Quantizer.steps }) > -144)
        let json = try String(
            contentsOfFile: "\(folder.path)/flac/\(ExportPlan.testBase).json", encoding: .utf8)
        // 1, 1.5 and −1.5 on both sides.
        #expect(json.contains("\"clips\": 6"), "\(json)")
    }

    @Test("a long file is RF64, read by the same readers, bit for bit the same sound")
    func rf64() throws {
        let folder = try DiskFolder()
        for format in [ExportFileFormat.wavFloat, .wav24] {
            let plain = try samples(of: try write(format, in: folder))
            diskShell("rm -rf '\(folder.path)'/*")
            let path = try write(format, in: folder, riffBytesMax: 100_000)
            expectReadable(path, frames: Self.frames, "RF64 \(format)")
            let text = String(
                decoding: try #require(FileHandle(forReadingAtPath: path)).readData(ofLength: 4),
                as: UTF8.self)
            #expect(text == "RF64")
            #expect(try samples(of: path) == plain)
            diskShell("rm -rf '\(folder.path)'/*")
        }
    }

    @Test("above 4 GiB the header says the true length; below, it is RIFF")
    func longHeader() throws {
        let folder = try DiskFolder()
        // Half a gibibyte more than 32 bits hold; the hole takes no space.
        let frames = (4_608 << 20) / 6
        for isFloat in [true, false] {
            let header = ExportHeader(
                isFloat: isFloat, sampleRateHz: 48_000, frameCount: UInt64(frames))
            #expect(header.isRf64)
            let path = "\(folder.path)/long-\(isFloat).wav"
            let file = try PosixFileSystem().create(path)
            try file.writeAll(header.encoded(), at: 0)
            try file.truncate(to: UInt64(header.encoded().count) + header.dataBytes)
            file.close()
            expectReadable(
                path, frames: frames, "\(header.dataBytes >> 20) MiB", isLong: true)
        }
        let most = (UInt64(UInt32.max) - 128) / 8
        let last = ExportHeader(isFloat: true, sampleRateHz: 48_000, frameCount: most)
        #expect(!last.isRf64)
        let next = ExportHeader(isFloat: true, sampleRateHz: 48_000, frameCount: most + 1)
        #expect(next.isRf64)
    }

    @Test("the JSON says what it is, with the hashes that sha256sum computes")
    func document() throws {
        let folder = try DiskFolder()
        for format in [ExportFileFormat.wavFloat, .flac] {
            _ = try write(format, in: folder)
            let path = "\(folder.path)/\(format)/\(ExportPlan.testBase).json"
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            let json = try #require(
                try JSONSerialization.jsonObject(with: data) as? [String: Any])
            #expect(json["session"] as? String == "Evening")
            #expect((json["gaps"] as? [Any])?.isEmpty == true)
            let list = try #require(json["files"] as? [[String: Any]])
            #expect(list.count == 2)
            for file in list {
                let name = try #require(file["file"] as? String)
                let judge = diskShell(
                    "sha256sum '\(folder.path)/\(format)/\(ExportPlan.testName)/\(name)'")
                #expect(judge.text.hasPrefix(try #require(file["sha256"] as? String)))
                #expect(file["frames"] as? Int == Self.frames)
                let size = diskShell(
                    "stat -c %s '\(folder.path)/\(format)/\(ExportPlan.testName)/\(name)'"
                ).text
                #expect("\(file["bytes"] ?? "")\n" == size)
            }
            diskShell("rm -rf '\(folder.path)'/*")
        }
    }
}
