/// A loop in memory as the audio thread sees it: immutable from the hand-over until it comes back.
struct LoopView: BitwiseCopyable {
    /// Interleaved stereo, with the seam in it.
    var samples: UnsafePointer<Float>
    var frames: Int
    /// Frames of one beat in the take, at its own rate and tempo.
    var framesPerBeat: Double
    var id: TakeID
}

/// A loop that one side holds for the other, or none.
///
/// An address in place of an optional pointer: the debug compiler cannot copy those out of large
/// structs.
struct LoopHandle: Hashable, BitwiseCopyable {
    private let address: UInt

    init(_ loop: UnsafeMutablePointer<LoopView>) { address = UInt(bitPattern: loop) }

    @_noLocks @_noAllocation
    private init(address: UInt) { self.address = address }

    @_noLocks @_noAllocation
    static func none() -> LoopHandle { LoopHandle(address: 0) }

    @_noLocks @_noAllocation
    func isNone() -> Bool { address == 0 }

    /// What it points to; only where it is not none.
    @_noLocks @_noAllocation
    func view() -> LoopView {
        UnsafePointer<LoopView>(bitPattern: address).unsafelyUnwrapped.pointee
    }
}
