/// SHA-256 of the master as it grows, and of each whole second of it with its parts.
struct MasterDigest {
    /// What is kept of a second: enough to tell whether another one is the same, and where not.
    struct Second {
        var sha: TakeSha
        /// CRC-32 of each hundredth of it.
        var parts: [UInt32]
    }

    let rateHz: Int
    private var whole = Sha256()
    private var second = Sha256()
    private var part = Crc32()
    private var parts: [UInt32] = []
    private var secondFrames = 0
    private(set) var frames: Int64 = 0
    /// The whole seconds so far.
    private(set) var seconds: [Second] = []

    init(rateHz: Int) { self.rateHz = rateHz }

    /// Frames of a part; the last one of a second may be shorter.
    static func partFrames(rateHz: Int) -> Int { (rateHz + 99) / 100 }

    /// Takes the next frames, interleaved.
    mutating func add(_ samples: UnsafePointer<Float>, frames count: Int) {
        let partFrames = MasterDigest.partFrames(rateHz: rateHz)
        var done = 0
        while done < count {
            let left = min(rateHz - secondFrames, partFrames - secondFrames % partFrames)
            let run = min(count - done, left)
            let bytes = UnsafeRawBufferPointer(start: samples + 2 * done, count: 8 * run)
            whole.add(bytes)
            second.add(bytes)
            part.add(bytes)
            done += run
            secondFrames += run
            if run == left { endPart() }
        }
        frames += Int64(count)
    }

    private mutating func endPart() {
        parts.append(part.value)
        part = Crc32()
        guard secondFrames == rateHz else { return }
        seconds.append(Second(sha: second.finish(), parts: parts))
        second = Sha256()
        parts = []
        secondFrames = 0
    }

    /// Digest of everything so far.
    func finish() -> TakeSha {
        var copy = whole
        return copy.finish()
    }
}

extension UInt32 {
    /// 8 hex digits.
    var hex: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
