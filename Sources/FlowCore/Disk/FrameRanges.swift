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
        let cuts = joined(holes)
        return ranges.flatMap { range in
            var left: [Range<UInt64>] = []
            var at = range.lowerBound
            for cut in cuts[first(of: cuts, endingBehind: at)...] {
                if cut.lowerBound >= range.upperBound { break }
                if cut.lowerBound > at { left.append(at..<cut.lowerBound) }
                at = min(range.upperBound, cut.upperBound)
            }
            return at < range.upperBound ? left + [at..<range.upperBound] : left
        }
    }

    /// Place of the first of ranges in order that ends behind a frame.
    private static func first(of ranges: [Range<UInt64>], endingBehind frame: UInt64) -> Int {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound > frame { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
