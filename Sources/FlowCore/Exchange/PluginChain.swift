/// A chain of plug-ins as the audio thread holds it: its hops in order, and all memory they need.
///
/// What goes through is delayed by `delayFrames`, whether plug-ins are heard or not. Of an input the
/// player hears that. What a slot plays is known ahead: it goes in `lookFrames` before it is heard.
///
/// - Thread: made and freed on the control thread; between hand-over and give-back the audio thread's.
struct PluginChain: BitwiseCopyable {
    /// Blocks that a slot's sound is ahead of a host, for each hop.
    static let aheadBlocks = 4
    /// Plug-ins that are later than this together, in frames, are heard late also in a slot.
    static let lookFramesMax = 8_192
    /// What an input's chain remembers beyond its own delay, for the one that takes its place.
    private static let playedFramesMore = 8_192

    let id: TakeID
    let isInput: Bool
    let hops: UnsafeMutablePointer<HopLine>
    let hopCount: Int
    /// How much later than it went in everything comes out.
    let delayFrames: Int
    /// How far ahead of what is heard the sound of a slot goes in; 0 for an input.
    let lookFrames: Int
    /// Of an input: what went in.
    var played: PlayedLine

    /// How late what comes out is heard.
    @_noLocks @_noAllocation
    func heardLateFrames() -> Int { delayFrames - lookFrames }

    /// The same, for the control side.
    var latencyFrames: Int { heardLateFrames() }

    /// Makes a chain of hops; all its memory is touched.
    ///
    /// - Parameters:
    ///   - id: What the command that brings it calls it.
    ///   - hops: 1 and more, in the order in which sound goes through them.
    ///   - isInput: Whether it is for a source; else for a slot.
    ///   - blockFrames: The usual block, held to 1…4096.
    ///   - rateHz: Frames of a second.
    /// - Returns: the chain; `free` frees it.
    static func make(
        id: TakeID, hops: [ChainHop], isInput: Bool, blockFrames: Int, rateHz: Int
    ) -> UnsafeMutablePointer<PluginChain> {
        let block = max(1, min(blockFrames, SegmentLayout.slotFramesMax))
        // Who plays keys wants to hear them soon.
        let isLive = isInput || hops.contains { !$0.hasInput }
        let pipe = isLive ? block : aheadBlocks * block
        let lines = UnsafeMutablePointer<HopLine>.allocate(capacity: hops.count)
        var delay = 0
        for (index, hop) in hops.enumerated() {
            let line = HopLine(hop, pipeFrames: pipe, blockFrames: block, rateHz: rateHz)
            delay += line.delayFrames
            (lines + index).initialize(to: line)
        }
        let piped = pipe * hops.count
        let chain = UnsafeMutablePointer<PluginChain>.allocate(capacity: 1)
        chain.initialize(
            to: PluginChain(
                id: id, isInput: isInput, hops: lines, hopCount: hops.count, delayFrames: delay,
                lookFrames: isInput ? 0 : piped + min(delay - piped, lookFramesMax),
                played: PlayedLine(frames: isInput ? delay + playedFramesMore : 1)))
        return chain
    }

    /// Frees what `make` allocated.
    static func free(_ chain: UnsafeMutablePointer<PluginChain>) {
        for index in 0..<chain.pointee.hopCount { chain.pointee.hops[index].deallocate() }
        chain.pointee.hops.deallocate()
        chain.pointee.played.deallocate()
        chain.deallocate()
    }
}

/// A chain that one side holds for the other, or none; an address, as `LoopHandle` is.
struct ChainHandle: Hashable, BitwiseCopyable {
    private let address: UInt

    init(_ chain: UnsafeMutablePointer<PluginChain>) { address = UInt(bitPattern: chain) }

    @_noLocks @_noAllocation
    private init(address: UInt) { self.address = address }

    @_noLocks @_noAllocation
    static func none() -> ChainHandle { ChainHandle(address: 0) }

    @_noLocks @_noAllocation
    func isNone() -> Bool { address == 0 }

    /// What it points to; only where it is not none.
    @_noLocks @_noAllocation
    func chain() -> UnsafeMutablePointer<PluginChain> {
        UnsafeMutablePointer<PluginChain>(bitPattern: address).unsafelyUnwrapped
    }
}
