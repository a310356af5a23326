import CFlowLeaf

/// Where the overflow's blocks lie in shared memory: beside the ring, under its name and a number.
///
/// They share the ring's fate: the next engine of the run takes them over with it, and a new ring of the
/// name begins without them.
///
/// - Thread: drain; control before that thread begins and after it ended.
struct OverflowShelf: Sendable {
    /// "FlowOver" as a number.
    static let magic: UInt64 = 0x7265_764f_776f_6c46
    /// Raised with every change of where something lies in a block.
    static let layout: UInt64 = 1

    let ringName: String
    let runId: [UInt32]
    let sampleRateHz: Int
    let channelCount: Int

    /// Makes an empty block; nil where shared memory is too small.
    func make(_ number: Int, bytes: Int) -> OverflowBlock? {
        var memory = flow_shared(base: nil, bytes: 0, fd: -1)
        let size = OverflowBlock.headerBytes + bytes
        guard flow_shared_create(name(number), size, &memory) == 0, let base = memory.base else {
            return nil
        }
        let block = OverflowBlock(
            memory, base, capacityFrames: UInt64(bytes / (4 * channelCount)), number: number)
        for (word, value) in signature where word != OverflowBlock.Word.magic {
            block.word(word).pointee.store(value)
        }
        block.word(OverflowBlock.Word.capacityFrames).pointee.store(block.capacityFrames)
        // Last: a half-made block is none.
        block.word(OverflowBlock.Word.magic).pointee.store(Self.magic)
        return block
    }

    /// The blocks that an engine of this run left with frames before `newestFrame` in them, in the order of
    /// those; all others go.
    func left(upTo newestFrame: UInt64) -> [OverflowBlock] {
        var found: [OverflowBlock] = []
        for number in 0..<Limits.overflowBlockCount {
            if let block = open(number), block.isPossible(upTo: newestFrame) {
                found.append(block)
            } else {
                _ = flow_shared_unlink(name(number))
            }
        }
        return found.sorted { $0.firstFrame < $1.firstFrame }
    }

    /// Takes a block's name away; its memory goes with its last holder.
    func remove(_ block: OverflowBlock) {
        if let number = block.number { _ = flow_shared_unlink(name(number)) }
    }

    /// Takes away all that lies beside a ring of that name.
    static func removeAll(besideRing ringName: String) {
        if ringName.isEmpty { return }
        for number in 0..<Limits.overflowBlockCount {
            _ = flow_shared_unlink(name(number, besideRing: ringName))
        }
    }

    /// A Mac takes thirty bytes at most.
    static func name(_ number: Int, besideRing ringName: String) -> String {
        "\(ringName)-\(number)"
    }

    private func name(_ number: Int) -> String { Self.name(number, besideRing: ringName) }

    /// What the words of a block say of whose it is.
    private var signature: [(Int, UInt64)] {
        [
            (OverflowBlock.Word.magic, Self.magic),
            (OverflowBlock.Word.layout, Self.layout),
            (OverflowBlock.Word.runLow, UInt64(runId[0]) << 32 | UInt64(runId[1])),
            (OverflowBlock.Word.runHigh, UInt64(runId[2]) << 32 | UInt64(runId[3])),
            (OverflowBlock.Word.sampleRateHz, UInt64(sampleRateHz)),
            (OverflowBlock.Word.channelCount, UInt64(channelCount)),
        ]
    }

    /// A block of this run, and as long as it says.
    private func open(_ number: Int) -> OverflowBlock? {
        var memory = flow_shared(base: nil, bytes: 0, fd: -1)
        guard flow_shared_open(name(number), &memory) == 0, let base = memory.base else {
            return nil
        }
        guard memory.bytes > OverflowBlock.headerBytes else {
            flow_shared_close(&memory)
            return nil
        }
        func value(_ word: Int) -> UInt64 {
            (base + 8 * word).assumingMemoryBound(to: AtomicCell.self).pointee.load()
        }
        let capacity = value(OverflowBlock.Word.capacityFrames)
        // A Mac rounds shared memory up to whole pages.
        let room = UInt64((memory.bytes - OverflowBlock.headerBytes) / (4 * channelCount))
        guard signature.allSatisfy({ value($0.0) == $0.1 }), capacity > 0, capacity <= room else {
            flow_shared_close(&memory)
            return nil
        }
        return OverflowBlock(memory, base, capacityFrames: capacity, number: number)
    }
}

extension OverflowBlock {
    /// Whether numbers from shared memory can be computed with, and there is something in it.
    fileprivate func isPossible(upTo newestFrame: UInt64) -> Bool {
        firstFrame <= newestFrame && frameCount > 0 && frameCount <= capacityFrames
            && frameCount <= newestFrame - firstFrame
    }
}
