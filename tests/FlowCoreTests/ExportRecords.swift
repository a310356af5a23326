import Foundation
import Testing

@testable import FlowCore

/// The records of an export as the session writes them.
struct ExportRecords {
    var job: UInt32
    var folder: String
    var name: String
    var range: Range<Double>
    var framesPerBeat = 0.0
    var format = ExportFormats.wav32f
    /// One file for each; nil = the mix.
    var tracks: [Int?]
    /// Loops of the riff; none = the past.
    var takes: [UInt32] = []

    /// - Returns: What the engine says to them.
    func start(_ engine: FlowEngine) -> UInt32 {
        let bytes = zeros(ExportJob.byteCount)
        let files = zeros(max(1, tracks.count) * ExportFile.byteCount)
        let parts = zeros(max(1, takes.count) * RenderPart.byteCount)
        defer { for memory in [bytes, files, parts] { memory.deallocate() } }
        let record = ExportJob(base: bytes)
        record.job = job
        record.format = format
        record.fileCount = UInt32(tracks.count)
        record.partCount = UInt32(takes.count)
        record.fromFrame = range.lowerBound
        record.toFrame = range.upperBound
        record.framesPerBeat = framesPerBeat
        write(folder, record.folder)
        write(name, record.name)
        for (index, track) in tracks.enumerated() {
            let file = ExportFile(base: files + index * ExportFile.byteCount)
            file.track = track.map { UInt32($0) } ?? UInt32.max
            write("file \(index)", file.ending)
        }
        let list = takes.enumerated().map { index, take in
            let part = RenderPart(base: parts + index * RenderPart.byteCount)
            CoreRig.take(take).write(to: part.id)
            part.gainLeft = 0.5
            part.gainRight = 0.5
            return part
        }
        let plan = ExportPlan(record, files: files, gaps: bytes, about: "\"session\": \"One\"")
        guard let plan else { return ErrorCode.commandBounds }
        return engine.export(plan, parts: list)
    }

    private func zeros(_ count: Int) -> UnsafeMutableRawPointer {
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 8)
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: count)
        return bytes
    }

    private func write(_ text: String, _ to: UnsafeMutablePointer<UInt8>) {
        for (index, byte) in text.utf8.enumerated() { to[index] = byte }
    }
}

extension CoreRig {
    /// Lets time pass until the job has ended, at most a minute.
    func jobEnd(_ job: UInt32) throws -> CoreEvent {
        let deadline = monotonicMs() + 60_000
        while true {
            step(512)
            let ended = all(.job).last {
                $0.token == job && $0.detail != ExportState.running
            }
            if let ended { return ended }
            try #require(monotonicMs() < deadline, "the export did not end")
        }
    }
}
