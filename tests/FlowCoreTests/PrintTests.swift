import Foundation
import Testing

@testable import FlowCore

/// A loop that is played through a chain that nobody hears.
@Suite("loops printed through plug-ins", .serialized)
struct PrintTests {
    private static let frames = 9_600

    /// A host that answers on a thread of its own, as a process would, each sample changed by `sound`.
    private final class Answering: @unchecked Sendable {
        private let thread = WorkThread()
        private let host: ScriptedHost
        private let play: ScriptedHost.Play

        init(_ port: HostPort, _ play: @escaping ScriptedHost.Play) throws {
            host = try ScriptedHost(port)
            self.play = play
        }

        func start() {
            thread.start("test-host", periodMs: 0) { [unowned self] in host.answer(play) }
        }

        func stop() { thread.stop() }
    }

    private final class Flag: @unchecked Sendable {
        var isUp = false
    }

    /// One hop that is late by so many frames.
    private func chain(_ port: HostPort, late: Int) -> UnsafeMutablePointer<PluginChain> {
        let hop = ChainHop(
            port: port, lane: 0, latencyFrames: late, hasInput: true, instances: [1])
        return PluginChain.make(
            id: CoreRig.take(1), hops: [hop], isInput: false, blockFrames: 128, rateHz: 48_000)
    }

    private func run(
        late: Int, _ play: @escaping ScriptedHost.Play, isGivenUp: () -> Bool = { false }
    ) throws -> (sound: LoopPrint.Sound?, loop: [Float]) {
        let port = HostPort()
        let chain = chain(port, late: late)
        defer { PluginChain.free(chain) }
        let noise = CodedNoise(seed: CoreRig.seed)
        let loop = (0..<2 * Self.frames).map { noise.sample(Int64($0 / 2), $0 % 2) }
        let host = try Answering(port, play)
        host.start()
        defer { host.stop() }
        let sound = try loop.withUnsafeBufferPointer { samples -> LoopPrint.Sound? in
            let view = LoopView(
                samples: samples.baseAddress.unsafelyUnwrapped, frames: Self.frames,
                framesPerBeat: 2_400, id: CoreRig.take(2))
            var grid = Grid()
            grid.framesPerBeat = 2_400
            return try LoopPrint(chain: chain, loop: view, grid: grid, rateHz: 48_000)
                .run(isGivenUp: isGivenUp)
        }
        return (sound, loop)
    }

    private func samples(_ frames: StereoFrames) -> [Float] {
        (0..<2 * frames.frameCount).map { frames.samples[$0] }
    }

    @Test("one round of it lies frame for frame where it lay, however late the plug-in is")
    func aligned() throws {
        for late in [0, 37, 3_000] {
            let plugin = LatePlugin(late)
            let (sound, loop) = try run(late: late, plugin.play)
            let printed = try #require(sound)
            #expect(samples(printed.window) == loop.map { $0 * 0.5 }, "\(late)")
            let before = samples(printed.preRoll)
            #expect(before.count == 2 * 480)
            #expect(before == loop.suffix(before.count).map { $0 * 0.5 })
            // The judge can fail: a frame off.
            let beside = (loop.dropFirst(2) + loop.prefix(2)).map { $0 * 0.5 }
            #expect(samples(printed.window) != beside)
        }
    }

