import Foundation
import Testing

@testable import FlowCore

@Suite("An export that cannot be finished")
struct ExportFaultTests {
    private static let folder = "/exports/Evening"
    private let noise = CodedNoise(seed: CoreRig.seed)

    private func tracks(_ count: Int = 2) -> ExportTracks {
        ExportTracks(count) { [noise] track, frame, channel in
            noise.sample(frame, 2 * track + channel)
        }
    }

    private func code(_ body: () throws -> Void) throws -> UInt32 {
        do {
            try body()
        } catch let error as ExportError {
            return error.code
        }
        return .max
    }

    @Test("whatever operation fails, it ends with 1020, and nothing is left but what was there")
    func everyFault() throws {
        let plan = ExportPlan.stems(2, 0..<20_000, as: .wav24, in: Self.folder)
        let clean = DiskFakeFiles()
        var count = 0
        clean.fault = { _, _ in
            count += 1
            return nil
        }
        try export(plan, tracks(), files: clean)
        let before = clean.names.keys.sorted()
        #expect(before.count == 4)
        print("faults: \(count) operations, each failing once")
        for at in 0..<count {
            let files = clean
            var number = 0
            files.fault = { operation, _ in
                defer { number += 1 }
                return number == at && operation != .remove ? FileError.inputOutput : nil
            }
            let code = try code { try export(plan, tracks(), files: files) }
            files.fault = { _, _ in nil }
            if code == .max {
                // Looking for what an earlier one left is no part of the work.
                let second = files.names.keys.filter { !before.contains($0) }
                #expect(second.count == 4 && second.allSatisfy { $0.contains("bpm 2/") })
                files.eraseFolder("\(Self.folder)/\(ExportPlan.testName) 2")
                continue
            }
            #expect(code == ErrorCode.exportFailed, "operation \(at)")
            #expect(files.names.keys.sorted() == before, "operation \(at)")
        }
    }

    @Test("a name that somebody takes meanwhile is not taken away again")
    func nameTakenMeanwhile() throws {
        let plan = ExportPlan.stems(2, 0..<20_000, as: .wav24, in: Self.folder)
        let files = DiskFakeFiles()
        let theirs = "\(Self.folder)/\(ExportPlan.testName.lowercased())"
        let code = try code {
            try export(plan, tracks(), files: files) { progress, _ in
                if progress == 1 { try? files.makeFolder(theirs) }
                return true
            }
        }
        #expect(code == ErrorCode.exportFailed)
        #expect(try files.names(in: Self.folder) == [ExportPlan.testName.lowercased()])
        #expect(try export(plan, tracks(), files: files) == 2)
    }

    @Test("cancelled at any step it leaves nothing")
    func cancelled() throws {
        let plan = ExportPlan.stems(2, 0..<60_000, as: .wavFloat, in: Self.folder)
        var stepCount = 0
        try export(plan, tracks(), files: DiskFakeFiles()) { _, _ in
            stepCount += 1
            return true
        }
        #expect(stepCount > 8)
        for last in 0..<stepCount {
            let files = DiskFakeFiles()
            var step = 0
            let code = try code {
                try export(plan, tracks(), files: files) { _, _ in
                    step += 1
                    return step <= last
                }
            }
            #expect(code == 0)
            #expect(files.names.isEmpty, "cancelled at step \(last)")
        }
    }

    @Test("a power cut leaves all files or none, and never half a one under its name")
    func powerCut() throws {
        let plan = ExportPlan.stems(2, 0..<20_000, as: .wavFloat, in: Self.folder)
        let whole = DiskFakeFiles()
        try export(plan, tracks(), files: whole)
        let left = whole.afterPowerCut()
        #expect(left.names.mapValues(\.bytes) == whole.names.mapValues(\.bytes))
        // Without its syncs it would not survive: the fake disk is strict.
        let unsafe = DiskFakeFiles()
        unsafe.ignoresFileSync = true
        try export(plan, tracks(), files: unsafe)
        #expect(unsafe.afterPowerCut().names.values.contains { $0.bytes.isEmpty })
    }

