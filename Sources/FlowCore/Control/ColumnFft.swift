#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Complex transforms of all columns of a matrix at once, eight columns at a time.
///
/// - Thread: any but the audio thread; one instance belongs to one thread.
final class ColumnFft {
    typealias Lane = SIMD8<Float>

    /// Rows, the length of each transform: a power of two, at least 8.
    let rows: Int
    /// Where each row has to lie before the transform: its number with the bits in reverse.
    let place: [Int]
    private let cosines: [Float]
    private let sines: [Float]

    init(rows: Int) {
        self.rows = rows
        var place = [Int](repeating: 0, count: rows)
        for row in 1..<rows { place[row] = place[row >> 1] >> 1 | (row & 1 == 1 ? rows >> 1 : 0) }
        self.place = place
        let turns = (0..<rows).map { 2 * Double.pi * Double($0) / Double(rows) }
        cosines = turns.map { Float(cos($0)) }
        sines = turns.map { Float(-sin($0)) }
    }

    /// Transforms in place; rows lie at their `place` before and in order after it. `columns` is a
    /// multiple of 8.
    func transform(
        _ re: UnsafeMutablePointer<Float>, _ im: UnsafeMutablePointer<Float>, columns: Int
    ) {
        var span = 1
        if rows.trailingZeroBitCount & 1 == 1 {
            for top in stride(from: 0, to: rows * columns, by: 2 * columns) {
                for at in stride(from: top, to: top + columns, by: 8) {
                    addAndSubtract(re + at, columns)
                    addAndSubtract(im + at, columns)
                }
            }
            span = 2
        }
        while span < rows {
            for first in stride(from: 0, to: rows, by: 4 * span) {
                for k in 0..<span { pass(re, im, row: first + k, span: span, k: k, columns) }
            }
            span *= 4
        }
    }

    @inline(__always)
    private func addAndSubtract(_ top: UnsafeMutablePointer<Float>, _ columns: Int) {
        let (one, other) = (Self.load(top), Self.load(top + columns))
        Self.store(one + other, top)
        Self.store(one - other, top + columns)
    }

    /// Two steps of the transform at once: the rows `row`, and one, two and three spans further on.
    private func pass(
        _ re: UnsafeMutablePointer<Float>, _ im: UnsafeMutablePointer<Float>, row: Int, span: Int,
        k: Int, _ columns: Int
    ) {
        let stride = rows / (4 * span)
        let near = Turn(cosines[2 * k * stride], sines[2 * k * stride])
        let far = Turn(cosines[k * stride], sines[k * stride])
        let step = span * columns
        var (x, y) = (re + row * columns, im + row * columns)
        let end = x + columns
        while x < end {
            let (bx, by) = near.turned(Self.load(x + step), Self.load(y + step))
            let (dx, dy) = near.turned(Self.load(x + 3 * step), Self.load(y + 3 * step))
            let (ax, ay) = (Self.load(x), Self.load(y))
            let (cx, cy) = (Self.load(x + 2 * step), Self.load(y + 2 * step))
            let (sumX, sumY) = far.turned(cx + dx, cy + dy)
            let (restX, restY) = far.turned(cx - dx, cy - dy)
            Self.store(ax + bx + sumX, x)
            Self.store(ay + by + sumY, y)
            Self.store(ax - bx + restY, x + step)
            Self.store(ay - by - restX, y + step)
            Self.store(ax + bx - sumX, x + 2 * step)
            Self.store(ay + by - sumY, y + 2 * step)
            Self.store(ax - bx - restY, x + 3 * step)
            Self.store(ay - by + restX, y + 3 * step)
            x += 8
            y += 8
        }
    }

    /// A complex factor of length 1.
    struct Turn {
        private let cosine: Lane
        private let sine: Lane

        @inline(__always)
        init(_ cosine: Float, _ sine: Float) {
            self.init(Lane(repeating: cosine), Lane(repeating: sine))
        }

        @inline(__always)
        init(_ cosine: Lane, _ sine: Lane) {
            self.cosine = cosine
            self.sine = sine
        }

        @inline(__always)
        func turned(_ re: Lane, _ im: Lane) -> (Lane, Lane) {
            (re * cosine - im * sine, re * sine + im * cosine)
        }
    }

    @inline(__always)
    static func load(_ from: UnsafePointer<Float>) -> Lane {
        UnsafeRawPointer(from).loadUnaligned(as: Lane.self)
    }

    @inline(__always)
    static func load(_ from: UnsafeMutablePointer<Float>) -> Lane {
        UnsafeRawPointer(from).loadUnaligned(as: Lane.self)
    }

    @inline(__always)
    static func store(_ lane: Lane, _ to: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(to).storeBytes(of: lane, as: Lane.self)
    }
}
