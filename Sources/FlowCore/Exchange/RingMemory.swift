/// Where everything lies in the capture ring's memory: a header of 64-bit words, then samples.
///
/// The memory is shared between processes in time, not at the same time: an engine that starts
/// after a crash finds the header as the last block left it.
struct RingMemory: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let capacityFrames: Int
    let channelCount: Int

    /// Bytes of the header; the samples begin on a page of their own.
    static let headerBytes = 573_440

    enum Word {
        static let magic = 0
        static let layout = 1
        static let sampleRateHz = 2
        static let channelCount = 3
        static let capacityFrames = 4
        static let runLow = 5
        static let runHigh = 6
    }

    /// More frames than a run can have: years at any rate.
    static let frameMax: Int64 = 1 << 52

    /// Raised with every change of where something lies in the ring or what it means there: another
    /// build goes on with the ring of the one before only where both read it alike.
    static let layout: UInt64 = 1

    /// "FlowRing" as a number.
    static let magic: UInt64 = 0x676e_6952_776f_6c46

    static func bytes(capacityFrames: Int, channelCount: Int) -> Int {
        headerBytes + capacityFrames * channelCount * 4
    }

    @_noLocks @_noAllocation
    func word(_ index: Int) -> UnsafeMutablePointer<AtomicCell> {
        (base + 8 * index).assumingMemoryBound(to: AtomicCell.self)
    }

    @_noLocks @_noAllocation
    func samples() -> UnsafeMutablePointer<Float> {
        (base + 573_440).assumingMemoryBound(to: Float.self)
    }

    /// One past the newest complete frame.
    @_noLocks @_noAllocation
    func writeFrame() -> UnsafeMutablePointer<AtomicCell> { word(8) }

    /// How far the spool is safe.
    @_noLocks @_noAllocation
    func diskCursor() -> UnsafeMutablePointer<AtomicCell> { word(9) }

    /// First frame of the engine that has the ring now.
    func firstFrame() -> UnsafeMutablePointer<AtomicCell> { word(11) }

    /// One past the last frame of a source that was not silent; 0 = never.
    @_noLocks @_noAllocation
    func heardFrame(_ source: Int) -> UnsafeMutablePointer<AtomicCell> { word(48 + source) }

    /// Word of one of the two anchors: its number, then its fields.
    @_noLocks @_noAllocation
    func anchor(_ which: Int, _ field: Int) -> UnsafeMutablePointer<AtomicCell> {
        word(16 + 16 * which + field)
    }

    /// Parts of the table of intents that may have entries in use, one bit each.
    @_noLocks @_noAllocation
    func intentParts() -> UnsafeMutablePointer<AtomicCell> { word(10) }

    /// 1 while the entry is in use; side by side, so that all are soon looked through.
    @_noLocks @_noAllocation
    func intentState(_ entry: Int) -> UnsafeMutablePointer<AtomicCell> { word(2_048 + entry) }

    /// Word `field` of an intent, from 1 on.
    @_noLocks @_noAllocation
    func intent(_ entry: Int, _ field: Int) -> UnsafeMutablePointer<AtomicCell> {
        word(6_144 + 16 * entry + field)
    }

    /// First sample of a frame of the timeline.
    @_noLocks @_noAllocation
    func sampleIndex(frame: Int64) -> Int {
        Int(frame % Int64(capacityFrames)) * channelCount
    }
}

/// Time and grid at the start of a block: all that an engine needs to go on where another ended.
struct RingAnchor: BitwiseCopyable {
    var frame: Int64 = 0
    var monotonicNs: Int64 = 0
    var grid = Grid()
    var isPlaying = true
    var heldBeat: Int64 = 0
    var heldFrac: Double = 0

    @_noLocks @_noAllocation
    init() {}
}

