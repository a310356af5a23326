import Foundation

/// Bakes what was captured, frees loops and gives back chains that came back.
///
/// Nothing hangs on when it does: until its loop is baked a slot plays from the ring, which keeps every
/// window for half a second after it was captured, and whoever asks for a take has it baked first. The
/// audio thread cannot ring for it, so whoever polls the capture's event does.
///
/// - Thread: its own, or the caller of `pump`; one at a time.
final class LoopWorker: @unchecked Sendable {
    private let lock = NSLock()
    private let rings: RenderRings
    private let pool: LoopPool
    private let baker: LoopBaker
    private let store: CaptureStore
    private let dry: DryStore
    private let chains: any ChainSource
    /// Dry sides that somebody waits for.
    private var dries: [TakeWindow] = []
    /// Captures whose last frames are still on their way into the ring.
    private var open: [BakeRequest] = []
    /// Called for each capture, before it is baked.
    private let onCapture: @Sendable (BakeRequest) -> Void
    /// Called with the dry side of a window; nil = it has none.
    private let onDry: @Sendable (TakeWindow, StereoFrames?) -> Void

    init(
        rings: RenderRings, pool: LoopPool, store: CaptureStore, dry: DryStore,
        chains: any ChainSource, onCapture: @escaping @Sendable (BakeRequest) -> Void,
        onDry: @escaping @Sendable (TakeWindow, StereoFrames?) -> Void
    ) {
        self.rings = rings
        self.pool = pool
        baker = LoopBaker(feed: store)
        self.store = store
        self.dry = dry
        self.onDry = onDry
        self.chains = chains
        self.onCapture = onCapture
    }

    /// While nobody polls this is how late it may be; well below the half second of the ring.
    private static let restMs = 200

    /// Does all that waits.
    ///
    /// - Returns: milliseconds for which there is nothing to do, unless a capture begins.
    @discardableResult
    func pump() -> Int {
        lock.withLock {
            while let loop = rings.retired.pop() { pool.release(loop) }
            while let chain = rings.retiredChains.pop() { chains.giveBack(chain.chain()) }
            while let request = rings.bakes.pop() { open.append(request) }
            let newest = Int64(store.newestFrame())
            for request in open where request.toFrame <= newest {
                onCapture(request)
                bake(request)
            }
            open.removeAll { $0.toFrame <= newest }
            for window in dries where Int64(window.toFrame) <= newest {
                onDry(window, dry.sound(of: window.frames))
            }
            dries.removeAll { Int64($0.toFrame) <= newest }
            let ends = open.map(\.toFrame) + dries.map { Int64($0.toFrame) }
            guard let next = ends.min() else { return Self.restMs }
            return min(Self.restMs, 1 + 1_000 * Int(next - newest) / store.sampleRateHz)
        }
    }

    /// Has the dry side of a window looked for as soon as all of it was played.
    func findDry(_ window: TakeWindow) { lock.withLock { dries.append(window) } }

    /// Has a capture kept that was found after a crash, and makes a loop of it that no slot plays yet.
    ///
    /// Not of all: those that others came after are read from disk by whoever wants them. Memory has room
    /// for few of what a long stall leaves, and the first sound waits for each. `feed` has their sound.
    func adopt(_ request: BakeRequest, isBaked: Bool, from feed: any SpoolFeed) {
        lock.withLock {
            onCapture(request)
            guard isBaked, !pool.keep(request.id),
                let audio = LoopBaker(feed: feed).bake(request)
            else { return }
            pool.insert(id: request.id, audio: audio, framesPerBeat: request.framesPerBeat)
        }
    }

    /// Makes a loop of a take from disk, at the engine's rate, and puts it into the pool.
    ///
    /// Of another rate that takes a while, for which captures do not wait.
    ///
    /// - Returns: false when at the engine's rate it is too long for memory.
    func accept(_ audio: LoopAudio, id: TakeID, _ wish: TakeLoads.Wish) -> Bool {
        if pool.keep(id) { return true }
        baker.bake(audio, wish.ends, rateHz: wish.rateHz)
        audio.dropPreRoll()
        audio.isIncomplete = audio.isIncomplete && wish.ends.meetInSeam
        var (loop, framesPerBeat) = (audio, wish.framesPerBeat)
        if case .seam = wish.ends, wish.rateHz != store.sampleRateHz {
            let rate = LoopRate(from: wish.rateHz, to: store.sampleRateHz)
            guard let converted = rate.converted(audio, framesPerBeat: framesPerBeat) else {
                return false
            }
            (loop, framesPerBeat) = converted
            loop.isIncomplete = audio.isIncomplete
        }
        pool.insert(id: id, audio: loop, framesPerBeat: framesPerBeat)
        return true
    }

    private func bake(_ request: BakeRequest) {
        guard let handle = held(request) else { return }
        let handover = LoopHandover(slot: request.slot, voice: request.voice, loop: handle)
        if !rings.handovers.push(handover) { pool.release(handle) }
    }

    /// The loop of the range, held from the first moment on: whoever fills the cache meanwhile does not
    /// take it from the voice that waits for it.
    private func held(_ request: BakeRequest) -> LoopHandle? {
        if let handle = pool.acquire(request.id) { return handle }
        guard let audio = baker.bake(request) else { return nil }
        return pool.insertHeld(
            id: request.id, audio: audio, framesPerBeat: request.framesPerBeat)
    }
}
