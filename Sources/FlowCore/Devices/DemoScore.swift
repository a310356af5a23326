/// One note of the demo's score; `velocity` 0 = nothing begins on this sixteenth.
struct DemoNote {
    var midi: UInt8 = 0
    var steps: UInt8 = 0
    var velocity: Float = 0
}

/// What the demo player performs: eight parts of four bars, one after the other, in C minor.
///
/// The harmony is Cm9 | Abmaj9 | Fm9 | Gm11 in every part, so that loops captured from any of them
/// fit on top of each other. Held in memory made at start: the audio thread only reads it.
struct DemoScore {
    static let partCount = 8
    static let rowCount = 10

    /// Bars of a part.
    let barCount = 4
    /// Sixteenths of a written bar.
    let stepCount = 16
    /// Notes of a chord.
    let chordNotes = 5

    /// Who plays alone, four bars each.
    enum Part {
        case drums
        case bass
        case keys
        case lead
        case percussion
        case pad
        case arpeggio
        case flute

        /// Place in the order of the piece.
        @_noLocks @_noAllocation
        func index() -> Int {
            switch self {
            case .drums: 0
            case .bass: 1
            case .keys: 2
            case .lead: 3
            case .percussion: 4
            case .pad: 5
            case .arpeggio: 6
            case .flute: 7
            }
        }
    }

    /// Lines of single notes, one per part (drum parts leave theirs empty).
    private let lines: UnsafeMutablePointer<DemoNote>
    /// Bits of sixteenths: bit 0 = the first of the bar.
    private let hits: UnsafeMutablePointer<UInt16>
    private let chords: UnsafeMutablePointer<UInt8>

    /// Drum rows of `hits`.
    enum Row {
        case kick
        case snare
        case closedHat
        case openHat
        case ghost
        case rim
        case lowConga
        case highConga
        case shaker
        case keys

        @_noLocks @_noAllocation
        func index() -> Int {
            switch self {
            case .kick: 0
            case .snare: 1
            case .closedHat: 2
            case .openHat: 3
            case .ghost: 4
            case .rim: 5
            case .lowConga: 6
            case .highConga: 7
            case .shaker: 8
            case .keys: 9
            }
        }
    }

    init() {
        let perPart = barCount * stepCount
        lines = .allocate(capacity: Self.partCount * perPart)
        lines.initialize(repeating: DemoNote(), count: Self.partCount * perPart)
        hits = .allocate(capacity: Self.rowCount * barCount)
        chords = .allocate(capacity: barCount * chordNotes)
        for (part, bars) in DemoScoreText.lines {
            for (bar, text) in bars.enumerated() {
                write(text, to: lines + (part.index() * barCount + bar) * stepCount)
            }
        }
        for (row, bars) in DemoScoreText.hits {
            for (bar, text) in bars.enumerated() {
                hits[row.index() * barCount + bar] = Self.bits(text)
            }
        }
        for (bar, text) in DemoScoreText.chords.enumerated() {
            for (index, name) in text.split(separator: " ").enumerated() {
                chords[bar * chordNotes + index] = Self.midi(name)
            }
        }
    }

    func deallocate() {
        lines.deallocate()
        hits.deallocate()
        chords.deallocate()
    }

    /// The part that plays in a bar of the endless piece.
    @_noLocks @_noAllocation
    func part(atBar bar: Int) -> Part {
        switch (bar / barCount) % 8 {
        case 0: .drums
        case 1: .bass
        case 2: .keys
        case 3: .lead
        case 4: .percussion
        case 5: .pad
        case 6: .arpeggio
        default: .flute
        }
    }

    @_noLocks @_noAllocation
    @inline(__always)
    func note(_ part: Part, bar: Int, step: Int) -> DemoNote {
        lines[(part.index() * barCount + bar) * stepCount + step]
    }

    @_noLocks @_noAllocation
    @inline(__always)
    func isHit(_ row: Row, bar: Int, step: Int) -> Bool {
        hits[row.index() * barCount + bar] & (1 << UInt16(truncatingIfNeeded: step)) != 0
    }

    @_noLocks @_noAllocation
    @inline(__always)
    func chordNote(bar: Int, index: Int) -> Int {
        Int(chords[bar * chordNotes + index])
    }

    /// Sixteen cells: a name begins a note, `-` holds it, `.` is silence; `!` after a name = accent.
    private func write(_ text: String, to notes: UnsafeMutablePointer<DemoNote>) {
        var begun: Int?
        for (step, cell) in text.split(separator: " ").enumerated() {
            if cell == "-" {
                if let begun { notes[begun].steps += 1 }
            } else if cell == "." {
                begun = nil
            } else {
                let isAccent = cell.hasSuffix("!")
                let midi = Self.midi(isAccent ? cell.dropLast() : cell)
                notes[step] = DemoNote(midi: midi, steps: 1, velocity: isAccent ? 1 : 0.78)
                begun = step
            }
        }
    }

    /// `x` = a hit; blanks are for the eye.
    private static func bits(_ text: String) -> UInt16 {
        var bits: UInt16 = 0
        for (step, cell) in text.filter({ $0 != " " }).enumerated() where cell == "x" {
            bits |= 1 << UInt16(step)
        }
        return bits
    }

    /// Note number of a name such as `Eb4`; C4 = 60.
    private static func midi(_ name: Substring) -> UInt8 {
        let letters = name.prefix { !$0.isNumber }
        let octave = Int(name.drop { !$0.isNumber }) ?? 4
        let naturals: [Character: Int] = [
            "C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11,
        ]
        let natural = letters.first.flatMap { naturals[$0] } ?? 0
        return UInt8(clamping: (octave + 1) * 12 + natural - (letters.hasSuffix("b") ? 1 : 0))
    }
}
