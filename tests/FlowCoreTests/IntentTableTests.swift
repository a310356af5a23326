import Foundation
import Testing

@testable import FlowCore

extension RingMemory {
    /// The captures that an engine after this one would find.
    var noted: [CaptureIntent] { (0..<RingMemory.intentCount).compactMap(readIntent) }
}

/// A disk that stands still leaves its captures to this table alone.
@Suite("The captures that a crash shall not take", .serialized)
struct IntentTableTests {
    private func intent(_ number: Int) -> CaptureIntent {
        var intent = CaptureIntent()
        intent.id = CoreRig.take(UInt32(number))
        (intent.fromFrame, intent.toFrame, intent.bars) = (0, 1_000, 1)
        intent.pressFrame = Int64(number)
        return intent
    }

    private func table() -> RingMemory {
        let bytes = RingMemory.bytes(capacityFrames: 4_096, channelCount: 2)
        let base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16_384)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        return RingMemory(base: base, capacityFrames: 4_096, channelCount: 2)
    }

    private func drop(_ numbers: some Sequence<Int>, _ memory: RingMemory) {
        for number in numbers { memory.dropIntent(of: CoreRig.take(UInt32(number))) }
    }

    /// Those in use as the audio thread finds them.
    private func found(_ memory: RingMemory) -> [TakeID] {
        var ids: [TakeID] = []
        var entry = memory.nextIntent(from: 0)
        while entry >= 0 {
            if let id = memory.readIntent(entry)?.id { ids.append(id) }
            entry = memory.nextIntent(from: entry + 1)
        }
        return ids
    }

    @Test("two thousand are noted, each is found, and its place is free again")
    func many() {
        let memory = table()
        defer { memory.base.deallocate() }
        let end = memory.intent(RingMemory.intentCount, 0)
        #expect(UnsafeMutableRawPointer(end) == memory.base + RingMemory.headerBytes)
        #expect(UnsafeMutableRawPointer(memory.samples()) == memory.base + RingMemory.headerBytes)
        let frees = 1_000
        for round in 0..<3 {
            let numbers = round * frees..<2_000 + round * frees
            for number in numbers {
                #expect(memory.canNote(CoreRig.take(UInt32(number))))
                memory.note(intent(number))
            }
            #expect(memory.noted.map(\.pressFrame).sorted() == numbers.map(Int64.init))
            #expect(Set(found(memory)) == Set(memory.noted.map(\.id)))
            drop(numbers.prefix(frees), memory)
        }
        drop(0..<5_000, memory)
        #expect(found(memory).isEmpty)
        #expect(memory.intentParts().pointee.load() == 0)
    }

    @Test("none that waits gives way to another, but one that has a file does")
    func full() throws {
        let memory = table()
        defer { memory.base.deallocate() }
        let numbers = (0..<8_000).filter { number in
            guard memory.canNote(CoreRig.take(UInt32(number))) else { return false }
            memory.note(intent(number))
            return true
        }
        #expect(memory.noted.map(\.pressFrame).sorted() == numbers.map(Int64.init))
        let refused = try #require((0..<8_000).first { !numbers.contains($0) })
        let id = CoreRig.take(UInt32(refused))
        #expect(!memory.canNote(id))
        memory.note(intent(refused))
        #expect(!memory.noted.contains { $0.id == id })
        for number in numbers { memory.settle(CoreRig.take(UInt32(number)), .filed) }
        #expect(memory.canNote(id))
        memory.note(intent(refused))
        #expect(memory.noted.contains { $0.id == id })
        #expect(memory.noted.count == numbers.count)
    }

    @Test("a press that finds no place is refused with 1006, and leaves the slot as it is")
    func refused() throws {
        let folder = try DiskFolder()
        let rig = try CoreRig {
            $0.bpm = 300
            $0.flags = 0
            $0.spoolPath = folder.spool
            $0.audioPath = folder.audio
        }
        defer { rig.engine.stop() }
        rig.step(100_000)
        rig.capture(1, bars: 1, take: 1)
        rig.step(60_000)
        let memory = rig.engine.store.memory
        for number in 10..<9_000 where memory.canNote(CoreRig.take(UInt32(number))) {
            memory.note(intent(number))
        }
        let full = try #require(
            (9_000..<40_000).first { !memory.canNote(CoreRig.take(UInt32($0))) })
        for flags in [CommandFlags.quantized, CommandFlags.note] {
            rig.clearEvents()
            let press = Ask(
                code: .capture, token: 5, slot: 1, flags: flags, a: 1,
                id: CoreRig.take(UInt32(full)))
            #expect(rig.send(press) == 0)
            rig.step(512)
            #expect(rig.all(.captured).isEmpty)
            let record = EventRecord(
                base: .allocate(byteCount: EventRecord.byteCount, alignment: 8))
            defer { record.base.deallocate() }
            EventWriter.write(try #require(rig.all(.applied).first), to: record)
            #expect(record.token == 5)
            #expect(record.code == ErrorCode.takeNotKept)
        }
        #expect((rig.frame - 512..<rig.frame).contains { rig.out($0, 0) != 0 })
        drop(10..<9_000, memory)
        rig.capture(1, bars: 1, take: UInt32(full))
        rig.step(512)
        #expect(rig.all(.captured).map(\.id) == [CoreRig.take(UInt32(full))])
    }

    @Test("an engine after a crash finds every press of a long stall, in their order")
    func stall() throws {
        let change = CoreRig.adopting("stall")
        let count: UInt32 = 300
        let dead = try CoreRig(change)
        defer { dead.engine.store.unlink() }
        dead.step(100_000)
        for take in 1...count {
            dead.capture(Int(take) % 8, bars: 1, take: take, quantized: false)
            dead.step(512)
        }
        #expect(dead.all(.captured).count == Int(count))
        let next = try CoreRig(change)
        next.step(512)
        #expect(next.all(.captured).map(\.id) == (1...count).map(CoreRig.take))
        // The newest of each slot is there at once.
        let ready = (1...count).filter { next.engine.pool.contains(CoreRig.take($0)) }
        #expect(ready == Array(count - 7...count))
    }
}
