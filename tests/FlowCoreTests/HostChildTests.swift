import CFlowLeaf
import Foundation
import Testing

@testable import FlowCore
@testable import PluginFixture

@Suite("a host and its parent", .serialized)
struct HostChildTests {
    @Test("a host whose control socket closes ends by itself, and so does one by hand")
    func abandoned() throws {
        let audio = try SharedAudio(epoch: 1, sampleRateHz: 48_000)
        let host = try HostProcess(executable: HostProgram.path, audio: audio)
        try until("its beats") { audio.signs.audioBeat > 0 && audio.signs.mainBeat > 0 }
        #expect(!host.hasEnded)
        host.closeControl()
        try until("its end", seconds: 1) { host.hasEnded }
        host.end()

        let byHand = Process()
        byHand.executableURL = URL(fileURLWithPath: HostProgram.path)
        byHand.standardError = FileHandle.nullDevice
        try byHand.run()
        byHand.waitUntilExit()
        #expect(byHand.terminationStatus == 2)
    }

    @Test("one that does not start is ended without harm: nobody else has its number")
    func neverBegan() {
        var child = flow_child()
        #expect(flow_child_spawn("/nowhere", "", [0, 1, 2], &child) == -ENOENT)
        flow_child_kill(&child)
        flow_child_reap(&child)
        #expect(fcntl(0, F_GETFD) >= 0)
    }

    @Test("what it takes of the machine can be told, and bounded", .enabled(if: isLinux))
    func measured() throws {
        let audio = try SharedAudio(epoch: 1, sampleRateHz: 48_000)
        let host = try HostProcess(executable: HostProgram.path, audio: audio)
        try until("its beats") { audio.signs.mainBeat > 0 }
        let usage = try #require(host.measure())
        #expect(usage.residentBytes > 1 << 20 && usage.mappedBytes > usage.residentBytes)
        host.limit(mappedBytes: 1 << 40)
        let text = try String(contentsOfFile: "/proc/\(host.pid)/limits", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("Max address") })
        #expect(line.contains("\(1 << 40)"))
        host.end()
        #expect(host.measure() == nil)
    }

    @Test("a parent that is killed takes its host along", .enabled(if: isLinux))
    func orphan() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("flowzone-host-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = folder.appendingPathComponent("parent.sh")
        // A shell in the engine's place: it owns the host, and is killed.
        try "\"\(HostProgram.path)\" $$ &\necho $! > \"\(folder.path)/pid\"\nwait\n"
            .write(to: script, atomically: true, encoding: .utf8)
        let audio = try SharedAudio(epoch: 1, sampleRateHz: 48_000)
        var control: [Int32] = [-1, -1]
        #expect(flow_control_pair(&control) == 0)
        var parent = flow_child(pid: 0, watch: -1)
        let fds = [audio.toHostFd, audio.fromHostFd, control[1]]
        #expect(flow_child_spawn("/bin/sh", script.path, fds, &parent) == 0)
        try until("the host's beats") { audio.signs.mainBeat > 2 }
        let text = try String(contentsOf: folder.appendingPathComponent("pid"), encoding: .utf8)
        let pid = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(isAlive(pid))
        // Not its group, which the host is in here.
        kill(parent.pid, SIGKILL)
        flow_child_reap(&parent)
        try until("the host's end", seconds: 1) { !isAlive(pid) }
        close(control[0])
        close(control[1])
    }

    @Test("what a plug-in forked ends with its host", .enabled(if: Fixture.canBuild))
    func forked() throws {
        let rig = DeskRig()
        let id = try rig.load(Fixture.named("Fork"))
        let player = try rig.chain([id])
        try player.run("wet") { player.level() != nil }
        let pid = try #require(rig.pid(id))
        #expect(processes(inGroup: pid) == 1)
        player.point(try #require(rig.desk.instance(of: id)), Fixture.now, 1)
        try player.run("the loss") { rig.losses(ErrorCode.pluginCrash) == 1 }
        try player.run("wet again") { player.level() != nil }
        #expect(processes(inGroup: pid) == 0)
    }

    @Test("a program that is not there is given up, and the end does not wait for it")
    func missing() throws {
        let rig = DeskRig(executable: "/nowhere/PluginHostXPC")
        let id = rig.ask(PluginName(bundle: "/nowhere", classId: [], description: "none"))
        try until("the end of tries") {
            rig.has(.pluginLoaded, id) { $0.errorCode == ErrorCode.pluginLoad }
        }
        #expect(rig.losses(ErrorCode.pluginCrash) == 4)
        #expect(rig.count(.pluginHost) { $0.errorCode == ErrorCode.pluginOff } == 1)
    }
}

/// How many processes of a group run; those that have ended do not.
private func processes(inGroup group: Int32) -> Int {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.count { name in
        guard Int32(name) != nil,
            let stat = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8),
            let fields = stat.split(separator: ")").last?.split(separator: " ")
        else { return false }
        return fields.count > 2 && fields[0] != "Z" && Int32(fields[2]) == group
    }
}

private var isLinux: Bool {
    #if os(Linux)
        true
    #else
        false
    #endif
}

/// A process that runs; one that has ended and is only not yet collected does not.
private func isAlive(_ pid: Int32) -> Bool {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else {
        return false
    }
    return stat.split(separator: ")").last?.split(separator: " ").first.map { $0 != "Z" } ?? false
}
