import CFlowLeaf
import Foundation
import Testing

@testable import FlowCore
@testable import PluginFixture

@Suite("states of plug-ins", .enabled(if: Fixture.canBuild), .serialized)
struct DeskStateTests {
    private func states(in folder: DiskFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path + "/states").sorted()
    }

    /// The name of the newest state's file that was told.
    private func newest(_ rig: DeskRig, _ id: TakeID) -> String? {
        rig.events.last { $0.code == .pluginState && $0.id == id }.map { event in
            let words = [event.sha0, event.sha1].flatMap { [$0.w0, $0.w1, $0.w2, $0.w3] }
            return words.map { word in
                let hex = String(word, radix: 16)
                return String(repeating: "0", count: 8 - hex.count) + hex
            }.joined() + ".state"
        }
    }

    /// Of a host's audio thread; 0 = it has no real-time scheduling.
    private func audioPriority(_ pid: Int32) -> Int {
        let tasks = "/proc/\(pid)/task/*/stat"
        let found = diskShell("grep -h '(fz-host-audio)' \(tasks) | cut -d ' ' -f 40").text
        return Int(found.trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
    }

    @Test("a moved parameter is in a file within seconds, and another engine has it back")
    func durable() throws {
        let folder = try DiskFolder()
        let path = folder.path + "/states"
        let well = try Fixture.named("Well")
        var first: String?
        var second: String?
        do {
            let rig = DeskRig(statePath: path)
            let id = try rig.load(well)
            let player = try rig.chain([id])
            try player.run("the state after the load") { newest(rig, id) != nil }
            first = newest(rig, id)
            try player.move(id, Fixture.gain, 0.75)
            try player.run("the state after the move") { newest(rig, id) != first }
            second = newest(rig, id)
        }
        let (last, before) = (try #require(second), try #require(first))
        #expect(try states(in: folder) == [last, before].sorted())
        let rig = DeskRig(statePath: path)
        let back = try rig.load(well, state: path + "/" + last, earlier: path + "/" + before)
        let player = try rig.chain([back])
        try player.run("wet") { player.level() == 0.75 }
        let old = try rig.load(well, state: path + "/" + before)
        let oldPlayer = try rig.chain([old])
        try oldPlayer.run("wet") { oldPlayer.level() == Fixture.gainDefault }
    }

    @Test("what was moved a moment before the end is in a file when the engine is gone")
    func ending() throws {
        let folder = try DiskFolder()
        let path = folder.path + "/states"
        let well = try Fixture.named("Well")
        let rig = DeskRig(statePath: path)
        let id = try rig.load(well)
        let player = try rig.chain([id])
        try player.run("the state after the load") { newest(rig, id) != nil }
        try player.move(id, Fixture.gain, 0.25)
        try player.run("the move") { player.level() == 0.25 }
        // The host tells that something is another within one of its beats.
        player.blocks(100)
        rig.desk.stop(deadlineMs: 1_000)
        let name = try #require(newest(rig, id))
        let next = DeskRig(statePath: path)
        let back = try next.load(well, state: path + "/" + name)
        let nextPlayer = try next.chain([back])
        try nextPlayer.run("wet") { nextPlayer.level() == 0.25 }
    }

    @Test("a file that is not what its name says is not used: the earlier one is")
    func damaged() throws {
        let folder = try DiskFolder()
        let path = folder.path + "/states"
        let well = try Fixture.named("Well")
        var state: String?
        do {
            let rig = DeskRig(statePath: path)
            let id = try rig.load(well)
            let player = try rig.chain([id])
            try player.move(id, Fixture.gain, 0.25)
            try player.run("wet") { player.level() == 0.25 }
            try player.run("a state") { newest(rig, id) != nil }
            try player.run("the newest") {
                rig.desk.lock.withLock { !(rig.desk.plugins[id]?.snapshots.isDirty ?? true) }
            }
            rig.desk.stop(deadlineMs: 1_000)
            state = newest(rig, id)
        }
        let name = try #require(state)
        let bad = path + "/" + String(repeating: "a", count: 64) + ".state"
        try FileManager.default.copyItem(atPath: path + "/" + name, toPath: bad)
        let rig = DeskRig(statePath: path)
        let id = try rig.load(well, state: bad, earlier: path + "/" + name)
        let player = try rig.chain([id])
        try player.run("wet") { player.level() == 0.25 }
    }

    @Test(
        "a state that crashes its plug-in is given up for the one before, then for none, and told")
    func ladder() throws {
        let folder = try DiskFolder()
        let files = StateFiles(folder: folder.path + "/states")
        let both = Names()
        for gain in [0.25, 0.75] {
            // As `Sources/CVST3/state.c` puts a state together.
            let head: [UInt8] = Array("FZVST3".utf8) + [0, 1, 8, 0, 0, 0, 0, 0, 0, 0]
            files.write(head + withUnsafeBytes(of: gain) { Array($0) }) { $0.map(both.add) }
        }
        try until("the files") { both.all.count == 2 }
        files.stop(deadlineMs: 100)
        let paths = both.all.map { folder.path + "/states/\($0).state" }
        let rig = DeskRig()
        let id = try rig.load(
            Fixture.named("Crash On State"), state: paths[1], earlier: paths[0])
        #expect(rig.losses(ErrorCode.pluginCrash) == 2)
        let player = try rig.chain([id])
        try player.run("wet") { player.level() == Fixture.gainDefault }
        try player.run("the notice") {
            rig.count(.notice) { $0.errorCode == ErrorCode.pluginState && $0.id == id } == 1
        }
    }

    @Test(
        "who kills a process while it loads takes no settings: they come back when it is tried again"
    )
    func killedLoading() throws {
        let rig = DeskRig()
        let id = try rig.load(Fixture.named("Slow Load"))
        let player = try rig.chain([id])
        try player.run("wet") { player.level() == Fixture.gainDefault }
        try player.move(id, Fixture.gain, 0.25)
        try player.run("the move") { player.level() == 0.25 }
        // The state has it, and no value waits to be set after it.
        try player.run("all of it in a state") {
            rig.desk.lock.withLock { rig.desk.plugins[id]?.journal.isEmpty == true }
        }
        let pids = { rig.desk.lock.withLock { rig.desk.plugins[id].map { ($0.stage, $0.group) } } }
        var killed: Set<Int32> = []
        try player.run("it is given up", seconds: 60) {
            guard let (stage, group) = pids() else { return false }
            if group.isGivenUp { return true }
            let isInHand = stage == .loading || killed.isEmpty
            guard isInHand, let pid = group.life?.pid, killed.insert(pid).inserted else {
                return false
            }
            kill(pid, SIGKILL)
            return false
        }
        #expect(killed.count == 4)
        #expect(rig.desk.retry(id) == 0)
        // On a busy machine it may be too slow at first, and rest for ten seconds.
        try player.run("wet", seconds: 60) { player.level() != nil }
        #expect(player.level() == 0.25)
        #expect(rig.count(.notice) { $0.errorCode == ErrorCode.pluginState } == 0)
    }

    @Test("a copy is as the other one is now, whether its newest state has all of it or not")
    func copies() throws {
        let rig = DeskRig()
        let well = try Fixture.named("Well")
        let id = try rig.load(well)
        let player = try rig.chain([id])
        try player.run("wet") { player.level() != nil }
        try player.move(id, Fixture.gain, 0.25)
        // Before any block has brought it, let alone a state.
        let copy = try rig.load(well, group: "Printing", like: id)
        let stranger = try rig.load(well, group: "Printing")
        for (plugin, level) in [(copy, 0.25), (stranger, Fixture.gainDefault)] {
            let other = try rig.chain([plugin])
            try other.run("wet") { other.level() != nil }
            #expect(other.level() == Float(level))
            other.giveBack()
        }
        // What is printed comes after what is heard.
        let priorities = try [id, copy].map { audioPriority(try #require(rig.pid($0))) }
        #expect(priorities == [50, 40] || priorities == [0, 0], "\(priorities)")
        #expect(rig.desk.bypass(id, isOn: true) == 0)
        let passing = try rig.load(well, group: "Printing", like: id)
        let through = try rig.chain([passing])
        try through.run("wet") { through.level() == 1 }
    }

    @Test("a state that cannot be stored is told, and one that is stored again is new to a sweep")
    func unstored() throws {
        let folder = try DiskFolder()
        let files = StateFiles(folder: folder.path + "/states")
        let names = Names()
        let state: [UInt8] = [1, 2, 3]
        func write() throws {
            let before = names.all.count
            files.write(state) { names.addName($0?.hex ?? "none") }
            try until("an answer") { names.all.count > before }
        }
        try write()
        let path = folder.path + "/states/\(names.all[0]).state"
        let file = diskShell("stat -c %i '\(path)'").text
        diskShell("touch -d '2 hours ago' '\(path)'")
        try write()
        #expect(diskShell("find '\(path)' -mmin -60").text == path + "\n")
        #expect(diskShell("stat -c %i '\(path)'").text == file, "it was written again")
        // What is not what its name says is.
        diskShell("printf x >> '\(path)'")
        try write()
        #expect(diskShell("cat '\(path)' | od -An -tu1").text.split(separator: " ").count == 3)
        diskShell("rm -r '\(folder.path)/states'; touch '\(folder.path)/states'")
        try write()
        #expect(names.all.last == "none" && names.all.prefix(2).allSatisfy { $0 != "none" })
        files.stop(deadlineMs: 100)
    }

    @Test("a plug-in whose settings cannot be stored is told of")
    func unstoredTold() throws {
        let folder = try DiskFolder()
        diskShell("touch '\(folder.path)/states'")
        let rig = DeskRig(statePath: folder.path + "/states")
        let id = try rig.load(Fixture.named("Well"))
        let player = try rig.chain([id])
        try player.run("wet") { player.level() != nil }
        try player.move(id, Fixture.gain, 0.25)
        try player.run("it is told", seconds: 30) {
            rig.count(.notice) { $0.errorCode == ErrorCode.pluginUnsaved && $0.id == id } > 0
        }
    }

    @Test("what could not be stored is told once, until it can be")
    func unsavedOnce() {
        let unsaved = UnsavedStates()
        let id = CoreRig.take(1)
        #expect(unsaved.insert(id) && !unsaved.insert(id) && unsaved.insert(CoreRig.take(2)))
        unsaved.remove(id)
        #expect(unsaved.insert(id))
    }

    @Test("parameters that were moved while the host was away are there when it is back")
    func movedMeanwhile() throws {
        let rig = DeskRig()
        let slow = try rig.load(Fixture.named("Slow Load"))
        let player = try rig.chain([slow])
        try player.run("wet") { player.level() == Fixture.gainDefault }
        kill(try #require(rig.pid(slow)), SIGKILL)
        try player.run("dry") { player.level() == nil }
        for step in 1...50 {
            try player.move(slow, Fixture.gain, Double(step) / 100 + 0.25)
            player.blocks(20)
        }
        try player.run("wet again") { player.level() != nil }
        try player.run("the last value") { player.level() == 0.75 }
    }

    @Test("what a plug-in moves by itself is told, and survives its host")
    func movesItself() throws {
        let rig = DeskRig()
        for name in ["Moves", "Turns"] {
            let id = try rig.load(Fixture.named(name))
            let player = try rig.chain([id])
            try player.run("wet") { player.level() != nil }
            player.point(try #require(rig.desk.instance(of: id)), Fixture.now, 1)
            try player.run("the news of \(name)") {
                rig.has(.pluginMoved, id) { $0.value == Double(Fixture.gain) && $0.value2 == 0.25 }
            }
            kill(try #require(rig.pid(id)), SIGKILL)
            try player.run("dry") { player.level() == nil }
            try player.run("wet again") { player.level() == 0.25 }
        }
    }
}

private final class Names: @unchecked Sendable {
    private let lock = NSLock()
    private var names: [String] = []

    func add(_ sha: TakeSha) { addName(sha.hex) }
    func addName(_ name: String) { lock.withLock { names.append(name) } }
    var all: [String] { lock.withLock { names } }
}
