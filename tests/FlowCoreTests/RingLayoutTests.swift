import Testing

@testable import FlowCore

/// Another build goes on with the ring of the one before where both say the same `RingMemory.layout`.
///
/// If a figure here is another one, something lies elsewhere in the ring or means something else: raise
/// `RingMemory.layout`, and take the new figure.
@Suite("The layout of the ring")
struct RingLayoutTests {
    @Test("what an engine notes is where the layout of that number has it")
    func golden() {
        let bytes = RingMemory.bytes(capacityFrames: 4_096, channelCount: 4)
        let base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16_384)
        defer { base.deallocate() }
        base.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        let memory = RingMemory(base: base, capacityFrames: 4_096, channelCount: 4)
        memory.writeFrame().pointee.store(0x0101)
        memory.diskCursor().pointee.store(0x0202)
        memory.firstFrame().pointee.store(0x0303)
        memory.heardFrame(1).pointee.store(0x0404)
        memory.noteDamage(1, from: 0x0505, to: 0x0606, joinFrames: 10)
        memory.write(anchor, number: 7)
        memory.note(intent)
        memory.samples()[memory.sampleIndex(frame: 5_000)] = 0.5
        var sha = Sha256()
        sha.add(UnsafeRawBufferPointer(start: base, count: bytes))
        #expect(bytes == 573_440 + 65_536)
        #expect(RingMemory.layout == 1)
        #expect(
            sha.finish().hex
                == "6fe8ed3b6f09d79d8638c6a90ad517a03898bdd076c25c9fdaa3c2d394d79858")
    }

    private var anchor: RingAnchor {
        var anchor = RingAnchor()
        anchor.frame = 0x0707
        anchor.monotonicNs = 0x0808
        anchor.grid.epochFrame = 0x0909
        anchor.grid.epochBeat = 0x0a0a
        anchor.grid.offsetFrames = 0.25
        anchor.grid.framesPerBeat = 0x0b0b
        anchor.grid.beatsPerBar = 7
        anchor.grid.unit = 8
        anchor.grid.barOriginBeat = 0x0c0c
        anchor.grid.barOriginIndex = 0x0d0d
        anchor.grid.changedAtFrame = 0x0e0e
        anchor.isPlaying = true
        anchor.heldBeat = 0x0f0f
        anchor.heldFrac = 0.75
        return anchor
    }

    private var intent: CaptureIntent {
        var intent = CaptureIntent()
        intent.id = TakeID(w0: 0x11, w1: 0x22, w2: 0x33, w3: 0x44)
        intent.slot = 5
        intent.source = 1
        intent.fromFrame = 0x1010
        intent.toFrame = 0x1111
        intent.originBeat = 0x1212
        intent.lengthBeats = 0x1313
        intent.offsetFrames = 0x1414
        intent.framesPerBeat = 0x1515
        intent.bars = 4
        intent.pressFrame = 0x1616
        intent.marks.isTainted = true
        intent.marks.isOverdub = true
        return intent
    }
}
