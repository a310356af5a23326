import Testing

@testable import FlowCore

/// A signal's own step is 0.0105; a fade of 64 frames over at most 1.6 adds 0.025.
private let stepMax: Float = 0.0105 + 0.026

@Suite("chain of an input")
struct ChainInputTests {
    @Test("without a host the signal passes unchanged, one block late", arguments: [1, 2, 3])
    func noHost(hops: Int) {
        let drive = ChainDrive(latencies: Array(repeating: 0, count: hops))
        for _ in 0..<20 { drive.block() }
        #expect(drive.latency == 64 * hops)
        #expect(drive.isExact(from: 0, to: 20 * 64) { $0 })
        #expect(drive.isOdd && !drive.port.isWet(lane: 0) && drive.port.missedBlocks == 0)
    }

    @Test("a host in time is heard bit for bit, one block late")
    func wet() throws {
        let drive = ChainDrive()
        let host = try ScriptedHost(drive.port)
        for _ in 0..<40 {
            drive.block()
            host.answer { $0 * -0.5 }
        }
        #expect(drive.port.isWet(lane: 0) && drive.port.missedBlocks == 0)
        // 8 good blocks, then a fade of one: from then on nothing but the host.
        #expect(drive.isExact(from: 12 * 64, to: 40 * 64) { $0 * -0.5 })
        #expect(drive.isExact(from: 0, to: 8 * 64) { $0 })
        #expect(drive.isOdd)
    }

    @Test("blocks of changing length, cut anywhere, are exact too, at the same latency")
    func lengths() throws {
        let drive = ChainDrive(block: 128)
        let host = try ScriptedHost(drive.port)
        for turn in 0..<400 {
            drive.block([128, 1, 77, 64, 128, 30][turn % 6], stretch: [512, 7, 33][turn % 3])
            host.answer { $0 * 0.25 }
        }
        #expect(drive.isExact(from: 3000, to: drive.output.count) { $0 * 0.25 })
    }

    @Test("a lost host is dry in the very next block, without a step")
    func lost() throws {
        let drive = ChainDrive(ChainDrive.sine)
        let host = try ScriptedHost(drive.port)
        for _ in 0..<30 {
            drive.block()
            host.answer { $0 * -1 }
        }
        #expect(drive.port.isWet(lane: 0))
        let lostAt = drive.output.count
        for _ in 0..<10 { drive.block() }
        // The result of the block before the loss was there; the one after it is missing.
        #expect(drive.isExact(from: lostAt - 640, to: lostAt + 64) { $0 * -1 })
        #expect(drive.isExact(from: lostAt + 128, to: drive.output.count) { $0 })
        #expect(!drive.port.isWet(lane: 0))
        #expect(drive.largestStep < stepMax, "largest step \(drive.largestStep)")
    }

    @Test("a host that comes back is heard after eight good blocks, without a step")
    func rejoin() throws {
        let drive = ChainDrive(ChainDrive.sine)
        let host = try ScriptedHost(drive.port)
        for turn in 0..<200 {
            drive.block()
            if turn < 40 || turn > 100 { host.answer { $0 * -1 } }
        }
        #expect(drive.port.isWet(lane: 0) && drive.port.missedBlocks > 50)
        #expect(drive.largestStep < stepMax, "largest step \(drive.largestStep)")
    }

    @Test("a miss counts against a host only when it had its time: not while the engine catches up")
    func hurried() throws {
        for pace in [nil, 20_000] as [Int64?] {
            let drive = ChainDrive()
            let host = try ScriptedHost(drive.port)
            for _ in 0..<20 {
                drive.block()
                host.answer { $0 * -1 }
            }
            #expect(drive.port.isWet(lane: 0) && drive.port.missedBlocks == 0)
            drive.paceNs = pace
            for _ in 0..<5 { drive.block() }
            #expect(!drive.port.isWet(lane: 0), "dry either way")
            #expect(drive.port.missedBlocks == (pace == nil ? 4 : 0))
            // Whoever stands still is found out as soon as time goes on.
            drive.paceNs = nil
            for _ in 0..<5 { drive.block() }
            #expect(drive.port.missedBlocks >= (pace == nil ? 9 : 4))
        }
    }

    @Test("a host that stands still gets no more than seven blocks ahead")
    func backlog() throws {
        let drive = ChainDrive()
        let host = try ScriptedHost(drive.port)
        for _ in 0..<50 { drive.block() }
        #expect(host.posted == 7)
        host.answer { $0 }
        drive.block()
        #expect(host.posted == 8)
        #expect(host.newest.flags & BlockHead.discontinuity != 0, "it is told of the hole")
    }

