@testable import FlowCore

/// Hours of the disk room in seconds: clock, disk and the order of the threads come from one seed.
///
/// Writes fail or are cut short, syncs fail and lose what they should have saved, the disk stands
/// still, the engine is killed and adopted, the power goes. Whatever happens is noted in a trace, so
/// that two runs of one seed can be told apart by a single number.
final class DiskSimulation {
    /// What is broken on purpose: the control of this simulation.
    enum Plant: String {
        case none
        /// One decision in a thousand is not the seed's.
        case dice
        /// The disk says that it has synced, and has not.
        case lazySync
    }

    struct Outcome {
        var trace: UInt64 = 0xcbf2_9ce4_8422_2325
        var hours = 0.0
        var turns = 0
        var faults = 0
        var stalls = 0
        var kills = 0
        var powerCuts = 0
        var takes = 0
        var spooled = 0
        var lost = 0
        var frames: UInt64 = 0
        var gapFrames: UInt64 = 0
        /// The first promise that was broken; empty = none.
        var broken = ""
    }

    /// A frame is so long, so that hours of it fit into memory.
    private static let frameMs: UInt64 = 10
    private static let hourMs: UInt64 = 3_600_000
    private static let barFrames = 200
    /// Within a second.
    private static let refusedStarts = 4
    /// Turns between two looks at what a power cut would leave.
    private static let turnsPerLook = 50
    /// The newest frames are looked at.
    private static let lookFrames: UInt64 = 3000

    private let seed: UInt64
    private let plant: Plant
    private var random: DiskSeed
    private let faults: DiskRandomFaults
    private(set) var outcome = Outcome()
    private var rig: DiskRig
    private var runs = 0
    private var takeCount: UInt32 = 0
    /// Called safe by this run's engines.
    private var saved: Set<TakeID> = []
    /// How those that have a file of their own are read from it.
    private var filed: [TakeID: TakeLoadRequest] = [:]
    private var windows: [(number: UInt32, range: Range<UInt64>)] = []
    private var seenReports = 0
    private var restMs: UInt64 = 0

    init(seed: UInt64, plant: Plant = .none) {
        self.seed = seed
        self.plant = plant
        random = DiskSeed(seed)
        faults = DiskRandomFaults(seed: seed)
        rig = Self.makeRig(DiskFakeFiles(), DiskFakeFeed(), run: 0)
    }

    /// Ends earlier when a promise is broken.
    func run(hours: Int) -> Outcome {
        let beganMs = rig.nowMs
        let endMs = beganMs + UInt64(hours) * Self.hourMs
        do {
            try begin(on: rig.files)
            while rig.nowMs < endMs && outcome.broken.isEmpty { try turn() }
            try endRun()
        } catch {
            broke("\(error)")
        }
        outcome.hours = Double(rig.nowMs - beganMs) / Double(Self.hourMs)
        return outcome
    }

    /// Every other run may go on in a second folder.
    private static func makeRig(_ files: DiskFakeFiles, _ feed: DiskFakeFeed, run: Int) -> DiskRig {
        DiskRig(
            feed: feed, files: files, folder: "/spool/run-\(run)", hasSecond: run % 2 == 1,
            sizes: DiskRig.sizes(blocks: 4))
    }

    private func below(_ limit: UInt64) -> UInt64 {
        if plant == .dice, random.below(1000) == 0 { return UInt64.random(in: 0..<limit) }
        return random.below(limit)
    }

    /// A run of its own, on what the disk holds.
    private func begin(on files: DiskFakeFiles) throws {
        let nowMs = rig.nowMs
        runs += 1
        saved = []
        filed = [:]
        windows = []
        try files.makeFolder(DiskRig.audio)
        files.ignoresFileSync = plant == .lazySync
        rig = Self.makeRig(files, DiskFakeFeed(), run: runs)
        try start(nowMs: nowMs)
    }

    /// A disk that refuses for less than a second costs no file of before.
    private func start(nowMs: UInt64) throws {
        seenReports = 0
        rig.nowMs = nowMs
        rig.files.fault = { [self] operation, _ in
            let code = faults.fault(operation)
            if code != nil { outcome.faults += 1 }
            return code
        }
        rig.files.writeShare = { [self] in faults.share($0) }
        for attempt in 0... {
            faults.isOn = attempt < Self.refusedStarts && below(2) == 0
            if rig.writer.recover(nowMs: rig.nowMs, index: rig.index) { break }
            if !faults.isOn && attempt > Self.refusedStarts {
                return broke("nothing could be read")
            }
            pass(100)
        }
    }

    private func turn() throws {
        outcome.turns += 1
        faults.isOn = outcome.turns % 300 > 200
        switch below(2000) {
        case 0..<4: stall()
        case 4..<24: try kill()
        case 24: try cutPower()
        case 25..<140: take()
        default: pass(20 + below(1400))
        }
        for _ in 0..<4 { step(below(4)) }
        note()
        if !rig.isConserved { broke("frames are in no book: \(rig.desk.counts())") }
        if outcome.turns % Self.turnsPerLook == 0 { try lookAtCut() }
    }

    private func pass(_ milliseconds: UInt64) {
        rig.nowMs += milliseconds
        restMs += milliseconds
        rig.feed.advance(restMs / Self.frameMs)
        outcome.frames += restMs / Self.frameMs
        restMs %= Self.frameMs
    }

