import CFlowLeaf
import CVST3

/// The parameter points and notes of one instance in one block, gathered in rooms made before the first.
///
/// Thread: audio.
struct BlockEvents {
    private static let slotCount = Int(FLOW_SLOT_COUNT)
    private static let pointsMax = EditRing.capacity + slotCount * Int(FLOW_POINT_COUNT_MAX)
    private static let notesMax = slotCount * Int(FLOW_NOTE_COUNT_MAX)

    private let points: UnsafeMutablePointer<vst3_point>
    private let notes: UnsafeMutablePointer<vst3_note>
    private var pointCount = 0
    private var noteCount = 0

    init() {
        points = .allocate(capacity: Self.pointsMax)
        points.initialize(repeating: vst3_point(), count: Self.pointsMax)
        notes = .allocate(capacity: Self.notesMax)
        notes.initialize(repeating: vst3_note(), count: Self.notesMax)
    }

    /// Begins a block with what was turned outside of blocks.
    mutating func begin(_ seat: AudioSeat) {
        pointCount = 0
        noteCount = 0
        while pointCount < EditRing.capacity, let point = seat.life.edits.take() {
            add(point, seat)
        }
    }

    /// Adds what a slot has for the instance; of a block that is left out, for the first frame.
    mutating func add(
        _ slot: UnsafePointer<flow_slot>, _ block: flow_block, _ seat: AudioSeat, isLate: Bool
    ) {
        let lastFrame = block.frames > 0 ? block.frames - 1 : 0
        let given = flow_slot_points(slot)
        for index in 0..<Int(min(block.point_count, UInt32(FLOW_POINT_COUNT_MAX)))
        where given[index].instance == seat.instance && given[index].value.isFinite {
            let offset = isLate ? 0 : min(given[index].offset, lastFrame)
            let value = min(max(Double(given[index].value), 0), 1)
            add(
                vst3_point(id: given[index].param, offset_frames: Int32(offset), value: value), seat
            )
        }
        let keys = flow_slot_notes(slot)
        for index in 0..<Int(min(block.note_count, UInt32(FLOW_NOTE_COUNT_MAX)))
        where keys[index].instance == seat.instance && noteCount < Self.notesMax {
            let offset = isLate ? 0 : min(keys[index].offset, lastFrame)
            notes[noteCount] = vst3_note(
                offset_frames: Int32(offset), pitch: Int16(min(keys[index].note, 127)),
                is_on: keys[index].is_on, velocity: keys[index].velocity)
            noteCount += 1
        }
    }

    private mutating func add(_ point: vst3_point, _ seat: AudioSeat) {
        guard pointCount < Self.pointsMax else { return }
        points[pointCount] = point
        pointCount += 1
        _ = seat.board.note(point.id, point.value)
    }

    /// Puts all of it into the block for the plug-in; valid until the next `begin`.
    func place(in block: inout vst3_block) {
        block.points = UnsafePointer(points)
        block.point_count = Int32(pointCount)
        block.notes = UnsafePointer(notes)
        block.note_count = Int32(noteCount)
    }
}
