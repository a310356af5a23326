import Testing

@testable import FlowCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("disk simulation")
struct DiskSimulationTests {
    @Test(
        "an hour with faults keeps every promise, and the same seed gives the same trace",
        arguments: 1...3)
    func sameTrace(seed: UInt64) {
        let first = DiskSimulation(seed: seed).run(hours: 1)
        #expect(first.broken == "")
        #expect(first.faults > 0 && first.stalls > 0 && first.kills > 0 && first.powerCuts > 0)
        #expect(first.spooled > 0 && first.gapFrames > 0)
        #expect(DiskSimulation(seed: seed).run(hours: 1).trace == first.trace)
        #expect(DiskSimulation(seed: seed + 100).run(hours: 1).trace != first.trace)
    }

    @Test("negative control: a decision that is not the seed's gives another trace")
    func dice() {
        let traces = (0..<2).map { _ in
            DiskSimulation(seed: 1, plant: .dice).run(hours: 1).trace
        }
        #expect(traces[0] != traces[1])
    }

    @Test("negative control: a disk that only says that it has synced breaks a promise")
    func lazySync() {
        let outcome = DiskSimulation(seed: 1, plant: .lazySync).run(hours: 1)
        #expect(outcome.broken != "")
    }

    /// For the fault rigs: as many hours as they ask for; what came of it goes into a file.
    @Test("as long as it is asked for", .enabled(if: asked("OUT") != nil))
    func asLongAsAsked() throws {
        let plant = try #require(DiskSimulation.Plant(rawValue: asked("PLANT") ?? "none"))
        let seed = UInt64(asked("SEED") ?? "") ?? 1
        let outcome = DiskSimulation(seed: seed, plant: plant)
            .run(hours: Int(asked("HOURS") ?? "") ?? 1)
        let fields = Mirror(reflecting: outcome).children.map { field in
            let value = field.value is String || field.label == "trace"
            return "\"\(field.label ?? "")\":" + (value ? "\"\(field.value)\"" : "\(field.value)")
        }
        let file = try #require(fopen(asked("OUT") ?? "", "w"))
        fputs("{\(fields.joined(separator: ","))}\n", file)
        fclose(file)
    }
}

private func asked(_ name: String) -> String? {
    getenv("FZ_SIMULATION_\(name)").map { String(cString: $0) }
}
