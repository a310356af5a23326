import CFlowLeaf
import CVST3

/// Sends one block of a lane through its plug-ins.
///
/// Nothing here allocates, locks or waits; what the plug-ins do is theirs. An instance that is bypassed
/// goes on hearing the sound, so that it comes back as if it had never been away.
///
/// Thread: audio.
struct BlockRender {
    private static let fadeFrames: Float = 64

    private let segment: UnsafeMutablePointer<flow_from_host>
    private let heartbeat: Heartbeat
    private let rateHz: Double
    private let rooms = (StereoRoom(), StereoRoom())
    private let dry = StereoRoom()
    /// Never written to.
    private let silence = StereoRoom()
    private var events = BlockEvents()
    /// How this thread calculates; plug-ins change it.
    private let floatMode: UInt64

    init(_ segments: HostSegments, _ heartbeat: Heartbeat) {
        segment = segments.fromHost
        self.heartbeat = heartbeat
        rateHz = Double(segments.toHost.pointee.header.sample_rate_hz)
        _ = flow_denormals_off()
        floatMode = flow_denormals_off()
    }

    /// Plays a block through the lane's plug-ins into `result`, and signs it.
    mutating func play(
        _ blocks: LaneBlocks, _ lane: HostPlan.Lane, into result: UnsafeMutablePointer<flow_result>
    ) {
        let frames = Int(blocks.head.frames)
        var sound = blocks.sound
        if let seats = lane.seats, frames > 0 {
            for index in 0..<lane.count {
                let room = index.isMultiple(of: 2) ? rooms.0 : rooms.1
                play(seats[index], sound, blocks, into: room)
                sound = room.sound
            }
        }
        flow_result_samples(result, 0).update(from: sound.left, count: frames)
        flow_result_samples(result, 1).update(from: sound.right, count: frames)
        result.pointee.block.epoch = blocks.head.epoch
        result.pointee.block.frames = blocks.head.frames
        flow_word_store(&result.pointee.block.seq, blocks.seq)
    }

    private mutating func play(
        _ seat: AudioSeat, _ sound: StereoSound, _ blocks: LaneBlocks, into room: StereoRoom
    ) {
        let frames = Int(blocks.head.frames)
        let passing = passing(seat, sound, blocks)
        var isHeard = false
        if let player = seat.player {
            blocks.gather(seat, into: &events)
            isHeard = process(seat, player, sound, blocks, into: room)
        }
        let gain = seat.life.gain
        // A plug-in that failed has left nothing to fade out from.
        if !isHeard { gain.pointee = 0 }
        let wanted: Float = isHeard && seat.life.isBypassed.load() == 0 ? 1 : 0
        if gain.pointee == wanted {
            if wanted == 0 { room.take(passing, frames) }
            return
        }
        for index in 0..<frames {
            let step = wanted > gain.pointee ? 1 / Self.fadeFrames : -1 / Self.fadeFrames
            gain.pointee = min(max(gain.pointee + step, 0), 1)
            room.left[index] = mix(passing.left[index], room.left[index], gain.pointee)
            room.right[index] = mix(passing.right[index], room.right[index], gain.pointee)
        }
    }

    private func mix(_ dry: Float, _ wet: Float, _ gain: Float) -> Float {
        gain == 1 ? wet : gain == 0 ? dry : dry + gain * (wet - dry)
    }

    /// What is heard in the place of the plug-in, as late as it is.
    private func passing(
        _ seat: AudioSeat, _ sound: StereoSound, _ blocks: LaneBlocks
    ) -> StereoSound {
        guard seat.hasInput else { return silence.sound }
        guard let delay = seat.delay else { return sound }
        if blocks.isDiscontinuous { delay.clear() }
        delay.pass(sound, Int(blocks.head.frames), into: dry)
        return dry.sound
    }

    /// Calls the plug-in; false when it did not do its work.
    private func process(
        _ seat: AudioSeat, _ player: SeatPlayer, _ sound: StereoSound, _ blocks: LaneBlocks,
        into room: StereoRoom
    ) -> Bool {
        var block = timed(blocks.head)
        block.left_in = sound.left
        block.right_in = sound.right
        block.left_out = room.left
        block.right_out = room.right
        events.place(in: &block)
        heartbeat.blameAudio(seat.instance)
        let result = player.process(player.handle, &block)
        heartbeat.blameAudio(0)
        flow_denormals_restore(floatMode)
        seat.life.blocks.store(seat.life.blocks.load() &+ 1)
        tellMoves(seat, player)
        return result == VST3_OK
    }

    private func timed(_ head: flow_block) -> vst3_block {
        var block = vst3_block()
        block.frames = Int32(head.frames)
        block.is_playing = head.flags & UInt32(FLOW_BLOCK_PLAYS) == 0 ? 0 : 1
        block.is_offline = head.flags & UInt32(FLOW_BLOCK_OFFLINE) == 0 ? 0 : 1
        block.beats_per_bar = Int32(truncatingIfNeeded: head.beats_per_bar)
        block.beat_unit = Int32(truncatingIfNeeded: head.unit)
        guard head.beat.isFinite, head.frames_per_beat.isFinite, head.frames_per_beat > 0 else {
            return block
        }
        block.beat = head.beat
        block.tempo_bpm = 60 * rateHz / head.frames_per_beat
        let frame = (head.beat * head.frames_per_beat).rounded()
        if abs(frame) < 1e15 { block.frame = Int64(frame) }
        return block
    }

    /// Tells the engine which parameters the plug-in moved by itself in this block.
    private func tellMoves(_ seat: AudioSeat, _ player: SeatPlayer) {
        // Counted in Int: a loop over another type allocates in a debug build.
        for index in 0..<Int(player.echoCount(player.handle)) {
            var id: UInt32 = 0
            var value = 0.0
            player.echoAt(player.handle, Int32(index), &id, &value)
            guard value.isFinite, seat.board.note(id, value) else { continue }
            flow_echo_write(
                segment,
                flow_echo(instance: seat.instance, param: id, value: Float(value), pad: 0))
        }
    }
}
