/// Sums and differences of frame ranges.
enum FrameRanges {
    /// In order and apart; what touches is one.
    static func joined(_ ranges: [Range<UInt64>]) -> [Range<UInt64>] {
        let sorted = ranges.filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
        return sorted.reduce(into: []) { list, range in
            guard let last = list.last, range.lowerBound <= last.upperBound else {
                list.append(range)
                return
            }
            list[list.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
        }
    }

    /// What is in `ranges` and in none of `holes`.
    static func without(
        _ ranges: [Range<UInt64>], _ holes: [Range<UInt64>]
    ) -> [Range<UInt64>] {
        holes.reduce(ranges) { left, hole in
            left.flatMap { range in
                let cut = hole.clamped(to: range)
                guard !cut.isEmpty else { return [range] }
                return [range.lowerBound..<cut.lowerBound, cut.upperBound..<range.upperBound]
                    .filter { !$0.isEmpty }
            }
        }
    }
}
