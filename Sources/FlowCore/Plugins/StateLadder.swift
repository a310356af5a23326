/// What a plug-in is made from: its newest state, the one before, or nothing.
///
/// A state that it refuses, or dies of, is not tried again.
struct StateLadder {
    enum Step: Equatable {
        case newest
        case earlier
        case bare
    }

    private(set) var newest: [UInt8]?
    private(set) var earlier: [UInt8]?
    private(set) var step: Step
    /// The newest state that was given up, until it is known whether anything was lost with it.
    private(set) var lost: [UInt8]?

    init(newest: [UInt8]? = nil, earlier: [UInt8]? = nil) {
        self.newest = newest ?? earlier
        self.earlier = newest == nil ? nil : earlier
        step = self.newest == nil ? .bare : .newest
    }

    /// What the next load gets.
    var state: [UInt8]? {
        switch step {
        case .newest: newest
        case .earlier: earlier
        case .bare: nil
        }
    }

    /// Whether the next load gets a state.
    var hasState: Bool { step != .bare }

    /// The state of this step is not tried again.
    mutating func descend() {
        switch step {
        case .newest:
            lost = lost ?? newest
            newest = nil
            step = earlier == nil ? .bare : .earlier
        case .earlier:
            earlier = nil
            step = .bare
        case .bare: break
        }
    }

    /// The plug-in told its state; false when that is the one that is there.
    mutating func keep(_ state: [UInt8]) -> Bool {
        if step == .newest, state == newest { return false }
        // Told back before it was played: if it kills in a block it is not tried under both names.
        if step == .earlier, state == earlier { earlier = nil }
        if let newest { earlier = newest }
        newest = state
        step = .newest
        return true
    }

    /// What was given up and is not what the plug-in came with by itself; asked once, with the first
    /// state after it.
    mutating func takeLoss(_ fresh: [UInt8]?) -> Bool {
        guard step == .bare, let given = lost else { return false }
        lost = nil
        return given != fresh
    }
}
