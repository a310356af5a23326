import CFlowLeaf
import Foundation
import Testing

@testable import FlowCore
@testable import PluginFixture

@Suite("plug-ins that take too much", .enabled(if: Fixture.canBuild), .serialized)
struct DeskLimitTests {
    @Test(
        "a leak ends its host before it has taken a gigabyte", .enabled(if: hasRoom))
    func leaks() throws {
        let rig = DeskRig()
        let id = try rig.load(Fixture.named("Leak"))
        let player = try rig.chain([id])
        try player.run("wet") { player.level() != nil }
        try player.run("a measure") { rig.desk.hosts().first.map { $0.residentBytes > 0 } ?? false }
        let base = rig.desk.hosts().first?.residentBytes ?? 0
        let pid = try #require(rig.pid(id))
        player.point(try #require(rig.desk.instance(of: id)), Fixture.now, 1)
        var largest = 0
        try player.run("the loss", seconds: 60) {
            // A machine that gives memory slowly must not find it too slow first.
            usleep(4_000)
            largest = max(largest, residentBytes(pid))
            return rig.losses(ErrorCode.pluginMemory) == 1
        }
        print("a leak of a mebibyte a block: ended after \((largest - base) >> 20) MiB")
        #expect(largest - base > 512 << 20 && largest - base < 1 << 30)
        #expect(rig.count(.notice) { $0.errorCode == ErrorCode.pluginMemory && $0.id == id } == 1)
        try player.run("wet again") { player.level() != nil }
    }

    @Test("one that is too slow becomes dry and says why, and its host lives on")
    func slow() throws {
        let rig = DeskRig()
        let id = try rig.load(Fixture.named("Slow"))
        let player = try rig.chain([id])
        try player.run("the news") { rig.has(.pluginHeard, id) { $0.detail == PluginHeard.wet } }
        let pid = rig.pid(id)
        player.point(try #require(rig.desk.instance(of: id)), Fixture.now, 1)
        try player.run("the rest") {
            rig.desk.lock.withLock {
                rig.desk.plugins[id]?.group.seats.first?.stage == .resting
            }
        }
        #expect(rig.desk.lock.withLock { rig.desk.plugins[id]?.dryCode } == ErrorCode.pluginSlow)
        try player.run("the news") {
            rig.has(.pluginHeard, id) {
                $0.detail == PluginHeard.dry && $0.errorCode == ErrorCode.pluginSlow
            }
        }
        #expect(player.level() == nil && rig.pid(id) == pid)
        #expect(rig.count(.pluginHost) { $0.detail == HostState.lost } == 0)
    }
}

/// What a process holds; 0 = it is gone.
private func residentBytes(_ pid: Int32) -> Int {
    let text = (try? String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8)) ?? ""
    let fields = text.split(separator: " ").compactMap { Int($0) }
    return fields.count > 1 ? fields[1] * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
}

/// Four gigabytes that nobody uses.
private let hasRoom: Bool = {
    let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable") }
    let kilobytes = line?.split(separator: " ").compactMap { Int($0) }.first ?? 0
    return kilobytes > 4 << 20
}()
