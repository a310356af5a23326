import Foundation
import Testing

@testable import FlowCore

@Suite("The rings between the two worlds")
struct RingTests {
    @Test("events cross between two threads, all of them, in order, none torn")
    func eventsCross() async {
        let ring = EventRing(capacity: 64)
        let total: Int64 = 50_000
        let writer = Thread {
            var number: Int64 = 0
            while number < total {
                var event = CoreEvent(.applied)
                event.frame = number
                event.toFrame = -number
                if ring.push(event) { number += 1 }
            }
        }
        writer.start()
        var next: Int64 = 0
        var wrong = 0
        while next < total {
            guard let event = ring.pop() else { continue }
            if event.frame != next || event.toFrame != -next { wrong += 1 }
            next += 1
        }
        #expect(wrong == 0)
        #expect(ring.pop() == nil)
        ring.deallocate()
    }

    @Test("a group of commands is seen whole or not at all")
    func groupsCross() async {
        let ring = CommandRing(capacity: 256)
        let groups = 5_000
        let writer = Thread {
            var number = 0
            while number < groups {
                let size = number % 7 + 1
                var group = (0..<size).map { index in
                    var command = CoreCommand(code: .mark, kind: 15)
                    command.token = UInt32(number)
                    command.groupCount = index == 0 ? size : 0
                    return command
                }
                while !ring.push(group) {}
                group.removeAll()
                number += 1
            }
        }
        writer.start()
        var wrong = 0
        for number in 0..<groups {
            while ring.count() == 0 {}
            let size = ring.peek(0).groupCount
            if size != number % 7 + 1 || ring.count() < size { wrong += 1 }
            for index in 0..<size where ring.peek(index).token != UInt32(number) { wrong += 1 }
            ring.drop(size)
        }
        #expect(wrong == 0)
        ring.deallocate()
    }

    @Test("a full ring refuses and loses nothing that was in it")
    func fullRings() {
        let ring = EventRing(capacity: 3)
        var event = CoreEvent(.applied)
        for number in Int64(0)..<5 {
            event.frame = number
            #expect(ring.push(event) == (number < 3))
        }
        #expect(ring.room() == 0)
        #expect((0..<4).map { _ in ring.pop()?.frame } == [0, 1, 2, nil])
        ring.deallocate()
    }

    @Test("the newest meter frame wins, and a read one is not given twice")
    func newestWins() {
        let ring = FeatureRing()
        var back = 0
        var front = 2
        #expect(ring.take(&front) == nil)
        for number in Int64(1)...5 {
            ring.backFrame(back).pointee.frame = number
            back = ring.publish(back)
        }
        #expect(ring.take(&front)?.pointee.frame == 5)
        #expect(ring.take(&front) == nil)
        ring.backFrame(back).pointee.frame = 6
        back = ring.publish(back)
        #expect(ring.take(&front)?.pointee.frame == 6)
        ring.deallocate()
    }

    @Test("a worker's event never overtakes the audio thread's event it follows from")
    func eventOrder() {
        let audio = EventRing(capacity: 8)
        let queue = EventQueue(audio: audio)
        var captured = CoreEvent(.captured)
        captured.token = 1
        #expect(audio.push(captured))
        queue.post(CoreEvent(.takeSpooled))
        #expect(audio.push(captured))
        var seen: [EventCode] = []
        #expect(queue.poll(capacity: 1) { seen.append($0.code) } == 1)
        #expect(queue.poll(capacity: 10) { seen.append($0.code) } == 2)
        #expect(seen == [.captured, .captured, .takeSpooled])
        audio.deallocate()
    }

    @Test("a reader of the capture ring is told when its frames are overwritten")
    func overwritten() throws {
        let rig = try CoreRig { $0.ringSecondsMax = 1 }
        rig.step(60_000)
        let store = rig.engine.store
        var out = [Float](repeating: 0, count: 2 * 1_000)
        #expect(store.oldestFrame() == 60_000 - (48_000 - 4_096))
        #expect(store.copy(from: store.oldestFrame(), frames: 1_000, into: &out))
        #expect(out[0] == rig.noise.sample(Int64(store.oldestFrame()), 0))
        #expect(!store.copy(from: store.oldestFrame() - 1, frames: 10, into: &out))
        #expect(!store.copy(from: 59_991, frames: 10, into: &out))
        #expect(store.copy(from: 59_990, frames: 10, into: &out))
    }

    @Test("dropouts while nobody polls take no room from what commands are owed")
    func dropoutsLeaveRoom() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(40_000)
        let block = rig.engine.block
        for _ in 0..<9_000 {
            rig.engine.device.counters.countXrun(frames: 3)
            rig.engine.stepper?.step(frames: 1)
        }
        rig.capture(0, bars: 1, take: 1)
        rig.engine.stepper?.step(frames: 1)
        #expect(block.pointee.eventsLost == 0)
        rig.step(100)
        rig.step(100)
        #expect(rig.all(.captured).map(\.id) == [CoreRig.take(1)])
        #expect(rig.all(.captured).map(\.marks.isTainted) == [false])
        #expect(rig.all(.xrun).map(\.value).reduce(0, +) == 27_000)
        #expect(rig.all(.xrun).last?.value2 == 9_000)
    }
}
