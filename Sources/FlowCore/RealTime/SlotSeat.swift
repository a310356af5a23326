/// The place of a chain in a slot: what the slot plays goes through it before its gain.
///
/// A second set of the slot's voices plays ahead into the chain, as far as the chain is late. So what
/// comes out is in time. Whatever changes the slot makes that worthless: the slot is heard directly
/// again, bit for bit as without a chain, until the voices ahead have their lead back.
struct SlotSeat: BitwiseCopyable {
    var chain: ChainHandle
    /// As many as the slot has.
    let ahead: UnsafeMutablePointer<Voice>
    /// The frame that goes into the chain next, and frames that went in since all began anew.
    var aheadFrame: Int64
    var fedFrames: Int
    /// Whether what comes out of the chain is heard.
    var isReady: Bool
    /// Where the slot goes on, and by which grid.
    var nextFrame: Int64
    var grid: Grid
    /// Whether the last frame was not only what the slot plays.
    private var isColored: Bool
    /// Whether the next frame goes on from the last one, whatever it is.
    private var joins: Bool
    private var lastLeft: Float
    private var lastRight: Float
    private var fade: Residue

    /// Takes idle voices that live as long as the slot.
    init(ahead: UnsafeMutablePointer<Voice>) {
        self.ahead = ahead
        chain = ChainHandle.none()
        aheadFrame = 0
        fedFrames = 0
        isReady = false
        nextFrame = -1
        grid = Grid()
        isColored = false
        joins = false
        lastLeft = 0
        lastRight = 0
        fade = Residue()
    }

    /// Whether nothing hangs on it any more.
    @_noLocks @_noAllocation
    func isFree() -> Bool { chain.isNone() && !joins && fade.isOver() }

    /// Puts another chain, or none, in place of the one that is there.
    @_noLocks @_noAllocation
    mutating func set(_ chain: ChainHandle) {
        leave()
        self.chain = chain
        nextFrame = -1
    }

    /// What comes next is not what the chain was getting ready.
    @_noLocks @_noAllocation
    mutating func leave() {
        joins = joins || isColored || !fade.isOver()
        isColored = false
        isReady = false
    }

    /// What comes out of the chain is heard from the next frame on; `isStep` = it is another sound.
    @_noLocks @_noAllocation
    mutating func enter(isStep: Bool) {
        isReady = true
        joins = joins || isStep
    }

    /// Nobody hears the slot for a while: keys go up, and what was turned waits for the next block.
    @_noLocks @_noAllocation
    mutating func skip() {
        if !chain.isNone() { chain.chain().pointee.endNotes() }
        isColored = false
        isReady = false
        joins = false
        fade = Residue()
        nextFrame = -1
    }

    /// Takes steps out of the slot's sound; its last change before the gains.
    @_noLocks @_noAllocation
    mutating func finish(_ sound: UnsafeMutablePointer<Float>, count: Int) {
        if joins {
            joins = false
            fade.begin(left: lastLeft - sound[0], right: lastRight - sound[1])
        }
        fade.add(to: sound, count: count)
        lastLeft = sound[2 * count - 2]
        lastRight = sound[2 * count - 1]
        isColored = isReady && chain.chain().pointee.isColored()
    }
}
