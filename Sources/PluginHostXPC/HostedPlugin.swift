import HostContract

/// A plug-in of this host as the main thread knows it.
///
/// Thread: main.
final class HostedPlugin {
    let number: UInt32
    let origin: PluginOrigin
    let life = SeatLife()
    private(set) var instance: any PluginInstance
    private(set) var hasInput = true
    private(set) var latencyFrames: UInt32 = 0
    private(set) var board = ValueBoard([])
    private var delay: DelayLine?

    /// Out of the audio thread's hands, or about to be: what would go through it passes.
    var isAway = false
    /// On its way to its end.
    var isLeaving = false
    /// The engine was told that its state is another.
    var isDirty = false
    /// How often it asked to be made anew.
    var renewalCount = 0
    /// Values that the next blocks have to give it.
    var pendingEdits: [UInt32: Double] = [:]
    /// Values that it turned by itself and the engine does not know.
    var untoldEdits: [UInt32: Double] = [:]

    /// What its other half was told of each parameter on the board.
    private var known: [UInt64] = []
    private var seenMoves: UInt64 = 0
    private var restored: (state: [UInt8], atBlock: UInt64)?

    init(_ number: UInt32, _ origin: PluginOrigin, _ instance: any PluginInstance, state: [UInt8]?)
    {
        self.number = number
        self.origin = origin
        self.instance = instance
        board.deallocate()
        begin(instance, state)
    }

    /// Puts a plug-in that was made anew in this one's place.
    ///
    /// - Returns: what to free when the audio thread has a plan with the new one.
    func replace(by made: any PluginInstance, state: [UInt8]?) -> () -> Void {
        let (oldBoard, oldDelay) = (board, delay)
        delay = nil
        begin(made, state)
        return {
            oldBoard.deallocate()
            oldDelay?.deallocate()
        }
    }

    private func begin(_ made: any PluginInstance, _ state: [UInt8]?) {
        instance = made
        restored = state.map { ($0, life.blocks.load()) }
        readLayout()
        board = ValueBoard(made.parameters())
        known = Array(repeating: 0, count: board.count)
        seenMoves = 0
        latencyFrames = believedLatency()
        delay = latencyFrames > 0 ? DelayLine(frames: Int(latencyFrames)) : nil
    }

    /// The busses are others.
    func readLayout() { hasInput = instance.layout.mainInputs > 0 }

    /// The parameters are others; as `replace`.
    func readParameters() -> () -> Void {
        let old = board
        board = ValueBoard(instance.parameters())
        known = Array(repeating: 0, count: board.count)
        seenMoves = 0
        return { old.deallocate() }
    }

    /// Reads the latency anew; nil when it is as it was, else as `replace`.
    func readLatency() -> (() -> Void)? {
        let frames = believedLatency()
        guard frames != latencyFrames else { return nil }
        let old = delay
        latencyFrames = frames
        delay = frames > 0 ? DelayLine(frames: Int(frames)) : nil
        return { old?.deallocate() }
    }

    private func believedLatency() -> UInt32 {
        min(UInt32(instance.latencyFrames), ContractLimits.latencyFramesMax)
    }

    /// Its place in a plan, as it is now.
    var seat: AudioSeat {
        AudioSeat(
            instance: number, player: isAway ? nil : instance.player, hasInput: hasInput,
            delay: delay, life: life, board: board)
    }

    /// The state it was restored from, as long as it has not played: some plug-ins take a state over in
    /// their first block and tell the one before until then.
    var unplayedState: [UInt8]? {
        if let restored, restored.atBlock == life.blocks.load() { return restored.state }
        restored = nil
        return nil
    }

    /// The values that blocks brought since the last call.
    func takeMoves() -> [ParamValue] {
        let moves = board.moveCount
        guard moves != seenMoves else { return [] }
        seenMoves = moves
        var taken: [ParamValue] = []
        for place in 0..<board.count {
            guard let (id, bits) = board.value(at: place), bits != known[place] else { continue }
            known[place] = bits
            taken.append(ParamValue(param: id, value: Double(bitPattern: bits)))
        }
        return taken
    }

    /// Frees all of it but the plug-in; no plan may have it.
    func deallocate() {
        life.deallocate()
        board.deallocate()
        delay?.deallocate()
    }
}
