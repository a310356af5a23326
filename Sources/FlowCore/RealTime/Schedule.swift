/// A command that waits for its frame.
struct ScheduledCommand: BitwiseCopyable {
    var command: CoreCommand
    var dueFrame: Int64
    /// The bar line it waits for, as a beat; only where `isOnLine`.
    var dueBeat: Int64
    var isOnLine: Bool

    /// Waits for a frame.
    @_noLocks @_noAllocation
    init(_ command: CoreCommand, frame: Int64) {
        self.command = command
        dueFrame = frame
        dueBeat = 0
        isOnLine = false
    }

    /// Waits for the bar line at `beat`.
    @_noLocks @_noAllocation
    init(_ command: CoreCommand, beat: Int64, _ grid: Grid) {
        self.command = command
        dueFrame = grid.frame(ofBeat: beat)
        dueBeat = beat
        isOnLine = true
    }
}

/// Commands that wait for a frame or a bar line, in the order in which they came.
struct Schedule: BitwiseCopyable {
    private let waiting: UnsafeMutablePointer<ScheduledCommand>
    private let due: UnsafeMutablePointer<CoreCommand>
    private let capacity: Int
    private var count: Int
    private var dueCount: Int
    /// Frame of the earliest one.
    private var earliest: Int64

    /// Thread: control; freed by `deallocate`.
    init(capacity: Int) {
        self.capacity = capacity
        waiting = .allocate(capacity: capacity)
        let none = CoreCommand(code: .mark, kind: 0)
        waiting.initialize(
            repeating: ScheduledCommand(none, frame: 0), count: capacity)
        due = .allocate(capacity: capacity)
        due.initialize(repeating: none, count: capacity)
        count = 0
        dueCount = 0
        earliest = Int64.max
    }

    func deallocate() {
        waiting.deallocate()
        due.deallocate()
    }

    @_noLocks @_noAllocation
    func waitingCount() -> Int { count }

    @_noLocks @_noAllocation
    func room() -> Int { capacity - count }

    @_noLocks @_noAllocation
    func nextFrame() -> Int64 { earliest }

    /// Only where there is room.
    @_noLocks @_noAllocation
    mutating func add(_ entry: ScheduledCommand) {
        waiting[count] = entry
        count += 1
        earliest = min(earliest, entry.dueFrame)
    }

    /// Moves what is due at `frame` out of the waiting ones; how many can be read by `dueCommand`.
    @_noLocks @_noAllocation
    mutating func takeDue(at frame: Int64) -> Int {
        dueCount = 0
        if earliest > frame { return 0 }
        var kept = 0
        earliest = Int64.max
        for index in 0..<count {
            if waiting[index].dueFrame <= frame {
                due[dueCount] = waiting[index].command
                dueCount += 1
            } else {
                waiting[kept] = waiting[index]
                earliest = min(earliest, waiting[index].dueFrame)
                kept += 1
            }
        }
        count = kept
        return dueCount
    }

    @_noLocks @_noAllocation
    func dueCommand(_ index: Int) -> CoreCommand { due[index] }

    /// Place of a command of this kind that waits for a line; −1 = none.
    @_noLocks @_noAllocation
    func lineIndex(ofSlot slot: Int, kind: UInt32) -> Int {
        for index in 0..<count where waiting[index].isOnLine {
            let command = waiting[index].command
            if command.slot == slot && command.kind == kind { return index }
        }
        return -1
    }

    /// Takes a waiting command out; the order of the others stays.
    @_noLocks @_noAllocation
    mutating func remove(at place: Int) -> CoreCommand {
        let removed = waiting[place].command
        count -= 1
        earliest = Int64.max
        for index in 0..<count {
            if index >= place { waiting[index] = waiting[index + 1] }
            earliest = min(earliest, waiting[index].dueFrame)
        }
        return removed
    }

    /// The bars begin anew at `frame`: no line that anything waited for will come.
    @_noLocks @_noAllocation
    mutating func releaseLines(at frame: Int64) {
        for index in 0..<count where waiting[index].isOnLine {
            waiting[index].isOnLine = false
            waiting[index].dueFrame = frame
            earliest = min(earliest, frame)
        }
    }

    /// The bars lie elsewhere from `frame` on: what waits for a line gets the first of them that does
    /// not come before its old one.
    @_noLocks @_noAllocation
    mutating func realign(_ grid: Grid, at frame: Int64) {
        for index in 0..<count where waiting[index].isOnLine {
            let start = grid.barStart(ofBeat: waiting[index].dueBeat)
            let isLine = start == waiting[index].dueBeat
            waiting[index].dueBeat = isLine ? start : start + grid.beatsPerBar
        }
        retime(grid, at: frame)
    }

    /// The grid changed at `frame`: what waits for a line gets that line's new frame.
    @_noLocks @_noAllocation
    mutating func retime(_ grid: Grid, at frame: Int64) {
        earliest = Int64.max
        for index in 0..<count {
            if waiting[index].isOnLine {
                waiting[index].dueFrame = max(frame, grid.frame(ofBeat: waiting[index].dueBeat))
            }
            earliest = min(earliest, waiting[index].dueFrame)
        }
    }
}
