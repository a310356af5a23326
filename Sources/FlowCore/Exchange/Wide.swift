/// Loops over interleaved stereo sound, four frames at a time and the rest one by one.
///
/// Both ways do the same operations in the same order for each sample, so that the result does not
/// hang on where a stretch begins or ends.
enum Wide {
    /// Four frames: left and right by turns.
    typealias Frames = SIMD8<Float>

    @_noLocks @_noAllocation @inline(__always)
    static func load(_ from: UnsafePointer<Float>) -> Frames {
        UnsafeRawPointer(from).loadUnaligned(as: Frames.self)
    }

    @_noLocks @_noAllocation @inline(__always)
    static func load(_ from: UnsafeMutablePointer<Float>) -> Frames {
        UnsafeRawPointer(from).loadUnaligned(as: Frames.self)
    }

    @_noLocks @_noAllocation @inline(__always)
    static func store(_ frames: Frames, _ to: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(to).storeBytes(of: frames, as: Frames.self)
    }

    /// The gains of left and right for each of four frames.
    @_noLocks @_noAllocation @inline(__always)
    static func gains(_ left: Float, _ right: Float) -> Frames {
        Frames(left, right, left, right, left, right, left, right)
    }

    /// The first two frames, and the last two.
    @_noLocks @_noAllocation @inline(__always)
    static func halves(_ frames: Frames) -> (SIMD4<Float>, SIMD4<Float>) {
        unsafeBitCast(frames, to: (SIMD4<Float>, SIMD4<Float>).self)
    }

    /// Left and right.
    @_noLocks @_noAllocation @inline(__always)
    static func sides(_ frames: Frames) -> (SIMD4<Float>, SIMD4<Float>) {
        (
            SIMD4(frames[0], frames[2], frames[4], frames[6]),
            SIMD4(frames[1], frames[3], frames[5], frames[7])
        )
    }

    @_noLocks @_noAllocation @inline(__always)
    static func magnitude(_ frames: Frames) -> Frames {
        let bits = unsafeBitCast(frames, to: SIMD8<UInt32>.self) & 0x7fff_ffff
        return unsafeBitCast(bits, to: Frames.self)
    }

    @_noLocks @_noAllocation @inline(__always)
    static func larger(_ one: Frames, _ other: Frames) -> Frames {
        other.replacing(with: one, where: one .> other)
    }

    @_noLocks @_noAllocation @inline(__always)
    static func smaller(_ one: Frames, _ other: Frames) -> Frames {
        other.replacing(with: one, where: one .< other)
    }

    @_noLocks @_noAllocation
    static func clear(_ to: UnsafeMutablePointer<Float>, frames: Int) {
        for index in 0..<2 * frames { to[index] = 0 }
    }

    @_noLocks @_noAllocation
    static func copy(
        _ from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>, frames: Int
    ) {
        var (source, target) = (from, to)
        let pairs = from + 2 * (frames & ~7)
        while source < pairs {
            store(load(source), target)
            store(load(source + 8), target + 8)
            source += 16
            target += 16
        }
        let end = from + 2 * frames
        while source < end {
            target[0] = source[0]
            source += 1
            target += 1
        }
    }

    /// Puts the sides together.
    @_noLocks @_noAllocation
    static func join(
        left: UnsafePointer<Float>, right: UnsafePointer<Float>,
        to: UnsafeMutablePointer<Float>, frames: Int
    ) {
        var index = 0
        while index + 4 <= frames {
            let l = UnsafeRawPointer(left + index).loadUnaligned(as: SIMD4<Float>.self)
            let r = UnsafeRawPointer(right + index).loadUnaligned(as: SIMD4<Float>.self)
            store(Frames(l[0], r[0], l[1], r[1], l[2], r[2], l[3], r[3]), to + 2 * index)
            index += 4
        }
        while index < frames {
            to[2 * index] = left[index]
            to[2 * index + 1] = right[index]
            index += 1
        }
    }

    /// Takes the sides apart; a zero loses its sign.
    @_noLocks @_noAllocation
    static func split(
        _ from: UnsafePointer<Float>, left: UnsafeMutablePointer<Float>,
        right: UnsafeMutablePointer<Float>, frames: Int
    ) {
        var index = 0
        while index + 4 <= frames {
            let four = load(from + 2 * index)
            let (lefts, rights) = sides(four)
            UnsafeMutableRawPointer(left + index).storeBytes(of: lefts + 0, as: SIMD4<Float>.self)
            UnsafeMutableRawPointer(right + index).storeBytes(of: rights + 0, as: SIMD4<Float>.self)
            index += 4
        }
        while index < frames {
            left[index] = from[2 * index] + 0
            right[index] = from[2 * index + 1] + 0
            index += 1
        }
    }

    /// The middle of both sides.
    @_noLocks @_noAllocation
    static func mono(
        _ from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>, frames: Int
    ) {
        var index = 0
        while index + 4 <= frames {
            let four = load(from + 2 * index)
            let both = SIMD4(
                four[0] + four[1], four[2] + four[3], four[4] + four[5], four[6] + four[7])
            let middle = 0.5 * both
            UnsafeMutableRawPointer(to + index).storeBytes(of: middle, as: SIMD4<Float>.self)
            index += 4
        }
        while index < frames {
            to[index] = 0.5 * (from[2 * index] + from[2 * index + 1])
            index += 1
        }
    }
}
