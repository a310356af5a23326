/// The last minutes of every source, always: the look-back and the disk's first buffer.
///
/// Lies in shared memory, so that the next engine finds it after a crash. The audio thread writes
/// each frame once and never waits for a reader.
struct CaptureRing: BitwiseCopyable {
    let memory: RingMemory
    /// Frames kept free of promises: a reader that begins within them has time to finish.
    let marginFrames: Int64

    @_noLocks @_noAllocation
    init(memory: RingMemory, marginFrames: Int64) {
        self.memory = memory
        self.marginFrames = marginFrames
    }

    /// The oldest frame that stays readable until the ring has reached `endFrame`.
    @_noLocks @_noAllocation
    func oldestFrame(whenAt endFrame: Int64) -> Int64 {
        max(0, endFrame + marginFrames - Int64(memory.capacityFrames))
    }

    /// Writes frames at `frame`: source 0 from the interleaved sum, the others from the device's pairs;
    /// a source that has none is silent. Not yet published.
    @_noLocks @_noAllocation
    func write(
        _ interleaved: UnsafePointer<Float>, frames: Int, at frame: Int64,
        pairs: InputPairs = InputPairs()
    ) {
        let samples = memory.samples()
        let paired = min(memory.channelCount, pairs.channelCount())
        var at = memory.sampleIndex(frame: frame)
        if memory.channelCount == 2 {
            Wide.copy(
                interleaved, toRing: samples, at: at / 2, length: memory.capacityFrames,
                frames: frames)
            return
        }
        let end = memory.capacityFrames * memory.channelCount
        for index in 0..<frames {
            samples[at] = interleaved[2 * index]
            samples[at + 1] = interleaved[2 * index + 1]
            for channel in 2..<paired {
                samples[at + channel] = pairs.sample(channel - 2, index)
            }
            for channel in paired..<max(paired, memory.channelCount) {
                samples[at + channel] = 0
            }
            at += memory.channelCount
            if at == end { at = 0 }
        }
    }

    /// Makes all frames before `frame` visible to readers.
    @_noLocks @_noAllocation
    func publish(_ frame: Int64) { memory.writeFrame().pointee.store(UInt64(bitPattern: frame)) }

    /// One sample of a source; `channel` is 0 or 1.
    @_noLocks @_noAllocation
    func sample(frame: Int64, source: Int, channel: Int) -> Float {
        memory.samples()[memory.sampleIndex(frame: frame) + 2 * source + channel]
    }

    /// Copies a short range of a source as interleaved stereo.
    @_noLocks @_noAllocation
    func copy(
        from frame: Int64, frames: Int, source: Int, into out: UnsafeMutablePointer<Float>
    ) {
        let samples = memory.samples() + 2 * source
        var at = memory.sampleIndex(frame: frame)
        if memory.channelCount == 2 {
            Wide.copy(
                fromRing: samples, at: at / 2, length: memory.capacityFrames, to: out,
                frames: frames)
            return
        }
        let end = memory.capacityFrames * memory.channelCount
        for index in 0..<frames {
            out[2 * index] = samples[at]
            out[2 * index + 1] = samples[at + 1]
            at += memory.channelCount
            if at == end { at = 0 }
        }
    }
}
