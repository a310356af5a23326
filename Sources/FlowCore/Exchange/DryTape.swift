/// What went into the source's chain of plug-ins, in the places of what came out.
///
/// Frame by frame the music of the ring, without the plug-ins. The audio thread's handle; the memory is
/// `DryStore`'s. It begins with the first chain and then goes on for good, also while there is none.
struct DryTape: BitwiseCopyable, @unchecked Sendable {
    /// 0 = there is no tape.
    let capacityFrames: Int
    private let samples: UnsafeMutablePointer<Float>?
    private let cells: UnsafeMutablePointer<AtomicCell>?

    /// `cells` are three, and outlive it as the samples do: one past its newest frame; one past its first
    /// frame, 0 = none has come; whether the memory is there.
    init(
        _ samples: UnsafeMutablePointer<Float>, capacityFrames: Int,
        cells: UnsafeMutablePointer<AtomicCell>
    ) {
        self.samples = samples
        self.capacityFrames = capacityFrames
        self.cells = cells
    }

    /// One that takes nothing.
    @_noLocks @_noAllocation
    private init() {
        capacityFrames = 0
        samples = nil
        cells = nil
    }

    @_noLocks @_noAllocation
    static func none() -> DryTape { DryTape() }

    @_noLocks @_noAllocation
    func isNone() -> Bool { capacityFrames == 0 }

    /// The tape with `frame` as its first one to come, or none when nobody gave it memory. Thread: audio.
    @_noLocks @_noAllocation
    func begun(at frame: Int64) -> DryTape {
        if isNone() || cell(2).pointee.load() == 0 { return DryTape.none() }
        publish(frame)
        cell(1).pointee.store(UInt64(frame) + 1)
        return self
    }

    /// Whether nothing has come. Thread: audio.
    @_noLocks @_noAllocation
    func isEmpty() -> Bool { cell(1).pointee.loadRelaxed() == cell(0).pointee.loadRelaxed() + 1 }

    /// Takes the next frames, interleaved; not yet published. Thread: audio.
    @_noLocks @_noAllocation
    func write(_ sound: UnsafePointer<Float>, frames: Int, at frame: Int64) {
        Wide.copy(sound, toRing: start(), at: place(frame), length: capacityFrames, frames: frames)
    }

    /// Adds what fades out to frames that were just written. Thread: audio.
    @_noLocks @_noAllocation
    func add(_ fade: Residue, frames: Int, at frame: Int64) {
        var fade = fade
        for index in 0..<frames {
            fade.addOne(to: start() + 2 * place(frame + Int64(index)))
        }
    }

    /// Makes all frames before `frame` visible to readers. Thread: audio.
    @_noLocks @_noAllocation
    func publish(_ frame: Int64) { cell(0).pointee.store(UInt64(frame)) }

    /// A sample of its newest two minutes; `side` is 0 or 1. Thread: audio.
    @_noLocks @_noAllocation
    func sample(frame: Int64, side: Int) -> Float { start()[2 * place(frame) + side] }

    @_noLocks @_noAllocation
    private func place(_ frame: Int64) -> Int { Int(frame % Int64(capacityFrames)) }

    @_noLocks @_noAllocation
    private func start() -> UnsafeMutablePointer<Float> { samples.unsafelyUnwrapped }

    @_noLocks @_noAllocation
    private func cell(_ index: Int) -> UnsafeMutablePointer<AtomicCell> {
        cells.unsafelyUnwrapped + index
    }
}
