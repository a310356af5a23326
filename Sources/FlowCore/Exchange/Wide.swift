/// Loops over interleaved stereo sound, four or eight frames at a time and the rest one by one.
///
/// Both ways do the same operations in the same order for each sample, so that the result does not
/// hang on where a stretch begins or ends.
enum Wide {
    /// Four frames: left and right by turns.
    typealias Frames = SIMD8<Float>
    private typealias Eight = SIMD16<Float>

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

    // Spelt out: the library's halves of a vector are calls once they are used often.

    @_noLocks @_noAllocation @inline(__always)
    private static func together(_ l: Frames, _ r: Frames) -> Eight {
        Eight(
            l[0], r[0], l[1], r[1], l[2], r[2], l[3], r[3],
            l[4], r[4], l[5], r[5], l[6], r[6], l[7], r[7])
    }

    @_noLocks @_noAllocation @inline(__always)
    private static func lefts(_ both: Eight) -> Frames {
        Frames(both[0], both[2], both[4], both[6], both[8], both[10], both[12], both[14])
    }

    @_noLocks @_noAllocation @inline(__always)
    private static func rights(_ both: Eight) -> Frames {
        Frames(both[1], both[3], both[5], both[7], both[9], both[11], both[13], both[15])
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
    static func larger(_ one: SIMD4<Float>, _ other: SIMD4<Float>) -> SIMD4<Float> {
        other.replacing(with: one, where: one .> other)
    }

    @_noLocks @_noAllocation @inline(__always)
    static func smaller(_ one: Frames, _ other: Frames) -> Frames {
        other.replacing(with: one, where: one .< other)
    }

    @_noLocks @_noAllocation @inline(__always)
    static func smaller(_ one: SIMD4<Float>, _ other: SIMD4<Float>) -> SIMD4<Float> {
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

    /// Copies into a ring of `length` frames, from place `at` on.
    @_noLocks @_noAllocation
    static func copy(
        _ from: UnsafePointer<Float>, toRing ring: UnsafeMutablePointer<Float>, at: Int,
        length: Int, frames: Int
    ) {
        let first = min(frames, length - at)
        copy(from, to: ring + 2 * at, frames: first)
        copy(from + 2 * first, to: ring, frames: frames - first)
    }

    /// Copies out of a ring of `length` frames, from place `at` on.
    @_noLocks @_noAllocation
    static func copy(
        fromRing ring: UnsafePointer<Float>, at: Int, length: Int,
        to out: UnsafeMutablePointer<Float>, frames: Int
    ) {
        let first = min(frames, length - at)
        copy(ring + 2 * at, to: out, frames: first)
        copy(ring, to: out + 2 * first, frames: frames - first)
    }

    /// Puts the sides together.
    @_noLocks @_noAllocation
    static func join(
        left: UnsafePointer<Float>, right: UnsafePointer<Float>,
        to: UnsafeMutablePointer<Float>, frames: Int
    ) {
        var (l, r, target) = (left, right, to)
        let eights = left + (frames & ~7)
        while l < eights {
            let both = together(load(l), load(r))
            UnsafeMutableRawPointer(target).storeBytes(of: both, as: Eight.self)
            l += 8
            r += 8
            target += 16
        }
        let end = left + frames
        while l < end {
            target[0] = l[0]
            target[1] = r[0]
            l += 1
            r += 1
            target += 2
        }
    }

    /// Puts the sides together and adds them to what is there.
    @_noLocks @_noAllocation
    static func add(
        left: UnsafePointer<Float>, right: UnsafePointer<Float>,
        to: UnsafeMutablePointer<Float>, frames: Int
    ) {
        var (l, r, target) = (left, right, to)
        let eights = left + (frames & ~7)
        while l < eights {
            var both = together(load(l), load(r))
            both += UnsafeRawPointer(target).loadUnaligned(as: Eight.self)
            UnsafeMutableRawPointer(target).storeBytes(of: both, as: Eight.self)
            l += 8
            r += 8
            target += 16
        }
        let end = left + frames
        while l < end {
            target[0] += l[0]
            target[1] += r[0]
            l += 1
            r += 1
            target += 2
        }
    }

    /// Takes the sides apart; a zero loses its sign.
    @_noLocks @_noAllocation
    static func split(
        _ from: UnsafePointer<Float>, left: UnsafeMutablePointer<Float>,
        right: UnsafeMutablePointer<Float>, frames: Int
    ) {
        var (source, l, r) = (from, left, right)
        let eights = from + 2 * (frames & ~7)
        while source < eights {
            let both = UnsafeRawPointer(source).loadUnaligned(as: Eight.self)
            store(lefts(both) + 0, l)
            store(rights(both) + 0, r)
            source += 16
            l += 8
            r += 8
        }
        let end = from + 2 * frames
        while source < end {
            l[0] = source[0] + 0
            r[0] = source[1] + 0
            source += 2
            l += 1
            r += 1
        }
    }

    /// The middle of both sides.
    @_noLocks @_noAllocation
    static func mono(
        _ from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>, frames: Int
    ) {
        var (source, target) = (from, to)
        let eights = from + 2 * (frames & ~7)
        while source < eights {
            // Frames as whole words: shifted by one sample, every right side meets its left.
            let words = UnsafeRawPointer(source).loadUnaligned(as: SIMD8<UInt64>.self)
            let sums =
                unsafeBitCast(words, to: Eight.self) + unsafeBitCast(words &>> 32, to: Eight.self)
            store(0.5 * lefts(sums), target)
            source += 16
            target += 8
        }
        let end = from + 2 * frames
        while source < end {
            target[0] = 0.5 * (source[0] + source[1])
            source += 2
            target += 1
        }
    }
}
