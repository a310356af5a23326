import HostContract
import Testing

@testable import FlowCore

@Suite("parts of the plug-in desk")
struct DeskPartsTests {
    /// Feeds a breaker ten times a second, 75 blocks each time; the times at which it opens.
    private func openings(
        seconds: Int, missed: (Double) -> UInt64, isWet: (Double) -> Bool = { _ in true }
    ) -> [Double] {
        var breaker = HostBreaker()
        var counts = HostBreaker.Counts()
        var found: [Double] = []
        for step in 0..<seconds * 10 {
            let now = Double(step) * 100
            if breaker.isOpen(now) { continue }
            if breaker.openUntilMs != nil { breaker.begin(counts, atMs: now) }
            let lost = min(75, missed(now))
            counts.missed += lost
            counts.wet += 75 - lost
            counts.isWet = isWet(now)
            if breaker.read(counts, atMs: now) { found.append(now) }
        }
        return found
    }

    @Test("4 % missed are borne, 7 % are not; each rest is longer, up to a minute")
    func slow() {
        #expect(openings(seconds: 60) { _ in 3 }.isEmpty)
        let found = openings(seconds: 200) { _ in 5 }
        #expect(found.count >= 4)
        let rests = zip(found, found.dropFirst()).map { $1 - $0 }
        // A rest, and the five seconds that it takes to find out.
        for (rest, expected) in zip(rests, [15_000.0, 35_000, 65_000, 65_000]) {
            #expect(abs(rest - expected) <= 300, "\(rests)")
        }
    }

    @Test("one stall of 300 ms is not slowness")
    func stall() {
        #expect(openings(seconds: 60) { (10_000..<10_300).contains($0) ? 75 : 0 }.isEmpty)
    }

    @Test("heard and lost three times in ten seconds is enough, twice is not")
    func flicker() {
        func lost(_ times: [Double], missed: UInt64 = 1) -> [Double] {
            openings(
                seconds: 60, missed: { times.contains($0) ? missed : 0 },
                isWet: { !times.contains($0) })
        }
        #expect(lost([2_000, 5_000]).isEmpty)
        #expect(lost([2_000, 5_000, 13_000]).isEmpty)
        #expect(lost([2_000, 5_000, 8_000]) == [8_000])
        // The engine left the host no time.
        #expect(lost([2_000, 5_000, 8_000], missed: 0).isEmpty)
    }

    @Test("who reads late, as after sleep, blames nobody")
    func sleep() {
        var breaker = HostBreaker()
        _ = breaker.read(HostBreaker.Counts(), atMs: 0)
        let first = breaker.read(HostBreaker.Counts(wet: 0, missed: 45_000), atMs: 60_000)
        let second = breaker.read(HostBreaker.Counts(wet: 7_500, missed: 45_000), atMs: 65_000)
        #expect(!first && !second)
    }

    @Test(
        "while the engine makes up for lost time nobody is too slow, and afterwards one may be again"
    )
    func catchingUp() {
        func opensAt(blocksPerSecond: Double) -> Double? {
            var breaker = HostBreaker(blocksPerSecond: blocksPerSecond)
            var counts = HostBreaker.Counts()
            for step in 0..<300 {
                let now = Double(step) * 100
                // Ten seconds at ten times the pace; then at the device's, and as bad.
                counts.missed += now < 10_000 ? 750 : 75
                if breaker.read(counts, atMs: now) { return now }
            }
            return nil
        }
        #expect(opensAt(blocksPerSecond: .infinity).map { $0 <= 5_100 } == true)
        let later = opensAt(blocksPerSecond: 750)
        #expect(
            later.map { (14_500...16_200).contains($0) } == true, "\(String(describing: later))")
    }

    @Test("growth is told at 512 MiB and ended at 768, whatever loading took")
    func memory() {
        let mega = 1 << 20
        var watch = MemoryWatch()
        func read(_ megas: Int, _ second: Int) -> MemoryWatch.Verdict {
            watch.read(megas * mega, atMs: Double(second) * 1_000).verdict
        }
        let verdicts = [600, 1_100, 1_113, 1_360, 1_369].enumerated().map { read($1, $0) }
        #expect(verdicts == [.fine, .fine, .growing, .fine, .tooLarge])
        // So often that what leaks a gigabyte in a second and a half is ended before that.
        #expect(watch.dueMs == 4_250)
        watch.rebase()
        let rebased = [1_625, 1_700].enumerated().map { read($1, 5 + $0) }
        #expect(rebased == [.fine, .fine] && watch.dueMs == 7_000)
    }

    @Test("a state is due at once after a load, 1 s after the last change, 5 s after the first")
    func snapshots() {
        var plan = SnapshotPlan()
        #expect(plan.dueMs == nil && !plan.isDirty)
        plan.loaded()
        #expect(plan.dueMs == 0)
        plan.asked(atMs: 10)
        plan.told(byteCount: 100)
        #expect(plan.dueMs == nil)
        plan.changed(atMs: 1_000)
        #expect(plan.dueMs == 2_000)
        for now in stride(from: 1_100.0, through: 5_900, by: 100) { plan.changed(atMs: now) }
        #expect(plan.dueMs == 6_000)
        plan.asked(atMs: 6_000)
        plan.told(byteCount: 5 << 20)
        plan.changed(atMs: 6_100)
        #expect(plan.dueMs == 36_000)
    }

    @Test("a journal keeps the last value of each, until a state has it")
    func journal() {
        var journal = ParamJournal()
        journal.note(2, 0.1, atMs: 0)
        journal.note(1, 0.5, atMs: 100)
        journal.note(2, 0.9, atMs: 200)
        #expect(
            journal.values == [ParamValue(param: 1, value: 0.5), ParamValue(param: 2, value: 0.9)])
        journal.forget(before: 200)
        #expect(journal.values == [ParamValue(param: 2, value: 0.9)])
        journal.forget(before: 201)
        #expect(journal.isEmpty)
    }

    @Test("a plug-in that refuses what it gave at first has lost nothing; another one has")
    func ladder() {
        var ladder = StateLadder()
        var answers = [ladder.keep([1]), ladder.keep([1])]
        #expect(answers == [true, false] && ladder.state == [1])
        ladder.descend()
        #expect(ladder.state == nil)
        answers = [ladder.takeLoss([1]), ladder.keep([1]), ladder.keep([2])]
        #expect(answers == [false, true, true])
        #expect(ladder.state == [2] && ladder.earlier == [1])
        ladder.descend()
        #expect(ladder.step == .earlier && ladder.state == [1])
        ladder.descend()
        answers = [ladder.takeLoss([1]), ladder.takeLoss([1])]
        #expect(ladder.step == .bare && answers == [true, false])
        var told = StateLadder(newest: [1], earlier: [2])
        told.descend()
        let isNew = told.keep([2])
        #expect(isNew && told.state == [2])
        told.descend()
        #expect(told.step == .bare)
    }
}
