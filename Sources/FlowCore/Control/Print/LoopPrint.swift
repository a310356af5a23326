import CFlowLeaf
import Foundation

/// What a chain of plug-ins makes of a loop that goes round and round.
///
/// The loop is played through the chain as a slot would, only faster, and one round of what comes out is
/// kept, with what was heard right before it. The chain is one that no slot has, and nobody hears it.
///
/// - Thread: any but audio and control; it waits for the hosts.
struct LoopPrint {
    let chain: UnsafeMutablePointer<PluginChain>
    let loop: LoopView
    /// The loop's first frame lies on its frame 0.
    let grid: Grid
    let rateHz: Int
    var now: () -> Int64 = { flow_monotonic_ns() }

    private static let blockFrames = 128
    /// For so long it is played before: what rings on from the round before is in the one that is kept.
    private static let leadSeconds = 4
    /// For so long all plug-ins are heard before the round that is kept.
    private static let settleSeconds = 3
    /// So often another round is taken when they were not.
    private static let triesMax = 4
    /// A host that is away is back sooner, or stays away.
    private static let waitNs: Int64 = 10_000_000_000
    /// So many times faster than it is heard: the music that goes on needs the processor, too.
    private static let speed: Int64 = 8
    /// How far it is, is told this often.
    private static let tellNs = Int64(Limits.exportProgressMs) * 1_000_000

    /// The kept round.
    struct Sound {
        let window: StereoFrames
        let preRoll: StereoFrames
    }

    /// Plug-ins that are slower than the music, and those that are away for long, are not waited for.
    ///
    /// - Parameters:
    ///   - isGivenUp: Asked in every block, however fast the plug-ins are.
    ///   - tell: Hears how far it is, 0 to 1, four times a second. A round that is played again is not
    ///     foreseen.
    /// - Returns: nil when it was given up.
    /// - Throws: with the code why it cannot be had.
    func run(
        isGivenUp: () -> Bool, tell: (Double) -> Void = { _ in }
    ) throws(EngineError) -> Sound? {
        let bells = UnsafeMutablePointer<HostBells>.allocate(capacity: 1)
        bells.initialize(to: HostBells())
        let block = StereoFrames(frameCount: Self.blockFrames)
        defer {
            bells.pointee.deallocate()
            bells.deallocate()
        }
        let round = loop.frames
        let before = Seam.frames(rateHz: rateHz, loopFrames: round)
        let kept = StereoFrames(frameCount: before + round)
        var first = (Self.leadSeconds * rateHz + round - 1) / round * round - before
        var tries = 0
        let transport = Transport(grid: grid.placing(lead: first + before), isPlaying: true)
        let startNs = now()
        var toldNs = startNs
        var frame = 0
        while true {
            let heardNs = startNs + Int64(frame) * 1_000_000_000 / Int64(rateHz)
            guard try catchUp(isGivenUp, atLatestNs: heardNs + 2 * Self.waitNs) else { return nil }
            fill(block.samples, from: frame)
            let wasHeard = isHeard
            chain.pointee.pass(block.samples, count: Self.blockFrames, isFilling: false)
            let out = frame - chain.pointee.delayFrames
            let part = (out..<out + Self.blockFrames)
                .clamped(to: first..<first + kept.frameCount)
            if !part.isEmpty {
                (kept.samples + 2 * (part.lowerBound - first)).update(
                    from: block.samples + 2 * (part.lowerBound - out), count: 2 * part.count)
            }
            // What rang on is gone with the life that was heard before.
            let settled = out + Self.blockFrames + Self.settleSeconds * rateHz
            if !(wasHeard && isHeard), first < settled {
                tries += 1
                guard tries < Self.triesMax else { throw notPrinted }
                first = (settled + before + round - 1) / round * round - before
            }
            frame += Self.blockFrames
            chain.pointee.post(HopTime(transport, frame: Int64(frame)), bells)
            bells.pointee.ring()
            let end = first + kept.frameCount + chain.pointee.delayFrames
            if frame >= end { return split(kept, before) }
            if now() - toldNs >= Self.tellNs {
                toldNs = now()
                tell(Double(frame) / Double(end))
            }
            rest(untilNs: startNs + Int64(frame) * 1_000_000_000 / Int64(rateHz) / Self.speed)
        }
    }

    private var notPrinted: EngineError {
        EngineError(code: ErrorCode.pluginsNotPrinted, detail: "a plug-in was not heard")
    }

    /// Whether what comes out went through all plug-ins.
    private var isHeard: Bool {
        (0..<chain.pointee.hopCount).allSatisfy { index in
            let hop = chain.pointee.hops[index]
            return hop.isWet && hop.wetGain == 1 && hop.fade.isOver()
        }
    }

    /// Waits until the hosts have answered all that was posted.
    ///
    /// - Returns: false when it was given up.
    private func catchUp(
        _ isGivenUp: () -> Bool, atLatestNs: Int64
    ) throws(EngineError) -> Bool {
        let startNs = now()
        guard startNs < atLatestNs else { throw notPrinted }
        let endNs = min(atLatestNs, startNs + Self.waitNs)
        while true {
            if isGivenUp() { return false }
            // Without a time: nobody is late here.
            chain.pointee.collect(atNs: 0)
            let isThere = (0..<chain.pointee.hopCount).allSatisfy { index in
                let hop = chain.pointee.hops[index]
                return hop.hasHost && hop.taken == hop.posted
            }
            if isThere { return true }
            guard now() < endNs else { throw notPrinted }
            usleep(100)
        }
    }

    private func fill(_ out: UnsafeMutablePointer<Float>, from frame: Int) {
        var done = 0
        while done < Self.blockFrames {
            let at = (frame + done) % loop.frames
            let run = min(Self.blockFrames - done, loop.frames - at)
            (out + 2 * done).update(from: loop.samples + 2 * at, count: 2 * run)
            done += run
        }
    }

    private func rest(untilNs: Int64) {
        let leftNs = untilNs - now()
        if leftNs > 0 { usleep(UInt32(leftNs / 1_000)) }
    }

    private func split(_ kept: StereoFrames, _ before: Int) -> Sound {
        let preRoll = StereoFrames(frameCount: before)
        let window = StereoFrames(frameCount: kept.frameCount - before)
        preRoll.samples.update(from: kept.samples, count: 2 * before)
        window.samples.update(from: kept.samples + 2 * before, count: 2 * window.frameCount)
        return Sound(window: window, preRoll: preRoll)
    }
}

extension Grid {
    /// Begun so many frames sooner, so that what lay on frame 0 lies on frame `lead`.
    fileprivate func placing(lead: Int) -> Grid {
        var grid = self
        grid.epochFrame += Int64(lead)
        grid.changedAtFrame = grid.epochFrame
        return grid
    }
}
