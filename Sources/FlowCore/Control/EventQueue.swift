import Foundation

/// Events for whoever polls: those of the audio thread and those of every other thread, in order.
///
/// An event of a worker follows from one of the audio thread; it never overtakes it.
final class EventQueue: @unchecked Sendable {
    private let audio: EventRing
    private let lock = NSLock()
    private var others: [CoreEvent] = []

    init(audio: EventRing) { self.audio = audio }

    /// Thread: any but audio.
    func post(_ event: CoreEvent) { lock.withLock { others.append(event) } }

    /// The oldest events, at most `capacity`. Thread: control, one at a time.
    func poll(capacity: Int, _ body: (CoreEvent) -> Void) -> Int {
        // How many to hand out is fixed before the ring is read: what they follow from is in it.
        let waiting = lock.withLock { others.count }
        var count = 0
        while count < capacity, let event = audio.pop() {
            body(event)
            count += 1
        }
        let taken = lock.withLock {
            let number = min(waiting, capacity - count)
            let first = Array(others.prefix(number))
            others.removeFirst(number)
            return first
        }
        for event in taken { body(event) }
        return count + taken.count
    }
}
