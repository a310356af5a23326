import Testing

@testable import FlowCore

@Suite("disk faults")
struct DiskFaultTests {
    @Test("short writes of every size lose nothing")
    func shortWrites() throws {
        for share in [1, 2, 3, 7, 57, 58, 59, 4095] {
            let rig = try DiskRig.started()
            rig.files.writeShare = { min($0, share) }
            for _ in 0..<5 { rig.play(333) }
            rig.finish()
            #expect(try rig.firstWrongFrame(in: 0..<1665) == nil, "\(share) bytes a write")
            #expect(rig.isConserved)
            #expect(rig.desk.counts().gap == 0)
        }
    }

    @Test("interrupted calls are made again")
    func interruptions() throws {
        let rig = try DiskRig.started()
        var calls = 0
        rig.files.fault = { operation, _ in
            guard operation == .write else { return nil }
            calls += 1
            return calls % 2 == 0 ? nil : FileError.interrupted
        }
        for _ in 0..<5 { rig.play(333) }
        rig.finish()
        #expect(try rig.firstWrongFrame(in: 0..<1665) == nil)
        #expect(rig.states == [])
    }

    @Test("a write that takes nothing and gives no reason is an error, not an endless loop")
    func emptyWrite() throws {
        let file = DiskEmptyFile()
        #expect(throws: FileError(.write, code: FileError.inputOutput)) {
            try file.writeAll([1, 2, 3], at: 0)
        }
    }

    @Test("a full disk is critical, costs nothing the ring still has, and recovers by itself")
    func fullBriefly() throws {
        let rig = try DiskRig.started()
        rig.play(700)
        rig.files.capacityBytes = rig.files.usedBytes + 101
        for _ in 0..<10 { rig.play(300) }
        #expect(rig.states == [.critical])
        #expect(rig.isConserved)
        #expect(rig.desk.counts().queued > 0)
        rig.files.capacityBytes = nil
        for _ in 0..<20 { rig.play(10, ms: 500) }
        #expect(rig.states == [.critical, .ok])
        rig.finish()
        #expect(rig.desk.counts().gap == 0)
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
    }

    @Test("a disk full for longer than the ring leaves one gap of exact length and silence there")
    func fullLong() throws {
        let rig = try DiskRig.started()
        rig.play(700)
        rig.files.capacityBytes = rig.files.usedBytes + 101
        for _ in 0..<100 {
            rig.play(300)
            #expect(rig.isConserved)
        }
        let frames = rig.desk.counts()
        #expect(frames.gap + frames.queued + frames.durable + frames.written == 30_700)
        #expect(frames.gap > 25_000)
        rig.files.capacityBytes = nil
        for _ in 0..<20 { rig.play(10, ms: 500) }
        rig.finish()
        #expect(rig.isConserved)
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
        #expect(rig.gapReports.count == 1)
        #expect(rig.gapReports.first.map { UInt64($0.count) } == rig.desk.counts().gap)
        #expect(rig.states == [.critical, .ok])
    }

    @Test("negative control: a gap that were not declared would be noticed")
    func undeclaredGap() throws {
        let rig = try DiskRig.started()
        rig.play(300)
        rig.feed.advance(9000)
        rig.play(10)
        rig.finish()
        rig.desk.locked { $0.ledger = SpoolLedger(startFrame: 0) }
        #expect(try rig.firstWrongFrame(in: 0..<9310) != nil)
    }

    @Test("after a write error the file is not touched again and the next one goes on")
    func writeError() throws {
        let rig = try DiskRig.started()
        rig.play(700)
        var failed: [String] = []
        rig.files.fault = { operation, path in
            guard operation == .write else { return nil }
            if failed.isEmpty { failed.append(path) }
            return failed.contains(path) ? FileError.inputOutput : nil
        }
        for _ in 0..<10 { rig.play(100, ms: 100) }
        rig.finish()
        #expect(failed == [rig.layout.path(ofSegmentAt: 0)])
        #expect(rig.states == [])
        #expect(rig.desk.counts().gap == 0)
        #expect(try rig.firstWrongFrame(in: 0..<1700) == nil)
    }

    @Test("one write in a hundred that fails costs other files, no frame")
    func rareWriteErrors() throws {
        for seed in UInt64(1)...5 {
            var random = DiskSeed(seed)
            let rig = try DiskRig.started()
            var errors = 0
            rig.files.fault = { operation, _ in
                guard operation == .write, random.below(100) == 0 else { return nil }
                errors += 1
                return FileError.inputOutput
            }
            for _ in 0..<1000 { rig.play(100, ms: 100) }
            rig.files.fault = { _, _ in nil }
            for _ in 0..<20 { rig.play(10, ms: 500) }
            rig.finish()
            #expect(errors > 0, "seed \(seed)")
            #expect(rig.desk.counts().gap == 0, "seed \(seed)")
            #expect(try rig.firstWrongFrame(in: 0..<100_000) == nil, "seed \(seed)")
        }
    }

    @Test("a disk that refuses gets nothing but probes until one is written and synced")
    func probes() throws {
        let rig = try DiskRig.started()
        rig.play(700)
        var touched: Set<String> = []
        rig.files.fault = { operation, path in
            guard operation == .write || operation == .create else { return nil }
            touched.insert(String(path.split(separator: "/").last ?? ""))
            return FileError.noSpace
        }
        rig.play(100)
        touched = []
        for _ in 0..<20 { rig.play(100, ms: 500) }
        #expect(touched == ["probe.tmp"])
        #expect(rig.states == [.critical])
        // It takes bytes again and does not sync them: not to be believed.
        rig.files.fault = { operation, path in
            operation == .sync && path.hasSuffix("probe.tmp") ? FileError.inputOutput : nil
        }
        let before = rig.desk.counts().durable
        for _ in 0..<20 { rig.play(10, ms: 500) }
        #expect(rig.states == [.critical])
        #expect(rig.desk.counts().durable == before)
        rig.files.fault = { _, _ in nil }
        for _ in 0..<30 { rig.play(10, ms: 500) }
        #expect(rig.states == [.critical, .ok])
        #expect(rig.desk.counts().gap == 0)
        rig.finish()
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
        #expect(try !rig.files.names(in: DiskRig.spool).contains("probe.tmp"))
    }

    @Test("a full disk is not written to again before it has room for a while")
    func littleRoom() throws {
        var sizes = DiskRig.sizes()
        sizes.resumeSeconds = 1
        let rig = try DiskRig.started(sizes: sizes)
        rig.play(700)
        rig.files.capacityBytes = rig.files.usedBytes
        rig.play(300)
        rig.files.capacityBytes = rig.files.usedBytes + 22_050 * 8
        for _ in 0..<20 { rig.play(10, ms: 500) }
        #expect(rig.states == [.critical])
        #expect(rig.desk.counts().queued >= 300)
        rig.files.capacityBytes = rig.files.usedBytes + 22_050 * 8 * 2
        for _ in 0..<20 { rig.play(10, ms: 500) }
        #expect(rig.states == [.critical, .ok])
    }

    @Test("a spool folder removed under an open file is noticed, and its segment written anew")
    func folderGone() throws {
        let rig = try DiskRig.started()
        rig.play(700)
        rig.play(700, ms: 1000)
        #expect(rig.desk.counts().durable == 1400)
        rig.files.eraseFolder(DiskRig.spool)
        for _ in 0..<10 {
            rig.play(200, ms: 300)
            #expect(rig.isConserved)
        }
        rig.finish()
        #expect(rig.states.first == .critical)
        #expect(rig.isConserved)
        #expect(rig.desk.counts().gap == 0)
        #expect(try rig.firstWrongFrame(in: 1000..<3400) == nil)
    }
}

private final class DiskEmptyFile: RawFile {
    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(FileError) -> Int { 0 }
    func read(into bytes: UnsafeMutableRawBufferPointer, at offset: UInt64)
        throws(FileError) -> Int
    { 0 }
    func byteCount() throws(FileError) -> UInt64 { 0 }
    func truncate(to byteCount: UInt64) throws(FileError) {}
    func reserve(_ byteCount: UInt64) throws(FileError) {}
    func release() throws(FileError) {}
    func sync() throws(FileError) {}
    func isAt(_ path: String) -> Bool { true }
    func close() {}
}
