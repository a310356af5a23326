import CFlowLeaf
import Foundation

@testable import PluginFixture

/// A block for the host; both channels are alike unless a test says otherwise.
struct Block {
    var sound: [Float]
    var right: [Float]?
    var points: [flow_point] = []
    var notes: [flow_note] = []
    var flags = UInt32(FLOW_BLOCK_PLAYS)
    var generation: UInt64 = 0
    /// The grid at the first frame.
    var beat = 0.0
    var framesPerBeat = 24_000.0
    var unit: UInt32 = 4
}

func point(_ instance: UInt32, _ param: UInt32, _ value: Float, at offset: UInt32 = 0) -> flow_point
{
    flow_point(instance: instance, param: param, offset: offset, value: value)
}

func note(_ instance: UInt32, _ key: UInt16, at offset: UInt32 = 0, isOn: Bool = true) -> flow_note
{
    flow_note(
        instance: instance, offset: offset, note: key, is_on: isOn ? 1 : 0, pad: 0, velocity: 1)
}

extension LiveHost {
    private func lane(_ index: Int) -> UnsafeMutablePointer<flow_to_lane> {
        UnsafeMutablePointer(mutating: flow_to_lane_at(toHost, UInt32(index)))
    }

    /// Newest block that the host says it answered.
    func done(_ index: Int = 0) -> UInt64 {
        flow_word_load(&flow_from_lane_at(fromHost, UInt32(index)).pointee.done)
    }

    /// Writes blocks into their slots and posts all of them at once; returns the last one's number.
    @discardableResult
    func post(_ blocks: [Block], lane index: Int = 0) -> UInt64 {
        let lane = lane(index)
        for block in blocks {
            posted[index] += 1
            write(block, posted[index], into: lane)
        }
        flow_word_store(&lane.pointee.posted, posted[index])
        flow_word_store(&toHost.pointee.bell, toHost.pointee.bell + 1)
        flow_segment_wake(&toHost.pointee.bell)
        return posted[index]
    }

    private func write(
        _ block: Block, _ seq: UInt64, into lane: UnsafeMutablePointer<flow_to_lane>
    ) {
        let slot = UnsafeMutablePointer(mutating: flow_slot_at(lane, seq))
        let frames = block.sound.count
        UnsafeMutablePointer(mutating: flow_slot_samples(slot, 0))
            .update(from: block.sound, count: frames)
        UnsafeMutablePointer(mutating: flow_slot_samples(slot, 1))
            .update(from: block.right ?? block.sound, count: frames)
        UnsafeMutablePointer(mutating: flow_slot_points(slot))
            .update(from: block.points, count: block.points.count)
        UnsafeMutablePointer(mutating: flow_slot_notes(slot))
            .update(from: block.notes, count: block.notes.count)
        var head = flow_block()
        head.seq = seq
        head.epoch = LiveHost.epoch << 32 | block.generation
        head.frames = UInt32(frames)
        head.flags = block.flags
        head.beat = block.beat
        head.frames_per_beat = block.framesPerBeat
        head.beats_per_bar = 4
        head.unit = block.unit
        head.point_count = UInt32(block.points.count)
        head.note_count = UInt32(block.notes.count)
        UnsafeMutableRawPointer(slot).assumingMemoryBound(to: flow_block.self).pointee = head
    }

    /// The sound of an answered block; nil when the host left it out.
    func result(_ seq: UInt64, lane index: Int = 0) -> (left: [Float], right: [Float])? {
        let result = flow_result_at(flow_from_lane_at(fromHost, UInt32(index)), seq)
        guard flow_word_load(&result.pointee.block.seq) == seq else { return nil }
        let frames = Int(result.pointee.block.frames)
        return (
            Array(UnsafeBufferPointer(start: flow_result_samples(result, 0), count: frames)),
            Array(UnsafeBufferPointer(start: flow_result_samples(result, 1), count: frames))
        )
    }

    func resultEpoch(_ seq: UInt64, lane index: Int = 0) -> UInt64 {
        flow_result_at(flow_from_lane_at(fromHost, UInt32(index)), seq).pointee.block.epoch
    }

    /// Waits until something of the shared memory is so.
    func until(_ what: String, seconds: Double = 10, _ isSo: () -> Bool) throws {
        let end = Date(timeIntervalSinceNow: seconds)
        while !isSo() {
            guard Date() < end else { throw Missed(description: "\(what): not in \(seconds) s") }
            usleep(200)
        }
    }

    /// Sends one block through a lane and waits for what comes out on its left side.
    @discardableResult
    func play(_ block: Block, lane index: Int = 0) throws -> [Float] {
        let seq = post([block], lane: index)
        try until("block \(seq)") { done(index) >= seq }
        guard let result = result(seq, lane: index) else {
            throw Missed(description: "block \(seq) was left out")
        }
        return result.left
    }

    /// The same with sound alone.
    @discardableResult
    func play(_ sound: [Float], lane index: Int = 0) throws -> [Float] {
        try play(Block(sound: sound), lane: index)
    }

    var audioBeat: UInt64 { flow_word_load(&fromHost.pointee.audio_beat) }
    var mainBeat: UInt64 { flow_word_load(&fromHost.pointee.main_beat) }
    var phase: Int { Int(flow_word_load(&fromHost.pointee.phase)) }
    var audioInstance: UInt64 { flow_word_load(&fromHost.pointee.current_instance) }
    var mainInstance: UInt64 { flow_word_load(&fromHost.pointee.main_instance) }

    /// The parameters that plug-ins moved while they played, oldest first.
    var echoes: [flow_echo] {
        let written = flow_word_load(&fromHost.pointee.echo_written)
        let offset = MemoryLayout<flow_from_host>.offset(of: \.echoes) ?? 0
        let ring = (UnsafeRawPointer(fromHost) + offset).assumingMemoryBound(to: flow_echo.self)
        return (0..<written).map { ring[Int($0 % UInt64(FLOW_ECHO_COUNT))] }
    }
}
