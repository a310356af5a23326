// Time of one picture of the page's spectrum: `spectrum STEP ROUNDS`, compiled with the engine's own
// sources; prints one JSON object.
#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

private func nowNs() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}

@main
struct SpectrumBench {
    static func main() {
        let step = Int(CommandLine.arguments[1]) ?? 1024
        let rounds = Int(CommandLine.arguments[2]) ?? 1000
        let analysis = BandAnalysis(sampleRateHz: 48_000)
        var random: UInt32 = 7
        var times: [Int64] = []
        var kept: Float = 0
        let bands = UnsafeMutablePointer<Float>.allocate(capacity: BandAnalysis.bandCount)
        let sound = UnsafeMutablePointer<Float>.allocate(capacity: step)
        for _ in 0..<rounds {
            for index in 0..<step {
                random = random &* 1_664_525 &+ 1_013_904_223
                sound[index] = Float(random >> 8) / Float(1 << 24) - 0.5
            }
            let before = nowNs()
            analysis.analyse(sound, count: step)
            analysis.bandsDb(into: bands)
            times.append(nowNs() - before)
            kept += bands[0]
        }
        times.sort()
        print("{\"ns\":\(times[rounds / 2]),\"kept\":\(kept)}")
    }
}
