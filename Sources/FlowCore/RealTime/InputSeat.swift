/// The place of a chain before the ring: what is played goes through it.
struct InputSeat: BitwiseCopyable {
    var chain: ChainHandle
    /// Takes the step out of a change of chains.
    var fade: Residue
    /// Keeps what is played without the plug-ins; none before the first chain.
    var tape: DryTape
    /// The same for the tape.
    var dryFade: Residue

    @_noLocks @_noAllocation
    init() {
        chain = ChainHandle.none()
        fade = Residue()
        tape = DryTape.none()
        dryFade = Residue()
    }

    /// Whether the sound of the source is changed here, or kept.
    @_noLocks @_noAllocation
    func isBusy() -> Bool { !tape.isNone() || !chain.isNone() || !fade.isOver() }

    /// Replaces the source's next frames, interleaved.
    @_noLocks @_noAllocation
    mutating func pass(_ sound: UnsafeMutablePointer<Float>, count: Int, at frame: Int64) {
        if !chain.isNone() { chain.chain().pointee.played.write(sound, count) }
        if !tape.isNone() { keep(sound, count, at: frame) }
        if !chain.isNone() { chain.chain().pointee.pass(sound, count: count, isFilling: false) }
        fade.add(to: sound, count: count)
    }

    /// How late what was played comes out.
    @_noLocks @_noAllocation
    func lateFrames() -> Int64 {
        chain.isNone() ? 0 : Int64(chain.chain().pointee.heardLateFrames())
    }

    /// What went into its chain `ago` frames before the next one; `side` is 0 or 1.
    @_noLocks @_noAllocation
    func sample(ago: Int, side: Int) -> Float {
        chain.chain().pointee.played.sample(ago: ago, side: side)
    }

    /// As late as the chain is, so that it lies where the sound through the plug-ins does.
    @_noLocks @_noAllocation
    private mutating func keep(_ sound: UnsafePointer<Float>, _ count: Int, at frame: Int64) {
        if chain.isNone() {
            tape.write(sound, frames: count, at: frame)
        } else {
            let chain = chain.chain()
            chain.pointee.played.hand(
                count, late: chain.pointee.delayFrames, to: tape, at: frame)
        }
        if !dryFade.isOver() {
            tape.add(dryFade, frames: count, at: frame)
            dryFade.pass(count)
        }
        tape.publish(frame + Int64(count))
    }
}
