/// The engine at the end of the newest block, for whoever asks; written by the audio thread.
struct StatusBoard: @unchecked Sendable {
    private let cells: UnsafeMutablePointer<AtomicCell>
    private static let cellCount = 16

    /// One consistent picture.
    struct Picture: BitwiseCopyable {
        /// One past the last rendered frame.
        var frame: Int64 = 0
        var blocks: UInt64 = 0
        var beat: Int64 = 0
        var beatFrac: Double = 0
        var framesPerBeat: Int64 = 0
        var beatsPerBar: Int64 = 0
        var isPlaying = true
        /// Block time over period: smoothed, and the worst since the last second began.
        var load: Double = 0
        var loadPeak: Double = 0
        /// Monotonic time at which the block began.
        var monotonicNs: Int64 = 0
        var eventsLost: UInt64 = 0

        @_noLocks @_noAllocation
        init() {}
    }

    init() {
        cells = .allocate(capacity: StatusBoard.cellCount)
        for index in 0..<StatusBoard.cellCount { (cells + index).initialize(to: AtomicCell(0)) }
    }

    func deallocate() { cells.deallocate() }

    /// Thread: audio, once a block.
    @_noLocks @_noAllocation
    func write(_ picture: Picture) {
        let sequence = cells[0].loadRelaxed()
        cells[0].store(sequence | 1)
        AtomicCell.fence()
        cells[1].store(UInt64(bitPattern: picture.frame))
        cells[2].store(picture.blocks)
        cells[3].store(UInt64(bitPattern: picture.beat))
        cells[4].store(picture.beatFrac.bitPattern)
        cells[5].store(UInt64(bitPattern: picture.framesPerBeat))
        cells[6].store(picture.isPlaying ? 1 : 0)
        cells[7].store(picture.load.bitPattern)
        cells[8].store(picture.loadPeak.bitPattern)
        cells[9].store(UInt64(bitPattern: picture.monotonicNs))
        cells[10].store(picture.eventsLost)
        cells[11].store(UInt64(bitPattern: picture.beatsPerBar))
        cells[0].store((sequence | 1) &+ 1)
    }

    /// Thread: any but audio. Tries again while a block ends.
    func read() -> Picture {
        while true {
            let sequence = cells[0].load()
            var picture = Picture()
            picture.frame = Int64(bitPattern: cells[1].load())
            picture.blocks = cells[2].load()
            picture.beat = Int64(bitPattern: cells[3].load())
            picture.beatFrac = Double(bitPattern: cells[4].load())
            picture.framesPerBeat = Int64(bitPattern: cells[5].load())
            picture.isPlaying = cells[6].load() != 0
            picture.load = Double(bitPattern: cells[7].load())
            picture.loadPeak = Double(bitPattern: cells[8].load())
            picture.monotonicNs = Int64(bitPattern: cells[9].load())
            picture.eventsLost = cells[10].load()
            picture.beatsPerBar = Int64(bitPattern: cells[11].load())
            AtomicCell.fence()
            if sequence & 1 == 0, cells[0].load() == sequence { return picture }
        }
    }
}