extension RingMemory {
    /// Stores an anchor in the older of two places, so that a crash in the middle leaves the newer.
    ///
    /// The number grows by one with each call; 0 is never used.
    ///
    /// - Thread: audio, once a block.
    @_noLocks @_noAllocation
    func write(_ anchor: RingAnchor, number: UInt64) {
        let which = Int(number & 1)
        self.anchor(which, 0).pointee.store(0)
        AtomicCell.fence()
        set(which, 1, anchor.frame)
        set(which, 2, anchor.monotonicNs)
        set(which, 3, anchor.grid.epochFrame)
        set(which, 4, anchor.grid.epochBeat)
        set(which, 5, Int64(bitPattern: anchor.grid.offsetFrames.bitPattern))
        set(which, 6, anchor.grid.framesPerBeat)
        set(which, 7, anchor.grid.beatsPerBar)
        set(which, 8, anchor.grid.unit)
        set(which, 9, anchor.grid.barOriginBeat)
        set(which, 10, anchor.grid.barOriginIndex)
        set(which, 11, anchor.grid.changedAtFrame)
        set(which, 12, anchor.isPlaying ? 1 : 0)
        set(which, 13, anchor.heldBeat)
        set(which, 14, Int64(bitPattern: anchor.heldFrac.bitPattern))
        self.anchor(which, 0).pointee.store(number)
    }

    @_noLocks @_noAllocation
    private func set(_ which: Int, _ field: Int, _ value: Int64) {
        anchor(which, field).pointee.store(UInt64(bitPattern: value))
    }

    /// The newer whole anchor of an engine that runs no more; nil when it never rendered, or when
    /// what it left cannot be gone on from.
    func readAnchor() -> RingAnchor? {
        let numbers = [anchor(0, 0).pointee.load(), anchor(1, 0).pointee.load()]
        guard numbers != [0, 0] else { return nil }
        let which = numbers[1] > numbers[0] ? 1 : 0
        func signed(_ field: Int) -> Int64 {
            Int64(bitPattern: anchor(which, field).pointee.load())
        }
        var found = RingAnchor()
        found.frame = signed(1)
        found.monotonicNs = signed(2)
        found.grid.epochFrame = signed(3)
        found.grid.epochBeat = signed(4)
        found.grid.offsetFrames = Double(bitPattern: UInt64(bitPattern: signed(5)))
        found.grid.framesPerBeat = signed(6)
        found.grid.beatsPerBar = signed(7)
        found.grid.unit = signed(8)
        found.grid.barOriginBeat = signed(9)
        found.grid.barOriginIndex = signed(10)
        found.grid.changedAtFrame = signed(11)
        found.isPlaying = signed(12) != 0
        found.heldBeat = signed(13)
        found.heldFrac = Double(bitPattern: UInt64(bitPattern: signed(14)))
        return isPossible(found) ? found : nil
    }

    /// Whether numbers from shared memory can be computed with: a trap would meet every next engine.
    private func isPossible(_ anchor: RingAnchor) -> Bool {
        let end = Int64(bitPattern: writeFrame().pointee.load())
        let grid = anchor.grid
        let beatMax: Int64 = 1 << 40
        let beats = [grid.epochBeat, grid.barOriginBeat, grid.barOriginIndex, anchor.heldBeat]
        return anchor.frame >= 0 && anchor.frame <= end && end < RingMemory.frameMax
            && (0...RingMemory.frameMax).contains(grid.epochFrame) && grid.framesPerBeat > 0
            && grid.framesPerBeat < 1 << 24 && (1...16).contains(grid.beatsPerBar)
            && (0...Double(grid.framesPerBeat)).contains(grid.offsetFrames)
            && (0...1).contains(anchor.heldFrac)
            && beats.allSatisfy { (-beatMax...beatMax).contains($0) }
    }

    /// The number of the newest anchor, 0 = none: a new engine counts on from it.
    func newestAnchorNumber() -> UInt64 {
        max(anchor(0, 0).pointee.load(), anchor(1, 0).pointee.load())
    }
}
