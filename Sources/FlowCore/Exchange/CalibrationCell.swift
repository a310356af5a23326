/// One calibration at a time: begun by the audio thread, ended by the worker that measures it.
struct CalibrationCell: @unchecked Sendable {
    /// 0 = none, else one more than the frame of the first click; then the command's token.
    private let cells: UnsafeMutablePointer<AtomicCell>

    /// Whether one may begin while another one is being measured: in a replay, where what was refused
    /// is in the log.
    private let isAlwaysFree: Bool

    init(isAlwaysFree: Bool = false) {
        self.isAlwaysFree = isAlwaysFree
        cells = .allocate(capacity: 2)
        for index in 0..<2 { (cells + index).initialize(to: AtomicCell(0)) }
    }

    func deallocate() { cells.deallocate() }

    /// Thread: audio.
    ///
    /// - Returns: false while another one is being measured.
    @_noLocks @_noAllocation
    func begin(at frame: Int64, token: UInt32) -> Bool {
        if !isAlwaysFree, cells[0].load() != 0 { return false }
        cells[1].store(UInt64(token))
        cells[0].store(UInt64(bitPattern: frame + 1))
        return true
    }

    /// The one that waits. Thread: loop worker.
    func waiting() -> (startFrame: Int64, token: UInt32)? {
        let start = cells[0].load()
        guard start != 0 else { return nil }
        return (Int64(bitPattern: start) - 1, UInt32(truncatingIfNeeded: cells[1].load()))
    }

    /// Thread: loop worker.
    func end() { cells[0].store(0) }
}
