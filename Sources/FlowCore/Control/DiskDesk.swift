import Foundation

/// Where captures wait for the disk service, which starts after the audio.
///
/// - Thread: any but audio.
final class DiskDesk: @unchecked Sendable {
    private let lock = NSLock()
    private var service: DiskService?
    /// Takes nothing more; its books are still asked for.
    private var ending: DiskService?
    private var waiting: [TakeWindow] = []

    /// From here on captures go straight to the service; those that waited first.
    func open(_ service: DiskService) {
        lock.withLock {
            self.service = service
            for window in waiting { service.keep(window) }
            waiting = []
        }
    }

    func close() {
        lock.withLock {
            ending = service ?? ending
            service = nil
        }
    }

    /// All that was owed is on disk: nobody asks for its books any more.
    func forget() { lock.withLock { ending = nil } }

    /// Makes frames of the past a take.
    ///
    /// - Returns: false when there is no disk.
    func keepPast(_ window: TakeWindow) -> Bool {
        guard let service = lock.withLock({ service }) else { return false }
        service.keepPast(window)
        return true
    }

    /// Has a window that is not spooled kept on disk.
    ///
    /// - Returns: false when there is no disk, or no room for it.
    func keepAside(
        _ window: TakeWindow, _ sound: StereoFrames, before: StereoFrames? = nil
    ) -> Bool {
        lock.withLock { service }?.keepAside(window, sound, before: before) ?? false
    }

    /// Has the take kept on disk.
    func keep(_ request: BakeRequest) {
        let window = TakeWindow(
            id: request.id, fromFrame: UInt64(request.fromFrame),
            toFrame: UInt64(request.toFrame), barFrames: request.barFrames,
            sourceIndex: request.sourceIndex)
        lock.withLock {
            if let service { service.keep(window) } else { waiting.append(window) }
        }
    }

    /// Whether a capture of so many frames would be safe, in memory until the disk takes it.
    func canKeep(frames: Int) -> Bool {
        lock.withLock { service }?.canKeep(frames: frames) ?? true
    }

    /// The disk's health; without a disk there is nothing to complain about.
    var state: DiskState { counts.state }

    /// The disk's books.
    var counts: DiskCounts { lock.withLock { service ?? ending }?.counts() ?? DiskCounts() }

    /// Passes a load on.
    ///
    /// - Returns: false when there is no disk.
    func load(_ request: TakeLoadRequest) -> Bool {
        guard let service = lock.withLock({ service }) else { return false }
        service.load(request)
        return true
    }
}

/// Takes being loaded: what is asked of them is kept until the disk answers.
final class TakeLoads: @unchecked Sendable {
    struct Wish {
        /// Frames of one beat of the take.
        var framesPerBeat: Double
        /// Of its frames.
        var rateHz: Int
        var ends: LoopEnds
    }

    private let lock = NSLock()
    private var wishes: [TakeID: Wish] = [:]

    func begin(_ id: TakeID, _ wish: Wish) { lock.withLock { wishes[id] = wish } }

    /// What was asked of the take; nil when nobody asked for it.
    func finish(_ id: TakeID) -> Wish? { lock.withLock { wishes.removeValue(forKey: id) } }
}
