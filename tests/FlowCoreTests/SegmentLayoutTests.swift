import CFlowLeaf
import Testing

@testable import FlowCore

/// The audio thread has the header's numbers in Swift: each is held against the header here.
@Suite("segment layout")
struct SegmentLayoutTests {
    @Test("counts are those of the header")
    func counts() {
        #expect(SegmentLayout.laneCount == Int(FLOW_LANE_COUNT))
        #expect(SegmentLayout.slotCount == UInt64(FLOW_SLOT_COUNT))
        #expect(SegmentLayout.slotFramesMax == Int(FLOW_SLOT_FRAMES_MAX))
        #expect(SegmentLayout.pointCountMax == Int(FLOW_POINT_COUNT_MAX))
        #expect(SegmentLayout.noteCountMax == Int(FLOW_NOTE_COUNT_MAX))
        #expect(BlockHead.discontinuity == UInt32(FLOW_BLOCK_DISCONTINUITY))
        #expect(BlockHead.plays == UInt32(FLOW_BLOCK_PLAYS))
        #expect(BlockHead.offline == UInt32(FLOW_BLOCK_OFFLINE))
    }

    @Test("offsets and sizes are those of the header")
    func offsets() {
        typealias To = flow_to_host
        typealias From = flow_from_host
        #expect(SegmentLayout.bellOffset == MemoryLayout<To>.offset(of: \.bell))
        #expect(SegmentLayout.toLanesOffset == MemoryLayout<To>.offset(of: \.lanes))
        #expect(SegmentLayout.fromLanesOffset == MemoryLayout<From>.offset(of: \.lanes))
        #expect(SegmentLayout.laneSlotsOffset == MemoryLayout<flow_to_lane>.offset(of: \.slots))
        #expect(SegmentLayout.laneSlotsOffset == MemoryLayout<flow_from_lane>.offset(of: \.slots))
        #expect(SegmentLayout.toLaneBytes == MemoryLayout<flow_to_lane>.size)
        #expect(SegmentLayout.fromLaneBytes == MemoryLayout<flow_from_lane>.size)
        #expect(SegmentLayout.toSlotBytes == MemoryLayout<flow_slot>.size)
        #expect(SegmentLayout.fromSlotBytes == MemoryLayout<flow_result>.size)
        #expect(SegmentLayout.pointsOffset == MemoryLayout<flow_slot>.offset(of: \.points))
        #expect(SegmentLayout.notesOffset == MemoryLayout<flow_slot>.offset(of: \.notes))
    }

    @Test("every field of a block, a point and a note lies where the host looks for it")
    func fields() {
        let slot = UnsafeMutablePointer<flow_slot>.allocate(capacity: Int(FLOW_SLOT_COUNT))
        defer { slot.deallocate() }
        UnsafeMutableRawPointer(slot).initializeMemory(
            as: UInt8.self, repeating: 0,
            count: Int(FLOW_SLOT_COUNT) * MemoryLayout<flow_slot>.size)
        let slots = OutgoingSlots(base: slot)
        slots.head(3).pointee = BlockHead(
            seq: 3, epoch: 1 << 32 | 2, frames: 4, flags: 5, beat: 6, framesPerBeat: 7,
            beatsPerBar: 8, unit: 9, pointCount: 10, noteCount: 11)
        slots.points(3)[1] = BlockPoint(instance: 12, param: 13, offset: 14, value: 15)
        slots.notes(3)[1] = BlockNote(
            instance: 16, offset: 17, note: 18, isOn: 1, velocity: 0.5)
        slots.samples(3, channel: 1)[2] = 0.25
        let block = slot[3].block
        #expect(block.seq == 3 && block.epoch == 1 << 32 | 2)
        #expect(block.frames == 4 && block.flags == 5)
        #expect(block.beat == 6 && block.frames_per_beat == 7)
        #expect(block.beats_per_bar == 8 && block.unit == 9)
        #expect(block.point_count == 10 && block.note_count == 11)
        let point = flow_slot_points(slot + 3)[1]
        #expect(point.instance == 12 && point.param == 13 && point.offset == 14)
        #expect(point.value == 15)
        let note = flow_slot_notes(slot + 3)[1]
        #expect(note.instance == 16 && note.offset == 17 && note.note == 18)
        #expect(note.is_on == 1 && note.velocity == 0.5)
        #expect(flow_slot_samples(slot + 3, 1)[2] == 0.25)
    }

    @Test("samples of a result lie where the host puts them")
    func results() {
        let result = UnsafeMutablePointer<flow_result>.allocate(capacity: Int(FLOW_SLOT_COUNT))
        defer { result.deallocate() }
        UnsafeMutableRawPointer(result).initializeMemory(
            as: UInt8.self, repeating: 0,
            count: Int(FLOW_SLOT_COUNT) * MemoryLayout<flow_result>.size)
        flow_result_samples(result + 5, 1)[6] = 0.75
        result[5].block.frames = 7
        let slots = IncomingSlots(base: result)
        #expect(slots.samples(13, channel: 1)[6] == 0.75)
        #expect(slots.head(13).pointee.frames == 7)
    }

    @Test("each lane of a life has memory of its own, and no number leads out of it")
    func lanes() throws {
        let audio = try SharedAudio(epoch: 5, sampleRateHz: 48_000)
        let lease = audio.lease.pointee
        var seen = Set<UnsafeMutableRawPointer>()
        for index in 0..<SegmentLayout.laneCount {
            let lane = lease.lane(index)
            lane.outgoing.samples(7, channel: 1)[SegmentLayout.slotFramesMax - 1] = 1
            lane.incoming.samples(7, channel: 1)[SegmentLayout.slotFramesMax - 1] = 1
            seen.insert(UnsafeMutableRawPointer(lane.posted))
            seen.insert(UnsafeMutableRawPointer(lane.done))
        }
        #expect(seen.count == 2 * SegmentLayout.laneCount)
        #expect(lease.lane(-1).posted == lease.lane(0).posted)
        #expect(lease.lane(99).posted == lease.lane(SegmentLayout.laneCount - 1).posted)
        #expect(lease.laneEpoch(generation: 3) == 5 << 32 | 3)
    }
}
