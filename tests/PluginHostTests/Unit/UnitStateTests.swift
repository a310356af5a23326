#if canImport(AudioToolbox) && os(Linux)
    import Foundation
    import HostContract
    import Testing

    @testable import PluginFixture

    private let ones = [Float](repeating: 1, count: 64)

    @Suite("parameters and states of Audio Units", .serialized)
    struct UnitStateTests {
        @Test("parameters are told from 0 to 1, with their words, under ids of 32 bits")
        func parameters() throws {
            let host = try LiveHost()
            try host.load(1, StubUnit.gain)
            let all = try host.parameters(1).all
            #expect(all.map(\.title) == ["Gain", "Cut", "Preset", "Ticks", "Far", "On"])
            // The sixth has an address of 64 bits, of which no other may be meant.
            #expect(all.map(\.id) == [7, 8, 9, 10, 12, 11])
            #expect(all.map(\.stepCount) == [0, 0, 2, 0, 0, 1])
            #expect(all[0].value == 0.5 && all[0].defaultValue == 0.5 && all[0].units == "times")
            #expect(abs(all[1].value - 1.0 / 3) < 1e-6, "a scale of frequencies")
            #expect(try host.text(1, 8, 1.0 / 3) == "200.00")
            #expect(try host.text(1, 9, 0.5) == "Half")
            #expect(try host.text(1, 7, 0.75) == "1.50")
            let readOnly = UInt32(1 << 1)
            #expect(
                all.map { $0.flags & readOnly != 0 } == [false, false, false, true, false, false])
        }

        @Test("a value that is set outside of blocks is told at once, and heard in the next")
        func set() throws {
            let host = try LiveHost()
            try host.load(1, StubUnit.gain)
            try host.send(.set(instance: 1, values: [ParamValue(param: 7, value: 0.75)]))
            #expect(try host.parameters(1).all[0].value == 0.75)
            try host.chain([1])
            try host.play(ones)
            #expect(try host.play(ones) == ones.map { $0 * 1.5 })
        }

        @Test("a knob that the unit turns by itself is told")
        func edited() throws {
            let host = try LiveHost()
            try host.load(1, StubUnit.gain)
            try host.chain([1])
            try host.send(.set(instance: 1, values: [ParamValue(param: 9, value: 0.5)]))
            try host.wait("EDITED") { answer in
                if case .edited(1, StubUnit.gainParam, 0.25) = answer { () } else { nil }
            }
            try host.play(ones)
            #expect(try host.play(ones) == ones.map { $0 * 0.5 })
        }

        @Test("a value of a block is in the state, and the state is another plug-in's sound")
        func restored() throws {
            let first = try LiveHost()
            try first.load(1, StubUnit.gain)
            try first.chain([1])
            try first.play(Block(sound: ones, points: [point(1, StubUnit.gainParam, 0.125)]))
            let state = try first.state(1)
            let second = try LiveHost()
            try second.load(2, StubUnit.gain, state: state)
            try second.chain([2])
            try second.play(ones)
            #expect(try second.play(ones) == ones.map { $0 * 0.25 })
            #expect(try second.parameters(2).all[0].value == 0.125)
        }

        @Test("a state of another unit, and what is none, is refused")
        func foreign() throws {
            let host = try LiveHost()
            try host.load(1, StubUnit.gain)
            let state = try host.state(1)
            for (plugin, bytes) in [(StubUnit.crash, state), (StubUnit.gain, [1, 2, 3])] {
                let request = host.nextRequest()
                try host.send(
                    .load(
                        LoadRequest(
                            request: request, instance: 2, bundle: plugin.bundle,
                            classId: plugin.classId, sampleRateHz: 48_000, blockFramesMax: 64,
                            state: bytes)))
                #expect(try host.refusal(request) == .stateRefused)
            }
            try host.load(2, StubUnit.crash)
        }
    }
#endif
