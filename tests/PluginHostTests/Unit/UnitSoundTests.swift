#if canImport(AudioToolbox) && os(Linux)
    import CFlowLeaf
    import Foundation
    import HostContract
    import Testing

    @testable import PluginFixture

    private let ones = [Float](repeating: 1, count: 64)

    @Suite("sound through Audio Units", .serialized)
    struct UnitSoundTests {
        @Test("an effect tells what it is, and multiplies by the gain that it was given")
        func gain() throws {
            let host = try LiveHost()
            let loaded = try host.load(1, StubUnit.gain)
            #expect(!loaded.isInstrument)
            #expect([loaded.inputs, loaded.outputs, loaded.latencyFrames] == [2, 2, 0])
            #expect(loaded.paramCount == 6)
            try host.chain([1])
            try host.play(ones)
            let sides = Block(sound: ones, right: ones.map { $0 * 3 })
            let seq = host.post([sides])
            try host.until("the block") { host.done() >= seq }
            let heard = try #require(host.result(seq))
            #expect(heard.left == ones)
            #expect(heard.right == ones.map { $0 * 3 })
        }

        @Test("a value in a block is heard from its frame on")
        func point() throws {
            let host = try LiveHost()
            try host.load(1, StubUnit.gain)
            try host.chain([1])
            try host.play(ones)
            let points = [PluginHostTests.point(1, StubUnit.gainParam, 0.25, at: 24)]
            let heard = try host.play(Block(sound: ones, points: points))
            #expect(heard == (0..<64).map { $0 < 24 ? 1 : 0.5 })
            #expect(try host.play(ones) == ones.map { $0 * 0.5 })
        }

        @Test("an instrument plays from the frame of a note to the frame of its end")
        func notes() throws {
            let host = try LiveHost()
            let loaded = try host.load(1, StubUnit.tone)
            #expect(loaded.isInstrument)
            #expect([loaded.inputs, loaded.outputs] == [0, 2])
            try host.chain([1])
            #expect(try host.play(ones) == ones.map { _ in 0 })
            let on = [note(1, 60, at: 10)]
            #expect(
                try host.play(Block(sound: ones, notes: on)) == (0..<64).map { $0 < 10 ? 0 : 0.5 })
            let off = [note(1, 60, at: 20, isOn: false)]
            #expect(
                try host.play(Block(sound: ones, notes: off)) == (0..<64).map { $0 < 20 ? 0.5 : 0 })
        }

        @Test("a unit of one channel hears both sides, is heard on both, and as late as it says")
        func mono() throws {
            let host = try LiveHost()
            let loaded = try host.load(1, StubUnit.mono)
            #expect([loaded.inputs, loaded.outputs, loaded.latencyFrames] == [1, 1, 64])
            try host.chain([1])
            let left = [Float](repeating: 0.5, count: 32)
            let right = [Float](repeating: 0.25, count: 32)
            var heard: [[Float]] = [[], []]
            for _ in 0..<4 {
                let seq = host.post([Block(sound: left, right: right)])
                try host.until("the block") { host.done() >= seq }
                let result = try #require(host.result(seq))
                heard[0] += result.left
                heard[1] += result.right
            }
            #expect(heard[0].prefix(64) == ArraySlice(repeating: 0, count: 64))
            #expect(heard[0].suffix(32) == ArraySlice(repeating: 0.375, count: 32))
            #expect(heard[0] == heard[1])
        }

        @Test("another latency is told when the unit says it")
        func latency() throws {
            let host = try LiveHost()
            try host.load(1, StubUnit.mono)
            try host.chain([1])
            try host.send(.set(instance: 1, values: [ParamValue(param: 1, value: 0.128)]))
            try host.wait("LATENCY") { answer in
                if case .latency(1, 128) = answer { () } else { nil }
            }
        }

        @Test("a unit is told tempo and beat in quarters, and whether the music plays")
        func time() throws {
            let host = try LiveHost()
            try host.load(1, StubUnit.beat)
            try host.chain([1])
            try host.play(ones)
            var block = Block(sound: ones)
            block.beat = 3.25
            block.unit = 8
            let seq = host.post([block])
            try host.until("the block") { host.done() >= seq }
            let heard = try #require(host.result(seq))
            #expect(heard.left == ones.map { _ in 1.625 })
            #expect(heard.right == ones.map { _ in 60 })
            block.flags = 0
            #expect(try host.play(block) == ones.map { _ in 0 })
        }

        @Test("blocks of every length give the same sound")
        func lengths() throws {
            let host = try LiveHost()
            try host.load(1, StubUnit.gain, values: [ParamValue(param: 7, value: 0.25)])
            try host.chain([1])
            try host.play(ones)
            var count = 0
            for length in [1, 2, 3, 5, 64, 127, 128, 512, 7, 300] {
                let sound = (0..<length).map { Float((count + $0) % 97) }
                count += length
                #expect(try host.play(sound) == sound.map { $0 * 0.5 }, "\(length) frames")
            }
        }
    }
#endif
