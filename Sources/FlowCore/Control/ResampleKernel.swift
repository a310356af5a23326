import Foundation

/// A windowed sine quotient as a table: the low pass through which a loop is read at another speed.
///
/// 64 zero crossings on each side under a Kaiser window. Its stop band begins below the lower of the
/// two Nyquist frequencies, so that neither images nor aliases get through; the pass band ends at
/// 0.88 of it.
final class ResampleKernel {
    static let zeroCrossings = 64.0
    /// Stop band about −110 dB.
    private static let windowShape = 11.2
    /// Where the filter is 6 dB down, as a share of the lower Nyquist frequency.
    private static let cutOff = 0.942
    /// Rows between two frames; what lies between two rows is a straight line, −120 dB off at most.
    private static let rowCount = 1_024

    /// Frames on each side of a position that have a weight.
    let reachFrames: Int
    /// Weights in a row, a multiple of eight; those beyond twice the reach are 0.
    let rowLength: Int
    private let rows: UnsafeMutablePointer<Float>

    /// The kernel for reading `ratio` frames of the loop per frame of the result.
    init(ratio: Double) {
        let cut = Self.cutOff * min(1, 1 / ratio)
        reachFrames = Int((Self.zeroCrossings / cut).rounded(.up)) + 1
        rowLength = (2 * reachFrames + 7) / 8 * 8
        rows = .allocate(capacity: (Self.rowCount + 1) * rowLength)
        let window = KaiserWindow(shape: Self.windowShape)
        for row in 0...Self.rowCount { fill(row, cut, window) }
    }

    deinit { rows.deallocate() }

    /// Row and share of the next one for a position `part` of the way to the next frame.
    func place(_ part: Double) -> (row: UnsafePointer<Float>, share: Float) {
        let at = part * Double(Self.rowCount)
        let row = min(Int(at), Self.rowCount - 1)
        return (UnsafePointer(rows + row * rowLength), Float(at - Double(row)))
    }

    private func fill(_ row: Int, _ cut: Double, _ window: KaiserWindow) {
        let weights = rows + row * rowLength
        let part = Double(row) / Double(Self.rowCount)
        var sum = 0.0
        var exact = [Double](repeating: 0, count: rowLength)
        for tap in 0..<2 * reachFrames {
            let distance = Double(tap - reachFrames + 1) - part
            exact[tap] = Self.sineQuotient(cut * distance)
            exact[tap] *= window.value(abs(cut * distance) / Self.zeroCrossings)
            sum += exact[tap]
        }
        for tap in 0..<rowLength { weights[tap] = Float(exact[tap] / sum) }
    }

    private static func sineQuotient(_ x: Double) -> Double {
        x == 0 ? 1 : sin(Double.pi * x) / (Double.pi * x)
    }
}

/// The kernels of one render: parts that are read at the same speed share theirs.
final class KernelShelf {
    /// Those of very fast parts are tens of megabytes.
    private static let countMax = 4
    private var kernels: [Double: ResampleKernel] = [:]

    func kernel(_ ratio: Double) -> ResampleKernel {
        if let kernel = kernels[ratio] { return kernel }
        if kernels.count == Self.countMax { kernels = [:] }
        let kernel = ResampleKernel(ratio: ratio)
        kernels[ratio] = kernel
        return kernel
    }
}

/// Half of a Kaiser window, read from a table: its Bessel function is a long sum.
private struct KaiserWindow {
    private static let count = 16_384
    private let values: [Double]

    init(shape: Double) {
        values = (0...Self.count + 1).map { index in
            let x = min(1, Double(index) / Double(Self.count))
            return Self.bessel(shape * (1 - x * x).squareRoot()) / Self.bessel(shape)
        }
    }

    /// The window at `x`: 1 in the middle, at 0; nothing beyond its end, at 1.
    func value(_ x: Double) -> Double {
        guard x < 1 else { return 0 }
        let at = x * Double(Self.count)
        let index = Int(at)
        return values[index] + (values[index + 1] - values[index]) * (at - Double(index))
    }

    /// The modified Bessel function of order 0.
    private static func bessel(_ x: Double) -> Double {
        var sum = 1.0
        var term = 1.0
        var step = 1.0
        while term > 1e-17 * sum {
            term *= (x / 2 / step) * (x / 2 / step)
            sum += term
            step += 1
        }
        return sum
    }
}
