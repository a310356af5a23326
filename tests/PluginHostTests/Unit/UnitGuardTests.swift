#if canImport(AudioToolbox) && os(Linux)
    import CFlowLeaf
    import HostContract
    import Testing

    @testable import PluginFixture

    @Suite("the audio thread with Audio Units", .enabled(if: Fixture.canBuild), .serialized)
    struct UnitGuardTests {
        private func busy(_ host: LiveHost) throws {
            let units = [StubUnit.gain, StubUnit.mono, StubUnit.beat, StubUnit.gain]
            for (index, unit) in units.enumerated() { try host.load(UInt32(index + 1), unit) }
            try host.load(5, StubUnit.tone)
            try host.chain([1, 2, 3, 4])
            try host.chain([5], lane: 1)
            let ones = [Float](repeating: 1, count: 64)
            for round in 0..<1_000 as Range<UInt32> {
                let value = Float(round % 10) / 10
                let points = [1, 4].map { point($0, StubUnit.gainParam, value, at: 32) }
                try host.play(Block(sound: ones, points: points))
                let key = note(5, 60, at: 9, isOn: round.isMultiple(of: 2))
                try host.play(Block(sound: ones, notes: [key]), lane: 1)
                guard round.isMultiple(of: 200) else { continue }
                try host.send(.set(instance: 1, values: [ParamValue(param: 9, value: 0.5)]))
                try host.load(99, StubUnit.mono)
                try host.chain([1, 2, 99, 3, 4])
                try host.unload(99)
            }
        }

        @Test("nothing of ours allocates, locks or waits on it")
        func law() throws {
            let report = try GuardedHost.run(busy)
            #expect(report.blocks > 2_000 && report.outside > 0)
            #expect(report.hits == 0, "\(report.first) \(report.frames)")
        }
    }
#endif