    @Test(
        "samples no plug-in may send are never heard",
        arguments: [Float.nan, .infinity, -.infinity, 17, -1e9])
    func scrub(bad: Float) throws {
        let drive = ChainDrive()
        let host = try ScriptedHost(drive.port)
        for turn in 0..<60 {
            drive.block()
            host.answer { turn > 30 && turn % 5 == 0 ? bad : $0 }
        }
        #expect(drive.isExact(from: 0, to: 60 * 64) { $0 })
        #expect(drive.port.scrubbedBlocks >= 5)
    }

    @Test("numbers that cannot be are not believed")
    func lies() throws {
        let drive = ChainDrive()
        let host = try ScriptedHost(drive.port)
        for _ in 0..<10 { drive.block() }
        host.claimDone(.max)
        for _ in 0..<10 { drive.block() }
        #expect(drive.isExact(from: 0, to: 20 * 64) { $0 })
        #expect(!drive.port.isWet(lane: 0))
    }

    @Test("results of an earlier life are not taken for new")
    func epochs() throws {
        let drive = ChainDrive()
        let host = try ScriptedHost(drive.port, epoch: 7)
        for _ in 0..<40 {
            drive.block()
            host.answer(epoch: 6 << 32) { $0 * -1 }
        }
        #expect(!drive.port.isWet(lane: 0))
        #expect(drive.isExact(from: 0, to: 40 * 64) { $0 })
    }

    @Test("lives change under a running signal without a step")
    func lives() throws {
        let drive = ChainDrive(ChainDrive.sine)
        for life in 1...4 {
            let host = try ScriptedHost(drive.port, epoch: UInt64(life))
            for _ in 0..<30 {
                drive.block()
                host.answer { $0 * -0.5 }
            }
            #expect(drive.port.isWet(lane: 0), "life \(life)")
        }
        #expect(drive.largestStep < stepMax, "largest step \(drive.largestStep)")
    }

    @Test("an impulse through [A][B][A] lands on the announced frame, wet and dry")
    func impulse() throws {
        let latencies = [100, 0, 37]
        for isWet in [true, false] {
            let drive = ChainDrive(latencies: latencies) { $0 == 3_000 ? 0.5 : 0 }
            var hosts: [(ScriptedHost, LatePlugin)] = []
            if isWet {
                for (index, port) in drive.ports.enumerated() {
                    hosts.append((try ScriptedHost(port), LatePlugin(latencies[index])))
                }
            }
            for _ in 0..<80 {
                drive.block()
                for (host, late) in hosts { host.answer(late.play) }
            }
            #expect(drive.latency == 3 * 64 + 137)
            #expect(drive.ports.allSatisfy { $0.isWet(lane: 0) == isWet })
            let heard = drive.output.indices.filter { drive.output[$0] != 0 }
            #expect(heard == [3_000 + drive.latency])
            #expect(drive.output[3_000 + drive.latency] == (isWet ? 0.0625 : 0.5))
        }
    }

    @Test("an instrument is heard beside what comes in, and alone goes silent when it is lost")
    func instrument() throws {
        let drive = ChainDrive(hasInput: false)
        let host = try ScriptedHost(drive.port)
        for _ in 0..<30 {
            drive.block()
            host.answer { channel, _, to, frames in
                for index in 0..<frames { to[index] = channel == 0 ? 0.25 : -0.25 }
            }
        }
        #expect(drive.isExact(from: 12 * 64, to: 30 * 64) { $0 + 0.25 })
        for _ in 0..<10 { drive.block() }
        #expect(drive.isExact(from: 32 * 64, to: 40 * 64) { $0 })
    }

    @Test("lanes of one host are posted together, and it is woken once a block")
    func wakes() throws {
        let drive = ChainDrive(latencies: [0, 0, 0], sharesHost: true)
        let host = try ScriptedHost(drive.port)
        for port in drive.ports { port.put(host.audio.lease) }
        defer { for port in drive.ports { port.put(nil) } }
        for _ in 0..<50 {
            drive.block(64, stretch: 5)
            host.answer { $0 }
        }
        #expect(host.rings == 50 && host.posted == 50)
        #expect(drive.ports.allSatisfy { $0.isAsked })
    }
}
