/// Which frames a press means: a pure function of the grid and what was heard.
struct CaptureWindow: BitwiseCopyable {
    /// The window; the end is exclusive and may lie ahead of the press.
    var fromFrame: Int64
    var toFrame: Int64
    var bars: Int64
    /// Beat at the window's start, and the frames from that beat to the start.
    var originBeat: Int64
    var lengthBeats: Int64
    var offsetFrames: Int64
    var framesPerBeat: Int64
    /// How much later than on the grid its sound lies in the ring.
    var latencyFrames: Int64
    /// The grid to go on with; another one than before when the press started the transport.
    var grid: Grid
    var startsTransport: Bool
    var isAcrossChange: Bool

    /// What the window is computed from. Frames are of the timeline, ends exclusive.
    struct Press: BitwiseCopyable {
        var frame: Int64
        var bars: Int64
        var isQuantized: Bool
        var isPlaying: Bool
        /// Oldest frame that may be used.
        var oldestFrame: Int64
        /// How much later than it was played sound reaches the ring.
        var latencyFrames: Int64
        var rateHz: Int64

        @_noLocks @_noAllocation
        init() {
            frame = 0
            bars = 1
            isQuantized = true
            isPlaying = true
            oldestFrame = 0
            latencyFrames = 0
            rateHz = 48_000
        }
    }

    /// An empty window.
    @_noLocks @_noAllocation
    init() {
        fromFrame = 0
        toFrame = 0
        bars = 0
        originBeat = 0
        lengthBeats = 0
        offsetFrames = 0
        framesPerBeat = 1
        latencyFrames = 0
        grid = Grid()
        startsTransport = false
        isAcrossChange = false
    }

    /// Thread: any. Fewer bars than asked for are taken when the ring does not hold them; when it
    /// does not even hold one, the window is the first whole bar and ends ahead.
    @_noLocks @_noAllocation
    init(press: Press, grid current: Grid) {
        var grid = current
        let barFrames = current.barFrames()
        startsTransport = !press.isPlaying
        var end = press.frame
        if !press.isPlaying {
            end = max(press.frame, press.oldestFrame + barFrames)
            grid = current.startingBar(at: end)
        } else if press.isQuantized {
            end = CaptureWindow.line(press, current)
            while end - barFrames < press.oldestFrame { end += barFrames }
        } else {
            end = max(end, press.oldestFrame + barFrames)
        }
        let fits = max(1, (end - press.oldestFrame) / barFrames)
        let taken = min(press.bars, fits)
        bars = taken
        toFrame = end
        fromFrame = end - taken * barFrames
        originBeat = grid.beat(at: fromFrame)
        offsetFrames = grid.framesIntoBeat(at: fromFrame)
        lengthBeats = taken * grid.beatsPerBar
        framesPerBeat = grid.framesPerBeat
        latencyFrames = press.latencyFrames
        isAcrossChange = fromFrame < current.changedAtFrame
        self.grid = grid
    }

    @_noLocks @_noAllocation
    func isSame(as other: CaptureWindow) -> Bool {
        fromFrame == other.fromFrame && toFrame == other.toFrame
            && latencyFrames == other.latencyFrames
    }

    /// Where its sound begins and ends in the ring.
    @_noLocks @_noAllocation
    func ringFromFrame() -> Int64 { fromFrame + latencyFrames }

    @_noLocks @_noAllocation
    func ringToFrame() -> Int64 { toFrame + latencyFrames }

    /// When it may begin to sound: on its end, while its last frames are still on their way.
    ///
    /// They are not needed before the loop's end, where its seam of `seamFrames` begins. Only a loop
    /// that reaches there sooner than they come waits for them.
    @_noLocks @_noAllocation
    func readyFrame(seamFrames: Int) -> Int64 {
        let untilSeam = toFrame - fromFrame - Int64(seamFrames)
        return latencyFrames > untilSeam ? ringToFrame() : toFrame
    }

    /// The bar line a quantized press means: the coming one when it is near, else the last one.
    @_noLocks @_noAllocation
    private static func line(_ press: Press, _ grid: Grid) -> Int64 {
        let last = grid.barLine(atOrBefore: press.frame)
        let next = last + grid.barFrames()
        return next - press.frame <= grid.earlyFrames(rateHz: press.rateHz) ? next : last
    }
}
