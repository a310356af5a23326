import Foundation
import HostContract
import Testing

@testable import PluginFixture

private let ones = [Float](repeating: 1, count: 64)

@Suite("the audio thread of a plug-in host", .enabled(if: Fixture.canBuild), .serialized)
struct HostGuardTests {
    /// Everything that a block can meet: points, keys, echoes, turned knobs, delays, bypass, plug-ins
    /// that come and go, blocks left out, lanes ahead.
    private func busy(_ host: LiveHost) throws {
        let names = ["Well", "Latency", "Moves", "Turns", "Tone", "Mono", "Many Parameters"]
        for (index, name) in names.enumerated() {
            try host.load(UInt32(index + 1), Fixture.named(name))
        }
        try host.chain([1, 2, 3, 4, 6, 7])
        try host.chain([5], lane: 1, isAhead: true)
        for round in 0..<1_000 as Range<UInt32> {
            let value = Float(round % 10) / 10
            let points = (1...4 as ClosedRange<UInt32>).flatMap { number in
                [point(number, Fixture.gain, value), point(number, Fixture.now, value, at: 32)]
            }
            try host.play(Block(sound: ones, points: points))
            host.post((0..<5).map { _ in Block(sound: ones, points: points) })
            let key = note(5, 60, at: 9, isOn: round.isMultiple(of: 2))
            try host.play(Block(sound: ones, notes: [key]), lane: 1)
            try host.until("the lane") { host.done() == host.posted[0] }
            guard round.isMultiple(of: 100) else { continue }
            try host.send(.bypass(instance: 2, isOn: round.isMultiple(of: 200)))
            try host.load(99, Fixture.named("Well"))
            try host.chain([1, 2, 99, 3, 4, 6, 7])
            try host.unload(99)
        }
    }

    @Test("nothing on it allocates, locks or waits")
    func law() throws {
        let report = try GuardedHost.run(busy)
        #expect(report.blocks > 4_000 && report.outside > 0)
        #expect(report.hits == 0, "\(report.first) \(report.frames)")
    }

    @Test("and what does is caught")
    func control() throws {
        let report = try GuardedHost.run(plant: 500) { host in
            for _ in 0..<1_000 { try host.play(ones) }
        }
        #expect(report.hits > 0)
    }
}