    @Test("a disk without room for it and the recording is refused before a byte is written")
    func noRoom() throws {
        let files = DiskFakeFiles()
        files.capacityBytes = 700_000
        let plan = ExportPlan.stems(2, 0..<20_000, as: .wavFloat, in: Self.folder)
        let needed = UInt64(3 * 20_000 * 8)
        let refused = try code {
            try export(plan, tracks(), files: files, reserveBytes: 700_000 - needed + 1)
        }
        #expect(refused == ErrorCode.exportFailed)
        #expect(files.names.isEmpty)
        try export(plan, tracks(), files: files, reserveBytes: 700_000 - needed)
        #expect(files.names.count == 4)
    }

    @Test(
        "a real disk that fills up meanwhile: 1020, nothing left, and the next one succeeds",
        .enabled(if: DiskMount.isAllowed, "mounting a small tmpfs needs root"))
    func realFullDisk() throws {
        for format in [ExportFileFormat.wavFloat, .wav24, .flac] {
            let folder = try DiskFolder()
            let mount = try DiskMount(folder.path, size: "4m")
            let path = folder.path + "/exports"
            let plan = ExportPlan.stems(2, 0..<100_000, as: format, in: path)
            let code = try code {
                try export(plan, tracks()) { progress, _ in
                    // Somebody else takes the rest of the disk.
                    if progress > 0, progress < 0.2 {
                        diskShell("cat /dev/zero > '\(folder.path)/ballast'")
                    }
                    return true
                }
            }
            #expect(code == ErrorCode.exportFailed, "\(format)")
            #expect(names(in: path).isEmpty, "\(format)")
            diskShell("rm '\(folder.path)/ballast'")
            try export(plan, tracks())
            #expect(names(in: path + "/" + ExportPlan.testName).count == 4)
            print("\(format): full disk → \(code), 0 files left; then 4 files")
            withExtendedLifetime(mount) {}
        }
    }

    @Test(
        "the worker: without libsndfile FLAC is 1021; cancel while waiting; a killed one's leftovers go"
    )
    func worker() throws {
        let folder = try DiskFolder()
        let root = folder.path + "/exports"
        diskShell("mkdir -p '\(root)/.part-2' && touch '\(root)/.part-2/old.wav'")
        let news = ExportNews()
        let gate = ExportTracks(1) { [noise] _, frame, channel in noise.sample(frame, channel) }
        gate.end = 0
        let sounds = ExportGate(gate)
        let worker = ExportWorker(files: PosixFileSystem(), reserveBytes: 0, writesFlac: false) {
            news.post($0)
        }
        func job(_ number: UInt32, _ format: ExportFileFormat) -> ExportWorker.Job {
            ExportWorker.Job(
                plan: .stems(1, 0..<10_000, as: format, in: root, job: number)
            ) { sounds.sound }
        }
        #expect(worker.add(job(1, .flac)) == ErrorCode.exportFormat)
        #expect(worker.add(job(2, .wavFloat)) == 0)
        try news.wait { $0.job == 2 && $0.state == ExportState.running }
        #expect(worker.add(job(3, .wavFloat)) == 0)
        #expect(names(in: root + "/.part-2").count == 2)
        #expect(!names(in: root + "/.part-2").contains("old.wav"))
        #expect(worker.cancel(3))
        try news.wait { $0.job == 3 && $0.state == ExportState.cancelled }
        #expect(!worker.cancel(3))
        #expect(names(in: root) == [".part-2"])
        #expect(worker.cancel(2))
        try news.wait { $0.job == 2 && $0.state == ExportState.cancelled }
        #expect(names(in: root).isEmpty)
        worker.stop(deadlineMs: 10_000)
        #expect(worker.add(job(4, .wavFloat)) == ErrorCode.busy)
    }
}

/// Sound that a test hands to another thread.
private final class ExportGate: @unchecked Sendable {
    let sound: ExportTracks

    init(_ sound: ExportTracks) { self.sound = sound }
}

/// News that another thread posts, and a wait for the one that is looked for.
private final class ExportNews: @unchecked Sendable {
    private let monitor = DiskMonitor()
    private var all: [ExportWorker.News] = []

    func post(_ news: ExportWorker.News) {
        monitor.locked { all.append(news) }
        monitor.ring()
    }

    func wait(_ match: (ExportWorker.News) -> Bool) throws {
        let deadline = monotonicMs() + 60_000
        while true {
            let seen = monitor.ringCount
            if monitor.locked({ all }).contains(where: match) { return }
            try #require(monotonicMs() < deadline, "no such news")
            monitor.wait(after: seen, timeoutMs: 100)
        }
    }
}