    private func step(_ thread: UInt64) {
        switch thread {
        case 0: rig.drain.step(nowMs: rig.nowMs)
        case 1: rig.writer.step(nowMs: rig.nowMs)
        case 2: rig.sync.step(nowMs: rig.nowMs)
        default: rig.keeper.step(nowMs: rig.nowMs)
        }
    }

    /// The threads that touch the disk hang in it; the one that touches memory goes on.
    private func stall() {
        outcome.stalls += 1
        for _ in 0..<(10 + below(90)) {
            pass(1000)
            step(0)
        }
    }

    private func take() {
        let newest = rig.feed.newest
        guard newest > 1000 else { return }
        takeCount += 1
        outcome.takes += 1
        let end = newest - below(100) + below(200)
        let range = end - 200 - below(600)..<end
        windows.append((takeCount, range))
        rig.keep(takeCount, range, bar: Self.barFrames)
    }

    /// The engine dies; the next one adopts ring, files and what was asked of it.
    private func kill() throws {
        outcome.kills += 1
        note()
        let old = rig
        old.feed.diskCursor = old.feed.cursorTold
        old.feed.firstFrame = old.feed.newest
        pass(below(3000))
        rig = Self.makeRig(old.files, old.feed, run: runs)
        try start(nowMs: old.nowMs)
        for (number, range) in windows where filed[.numbered(number)] == nil {
            rig.keep(number, range, bar: Self.barFrames)
        }
    }

    /// What was safe is there, in the spool or in files; then another evening begins, which reads nothing of
    /// this one: on an empty disk.
    private func cutPower() throws {
        outcome.powerCuts += 1
        try lookAtCut()
        add(UInt64(rig.files.afterPowerCut().usedBytes))
        outcome.gapFrames += rig.desk.counts().gap
        try begin(on: DiskFakeFiles())
    }

    private func lookAtCut() throws {
        let files = rig.files.afterPowerCut()
        let end = rig.desk.locked { $0.ledger.durableEnd }
        if let lost = try firstWrong(in: end - min(end, Self.lookFrames)..<end, of: files) {
            broke("frame \(lost) would be lost")
        }
        let loader = TakeLoader(files: files)
        for (number, range) in windows.suffix(8) where saved.contains(.numbered(number)) {
            let id = TakeID.numbered(number)
            let inSpool = TakeLoadRequest(
                id: id, fromFrame: range.lowerBound, toFrame: range.upperBound,
                origin: TakeOrigin.spool, path: rig.layout.folder, rollsPath: "", preFrames: 0)
            let isThere = [inSpool, filed[id]].contains { request in
                guard let request else { return false }
                return rig.isRight(loader.load(request).audio, range)
            }
            if !isThere { broke("take \(number) was called safe and would be lost") }
        }
    }

    /// The first frame, outside the gaps that were declared, that is not as it was played.
    private func firstWrong(in range: Range<UInt64>, of files: DiskFakeFiles) throws -> UInt64? {
        let reader = try SpoolReader(files: files, folder: rig.layout.folder)
        let gaps = rig.desk.locked { $0.ledger.gaps.map(\.range) }
        var at = range.lowerBound
        for gap in gaps.filter(range.overlaps) + [range.upperBound..<range.upperBound] {
            let part = at..<max(at, gap.lowerBound)
            let sound = StereoFrames(frameCount: part.count)
            try reader.read(part, source: 0, into: sound.samples)
            for (offset, frame) in part.enumerated()
            where sound.samples[2 * offset] != DiskFakeFeed.sample(frame, 0) { return frame }
            at = max(at, gap.upperBound)
        }
        return nil
    }

    /// In order, on a disk that works: nothing is owed.
    private func endRun() throws {
        guard outcome.broken.isEmpty else { return }
        faults.isOn = false
        for _ in 0..<40 {
            pass(1000)
            for thread in 0..<4 { step(UInt64(thread)) }
        }
        rig.finish()
        note()
        let counts = rig.desk.counts()
        outcome.gapFrames += counts.gap
        if !rig.isConserved || counts.queued + counts.written > 0 {
            broke("it owes frames: \(counts)")
        }
        if let wrong = try firstWrong(in: 0..<rig.feed.newest, of: rig.files) {
            broke("frame \(wrong) is not what was played")
        }
    }

    /// Into the trace, and what has been told since.
    private func note() {
        let counts = rig.desk.counts()
        for value in [counts.framesIn, counts.durable, counts.written, counts.queued, counts.gap] {
            add(value)
        }
        add(rig.nowMs)
        for report in rig.reports[seenReports...] {
            for byte in "\(report)".utf8 { add(UInt64(byte)) }
            if case .takeSpooled(let id) = report, saved.insert(id).inserted {
                outcome.spooled += 1
            }
            if case .takeFile(let id, let sha, _, .window, _) = report, let range = rig.windows[id]
            {
                filed[id] = TakeLoadRequest(
                    id: id, fromFrame: range.lowerBound, toFrame: range.upperBound,
                    origin: TakeOrigin.file, path: DiskRig.audio + "/\(sha.hex).wav",
                    rollsPath: "", preFrames: 0)
            }
            if case .takeLost(let id) = report {
                outcome.lost += 1
                if saved.contains(id) { broke("\(id) was called safe and is called lost") }
            }
        }
        seenReports = rig.reports.count
    }

    private func add(_ value: UInt64) {
        outcome.trace = (outcome.trace ^ value) &* 0x0000_0100_0000_01b3
    }

    private func broke(_ promise: String) {
        if outcome.broken.isEmpty { outcome.broken = "turn \(outcome.turns): \(promise)" }
    }
}
