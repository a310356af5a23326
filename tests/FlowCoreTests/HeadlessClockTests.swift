import Foundation
import Testing

@testable import FlowCore

/// Time that passes by being slept through; the writer of the master gets its turns in it.
private final class MadeUpTime {
    var nowNs: Int64 = 0
    /// Stops everything once, for so long, at that time.
    var suspend: (atNs: Int64, forNs: Int64)?
    /// Called each time somebody sleeps.
    var onSleep: () -> Void = {}

    var time: HeadlessClock.Time {
        HeadlessClock.Time(
            nowNs: { [unowned self] in nowNs },
            sleepUntil: { [unowned self] in sleep(until: $0) })
    }

    private func sleep(until deadlineNs: Int64) {
        nowNs = max(nowNs, deadlineNs)
        if let found = suspend, nowNs >= found.atNs {
            nowNs += found.forNs
            suspend = nil
        }
        onSleep()
    }
}

@Suite("The headless clock")
struct HeadlessClockTests {
    private static let rate = 48_000
    private static let blockFrames = 128
    private static let second: Int64 = 1_000_000_000
    private let path =
        FileManager.default.temporaryDirectory.path
        + "/flowcore-clock-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).wav"

    /// What came of a run of 40 seconds that was stopped for 30 of them.
    private struct Outcome {
        var rendered = 0
        var late = 0
        var endNs: Int64 = 0
        var gaps: [MasterGaps.Gap] = []
        var troubles: [MasterFile.Trouble] = []
    }

    /// Plays through it; `drains` says whether the writer gets a turn at that time.
    private func run(drains: @escaping (_ nowNs: Int64) -> Bool) throws -> Outcome {
        let made = MadeUpTime()
        made.suspend = (atNs: 5 * Self.second, forNs: 30 * Self.second)
        let master = try MasterFile(path: path, sampleRateHz: Self.rate, resumes: false)
        master.begin(at: 0)
        var outcome = Outcome()
        made.onSleep = {
            if drains(made.nowNs), let trouble = master.drain() { outcome.troubles.append(trouble) }
        }
        let block = [Float](repeating: 0.5, count: Self.blockFrames)
        let frames = 40 * Self.rate
        HeadlessClock(sampleRateHz: Self.rate, blockFrames: Self.blockFrames, time: made.time).run(
            from: 0,
            HeadlessClock.Work(
                isWanted: { outcome.rendered < frames },
                hasRoom: { master.buffer.hasRoom(frames: Self.blockFrames) },
                progress: { master.buffer.released },
                late: { outcome.late += 1 },
                render: {
                    master.buffer.hand(left: block, right: block, frames: Self.blockFrames)
                    outcome.rendered += Self.blockFrames
                }))
        outcome.endNs = made.nowNs
        if let trouble = master.close() { outcome.troubles.append(trouble) }
        outcome.gaps = MasterGaps(besideFile: path).read()
        let wav = try WavFile(Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(wav.left.count == outcome.rendered)
        try FileManager.default.removeItem(atPath: path)
        let silent = wav.left.count { $0 == 0 }
        #expect(silent == outcome.gaps.reduce(0) { $0 + Int($1.toFrame - $1.fromFrame) })
        return outcome
    }

    @Test("after 30 s without a turn all is made up for, and a writer that gets few loses nothing")
    func suspended() throws {
        var turnNs: Int64 = 0
        let outcome = try run { nowNs in
            guard nowNs >= turnNs else { return false }
            turnNs = nowNs + 200_000_000
            return true
        }
        #expect(outcome.gaps.isEmpty)
        #expect(outcome.troubles.isEmpty)
        #expect(outcome.late == 1)
        // On time again.
        #expect(outcome.endNs < 41 * Self.second)
    }

    @Test("a writer that is stuck is waited for two seconds, and what it lost is told")
    func stuck() throws {
        let outcome = try run { nowNs in nowNs < 5 * Self.second || nowNs > 38 * Self.second }
        #expect(outcome.gaps.count == 1)
        #expect(outcome.troubles.count == 1)
        #expect(outcome.late == 1)
        #expect(outcome.endNs < 41 * Self.second)
    }

    @Test("a writer that lagged before is not waited for at all")
    func lagging() throws {
        var asked = 0
        var rendered = 0
        let made = MadeUpTime()
        made.suspend = (atNs: Self.second, forNs: 10 * Self.second)
        HeadlessClock(sampleRateHz: Self.rate, blockFrames: Self.blockFrames, time: made.time).run(
            from: 0,
            HeadlessClock.Work(
                isWanted: { rendered < 12 * Self.rate },
                hasRoom: {
                    asked += 1
                    return false
                },
                progress: { 0 }, late: {}, render: { rendered += Self.blockFrames }))
        // Asked when the lateness begins, and never again.
        #expect(asked == 2)
        #expect(made.nowNs < 12 * Self.second + 1)
    }
}
