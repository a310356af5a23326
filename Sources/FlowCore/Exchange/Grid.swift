/// The music's clock: beats as a pure function of the frame.
///
/// Everything is computed absolutely from the *epoch*, the frame of the last change; nothing is
/// accumulated. Beats before the epoch are extrapolated. All fields of time are in frames of the
/// engine's timeline.
struct Grid: BitwiseCopyable {
    /// Frame at which this grid's tempo, meter or place began to hold.
    var epochFrame: Int64
    /// Beat in which `epochFrame` lies.
    var epochBeat: Int64
    /// Frames of that beat that had passed at `epochFrame`; fractional after a tempo change.
    var offsetFrames: Double
    /// Even, so that half beats are whole frames.
    var framesPerBeat: Int64
    var beatsPerBar: Int64
    /// Note value of a beat: 4 or 8.
    var unit: Int64
    /// A beat at which a bar begins, and that bar's number.
    var barOriginBeat: Int64
    var barOriginIndex: Int64
    /// Frame of the last change by the player; windows that reach before it are flagged.
    var changedAtFrame: Int64

    @_noLocks @_noAllocation
    init() {
        epochFrame = 0
        epochBeat = 0
        offsetFrames = 0
        framesPerBeat = 24_000
        beatsPerBar = 4
        unit = 4
        barOriginBeat = 0
        barOriginIndex = 0
        changedAtFrame = 0
    }

    /// No grid at all: other than every real one.
    @_noLocks @_noAllocation
    static func none() -> Grid {
        var grid = Grid()
        grid.framesPerBeat = 0
        return grid
    }

    @_noLocks @_noAllocation
    func isSame(as other: Grid) -> Bool {
        epochFrame == other.epochFrame && epochBeat == other.epochBeat
            && offsetFrames == other.offsetFrames && framesPerBeat == other.framesPerBeat
            && beatsPerBar == other.beatsPerBar && barOriginBeat == other.barOriginBeat
            && barOriginIndex == other.barOriginIndex
    }

    /// The nearest even whole number of frames; off by at most 114 ppm.
    static func framesPerBeat(rateHz: Int, bpm: Double) -> Int64 {
        2 * Int64((30 * Double(rateHz) / bpm).rounded())
    }

    /// Frames of `epochBeat` passed at the epoch, as the whole number that loops and lines use.
    ///
    /// The nudge undoes the rounding of a tempo change and back, which must be exact again.
    @_noLocks @_noAllocation
    func wholeOffset() -> Int64 { Int64(offsetFrames + 1e-6) }

    /// Whole frames since the start of `epochBeat`; negative before it.
    @_noLocks @_noAllocation
    func framesSinceEpochBeat(at frame: Int64) -> Int64 { frame - epochFrame + wholeOffset() }

    /// Whether every beat lies where it lies in the other grid.
    @_noLocks @_noAllocation
    func places(as other: Grid) -> Bool {
        epochFrame == other.epochFrame && epochBeat == other.epochBeat
            && framesPerBeat == other.framesPerBeat && offsetFrames == other.offsetFrames
    }

    @_noLocks @_noAllocation
    func beat(at frame: Int64) -> Int64 {
        epochBeat + FrameMath.floorDivide(framesSinceEpochBeat(at: frame), framesPerBeat)
    }

    @_noLocks @_noAllocation
    func framesIntoBeat(at frame: Int64) -> Int64 {
        FrameMath.floorModulo(framesSinceEpochBeat(at: frame), framesPerBeat)
    }

    /// Phase of the beat, 0 ≤ frac < 1, with the fraction of a frame that lines leave out.
    @_noLocks @_noAllocation
    func frac(at frame: Int64) -> Double {
        let rest = offsetFrames - Double(wholeOffset())
        let frac = (Double(framesIntoBeat(at: frame)) + rest) / Double(framesPerBeat)
        return frac < 0 ? 0 : frac
    }

    /// The first frame that lies in `beat` or after it.
    @_noLocks @_noAllocation
    func frame(ofBeat beat: Int64) -> Int64 {
        epochFrame + (beat - epochBeat) * framesPerBeat - wholeOffset()
    }

    @_noLocks @_noAllocation
    func barFrames() -> Int64 { beatsPerBar * framesPerBeat }

