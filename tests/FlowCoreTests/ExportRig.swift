import Foundation
import Testing

@testable import FlowCore

/// Tracks that are a function of frame and channel.
final class ExportTracks: ExportSound {
    let trackCount: Int
    let sampleRateHz = 48_000
    var missing: [Range<UInt64>] = []
    var end = UInt64.max
    private let sound: (_ track: Int, _ frame: Int64, _ channel: Int) -> Float

    init(_ count: Int, _ sound: @escaping (Int, Int64, Int) -> Float) {
        trackCount = count
        self.sound = sound
    }

    func prepare(_ goesOn: () -> Bool) {}

    func availableEnd() -> UInt64 { end }

    func read(_ track: Int, _ range: Range<UInt64>, into out: UnsafeMutablePointer<Float>) {
        for (index, frame) in range.enumerated() {
            out[2 * index] = sound(track, Int64(frame), 0)
            out[2 * index + 1] = sound(track, Int64(frame), 1)
        }
    }
}

extension ExportPlan {
    static let testName = "Evening_riff 3_120 bpm"
    /// Below the folder of exports: what all files of the export begin with.
    static let testBase = testName + "/" + testName

    /// Stems of all tracks, and the mix as the last file.
    static func stems(
        _ count: Int, _ range: Range<UInt64>, as format: ExportFileFormat, in folder: String,
        job: UInt32 = 1, name: String = testName, framesPerBeat: Double = 0,
        spoolFolder: String = "", gaps: [Range<UInt64>] = []
    ) -> ExportPlan {
        let files = (0..<count).map { track in
            File(track: track, ending: "slot \(track + 1)", about: "\"slot\": \(track + 1)")
        }
        return ExportPlan(
            job: job, format: format, range: range, folder: folder + "/.part-\(job)", name: name,
            files: files + [File(track: nil, ending: "mix", about: "")],
            framesPerBeat: framesPerBeat, spoolFolder: spoolFolder, gaps: gaps,
            about: "\"session\": \"Evening\", \"bpm\": 120")
    }
}

/// Writes an export at once.
@discardableResult
func export(
    _ plan: ExportPlan, _ sound: any ExportSound, files: any FileSystem = PosixFileSystem(),
    reserveBytes: UInt64 = 0, riffBytesMax: UInt64 = ExportHeader.riffBytesMax,
    watch: ExportRun.Watch = { _, _ in true }
) throws -> Int {
    let run = ExportRun(
        plan, sound: sound, files: files, reserveBytes: reserveBytes, riffBytesMax: riffBytesMax)
    return try run.run(watch: watch)
}

/// Interleaved samples of a sound file, as ffmpeg reads it: a reader that is not ours.
func samples(of path: String) throws -> [Float] {
    let raw = path + ".raw"
    let judge = diskShell("ffmpeg -v error -y -i '\(path)' -f f32le '\(raw)'")
    try #require(judge.code == 0, "\(judge.text)")
    defer { diskShell("rm -f '\(raw)'") }
    let data = try Data(contentsOf: URL(fileURLWithPath: raw))
    return data.withUnsafeBytes { bytes in
        (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
}

/// What is in a folder, in order.
func names(in folder: String) -> [String] {
    ((try? PosixFileSystem().names(in: folder)) ?? []).sorted()
}

/// The largest difference of two sounds, in dB of full scale; −300 when there is none.
func largestErrorDbfs(_ one: [Float], _ other: [Float]) -> Double {
    guard one.count == other.count else { return .infinity }
    let largest = zip(one, other).map { abs(Double($0) - Double($1)) }.max() ?? 0
    return largest == 0 ? -300 : 20 * log10(largest)
}

/// The sum of sounds, in their order.
func sum(_ sounds: [[Float]]) -> [Float] {
    guard var total = sounds.first else { return [] }
    for sound in sounds.dropFirst() {
        for index in total.indices { total[index] += sound[index] }
    }
    return total
}
