/// The root of all that runs on the audio thread: one block from commands to taps.
///
/// The device's callback holds a raw pointer to it. Structs all the way down: below it there is no
/// class, no array, no closure. Every buffer is allocated and touched before the device starts.
///
/// - Thread: audio for everything that is marked; `init`, `prepare` and `deallocate` control.
struct RenderBlock: ~Copyable {
    let settings: RenderSettings
    let rings: RenderRings
    let ring: CaptureRing
    let slots: UnsafeMutablePointer<SlotPlayer>
    /// The same slots, as far as a block needs them in which nothing moves.
    let lines: UnsafeMutablePointer<SlotLine>
    /// The places of chains in slots, and in how many a chain is or was a moment ago.
    let seats: UnsafeMutablePointer<SlotSeat>
    var seatedCount = 0
    var inputSeat = InputSeat()
    let bells: UnsafeMutablePointer<HostBells>
    var keys = KeyShelf()
    /// Interleaved input of a chunk, and scratch for slots, voices and seams.
    let input: UnsafeMutablePointer<Float>
    let slotScratch: UnsafeMutablePointer<Float>
    let voiceScratch: UnsafeMutablePointer<Float>
    let seamScratch: UnsafeMutablePointer<Float>
    let pairMix: PairMix
    let xruns: UnsafeMutablePointer<AtomicCell>
    let xrunFrames: UnsafeMutablePointer<AtomicCell>

    var transport: Transport
    var schedule: Schedule
    var mixer: Mixer
    var metronome: Metronome
    var calibration: CalibrationSound
    var tap: FeatureTap
    var load = LoadMeter()
    /// One for each source.
    let taintLogs: UnsafeMutablePointer<TaintLog>
    var clock: FrameClock
    /// The next frame to render.
    var frame: Int64
    /// When that frame was due on the monotonic clock, until the first block has come; 0 = the device
    /// itself makes up for what it is late.
    var dueNs: Int64 = 0
    /// Number of this engine's first anchor: above those of the engine before it.
    let firstAnchor: UInt64
    var blocks: UInt64 = 0
    /// When and with which frame the present block began.
    var blockStartNs: Int64 = 0
    var blockStartFrame: Int64 = 0
    var eventsLost: UInt64 = 0
    var xrunsSeen: UInt64 = 0
    var xrunFramesSeen: UInt64 = 0
    /// As many of them have tainted what was recorded; they may be told later.
    var xrunsTainted: UInt64 = 0
    var xrunFramesTainted: UInt64 = 0
    /// Whether some log holds damage that was not told.
    var owesDamage = false
    var voiceSerial: UInt64 = 0
    let heard: HeardFrames
    /// The grid that was told last; without frames in a beat none was.
    var toldGrid = Grid.none()
    var lastTempoFrame: Int64 = Int64.min / 2
    /// Frame of the newest group without a frame of its own: later ones do not overtake it.
    var newestGroupFrame: Int64 = 0
    /// Whether a command, a capture or a hand-over may have changed what slots play since they were
    /// rendered.
    var mayHaveChanged = false
    /// Slots that are soloed.
    var soloedCount = 0
    /// The frame at which settled slots go on, and the grid by which they are where they are.
    var settledFrame: Int64 = -1
    var settledGrid = Grid()
    /// Whether a slot was rendered since `collectVoices` that was not settled.
    var isAttended = false
    /// How much later than it was played, seen from the grid, sound reaches the ring that the player
    /// does not hear through the engine.
    var latencyFrames: Int64 = 0
    /// How much later than it was rendered the player hears sound.
    var outputLatencyFrames: Int64 = 0
    /// When the earliest window that some slot waits for ends, or its last frames come.
    var nextCaptureEnd: Int64 = Int64.max

    /// Begins a block of `count` frames: what the other threads left is taken in.
    ///
    /// After it come stretches, each asked for by `nextStretch` and rendered by `renderStretch`, then
    /// `finish`.
    @_noLocks @_noAllocation
    mutating func begin(count: Int) {
        blockStartNs = Leaf.monotonicNs()
        if dueNs != 0 { catchUp(to: blockStartNs) }
        blockStartFrame = frame
        rings.memory.write(anchor(blockStartNs), number: firstAnchor + blocks)
        noticeXruns(count: count)
        tellDamage()
        clock.observe(frame: frame, atNs: blockStartNs)
        takeHandovers()
        collectChains()
        // What waited for this frame comes before what was sent since: the last word counts.
        applyDue()
        drainCommands(periodFrames: Int64(count))
    }

    /// Applies what is due now and tells for how many frames nothing changes.
    @_noLocks @_noAllocation
    mutating func nextStretch(atMost count: Int) -> Int {
        applyDue()
        takeHeld()
        tellGrid()
        return stretch(atMost: count)
    }

