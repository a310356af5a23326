import Foundation

@testable import FlowCore

/// Makes chains for an engine's tests, with hosts that the test plays itself.
final class ScriptedChains: ChainSource, @unchecked Sendable {
    static let blockFrames = 64

    private let lock = NSLock()
    private var made: [UInt32: UnsafeMutablePointer<PluginChain>] = [:]
    private(set) var givenBack: [UInt32] = []
    private(set) var moves: [[Double]] = []
    /// Numbers of the plug-ins that are loaded; that of plug-in n is n.
    var loaded: Set<UInt32> = [1, 2, 3]

    /// Makes chain `number` of these hops; plug-in `number` is its first.
    @discardableResult
    func make(
        _ number: UInt32, ports: [HostPort], lane: Int = 0, isInput: Bool = false,
        latencies: [Int] = [], hasInput: Bool = true, instances: [UInt32]? = nil
    ) -> TakeID {
        let hops = ports.enumerated().map { index, port in
            ChainHop(
                port: port, lane: lane,
                latencyFrames: latencies.indices.contains(index) ? latencies[index] : 0,
                hasInput: hasInput, instances: index == 0 ? instances ?? [number] : [])
        }
        let chain = PluginChain.make(
            id: CoreRig.take(number), hops: hops, isInput: isInput,
            blockFrames: Self.blockFrames, rateHz: 48_000)
        lock.withLock { made[number] = chain }
        return CoreRig.take(number)
    }

    /// Chains that nobody took.
    var waiting: [UInt32] { lock.withLock { made.keys.sorted() } }

    func takeChain(_ id: TakeID) -> UnsafeMutablePointer<PluginChain>? {
        lock.withLock { made.removeValue(forKey: id.w3) }
    }

    func giveBack(_ chain: UnsafeMutablePointer<PluginChain>) {
        lock.withLock { givenBack.append(chain.pointee.id.w3) }
        PluginChain.free(chain)
    }

    func instance(of plugin: TakeID) -> UInt32? { loaded.contains(plugin.w3) ? plugin.w3 : nil }

    func noteParam(of plugin: TakeID, param: UInt32, value: Double) {
        lock.withLock { moves.append([Double(plugin.w3), Double(param), value]) }
    }
}

extension CoreRig {
    /// Renders block by block with a host that answers in between.
    func step(_ frames: Int, block: Int = 64, _ answer: () -> Void) {
        var left = frames
        while left > 0 {
            step(min(block, left), block: block)
            answer()
            left -= block
        }
    }

    /// Puts chain `number` into its place now; 0 = none.
    @discardableResult
    func setChain(_ number: UInt32, slot: Int = 0, isInput: Bool = false) -> UInt32 {
        send(
            Ask(
                code: .chainSet, slot: slot, flags: isInput ? CommandFlags.input : 0,
                id: number == 0 ? TakeID.none() : CoreRig.take(number)))
    }
}
