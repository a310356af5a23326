/// Which of the folders takes the next segments.
struct SpoolPlaces {
    private let first: String
    private let second: String?
    private(set) var isSecond = false
    /// What the player was told last.
    private(set) var isToldSecond = false
    /// Since frames were durable the last time.
    private var failures = 0

    init(_ layout: SpoolLayout) {
        first = layout.folder
        second = layout.secondFolder
    }

    var hasSecond: Bool { second != nil }

    var folder: String { isSecond ? second ?? first : first }

    /// The folder in use takes nothing.
    ///
    /// - Returns: Whether there is another one that has not failed since.
    mutating func fail() -> Bool {
        guard hasSecond else { return false }
        failures += 1
        isSecond.toggle()
        return failures == 1
    }

    mutating func succeed() { failures = 0 }

    /// Whether the player does not know yet which one is in use; known from now on.
    mutating func takeNews() -> Bool {
        defer { isToldSecond = isSecond }
        return isToldSecond != isSecond
    }
}
