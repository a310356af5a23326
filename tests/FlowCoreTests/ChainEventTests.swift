import Testing

@testable import FlowCore

@Suite("parameters and notes of a chain")
struct ChainEventTests {
    @Test("they go with the block they fall into, at their frames, to the hop that has the plug-in")
    func places() throws {
        let drive = ChainDrive(latencies: [0, 0])
        let first = try ScriptedHost(drive.ports[0])
        let second = try ScriptedHost(drive.ports[1])
        drive.block()
        var transport = Transport(grid: Grid(), isPlaying: true)
        transport.grid.framesPerBeat = 24_000
        let chain = drive.chain
        chain.pointee.collect(atNs: 0)
        var sound = [Float](repeating: 0, count: 128)
        chain.pointee.pass(&sound, count: 20, isFilling: false)
        chain.pointee.addPoint(2, param: 7, value: 0.25)
        chain.pointee.addNote(11, key: 60, isOn: true, velocity: 0.5)
        chain.pointee.pass(&sound, count: 30, isFilling: false)
        // The same parameter again: the way from one to the other is the plug-in's.
        chain.pointee.addPoint(2, param: 7, value: 0.75)
        chain.pointee.addPoint(99, param: 7, value: 1)
        chain.pointee.addNote(99, key: 1, isOn: true, velocity: 1)
        chain.pointee.pass(&sound, count: 14, isFilling: false)
        drive.post(transport)
        #expect(first.newestPoints.map(\.offset) == [20, 50])
        #expect(first.newestPoints.map(\.value) == [0.25, 0.75])
        #expect(first.newestPoints.allSatisfy { $0.instance == 2 && $0.param == 7 })
        #expect(first.newestNotes.isEmpty && second.newestPoints.isEmpty)
        #expect(second.newestNotes.map(\.offset) == [20])
        #expect(second.newestNotes.map(\.note) == [60])
        drive.block()
        #expect(first.newestPoints.isEmpty && second.newestNotes.isEmpty, "they come once")
    }

    @Test("of too many parameters the newest are kept")
    func tooMany() throws {
        let drive = ChainDrive()
        let host = try ScriptedHost(drive.port)
        drive.amid = {
            for value in 0..<100 {
                drive.chain.pointee.addPoint(1, param: 3, value: Float(value) / 100)
            }
        }
        drive.block()
        #expect(host.newestPoints.map(\.value) == (36..<100).map { Float($0) / 100 })
    }

    @Test("PANIC lets all keys go, in as many blocks as they need; a lost release too")
    func panic() throws {
        let drive = ChainDrive()
        let host = try ScriptedHost(drive.port)
        func down() -> Set<Int> {
            var down: Set<Int> = []
            for seq in 1...host.posted {
                for index in 0..<Int(host.lane.outgoing.head(seq).pointee.noteCount) {
                    let note = host.lane.outgoing.notes(seq)[index]
                    let key = Int(note.instance) * 1_000 + Int(note.note)
                    if note.isOn == 1 { down.insert(key) } else { down.remove(key) }
                }
            }
            return down
        }
        // 60 keys of each of two plug-ins.
        for instance in UInt32(1)...2 {
            drive.amid = {
                for key in 0..<60 {
                    drive.chain.pointee.addNote(instance, key: key, isOn: true, velocity: 1)
                }
            }
            drive.block()
        }
        #expect(down().count == 120)
        drive.amid = { drive.chain.pointee.endNotes() }
        drive.block()
        drive.amid = {}
        drive.block()
        #expect(down().isEmpty)
        // A hundred releases in one block: those that did not fit come later.
        drive.amid = {
            for key in 0..<60 {
                drive.chain.pointee.addNote(1, key: key, isOn: true, velocity: 1)
            }
        }
        drive.block()
        drive.amid = {
            for turn in 0..<100 {
                drive.chain.pointee.addNote(1, key: turn % 60, isOn: false, velocity: 0)
            }
            for key in 60..<100 {
                drive.chain.pointee.addNote(2, key: key, isOn: true, velocity: 1)
            }
        }
        drive.block()
        #expect(host.posted == 6)
        host.answer { $0 }
        drive.amid = {}
        drive.block()
        #expect(host.newestNotes.allSatisfy { $0.isOn == 0 })
    }

    @Test("without a host nothing waits for the next one")
    func noHost() throws {
        let drive = ChainDrive()
        drive.amid = {
            drive.chain.pointee.addPoint(1, param: 1, value: 1)
            drive.chain.pointee.addNote(1, key: 1, isOn: true, velocity: 1)
        }
        drive.block()
        drive.amid = {}
        let host = try ScriptedHost(drive.port)
        drive.block()
        #expect(host.newestPoints.isEmpty && host.newestNotes.isEmpty)
    }

    @Test("a block says where the music stands")
    func time() throws {
        let drive = ChainDrive(latencies: [0, 100])
        let hosts = try drive.ports.map { try ScriptedHost($0) }
        for _ in 0..<3 { drive.block() }
        #expect(hosts[0].newest.beat == 128.0 / 24_000 && hosts[0].newest.framesPerBeat == 24_000)
        // What reaches the second went in one block earlier.
        #expect(hosts[1].newest.beat == 64.0 / 24_000)
        #expect(hosts[0].newest.flags & BlockHead.plays != 0)
        #expect(hosts[0].newest.beatsPerBar == 4 && hosts[0].newest.unit == 4)
    }
}
