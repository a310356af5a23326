#if canImport(AudioToolbox) && os(Linux)
    import CFlowLeaf
    import Foundation
    import HostContract
    import Testing

    @testable import PluginFixture

    private let ones = [Float](repeating: 1, count: 64)

    @Suite("faults of Audio Units", .serialized)
    struct UnitFaultTests {
        @Test(
            "a unit that is not there, is not made or will not play is refused, and others play on")
        func refused() throws {
            let host = try LiveHost()
            try host.load(1, StubUnit.gain)
            try host.chain([1])
            let nowhere = StubUnit.named("nope", by: "Stub", kind: "auou")
            let wanted: [(PluginName, HostFailureReason)] = [
                (StubUnit.refuses, .refused), (StubUnit.notMade, .cannotCreate),
                (StubUnit.sixChannels, .refused), (nowhere, .noClass),
            ]
            for (plugin, reason) in wanted {
                let request = host.nextRequest()
                try host.send(
                    .load(
                        LoadRequest(
                            request: request, instance: 2, bundle: plugin.bundle,
                            classId: plugin.classId, sampleRateHz: 48_000, blockFramesMax: 64)))
                #expect(try host.refusal(request) == reason, "\(plugin)")
            }
            try host.play(ones)
            #expect(try host.play(ones) == ones)
        }

        @Test("a unit that crashes is named in what its host leaves, and no other host is touched")
        func crash() throws {
            let other = try LiveHost()
            try other.load(1, StubUnit.mono)
            try other.chain([1])
            let host = try LiveHost()
            try host.load(6, StubUnit.gain)
            try host.load(7, StubUnit.crash)
            try host.chain([6, 7])
            try host.play(ones)
            host.post([Block(sound: ones, points: [point(7, StubUnit.now, 1)])])
            #expect(try host.exitCode() != 0)
            #expect(host.audioInstance == 7)
            try other.play(ones)
            try other.play(ones)
            #expect(try other.play(ones) == ones)
        }

        @Test("a unit whose own process ends takes its host along, and is named")
        func gone() throws {
            let host = try LiveHost()
            try host.load(6, StubUnit.gain)
            try host.load(7, StubUnit.gone)
            try host.chain([6, 7])
            try host.play(ones)
            host.post([Block(sound: ones, points: [point(7, StubUnit.now, 1)])])
            #expect(try host.exitCode(seconds: 20) != 0)
            #expect(host.audioInstance == 0)
            #expect(host.mainInstance == 7)
        }

        @Test("units come and go while another plays")
        func unloaded() throws {
            let host = try LiveHost()
            try host.load(1, StubUnit.gain)
            try host.chain([1])
            for _ in 0..<5 {
                try host.load(2, StubUnit.mono)
                try host.chain([1, 2])
                try host.play(ones)
                try host.unload(2)
                #expect(try host.play(ones).last == 1)
            }
        }

        @Test("timers of the main run loop go on while the host waits for its engine")
        func runLoop() throws {
            let host = try LiveHost()
            try host.load(1, StubUnit.gain)
            func ticks() throws -> Double { try host.parameters(1).all[3].value }
            let before = try ticks()
            let end = Date(timeIntervalSinceNow: 20)
            while try ticks() < before + 20e-6 {
                guard Date() < end else { throw Missed(description: "the run loop stands still") }
                usleep(20_000)
            }
        }

        @Test("a request ends the wait of the main thread")
        func prompt() throws {
            let host = try LiveHost()
            try host.load(1, StubUnit.gain)
            let times = try (0..<50).map { _ in
                let start = flow_monotonic_ns()
                _ = try host.text(1, 7, 0.5)
                return flow_monotonic_ns() - start
            }
            // Else each would wait for the 25 ms of a beat.
            #expect(try #require(times.min()) < 15_000_000)
        }
    }
#endif
