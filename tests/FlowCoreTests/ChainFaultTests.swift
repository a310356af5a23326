import Testing

@testable import FlowCore

/// A host that does everything wrong, when the dice say so.
private final class BadHost {
    enum Fault: CaseIterable {
        case late, silent, notFinite, tooLoud, wrongEpoch, wrongLength, wrongNumber
        case claimsAll, claimsNone, scribbles, otherLife, dies
    }

    private let port: HostPort
    private let sound: Float
    private var host: ScriptedHost?
    private var life: UInt64 = 0
    private var fault: Fault?
    private var blocksLeft = 0

    init(_ port: HostPort, sound: Float) throws {
        self.port = port
        self.sound = sound
        try begin()
    }

    /// Nobody is there any more until it is brought back.
    var isQuiet: Bool { fault == .silent || fault == .dies }

    func inject(_ fault: Fault, blocks: Int) throws {
        self.fault = fault
        blocksLeft = blocks
        switch fault {
        case .otherLife: try begin()
        case .dies:
            host = nil
        case .claimsAll: host?.claimDone(.max - 3)
        case .claimsNone: host?.claimDone(0)
        default: break
        }
    }

    /// After each block of the device.
    func answer() throws {
        if blocksLeft > 0 { blocksLeft -= 1 }
        if blocksLeft == 0, fault != nil {
            if host == nil { try begin() }
            fault = nil
        }
        guard let host, let fault else {
            host?.answer { $0 * self.sound }
            return
        }
        let keep: UInt64 = fault == .late ? 2 : 0
        switch fault {
        case .silent, .dies: return
        case .notFinite: host.answer { $0 > 0.8 ? .nan : $0 < -0.8 ? -.infinity : $0 * self.sound }
        case .tooLoud: host.answer { $0 * 1e9 }
        case .wrongEpoch: host.answer(epoch: life << 32 | 77) { $0 * self.sound }
        case .wrongLength:
            host.answer { $0 * self.sound }
            host.lane.incoming.head(host.answered).pointee.frames = .max
        case .wrongNumber:
            host.answer { $0 * self.sound }
            host.lane.incoming.seq(host.answered).pointee.store(host.answered &+ 8)
        case .scribbles:
            host.answer { $0 * self.sound }
            host.lane.incoming.head(host.answered).pointee = BlockHead()
            for index in 0..<4_096 {
                host.lane.incoming.samples(host.answered, channel: 0)[index] = .nan
            }
        default:
            while host.posted - host.answered > keep {
                host.answerOne { _, from, to, frames in
                    for index in 0..<frames { to[index] = from[index] * self.sound }
                }
            }
        }
    }

    private func begin() throws {
        life += 1
        host = nil
        host = try ScriptedHost(port, epoch: life)
    }
}

@Suite("chains and bad hosts")
struct ChainFaultTests {
    private static let faults = 10_000

    @Test("10,000 faults: nothing but sound comes out, each frame once, and the dry one exactly")
    func live() throws {
        var dice = SeededRandom(seed: UInt64.random(in: 0...UInt64.max))
        let seed = dice
        let drive = ChainDrive(latencies: [0, 0])
        let hosts = [
            try BadHost(drive.ports[0], sound: 0.5), try BadHost(drive.ports[1], sound: -1),
        ]
        var heard = 0
        var (quietBlocks, dryBlocks) = (0, 0)
        var wrong = 0
        for turn in 0..<Self.faults / 2 {
            for host in hosts {
                let fault = try #require(BadHost.Fault.allCases.randomElement(using: &dice))
                let isLong = turn % 100 == 0
                let blocks = isLong ? 8 : Int.random(in: 1...8, using: &dice)
                // Now and then both are gone for long enough to see that it is dry.
                try host.inject(isLong ? .silent : fault, blocks: blocks)
            }
            let isLong = turn % 50 == 0 || Int.random(in: 0..<8, using: &dice) == 0
            for _ in 0..<Int.random(in: isLong ? 10...40 : 1...3, using: &dice) {
                let start = drive.output.count
                drive.block()
                if drive.output.count != start + 64 { wrong += 1 }
                // A fade begins with what noise differs by, and the second hop fades what the first did.
                for sample in drive.output[start...] where !(abs(sample) < 0.9 * 9) { wrong += 1 }
                let quiet = hosts.filter(\.isQuiet).count
                quietBlocks = quiet == 2 ? quietBlocks + 1 : 0
                // One block until the first is dry, one for its fade, one more for the second.
                if quietBlocks > 4 {
                    dryBlocks += 1
                    if !drive.isExact(from: start, to: start + 64, { $0 }) { wrong += 1 }
                } else if quiet == 0, drive.isExact(from: start, to: start + 64, { $0 * -0.5 }) {
                    heard += 1
                }
                for host in hosts { try host.answer() }
            }
        }
        #expect(wrong == 0, "seed \(seed)")
        #expect(drive.isOdd, "seed \(seed)")
        // The faults were there, and so was the host between them.
        #expect(drive.port.scrubbedBlocks > 100 && drive.port.missedBlocks > 1_000)
        #expect(heard > 500 && dryBlocks > 20, "heard \(heard), dry \(dryBlocks), seed \(seed)")
    }

    @Test("the same in a slot: what is heard is the loop, dry, wet or between")
    func slot() throws {
        var dice = SeededRandom(seed: UInt64.random(in: 0...UInt64.max))
        let seed = dice
        let chains = ScriptedChains()
        let rig = try CoreRig(chains: chains) { $0.bpm = 300 }
        let port = HostPort()
        let host = try BadHost(port, sound: 0.5)
        rig.step(80_000)
        rig.capture(0, bars: 1, take: 1)
        chains.make(9, ports: [port])
        rig.setChain(9)
        rig.step(640)
        // Each of them as often as the others: some are seen in a few blocks only.
        let faults = (0..<50).flatMap { _ in BadHost.Fault.allCases.shuffled(using: &dice) }
        for fault in faults {
            try host.inject(fault, blocks: Int.random(in: 1...8, using: &dice))
            for _ in 0..<Int.random(in: 1...20, using: &dice) {
                rig.step(64, block: 64)
                try host.answer()
            }
            if Int.random(in: 0..<20, using: &dice) == 0 {
                rig.send(Ask(code: .tempo, a: Double.random(in: 280...300, using: &dice)))
            }
        }
        #expect(rig.left.allSatisfy { abs($0) <= 1.5 }, "seed \(seed)")
        #expect(rig.left.count == Int(rig.frame), "seed \(seed)")
        #expect(port.wetBlocks > 100 && port.scrubbedBlocks > 10, "seed \(seed)")
    }
}
