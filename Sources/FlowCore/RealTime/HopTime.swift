/// Where the music stands for what goes into a hop next.
struct HopTime: BitwiseCopyable {
    let transport: Transport
    /// The frame that goes in next.
    var frame: Int64

    @_noLocks @_noAllocation
    init(_ transport: Transport, frame: Int64) {
        self.transport = transport
        self.frame = frame
    }

    /// Writes place and tempo of the block that began so many frames ago.
    @_noLocks @_noAllocation
    func write(to head: UnsafeMutablePointer<BlockHead>, framesAgo: Int) {
        let first = frame - Int64(framesAgo)
        let grid = transport.grid
        head.pointee.flags = transport.isPlaying ? 2 : 0
        head.pointee.beat = Double(transport.beat(at: first)) + transport.frac(at: first)
        head.pointee.framesPerBeat = Double(grid.framesPerBeat)
        head.pointee.beatsPerBar = UInt32(truncatingIfNeeded: grid.beatsPerBar)
        head.pointee.unit = UInt32(truncatingIfNeeded: grid.unit)
    }
}
