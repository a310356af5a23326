import CVST3

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The sound, the notes and the clock that a check sends through an instance, and what came back.
struct CheckSignal {
    static let rateHz = 48_000.0
    private static let notes: [Int16] = [48, 60, 64, 67]
    private static let noteEveryFrames = 12_000
    private static let noteLengthFrames = 6_000
    private static let tempoBpm = 120.0

    /// False where what is played must leave the state alone.
    let hasNotes: Bool

    /// The largest sample that came back, of those that are numbers.
    private(set) var peak: Float = 0
    private(set) var badSampleCount = 0
    private(set) var failedBlockCount = 0
    private(set) var blockMicroseconds: [Double] = []
    private var frame = 0

    init(hasNotes: Bool = true) { self.hasNotes = hasNotes }

    /// Sends some sound in blocks of `blockFrames`; `points` go into the first one.
    mutating func run(
        _ player: SeatPlayer, blockFrames: Int, seconds: Double = 1, points: [vst3_point] = []
    ) {
        let rooms = (0..<4).map { _ in UnsafeMutablePointer<Float>.allocate(capacity: blockFrames) }
        defer { for room in rooms { room.deallocate() } }
        var pending = points
        for _ in 0..<Int(Self.rateHz * seconds) / blockFrames {
            fill(rooms[0], rooms[1], blockFrames)
            let notes = hasNotes ? notes(in: frame..<frame + blockFrames) : []
            var block = vst3_block()
            block.left_in = UnsafePointer(rooms[0])
            block.right_in = UnsafePointer(rooms[1])
            block.left_out = rooms[2]
            block.right_out = rooms[3]
            block.frames = Int32(blockFrames)
            block.is_playing = 1
            block.frame = Int64(frame)
            block.beat = Double(frame) * Self.tempoBpm / 60 / Self.rateHz
            block.tempo_bpm = Self.tempoBpm
            block.beats_per_bar = 4
            process(player, &block, pending, notes)
            pending = []
            listen(rooms[2], blockFrames)
            listen(rooms[3], blockFrames)
            frame += blockFrames
        }
    }

    private mutating func process(
        _ player: SeatPlayer, _ block: inout vst3_block, _ points: [vst3_point],
        _ notes: [vst3_note]
    ) {
        let start = Self.nowMicroseconds()
        let result = points.withUnsafeBufferPointer { points in
            notes.withUnsafeBufferPointer { notes in
                block.points = points.baseAddress
                block.point_count = Int32(points.count)
                block.notes = notes.baseAddress
                block.note_count = Int32(notes.count)
                return player.process(player.handle, &block)
            }
        }
        blockMicroseconds.append(Self.nowMicroseconds() - start)
        if result != VST3_OK { failedBlockCount += 1 }
    }

    /// Two tones with a click every eighth of a second: something for gates and reverbs alike.
    private func fill(
        _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>, _ count: Int
    ) {
        for index in 0..<count {
            let time = Double(frame + index) / Self.rateHz
            let click: Float = (frame + index) % 6_000 < 8 ? 0.4 : 0
            left[index] = Float(sin(time * 2 * .pi * 220)) * 0.4 + click
            right[index] = Float(sin(time * 2 * .pi * 330)) * 0.4 + click
        }
    }

    private func notes(in range: Range<Int>) -> [vst3_note] {
        var found: [vst3_note] = []
        let first = range.lowerBound / Self.noteEveryFrames
        for number in max(0, first - 1)...first + 1 {
            let pitch = Self.notes[number % Self.notes.count]
            let start = number * Self.noteEveryFrames
            for (at, isOn) in [(start, UInt8(1)), (start + Self.noteLengthFrames, UInt8(0))]
            where range.contains(at) {
                found.append(
                    vst3_note(
                        offset_frames: Int32(at - range.lowerBound), pitch: pitch, is_on: isOn,
                        velocity: isOn == 1 ? 0.8 : 0))
            }
        }
        return found
    }

    private mutating func listen(_ samples: UnsafePointer<Float>, _ count: Int) {
        for index in 0..<count {
            if samples[index].isFinite {
                peak = max(peak, abs(samples[index]))
            } else {
                badSampleCount += 1
            }
        }
    }

    /// Microseconds of the monotonic clock.
    static func nowMicroseconds() -> Double {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) * 1e6 + Double(now.tv_nsec) / 1e3
    }
}
