/// The newest of the master, on its way from the device's thread to the file's.
///
/// The device never waits: where the file is too slow for too long, the oldest frames are overwritten,
/// and whoever copies finds out which.
final class MasterBuffer: @unchecked Sendable {
    /// What the device may be writing while its count does not say so yet.
    private static let unsettledFrames = 2 * Int64(Limits.blockFramesMax)
    private static let cellCount = 2

    let capacityFrames: Int64
    private let samples: UnsafeMutablePointer<Float>
    private let mask: Int64
    private let cells: UnsafeMutablePointer<AtomicCell>
    private var handedCell: UnsafeMutablePointer<AtomicCell> { cells }
    private var releasedCell: UnsafeMutablePointer<AtomicCell> { cells + 1 }
    /// Nothing before it was ever handed over.
    private(set) var firstFrame: Int64 = 0

    /// One past the newest frame. Thread: any.
    var handed: Int64 { Int64(bitPattern: handedCell.pointee.load()) }

    /// Frames before this one are in the file. Thread: any.
    var released: Int64 { Int64(bitPattern: releasedCell.pointee.load()) }

    /// The oldest frame that is there and will be for a moment; beyond `handed` when there is none.
    var oldest: Int64 {
        max(firstFrame, handed + Self.unsettledFrames - capacityFrames)
    }

    /// Empty; the capacity is a power of two, more than four of the largest blocks.
    init(capacityFrames: Int) {
        self.capacityFrames = Int64(capacityFrames)
        mask = Int64(capacityFrames) - 1
        samples = .allocate(capacity: 2 * capacityFrames)
        samples.initialize(repeating: 0, count: 2 * capacityFrames)
        cells = .allocate(capacity: Self.cellCount)
        for index in 0..<Self.cellCount { (cells + index).initialize(to: AtomicCell(0)) }
    }

    deinit {
        samples.deallocate()
        cells.deinitialize(count: Self.cellCount)
        cells.deallocate()
    }

    /// The next block handed over begins at `frame`. Thread: control, before the first block.
    func begin(at frame: Int64) {
        firstFrame = frame
        handedCell.pointee.store(UInt64(bitPattern: frame))
        releasedCell.pointee.store(UInt64(bitPattern: frame))
    }

    /// Takes a block. Thread: the device's; bounded, never waits.
    func hand(left: UnsafePointer<Float>, right: UnsafePointer<Float>, frames: Int) {
        let start = Int64(bitPattern: handedCell.pointee.loadRelaxed())
        for index in 0..<frames {
            let place = 2 * Int((start + Int64(index)) & mask)
            samples[place] = left[index]
            samples[place + 1] = right[index]
        }
        handedCell.pointee.store(UInt64(bitPattern: start + Int64(frames)))
    }

    /// Whether a block overwrites nothing that is not released. Thread: the device's; bounded.
    func hasRoom(frames: Int) -> Bool {
        handed + Int64(frames) + Self.unsettledFrames - released <= capacityFrames
    }

    /// Frames before `frame` may be overwritten. Thread: the file's.
    func release(before frame: Int64) {
        releasedCell.pointee.store(UInt64(bitPattern: frame))
    }

    /// Copies interleaved frames, all of them handed over by now; false when one of them was overwritten
    /// before it was copied. Thread: the file's.
    func copy(from frame: Int64, frames: Int, into target: UnsafeMutablePointer<Float>) -> Bool {
        var done = 0
        while done < frames {
            let place = Int((frame + Int64(done)) & mask)
            let run = min(frames - done, Int(capacityFrames) - place)
            (target + 2 * done).update(from: samples + 2 * place, count: 2 * run)
            done += run
        }
        AtomicCell.fence()
        return frame >= oldest
    }
}