    /// Ends the block: gives back what is over and tells the other threads.
    @_noLocks @_noAllocation
    mutating func finish() {
        postChains()
        collectVoices()
        blocks += 1
        load.add(
            elapsedNs: Leaf.monotonicNs() - blockStartNs, frames: Int(frame - blockStartFrame),
            rateHz: settings.rateHz)
        // Time that is stepped by hand passes as quickly as the machine likes.
        if !settings.isStepped {
            tap.follow(load: load.smoothed(), frames: Int(frame - blockStartFrame))
        }
        report(blockStartNs)
    }

    /// A device that goes on after a crash begins when it likes: the timeline is taken to where it
    /// stands by now, and what nobody heard until then is a declared gap.
    @_noLocks @_noAllocation
    private mutating func catchUp(to startNs: Int64) {
        let lateNs = min(startNs - dueNs, 1_000_000_000)
        dueNs = 0
        let late = lateNs * Int64(settings.rateHz) / 1_000_000_000
        if late <= 0 { return }
        let first = frame
        for index in 0..<2 * settings.chunkFrames { input[index] = 0 }
        while frame < first + late {
            let run = min(settings.chunkFrames, Int(first + late - frame))
            ring.write(input, frames: run, at: frame)
            frame += Int64(run)
            ring.publish(frame)
        }
        taint(from: first, to: frame)
        note(.gap, from: first, to: frame)
        var event = CoreEvent(.gap)
        event.fromFrame = first
        event.toFrame = frame
        event.detail = settings.restartReason
        post(event)
    }

    /// Frames until something changes: an event's frame, a window's end, the chunk's end.
    ///
    /// Mutating, as `heldFrame` is, for the compiler copies the whole block for one that is not.
    @_noLocks @_noAllocation
    private mutating func stretch(atMost count: Int) -> Int {
        let next = min(min(schedule.nextFrame(), nextCaptureEnd), heldFrame())
        let limit = min(count, settings.chunkFrames)
        return next - frame < Int64(limit) ? max(1, Int(next - frame)) : limit
    }

    /// Input → ring → slots → mix → taps → metronome → out.
    ///
    /// Both outputs receive `count` samples of the master.
    @_noLocks @_noAllocation
    mutating func renderStretch(
        _ pairs: InputPairs, outLeft: UnsafeMutablePointer<Float>,
        outRight: UnsafeMutablePointer<Float>, count: Int
    ) {
        pairMix.sum(pairs, into: input, frames: count)
        if inputSeat.isBusy() { inputSeat.pass(input, count: count, at: frame) }
        let loudest = tap.measureInput(input, count: count, at: frame, transport.grid)
        ring.write(input, frames: count, at: frame, pairs: pairs)
        ring.publish(frame + Int64(count))
        if loudest > settings.silence { noteHeard(count) }
        if pairs.isSeveral() { notePairs(pairs, count) }
        if loudest >= 1 || pairs.isSeveral() { noticeClips(pairs, count) }
        mixer.clear(count)
        if mixer.hidesSlots() {
            skipSlots(count)
        } else {
            renderSlots(count)
        }
        let gate = mixer.transport
        mixer.finish(input: input, count: count)
        tap.measureMaster(mixer.bus, count: count)
        metronome.render(
            into: mixer.bus, count: count, at: frame, transport.grid,
            transport: gate, master: mixer.master)
        calibration.render(into: mixer.bus, count: count, at: frame)
        mixer.emit(left: outLeft, right: outRight, count: count)
        frame += Int64(count)
    }

    @_noLocks @_noAllocation
    private mutating func renderSlots(_ count: Int) {
        var context = SlotContext(
            bus: mixer.bus, voice: voiceScratch, slot: slotScratch, ring: ring,
            grid: transport.grid)
        context.frame = frame
        context.count = count
        if mayHaveChanged || frame != settledFrame || !transport.grid.places(as: settledGrid) {
            for slot in 0..<settings.slotCount { lines[slot].unsettle() }
            mayHaveChanged = false
            settledGrid = transport.grid
        }
        settledFrame = frame + Int64(count)
        for slot in 0..<settings.slotCount {
            if lines[slot].isSettled() {
                lines[slot].render(to: context.bus, count: count)
            } else if !lines[slot].isQuiet {
                isAttended = true
                renderWhole(slot, context)
            }
        }
    }

    @_noLocks @_noAllocation
    private mutating func renderWhole(_ slot: Int, _ context: SlotContext) {
        if !slots[slot].hasSeat {
            slots[slot].render(context)
            return
        }
        slots[slot].render(context, through: seats + slot)
        freeSeat(slot)
    }

    /// A slot whose chain is gone, and was faded out, is as any other again.
    @_noLocks @_noAllocation
    private mutating func freeSeat(_ slot: Int) {
        if !seats[slot].isFree() { return }
        slots[slot].hasSeat = false
        seatedCount -= 1
    }

    /// Behind a shut gate: nothing sounds, ramps go on.
    @_noLocks @_noAllocation
    private mutating func skipSlots(_ count: Int) {
        isAttended = true
        for slot in 0..<settings.slotCount where !lines[slot].isQuiet {
            slots[slot].advance(count)
            if !slots[slot].hasSeat { continue }
            seats[slot].skip()
            freeSeat(slot)
        }
    }
}