    /// First beat of the bar in which `beat` lies.
    @_noLocks @_noAllocation
    func barStart(ofBeat beat: Int64) -> Int64 {
        beat - FrameMath.floorModulo(beat - barOriginBeat, beatsPerBar)
    }

    @_noLocks @_noAllocation
    func barIndex(ofBeat beat: Int64) -> Int64 {
        barOriginIndex + FrameMath.floorDivide(beat - barOriginBeat, beatsPerBar)
    }

    /// Phase of the bar, 0 ≤ phase < 1.
    @_noLocks @_noAllocation
    func barPhase(at frame: Int64) -> Double {
        let beat = beat(at: frame)
        let into = FrameMath.floorModulo(beat - barOriginBeat, beatsPerBar)
        return (Double(into) + frac(at: frame)) / Double(beatsPerBar)
    }

    /// The bar line at `frame` or the last one before it.
    @_noLocks @_noAllocation
    func barLine(atOrBefore frame: Int64) -> Int64 {
        self.frame(ofBeat: barStart(ofBeat: beat(at: frame)))
    }

    /// How long before and after a bar line a press still means that line.
    @_noLocks @_noAllocation
    func earlyFrames(rateHz: Int64) -> Int64 { min(barFrames() / 4, rateHz / 2) }
}

extension Grid {
    /// The same phase at `frame`, another tempo from there on.
    @_noLocks @_noAllocation
    func changingTempo(to framesPerBeat: Int64, at frame: Int64) -> Grid {
        var grid = self
        let passed = Double(frame - epochFrame) + offsetFrames
        let beats = FrameMath.floor(passed / Double(self.framesPerBeat))
        let into = passed - Double(beats) * Double(self.framesPerBeat)
        grid.epochFrame = frame
        grid.epochBeat = epochBeat + beats
        grid.offsetFrames = into * Double(framesPerBeat) / Double(self.framesPerBeat)
        grid.framesPerBeat = framesPerBeat
        grid.changedAtFrame = frame
        return grid
    }

    /// Another meter from `frame` on, where the music stands in `beat`; its bar keeps its start.
    @_noLocks @_noAllocation
    func changingMeter(
        beatsPerBar: Int64, unit: Int64, inBeat beat: Int64, at frame: Int64
    ) -> Grid {
        var grid = self
        let start = barStart(ofBeat: beat)
        grid.barOriginIndex = barIndex(ofBeat: start)
        grid.barOriginBeat = start
        grid.beatsPerBar = beatsPerBar
        grid.unit = unit
        grid.changedAtFrame = frame
        return grid
    }

    /// The next beat begins at `frame`, `beatsIn` beats after a bar line; beats never go back.
    @_noLocks @_noAllocation
    func aligning(at frame: Int64, beatsIn: Int64 = 0) -> Grid {
        let beat = beat(at: frame) + (framesIntoBeat(at: frame) == 0 ? 0 : 1)
        var grid = placing(beat: beat, frac: 0, at: frame)
        grid.beginBar(beatsIn, before: beat)
        return grid
    }

    /// A bar begins so many beats before this one; bars keep counting up.
    @_noLocks @_noAllocation
    mutating func beginBar(_ beatsIn: Int64, before later: Int64) {
        let beat = later - FrameMath.floorModulo(beatsIn, beatsPerBar)
        let isLine = barStart(ofBeat: beat) == beat
        barOriginIndex = barIndex(ofBeat: beat) + (isLine ? 0 : 1)
        barOriginBeat = beat
    }

    /// The given beat and phase at `frame`.
    @_noLocks @_noAllocation
    func placing(beat: Int64, frac: Double, at frame: Int64) -> Grid {
        var grid = self
        grid.epochFrame = frame
        grid.epochBeat = beat
        grid.offsetFrames = frac * Double(framesPerBeat)
        grid.changedAtFrame = frame
        return grid
    }

    /// `frame` becomes the first beat of bar 0.
    @_noLocks @_noAllocation
    func startingBar(at frame: Int64) -> Grid {
        var grid = placing(beat: 0, frac: 0, at: frame)
        grid.barOriginBeat = 0
        grid.barOriginIndex = 0
        return grid
    }
}
