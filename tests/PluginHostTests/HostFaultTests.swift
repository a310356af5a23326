import CFlowLeaf
import Foundation
import HostContract
import Testing

@testable import PluginFixture

private let ones = [Float](repeating: 1, count: 64)

@Suite("faults of a plug-in host and of its engine", .enabled(if: Fixture.canBuild), .serialized)
struct HostFaultTests {
    /// Both beats over a time in which either must go up ten times.
    private func beatsAfterAWhile(_ host: LiveHost) throws -> (audio: UInt64, main: UInt64) {
        let before = (host.audioBeat, host.mainBeat)
        let end = Date(timeIntervalSinceNow: 20)
        while host.audioBeat < before.0 + 10 && host.mainBeat < before.1 + 10 && Date() < end {
            usleep(1_000)
        }
        return (host.audioBeat - before.0, host.mainBeat - before.1)
    }

    @Test("while nothing happens both threads beat, and nobody is to blame")
    func idle() throws {
        let host = try LiveHost()
        let start = (host.audioBeat, host.mainBeat)
        try host.until("beats") {
            host.audioBeat > start.0 + 10 && host.mainBeat > start.1 + 10
        }
        #expect(host.phase == FLOW_PHASE_RUN && host.audioInstance == 0 && host.mainInstance == 0)
    }

    @Test(
        "a block that never ends stops one beat and names its plug-in",
        arguments: ["Hang", "Deadlock"])
    func hang(_ name: String) throws {
        let host = try LiveHost()
        try host.load(6, Fixture.named("Well"))
        try host.load(7, Fixture.named(name))
        try host.chain([6, 7])
        try host.play(ones)
        host.post([Block(sound: ones, points: [point(7, Fixture.now, 1)])])
        try host.until("the call") { host.audioInstance == 7 }
        try host.until("the stop") { host.done() == 1 }
        let beat = host.audioBeat
        let beats = try beatsAfterAWhile(host)
        #expect(beats.audio == 0 && beats.main >= 10 && host.audioBeat == beat)
        #expect(host.audioInstance == 7 && host.phase == FLOW_PHASE_RUN)
        // The other thread still answers.
        #expect(try host.text(6, 1, 0.5) == "0.500")
    }

    @Test("a state that never comes is declared, names its plug-in, and leaves the sound alone")
    func hangOnState() throws {
        let host = try LiveHost()
        try host.load(7, Fixture.named("Hang On State"))
        try host.chain([7])
        try host.play(ones)
        try host.play(Block(sound: ones, points: [point(7, Fixture.now, 1)]))
        try host.send(.getState(request: 99, instance: 7))
        try host.until("the call") {
            host.phase == FLOW_PHASE_GET_STATE && host.mainInstance == 7
        }
        let beats = try beatsAfterAWhile(host)
        #expect(beats.main <= 1 && beats.audio >= 10)
        #expect(try host.play(ones) == ones.map { $0 * 0.5 })
    }

    @Test("a load that takes its time is declared, and the others play on meanwhile")
    func slowLoad() throws {
        let host = try LiveHost()
        try host.load(1, Fixture.named("Well"))
        try host.chain([1])
        let slow = try Fixture.named("Slow Load")
        let request = host.nextRequest()
        try host.send(
            .load(
                LoadRequest(
                    request: request, instance: 2, bundle: slow.bundle, classId: slow.classId,
                    sampleRateHz: 48_000, blockFramesMax: 64)))
        try host.until("the load") { host.phase == FLOW_PHASE_LOAD && host.mainInstance == 2 }
        for _ in 0..<200 { #expect(try host.play(ones) == ones.map { $0 * 0.5 }) }
        #expect(host.phase == FLOW_PHASE_LOAD)
        try host.wait("LOADED") { answer in
            if case .loaded(let loaded) = answer, loaded.request == request { () } else { nil }
        }
        try host.until("the end of the load") {
            host.phase == FLOW_PHASE_RUN && host.mainInstance == 0
        }
    }

    @Test("the plug-in that crashes in a block is named in what the host leaves behind")
    func crash() throws {
        let host = try LiveHost()
        try host.load(6, Fixture.named("Well"))
        try host.load(7, Fixture.named("Crash"))
        try host.chain([6, 7])
        try host.play(ones)
        host.post([Block(sound: ones, points: [point(7, Fixture.now, 1)])])
        #expect(try host.exitCode() != 0)
        #expect(host.audioInstance == 7)
    }

    @Test("what a plug-in does to the way a thread calculates ends with its block")
    func floatControl() throws {
        let host = try LiveHost()
        try host.load(1, Fixture.named("Float Control"))
        try host.load(2, Fixture.named("Denormals"))
        try host.load(3, Fixture.named("Well"))
        try host.chain([1, 2, 3])
        try host.play(ones)
        let now = [point(1, Fixture.now, 1), point(2, Fixture.now, 1)]
        // Denormal numbers times one half: nothing, where they count as nothing.
        let heard = try host.play(Block(sound: ones, points: now))
        #expect(heard.allSatisfy { $0 == 0 })
    }

    @Test("an engine that breaks the contract ends the host with 4")
    func brokenEngine() throws {
        let lane = HostRequest.chain(request: 1, lane: 24, isAhead: false, instances: [])
        let twice = HostRequest.chain(request: 1, lane: 0, isAhead: false, instances: [5, 5])
        let cut = Array(HostRequest.getState(request: 1, instance: 2).encoded().dropLast())
        let broken: [[UInt8]] = [
            [0, 0, 0, 255], [0, 0, 0, 0, 99, 0, 0, 0], [3, 0, 0, 0] + cut.dropFirst(4),
            HostAnswer.done(request: 1).encoded(), lane.encoded(), twice.encoded(),
        ]
        for bytes in broken {
            let host = try LiveHost()
            try host.send(bytes)
            #expect(try host.exitCode() == 4, "\(bytes)")
        }
    }

    @Test("an engine that hangs up ends the host with 0, whatever it plays")
    func abandoned() throws {
        let host = try LiveHost()
        try host.load(1, Fixture.named("Hang"))
        try host.chain([1])
        try host.play(ones)
        host.post([Block(sound: ones, points: [point(1, Fixture.now, 1)])])
        host.hangUp()
        #expect(try host.exitCode() == 0)
    }
}
