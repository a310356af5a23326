import Testing

@testable import FlowCore

/// Loops over four frames at a time give the bits of loops over one.
@Suite("Wide loops")
struct WideTests {
    private let sound: [Float] = (0..<142).map { Float(($0 * 7_919) % 1_009) / 1_009 - 0.5 }

    @Test("a slot in which nothing moves is one cache line")
    func lineIsOneLine() {
        #expect(MemoryLayout<SlotLine>.stride == 64)
    }

    @Test("a moving gain has the same bits four frames at a time", arguments: [0, 1, 5, 70, 288])
    func fourGains(done: Int) {
        var left = Ramp(0.25)
        left.go(to: 0.9, frames: 288)
        left.advance(done)
        var other = Ramp(0)
        other.go(to: 1, frames: 31)
        for right in [left, other, Ramp(0.3)] {
            var lanes = RampLanes(left, right)
            for offset in stride(from: 0, to: 300, by: 4) {
                let four = lanes.next()
                for frame in 0..<4 {
                    #expect(four[2 * frame] == left.value(offset + frame))
                    #expect(four[2 * frame + 1] == right.value(offset + frame))
                }
            }
        }
    }

    @Test("adding, scaling, splitting and joining are those of one frame", arguments: 0..<18)
    func sameAsOne(count: Int) {
        var gain = Ramp(1)
        gain.go(to: 0.3, frames: 11)
        for start in 0..<4 {
            var (bus, scaled) = (sound, sound)
            var (left, right) = ([Float](repeating: 9, count: 20), [Float](repeating: 9, count: 20))
            var (joined, mono, summed) = (bus, bus, bus)
            sound.withUnsafeBufferPointer { all in
                guard let from = all.baseAddress.map({ $0 + start }) else { return }
                Wide.add(from, times: gain, to: &bus, frames: count)
                Wide.scale(&scaled, by: gain, frames: count)
                Wide.split(from, left: &left, right: &right, frames: count)
                Wide.join(left: left, right: right, to: &joined, frames: count)
                Wide.add(left: left, right: right, to: &summed, frames: count)
                Wide.mono(from, to: &mono, frames: count)
            }
            for frame in 0..<count {
                let (l, r) = (sound[start + 2 * frame], sound[start + 2 * frame + 1])
                #expect(bus[2 * frame] == sound[2 * frame] + l * gain.value(frame))
                #expect(bus[2 * frame + 1] == sound[2 * frame + 1] + r * gain.value(frame))
                #expect(scaled[2 * frame] == sound[2 * frame] * gain.value(frame))
                #expect(left[frame] == l && right[frame] == r)
                #expect(joined[2 * frame] == l && joined[2 * frame + 1] == r)
                #expect(summed[2 * frame] == sound[2 * frame] + l)
                #expect(summed[2 * frame + 1] == sound[2 * frame + 1] + r)
                #expect(mono[frame] == 0.5 * (l + r))
            }
            #expect(bus[2 * count] == sound[2 * count], "nothing beyond the end")
            #expect(left[count] == 9 && right[count] == 9)
            #expect(joined[2 * count] == sound[2 * count])
            #expect(summed[2 * count] == sound[2 * count])
        }
    }

    @Test("a meter finds the peak and the power wherever they lie", arguments: 1..<18)
    func meter(count: Int) {
        for place in 0..<count {
            var quiet = [Float](repeating: 0.1, count: 2 * count)
            quiet[2 * place] = -0.75
            quiet[2 * place + 1] = 0.5
            var meter = LevelMeter()
            meter.measure(quiet, frames: count)
            #expect(meter.peak() == SIMD2(0.75, 0.5))
            var bus = [Float](repeating: 0, count: 2 * count)
            var added = LevelMeter()
            added.add(quiet, frames: count, gains: SIMD2(1, 0.5), to: &bus)
            #expect(added.peak() == SIMD2(0.75, 0.25))
            #expect(abs(added.power().x - (0.5625 + 0.01 * Float(count - 1))) < 1e-5)
        }
    }
}