    @Test("what rings on from the round before is in it")
    func rings() throws {
        // An echo of half a round.
        var lines = [[Float]](repeating: Array(repeating: 0, count: Self.frames / 2), count: 2)
        let (sound, loop) = try run(late: 0) { channel, from, to, count in
            for index in 0..<count {
                lines[channel].append(from[index])
                to[index] = from[index] + lines[channel].removeFirst() * 0.5
            }
        }
        let printed = samples(try #require(sound).window)
        let half = loop.count / 2
        let echoed = zip(loop, loop.suffix(half) + loop.prefix(half)).map { $0 + $1 * 0.5 }
        #expect(printed == echoed)
    }

    @Test("a plug-in that is not heard is not printed dry; a print can be given up")
    func notHeard() throws {
        do {
            // What is no sound is left out by the chain.
            _ = try run(late: 0) { _, _, to, count in
                for index in 0..<count { to[index] = .nan }
            }
            Issue.record("it was printed")
        } catch let error as EngineError {
            #expect(error.code == ErrorCode.pluginsNotPrinted)
        }
        let flag = Flag()
        let (sound, _) = try run(late: 0) { _, _, _, _ in
            flag.isUp = true
            usleep(20_000)
        } isGivenUp: {
            flag.isUp
        }
        #expect(sound == nil)
    }

    /// With a host that has answered whenever somebody looks at the clock, which goes on by this much then.
    private func runAtOnce(
        clockStepNs: Int64, isGivenUp: () -> Bool = { false },
        isBad: @escaping (_ block: UInt64) -> Bool = { _ in false },
        tell: (Double) -> Void = { _ in }
    ) throws -> (sound: LoopPrint.Sound?, blocks: Int) {
        let port = HostPort()
        let chain = chain(port, late: 0)
        defer { PluginChain.free(chain) }
        let host = try ScriptedHost(port)
        let loop = [Float](repeating: 0.25, count: 2 * Self.frames)
        var nowNs: Int64 = 0
        let clock = { () -> Int64 in
            while host.answered < host.posted {
                let isBad = isBad(host.answered)
                host.answerOne { _, from, to, count in
                    for index in 0..<count { to[index] = isBad ? .nan : from[index] }
                }
            }
            nowNs += clockStepNs
            return nowNs
        }
        let sound = try loop.withUnsafeBufferPointer { samples in
            let view = LoopView(
                samples: samples.baseAddress.unsafelyUnwrapped, frames: Self.frames,
                framesPerBeat: 2_400, id: CoreRig.take(2))
            var print = LoopPrint(chain: chain, loop: view, grid: Grid(), rateHz: 48_000)
            print.now = clock
            return try print.run(isGivenUp: isGivenUp, tell: tell)
        }
        return (sound, Int(host.posted))
    }

    @Test("who was lost for a moment is heard for three seconds before the round that is kept")
    func settles() throws {
        let end = 1_444
        let usual = try runAtOnce(clockStepNs: 1_000_000)
        let lost = try runAtOnce(clockStepNs: 1_000_000, isBad: { (1_440..<UInt64(end)) ~= $0 })
        #expect(usual.sound != nil && lost.sound != nil)
        let needed = 128 * end + 3 * 48_000 + Self.frames
        #expect(128 * usual.blocks < needed && 128 * lost.blocks >= needed)
    }

    @Test("a print tells how far it is, and is given up however fast its plug-ins are")
    func told() throws {
        var shares: [Double] = []
        #expect(try runAtOnce(clockStepNs: 1_000_000, tell: { shares.append($0) }).sound != nil)
        #expect(shares.count > 10 && shares == shares.sorted() && shares.allSatisfy { $0 < 1 })
        var asked = 0
        let givenUp = try runAtOnce(
            clockStepNs: 1_000_000,
            isGivenUp: {
                asked += 1
                return asked > 3
            })
        #expect(givenUp.sound == nil)
    }

    @Test("plug-ins that are slower than the music are not waited for to the end")
    func slow() {
        do {
            _ = try runAtOnce(clockStepNs: 30_000_000)
            Issue.record("it was printed")
        } catch let error as EngineError {
            #expect(error.code == ErrorCode.pluginsNotPrinted)
        } catch {
            Issue.record("\(error)")
        }
    }

    private final class Answers: @unchecked Sendable {
        private let lock = NSLock()
        private var codes: [TakeID: UInt32] = [:]

        func add(_ id: TakeID, _ result: Result<LoopPrint.Sound, EngineError>) {
            lock.withLock {
                if case .failure(let error) = result {
                    codes[id] = error.code
                } else {
                    codes[id] = 0
                }
            }
        }

        subscript(_ id: TakeID) -> UInt32? { lock.withLock { codes[id] } }
    }

    @Test("one that waits, and the one in hand, can be cancelled; each is answered")
    func cancelled() throws {
        let pool = LoopPool(byteLimit: 1 << 20)
        let port = HostPort()
        let answers = Answers()
        let worker = PrintWorker { answers.add($0.id, $1) }
        let chains = [chain(port, late: 0), chain(port, late: 0)]
        defer { for chain in chains { PluginChain.free(chain) } }
        let ids = [CoreRig.take(11), CoreRig.take(12)]
        for (id, chain) in zip(ids, chains) {
            let audio = LoopAudio(
                samples: StereoFrames(frameCount: 960).handOn(), frameCount: 960,
                preRoll: StereoFrames(frameCount: 48).handOn(), preRollFrames: 48)
            let loop = pool.insertHeld(id: id, audio: audio, framesPerBeat: 2_400)
            // Without a host it goes on until it is given up.
            let print = LoopPrint(
                chain: chain, loop: loop.view(), grid: Grid(), rateHz: 48_000)
            worker.add(PrintWorker.Job(id: id, print: print, loop: loop, isKept: false))
        }
        #expect(worker.cancel(ids[1]))
        #expect(answers[ids[1]] == ErrorCode.pluginsNotPrinted)
        #expect(!worker.cancel(ids[1]))
        #expect(worker.cancel(ids[0]))
        try until("the end of the one in hand") {
            answers[ids[0]] == ErrorCode.pluginsNotPrinted
        }
        #expect(!worker.cancel(ids[0]))
        worker.stop()
    }

    @Test("a chain whose print is refused is given back")
    func refused() throws {
        let chains = ScriptedChains()
        let rig = try CoreRig(chains: chains)
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: PrintOrder.byteCount, alignment: 8)
        defer { bytes.deallocate() }
        memset(bytes, 0, PrintOrder.byteCount)
        let order = PrintOrder(base: bytes)
        CoreRig.take(21).write(to: order.chain)
        #expect(rig.engine.printLoop(order) == ErrorCode.noSuchInstance)
        chains.make(21, ports: [HostPort()])
        #expect(rig.engine.printLoop(order) == ErrorCode.commandBounds)
        #expect(chains.givenBack == [21] && chains.waiting.isEmpty)
        chains.make(21, ports: [HostPort()])
        CoreRig.take(22).write(to: order.id)
        CoreRig.take(23).write(to: order.loop)
        (order.framesPerBeat, order.beatsPerBar, order.unit) = (24_000, 4, 4)
        #expect(rig.engine.printLoop(order) == ErrorCode.takeNotLoaded)
        #expect(chains.givenBack == [21, 21] && chains.waiting.isEmpty)
    }
}
