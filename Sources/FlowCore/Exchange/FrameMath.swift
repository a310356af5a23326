/// Whole-number arithmetic that rounds towards −∞, as time before an epoch needs it.
enum FrameMath {
    @_noLocks @_noAllocation
    static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    @_noLocks @_noAllocation
    static func floorModulo(_ value: Int64, _ divisor: Int64) -> Int64 {
        let rest = value % divisor
        return rest < 0 ? rest + divisor : rest
    }

    /// The largest whole number not above `value`; for values within ±2^62.
    @_noLocks @_noAllocation
    static func floor(_ value: Double) -> Int64 {
        let cut = Int64(value)
        return Double(cut) > value ? cut - 1 : cut
    }

    @_noLocks @_noAllocation
    static func greatestCommonDivisor(_ left: Int64, _ right: Int64) -> Int64 {
        var big = left
        var small = right
        while small != 0 {
            let rest = big % small
            big = small
            small = rest
        }
        return big
    }
}
