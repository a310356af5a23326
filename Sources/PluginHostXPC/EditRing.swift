import CVST3

/// Parameter values on their way from the main thread into the block that an instance plays next.
///
/// Copies are views of the same ring.
struct EditRing {
    static let capacity = 256

    private let points: UnsafeMutablePointer<vst3_point>
    private let written = SharedWord()
    private let taken = SharedWord()

    init() {
        points = .allocate(capacity: Self.capacity)
        points.initialize(repeating: vst3_point(), count: Self.capacity)
    }

    func deallocate() {
        points.deallocate()
        written.deallocate()
        taken.deallocate()
    }

    /// False when there is no room for it now. Thread: main.
    func put(_ id: UInt32, _ value: Double) -> Bool {
        let turn = written.load()
        guard turn - taken.load() < UInt64(Self.capacity) else { return false }
        points[Int(turn % UInt64(Self.capacity))] =
            vst3_point(id: id, offset_frames: 0, value: value)
        written.store(turn + 1)
        return true
    }

    /// The oldest, for the first frame of a block. Thread: audio.
    func take() -> vst3_point? {
        let turn = taken.load()
        guard turn < written.load() else { return nil }
        let point = points[Int(turn % UInt64(Self.capacity))]
        taken.store(turn + 1)
        return point
    }
}
