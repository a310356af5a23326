import HostContract

/// The last value of each parameter that was moved since the plug-in's state was last safe.
///
/// Pure; time is given.
struct ParamJournal {
    private struct Entry {
        var value: Double
        var atMs: Double
    }

    private var entries: [UInt32: Entry] = [:]

    var isEmpty: Bool { entries.isEmpty }

    /// What a load has to set after the state.
    var values: [ParamValue] {
        entries.map { ParamValue(param: $0.key, value: $0.value.value) }
            .sorted { $0.param < $1.param }
    }

    mutating func note(_ param: UInt32, _ value: Double, atMs nowMs: Double) {
        guard entries[param] != nil || entries.count < ContractLimits.loadValuesMax else { return }
        entries[param] = Entry(value: value, atMs: nowMs)
    }

    /// Forgets what was moved last before that time; false when nothing was.
    mutating func forgetNewest(before ms: Double) -> Bool {
        let older = entries.filter { $0.value.atMs < ms }
        guard let newest = older.max(by: { $0.value.atMs < $1.value.atMs }) else { return false }
        entries[newest.key] = nil
        return true
    }

    /// Forgets what is in a state: all that was moved before that time.
    mutating func forget(before ms: Double) {
        entries = entries.filter { $0.value.atMs >= ms }
    }
}
