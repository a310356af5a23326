/// Asks for each block when it is due, and makes up for those that were missed.
///
/// After a stall every missed block is rendered at once, so that frames = elapsed time × rate; nobody
/// waited for them, and so they come no faster than whoever writes them down can follow.
struct HeadlessClock {
    /// Where time comes from.
    struct Time {
        let nowNs: () -> Int64
        let sleepUntil: (_ deadlineNs: Int64) -> Void
    }

    /// What is done in time.
    struct Work {
        let isWanted: () -> Bool
        /// Whether the next block would overwrite nothing that is still to be written.
        let hasRoom: () -> Bool
        /// A count that moves while somebody writes.
        let progress: () -> Int64
        /// A deadline was missed.
        let late: () -> Void
        let render: () -> Void
    }

    /// A writer that does not move for so long is not waited for: the sound goes on.
    static let stuckNs: Int64 = 2_000_000_000
    private static let waitNs: Int64 = 1_000_000

    let sampleRateHz: Int
    let blockFrames: Int
    let time: Time

    /// Renders until it is no longer wanted. Thread: audio.
    ///
    /// - Parameters:
    ///   - startNs: when the first block begins; it is due a block later.
    ///   - work: what is done then.
    func run(from startNs: Int64, _ work: Work) {
        let nsPerFrame = 1e9 / Double(sampleRateHz)
        var rendered: Int64 = 0
        // Blocks that became due while the engine started are made up for; nobody waited for them.
        var isLate = true
        var mayWait = work.hasRoom()
        while work.isWanted() {
            let due = Double(rendered + Int64(blockFrames)) * nsPerFrame
            time.sleepUntil(startNs + Int64(due))
            let elapsed = Double(time.nowNs() - startNs) / nsPerFrame
            // A sound card with two periods would have run dry by now.
            let isBehind = Int64(elapsed) - rendered >= Int64(2 * blockFrames)
            if isBehind, !isLate {
                work.late()
                // One that lags by itself is not waited for.
                mayWait = work.hasRoom()
            }
            isLate = isBehind
            if isLate, mayWait { mayWait = waitForRoom(work) }
            guard work.isWanted() else { return }
            work.render()
            rendered += Int64(blockFrames)
        }
    }

    /// False when the writer is stuck.
    private func waitForRoom(_ work: Work) -> Bool {
        var progress = work.progress()
        var movedNs = time.nowNs()
        while !work.hasRoom(), work.isWanted() {
            let nowNs = time.nowNs()
            if progress != work.progress() {
                progress = work.progress()
                movedNs = nowNs
            }
            if nowNs - movedNs >= Self.stuckNs { return false }
            time.sleepUntil(nowNs + Self.waitNs)
        }
        return true
    }
}
