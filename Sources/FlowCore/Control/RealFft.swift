#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Power spectrum of real samples: a complex transform of half the length.
///
/// The half lies in a matrix. Its columns are transformed, turned, laid into rows and transformed again:
/// so all loops go over samples that lie side by side.
///
/// - Thread: any but the audio thread; one instance belongs to one thread.
final class RealFft {
    private typealias Lane = ColumnFft.Lane

    let size: Int
    private let half: Int
    private let rows: ColumnFft
    private let columns: ColumnFft
    private let re: UnsafeMutablePointer<Float>
    private let im: UnsafeMutablePointer<Float>
    private let laidRe: UnsafeMutablePointer<Float>
    private let laidIm: UnsafeMutablePointer<Float>
    /// Turns between the two transforms, then those of the bins.
    private let cosines: UnsafeMutablePointer<Float>
    private let sines: UnsafeMutablePointer<Float>

    /// `size` is a power of two, at least 128.
    init(size: Int) {
        precondition(size >= 128 && size & (size - 1) == 0)
        self.size = size
        half = size / 2
        let bits = half.trailingZeroBitCount
        rows = ColumnFft(rows: 1 << (bits / 2))
        columns = ColumnFft(rows: 1 << (bits - bits / 2))
        func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
            let floats = UnsafeMutablePointer<Float>.allocate(capacity: count)
            floats.initialize(repeating: 0, count: count)
            return floats
        }
        re = floats(half)
        im = floats(half)
        laidRe = floats(half + 8)
        laidIm = floats(half + 8)
        cosines = floats(2 * half)
        sines = floats(2 * half)
        for row in 0..<rows.rows {
            for column in 0..<columns.rows {
                set(row * columns.rows + column, Double(row * column) / Double(half))
            }
        }
        for bin in 0..<half { set(half + bin, Double(bin) / Double(size)) }
    }

    deinit {
        for floats in [re, im, laidRe, laidIm, cosines, sines] { floats.deallocate() }
    }

    private func set(_ index: Int, _ turns: Double) {
        cosines[index] = Float(cos(2 * Double.pi * turns))
        sines[index] = Float(-sin(2 * Double.pi * turns))
    }

    /// Writes |X|² of bins 0…size/2 (size/2 + 1 values) for `size` samples times the window.
    func power(
        of samples: UnsafePointer<Float>, window: UnsafePointer<Float>,
        into power: UnsafeMutablePointer<Float>
    ) {
        pack(samples, window)
        rows.transform(re, im, columns: columns.rows)
        lay()
        columns.transform(laidRe, laidIm, columns: rows.rows)
        unpack(into: power)
    }

    /// Even samples become real, odd ones imaginary parts.
    private func pack(_ samples: UnsafePointer<Float>, _ window: UnsafePointer<Float>) {
        let width = columns.rows
        for row in 0..<rows.rows {
            let to = rows.place[row] * width
            for column in stride(from: 0, to: width, by: 8) {
                let at = 2 * (row * width + column)
                let both = Self.wide(samples + at) * Self.wide(window + at)
                ColumnFft.store(both.evenHalf + 0, re + to + column)
                ColumnFft.store(both.oddHalf + 0, im + to + column)
            }
        }
    }

    /// Turns each element by its row times its column and makes rows of columns.
    private func lay() {
        let (width, height) = (columns.rows, rows.rows)
        for row in stride(from: 0, to: height, by: 8) {
            for column in stride(from: 0, to: width, by: 8) {
                let at = row * width + column
                for line in 0..<8 {
                    let here = at + line * width
                    let turn = ColumnFft.Turn(
                        ColumnFft.load(cosines + here), ColumnFft.load(sines + here))
                    let (x, y) = turn.turned(ColumnFft.load(re + here), ColumnFft.load(im + here))
                    ColumnFft.store(x, re + here)
                    ColumnFft.store(y, im + here)
                }
                let to = row
                let places = columns.place.dropFirst(column).prefix(8)
                turnBlock(re + at, to: laidRe + to, places, width: width, height: height)
                turnBlock(im + at, to: laidIm + to, places, width: width, height: height)
            }
        }
    }

    /// Eight rows of eight become eight columns: three times every other element.
    @inline(__always)
    private func turnBlock(
        _ from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>, _ places: ArraySlice<Int>,
        width: Int, height: Int
    ) {
        var lines = (
            ColumnFft.load(from), ColumnFft.load(from + width),
            ColumnFft.load(from + 2 * width), ColumnFft.load(from + 3 * width),
            ColumnFft.load(from + 4 * width), ColumnFft.load(from + 5 * width),
            ColumnFft.load(from + 6 * width), ColumnFft.load(from + 7 * width)
        )
        for _ in 0..<3 {
            let first = Self.mixed(lines.0, lines.4)
            let second = Self.mixed(lines.1, lines.5)
            let third = Self.mixed(lines.2, lines.6)
            let fourth = Self.mixed(lines.3, lines.7)
            lines = (
                first.lowHalf, first.highHalf, second.lowHalf, second.highHalf, third.lowHalf,
                third.highHalf, fourth.lowHalf, fourth.highHalf
            )
        }
        let start = places.startIndex
        ColumnFft.store(lines.0, to + places[start] * height)
        ColumnFft.store(lines.1, to + places[start + 1] * height)
        ColumnFft.store(lines.2, to + places[start + 2] * height)
        ColumnFft.store(lines.3, to + places[start + 3] * height)
        ColumnFft.store(lines.4, to + places[start + 4] * height)
        ColumnFft.store(lines.5, to + places[start + 5] * height)
        ColumnFft.store(lines.6, to + places[start + 6] * height)
        ColumnFft.store(lines.7, to + places[start + 7] * height)
    }

    /// Takes the spectra of even and odd samples apart and puts them together again.
    private func unpack(into power: UnsafeMutablePointer<Float>) {
        (laidRe[half], laidIm[half]) = (laidRe[0], laidIm[0])
        for bin in stride(from: 0, to: half, by: 8) {
            let (x, y) = (ColumnFft.load(laidRe + bin), ColumnFft.load(laidIm + bin))
            let mirror = half - bin - 7
            let mx = Self.reversed(ColumnFft.load(laidRe + mirror))
            let my = Self.reversed(ColumnFft.load(laidIm + mirror))
            let turn = ColumnFft.Turn(
                ColumnFft.load(cosines + half + bin), ColumnFft.load(sines + half + bin))
            let (oddX, oddY) = turn.turned(y + my, mx - x)
            let (sumX, sumY) = (x + mx + oddX, y - my + oddY)
            ColumnFft.store(0.25 * (sumX * sumX + sumY * sumY), power + bin)
        }
        let last = laidRe[0] - laidIm[0]
        power[half] = last * last
    }

    @inline(__always)
    private static func wide(_ from: UnsafePointer<Float>) -> SIMD16<Float> {
        UnsafeRawPointer(from).loadUnaligned(as: SIMD16<Float>.self)
    }

    /// One element of each by turns.
    @inline(__always)
    private static func mixed(_ one: Lane, _ other: Lane) -> SIMD16<Float> {
        var both = SIMD16<Float>()
        both.evenHalf = one
        both.oddHalf = other
        return both
    }

    @inline(__always)
    private static func reversed(_ lane: Lane) -> Lane {
        Lane(lane[7], lane[6], lane[5], lane[4], lane[3], lane[2], lane[1], lane[0])
    }
}
