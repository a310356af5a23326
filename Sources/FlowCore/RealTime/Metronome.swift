/// A click on each beat, higher on the first of a bar; mixed after all taps.
///
/// A pure function of the grid, so that block sizes and pauses cannot shift it.
struct Metronome: BitwiseCopyable {
    private let table: UnsafeMutablePointer<Float>
    private let tableFrames: Int
    private var gain: Ramp

    /// Makes both clicks. Thread: control; the table is freed by `deallocate`.
    init(rateHz: Int) {
        tableFrames = rateHz / 25
        table = .allocate(capacity: 2 * tableFrames)
        for index in 0..<tableFrames {
            let time = Double(index) / Double(rateHz)
            let rest = 1 - Double(index) / Double(tableFrames)
            let envelope = rest * rest * rest * min(1, time * 2_000)
            table[index] = Float(envelope * Leaf.sine(turns: 1_000 * time))
            table[tableFrames + index] = Float(envelope * Leaf.sine(turns: 1_500 * time))
        }
        gain = Ramp(0)
    }

    func deallocate() { table.deallocate() }

    /// Off is gain 0.
    @_noLocks @_noAllocation
    mutating func set(gain value: Float, rampFrames: Int) { gain.go(to: value, frames: rampFrames) }

    /// Adds the clicks of these frames to the interleaved bus, through both gates.
    @_noLocks @_noAllocation
    mutating func render(
        into bus: UnsafeMutablePointer<Float>, count: Int, at frame: Int64, _ grid: Grid,
        transport: Ramp, master: Ramp
    ) {
        if gain.end() == 0, !gain.isMoving() { return }
        if transport.end() == 0, !transport.isMoving() {
            gain.advance(count)
            return
        }
        var beat = grid.beat(at: frame)
        var into = grid.framesIntoBeat(at: frame)
        for index in 0..<count {
            if into < Int64(tableFrames) {
                let isFirst = grid.barStart(ofBeat: beat) == beat
                let click = table[Int(into) + (isFirst ? tableFrames : 0)]
                let sound = click * gain.value(index) * transport.value(index) * master.value(index)
                bus[2 * index] += sound
                bus[2 * index + 1] += sound
            }
            into += 1
            if into == grid.framesPerBeat {
                into = 0
                beat += 1
            }
        }
        gain.advance(count)
    }
}
