// All that two threads of the core share, used by two threads at once under ThreadSanitizer; compiled
// with the engine's own Exchange sources. `plant` adds one word that nothing orders.

private struct Word: @unchecked Sendable {
    let value = UnsafeMutablePointer<Int>.allocate(capacity: 1)
}

@main
struct Races {
    static func main() {
        let rounds = 5_000
        raceCommands(rounds)
        raceEvents(rounds)
        raceLoops(rounds)
        raceFeatures(rounds)
        raceStatus(rounds)
        raceCalibration(rounds)
        raceHosts(rounds)
        raceChains(rounds)
        raceBridge(rounds)
        raceMaster(rounds)
        if CommandLine.arguments.contains("plant") {
            let word = Word()
            word.value.initialize(to: 0)
            race(
                { for _ in 0..<1_000 { word.value.pointee += 1 } },
                {
                    for _ in 0..<1_000 { word.value.pointee += 1 }
                })
        }
        print("\(10 * rounds) rounds")
    }
}
