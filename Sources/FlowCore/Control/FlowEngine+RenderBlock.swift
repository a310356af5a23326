extension RenderBlock {
    /// What an engine begins with: fresh, or as the engine before it left off.
    struct Start {
        var transport: Transport
        var frame: Int64
        /// Of each source.
        var heardFrames: [Int64]
        var monitorsInput: Bool
    }

    /// Up to four layers, the loop that takes their place and one that fades.
    static let voicesPerSlot = 6

    /// Allocates and touches everything the audio thread will use.
    ///
    /// - Thread: control.
    static func make(
        settings: RenderSettings, rings: RenderRings, counters: DeviceCounters, start: Start
    ) -> UnsafeMutablePointer<RenderBlock> {
        let block = UnsafeMutablePointer<RenderBlock>.allocate(capacity: 1)
        let strip = StripTap(keptCount: 64)
        let lines = makeLines(settings.slotCount)
        block.initialize(
            to: RenderBlock(
                settings: settings, rings: rings,
                ring: CaptureRing(memory: rings.memory, marginFrames: margin(settings, rings)),
                slots: makeSlots(settings.slotCount, lines), lines: lines,
                seats: makeSeats(settings.slotCount), bells: makeBells(),
                input: zeros(2 * settings.chunkFrames),
                slotScratch: zeros(2 * settings.chunkFrames),
                voiceScratch: zeros(2 * settings.chunkFrames),
                seamScratch: zeros(4 * settings.rateHz / 100),
                pairMix: PairMix(allOn: settings.sumsAllPairs),
                xruns: counters.xruns, xrunFrames: counters.xrunFrames,
                transport: start.transport,
                schedule: Schedule(capacity: Limits.pendingCommandCount),
                mixer: Mixer(
                    bus: zeros(2 * settings.chunkFrames), isMonitored: start.monitorsInput),
                metronome: Metronome(rateHz: settings.rateHz),
                calibration: CalibrationSound(rateHz: settings.rateHz),
                tap: FeatureTap(
                    ring: rings.features, strip: strip, slotCount: min(32, settings.slotCount),
                    periodFrames: settings.rateHz / Limits.featureFps),
                taintLogs: makeTaintLogs(settings),
                clock: FrameClock(rateHz: settings.rateHz, isVirtual: settings.isStepped),
                frame: start.frame,
                firstAnchor: rings.memory.newestAnchorNumber() + 1,
                heard: HeardFrames(start.heardFrames)))
        if !start.transport.isPlaying { block.pointee.mixer.transport = Ramp(0) }
        return block
    }

    /// Frees what `make` allocated; the audio thread must be gone.
    static func free(_ block: UnsafeMutablePointer<RenderBlock>) {
        for slot in 0..<block.pointee.settings.slotCount {
            block.pointee.slots[slot].voices.deallocate()
            block.pointee.seats[slot].ahead.deallocate()
        }
        block.pointee.seats.deallocate()
        block.pointee.bells.pointee.deallocate()
        block.pointee.bells.deallocate()
        block.pointee.keys.deallocate()
        block.pointee.slots.deallocate()
        UnsafeMutableRawPointer(block.pointee.lines).deallocate()
        block.pointee.input.deallocate()
        block.pointee.slotScratch.deallocate()
        block.pointee.voiceScratch.deallocate()
        block.pointee.seamScratch.deallocate()
        block.pointee.mixer.bus.deallocate()
        block.pointee.pairMix.deallocate()
        block.pointee.heard.deallocate()
        block.pointee.schedule.deallocate()
        block.pointee.metronome.deallocate()
        block.pointee.calibration.deallocate()
        block.pointee.tap.deallocate()
        for source in 0..<block.pointee.settings.sourceCount {
            block.pointee.taintLogs[source].deallocate()
        }
        block.pointee.taintLogs.deallocate()
        block.deinitialize(count: 1)
        block.deallocate()
    }

    /// A second in which readers may finish, less in the small rings of tests.
    private static func margin(_ settings: RenderSettings, _ rings: RenderRings) -> Int64 {
        Int64(min(settings.rateHz, rings.memory.capacityFrames / 8))
    }

    private static func makeLines(_ count: Int) -> UnsafeMutablePointer<SlotLine> {
        let bytes = count * MemoryLayout<SlotLine>.stride
        let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        let nothing = zeros(2)
        defer { nothing.deallocate() }
        return raw.initializeMemory(
            as: SlotLine.self, repeating: SlotLine(samples: nothing), count: count)
    }

    private static func makeSlots(
        _ count: Int, _ lines: UnsafeMutablePointer<SlotLine>
    ) -> UnsafeMutablePointer<SlotPlayer> {
        let slots = UnsafeMutablePointer<SlotPlayer>.allocate(capacity: count)
        let nothing = zeros(2)
        for slot in 0..<count {
            (slots + slot).initialize(
                to: SlotPlayer(
                    voices: makeVoices(nothing), voiceCount: voicesPerSlot, line: lines + slot))
        }
        nothing.deallocate()
        return slots
    }

    private static func makeSeats(_ count: Int) -> UnsafeMutablePointer<SlotSeat> {
        let seats = UnsafeMutablePointer<SlotSeat>.allocate(capacity: count)
        let nothing = zeros(2)
        for slot in 0..<count {
            (seats + slot).initialize(to: SlotSeat(ahead: makeVoices(nothing)))
        }
        nothing.deallocate()
        return seats
    }

    private static func makeVoices(
        _ nothing: UnsafeMutablePointer<Float>
    ) -> UnsafeMutablePointer<Voice> {
        let voices = UnsafeMutablePointer<Voice>.allocate(capacity: voicesPerSlot)
        voices.initialize(repeating: Voice(samples: nothing), count: voicesPerSlot)
        return voices
    }

    private static func makeBells() -> UnsafeMutablePointer<HostBells> {
        let bells = UnsafeMutablePointer<HostBells>.allocate(capacity: 1)
        bells.initialize(to: HostBells())
        return bells
    }

    private static func makeTaintLogs(
        _ settings: RenderSettings
    ) -> UnsafeMutablePointer<TaintLog> {
        let logs = UnsafeMutablePointer<TaintLog>.allocate(capacity: settings.sourceCount)
        for source in 0..<settings.sourceCount {
            let log = TaintLog(capacity: 256, joinFrames: settings.rateHz / 100)
            (logs + source).initialize(to: log)
        }
        return logs
    }

    private static func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
        let floats = UnsafeMutablePointer<Float>.allocate(capacity: count)
        floats.initialize(repeating: 0, count: count)
        return floats
    }
}
