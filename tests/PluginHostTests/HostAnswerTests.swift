import CFlowLeaf
import HostContract
import Testing

@testable import PluginFixture

private let ones = [Float](repeating: 1, count: 64)

@Suite("what a plug-in host answers", .enabled(if: Fixture.canBuild), .serialized)
struct HostAnswerTests {
    @Test("parameters come in parts, with the plug-in's own words, and follow the blocks")
    func parameters() throws {
        let host = try LiveHost()
        let loaded = try host.load(1, Fixture.named("Many Parameters"))
        #expect(loaded.paramCount == 2334 && loaded.outputs == 2 && !loaded.isInstrument)
        let told = try host.parameters(1)
        #expect(told.parts == 10 && told.all.map(\.id) == (1...2334).map { UInt32($0) })
        #expect(told.all[0].title == "Gain" && told.all[1].stepCount == 1)
        #expect(told.all[0].text == "0.500" && told.all[0].defaultValue == 0.5)
        #expect(try host.text(1, 1, 0.125) == "0.125")
        try host.chain([1])
        try host.play(
            Block(sound: ones, points: [point(1, 700, 0.75), point(1, 700, 0.25, at: 9)]))
        try host.wait("DIRTY") { if case .dirty(1) = $0 { () } else { nil } }
        #expect(try host.parameters(1).all[699].value == 0.25)
    }

    @Test("a state comes back in another instance, and is taken from the blocks before")
    func state() throws {
        let host = try LiveHost()
        try host.load(1, Fixture.named("Well"))
        try host.chain([1])
        try host.play(Block(sound: ones, points: [point(1, Fixture.gain, 0.75)]))
        let state = try host.state(1)
        try host.load(2, Fixture.named("Well"), state: state)
        try host.chain([1, 2])
        #expect(try host.play(ones) == ones.map { $0 * 0.75 * 0.75 })
        #expect(try host.state(2) == state)
    }

    @Test("until it has played, its state is the one it was restored from")
    func unplayed() throws {
        let host = try LiveHost()
        try host.load(1, Fixture.named("Well"))
        let state = try host.state(1)
        let asked = [ParamValue(param: Fixture.gain, value: 1)]
        try host.load(2, Fixture.named("Well"), state: state, values: asked)
        #expect(try host.state(2) == state, "the value has not come to the sound")
        try host.chain([2])
        #expect(try host.play(ones) == ones, "the value of LOAD counts in the first block")
        #expect(try host.state(2) != state)
    }

    @Test("a state of 64 MB goes there and back")
    func bigState() throws {
        let host = try LiveHost()
        try host.load(1, Fixture.named("Big State"))
        let state = try host.state(1)
        #expect(state.count == ContractLimits.stateBytesMax)
        try host.load(2, Fixture.named("Big State"), state: state)
        try host.unload(1)
        #expect(try host.state(2) == state)
    }

    @Test("DIRTY is told once until the state is asked for")
    func dirty() throws {
        let host = try LiveHost()
        try host.load(1, Fixture.named("Well"))
        try host.chain([1])
        for value in [0.125, 0.25, 0.375] {
            try host.play(Block(sound: ones, points: [point(1, Fixture.gain, Float(value))]))
            let beat = host.mainBeat
            try host.until("the main thread's look") { host.mainBeat > beat + 2 }
        }
        try host.wait("DIRTY") { if case .dirty(1) = $0 { () } else { nil } }
        _ = try host.state(1)
        #expect(host.unasked == [])
        try host.play(Block(sound: ones, points: [point(1, Fixture.gain, 0.5)]))
        try host.wait("DIRTY") { if case .dirty(1) = $0 { () } else { nil } }
    }

    @Test("what cannot be done is refused with its reason, and the host goes on")
    func refusals() throws {
        let host = try LiveHost()
        let well = try Fixture.named("Well")
        try host.load(1, well)
        func load(
            _ instance: UInt32, bundle: String = well.bundle, classId: [UInt8] = well.classId,
            state: [UInt8]? = nil
        ) throws -> HostFailureReason? {
            let request = host.nextRequest()
            try host.send(
                .load(
                    LoadRequest(
                        request: request, instance: instance, bundle: bundle, classId: classId,
                        sampleRateHz: 48_000, blockFramesMax: 512, state: state)))
            return try host.refusal(request)
        }
        #expect(try load(1) == .isThere)
        #expect(try load(2, bundle: "/nowhere/Nothing.vst3") == .notABundle)
        #expect(try load(2, classId: Array(repeating: 7, count: 16)) == .cannotCreate)
        #expect(try load(2, state: [1, 2, 3]) == .stateRefused)
        let request = host.nextRequest()
        try host.send(.getState(request: request, instance: 2))
        #expect(try host.refusal(request) == .noInstance)
        let second = host.nextRequest()
        try host.send(.unload(request: second, instance: 2))
        #expect(try host.refusal(second) == .noInstance)
        try host.load(2, well)
        try host.chain([1, 2])
        #expect(try host.play(ones) == ones.map { $0 * 0.25 })
    }

    @Test("an engine that does not read is not waited for, and misses no answer")
    func slowReader() throws {
        let host = try LiveHost()
        try host.load(1, Fixture.named("Many Parameters"))
        let first = host.nextRequest()
        for offset in 0..<100 {
            try host.send(.getParams(request: first + UInt32(offset), instance: 1))
        }
        let beats = (host.mainBeat, host.audioBeat)
        try host.until("both beats") {
            host.mainBeat > beats.0 + 10 && host.audioBeat > beats.1 + 10
        }
        var parts = 0
        while parts < 100 * 10 {
            try host.wait("PARAMS") { if case .params = $0 { () } else { nil } }
            parts += 1
        }
        #expect(host.unasked == [])
    }
}
