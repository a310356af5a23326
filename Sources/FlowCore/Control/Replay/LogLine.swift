import Foundation

/// The log of a run, as it lies on disk: all that is needed to give the same master again.
///
/// A log is a folder. `log.jsonl` holds one JSON object a line, told apart by `t`:
///
/// - `log`: the first line. `version`, the ABI's hash, and how the engine was made.
/// - `loop`: a loop came into memory that this run did not capture; `file` holds its samples
///   (Float32, interleaved stereo, as it is played), named by their SHA-256. It stands before
///   every command that uses it, and tells whether it was rendered in this run or read from a file.
/// - `do`: a group of commands was taken in at frame `at`. What a command says is resolved: tempo in
///   frames per beat, and `frame`, if that is later than `at`, as the frame at which it applies.
/// - `refused`: command `kind` with `token` had no effect, for a reason that is not in the log.
/// - `xrun`, `gap`: what happened to the input `at` … `to`; it does not change the master.
/// - `second`: SHA-256 of second `n` of the master (Float32, interleaved, little-endian), and in
///   `parts` the CRC-32 of each hundredth of it, one after the other.
/// - `broken`: from here on the master hangs on something that is not in the log.
/// - `end`: the run ended in order: its `frames` and the SHA-256 of the whole master.
///
/// `input.wav` is what every source heard, source 0 first, unless the demo player played it. Nothing
/// in the core is left to chance, so that there is no seed to keep. All files only grow, and are
/// synced once a second: a kill costs the last second, a torn last line is passed over.
struct LogLine: Codable {
    enum Kind: String, Codable {
        case log, loop, refused, xrun, gap, second, broken, end
        case group = "do"
    }

    /// Version of this format; another one is refused.
    static let version = 1
    static let fileName = "log.jsonl"
    static let inputName = "input.wav"

    var t: Kind
    var version: Int?
    var abi: UInt32?
    var engine: LoggedEngine?
    var at: Int64?
    var to: Int64?
    var commands: [LoggedCommand]?
    var id: String?
    var file: String?
    var frames: Int64?
    var framesPerBeat: Double?
    var isRendered: Bool?
    var n: Int64?
    var sha: String?
    var parts: String?
    var token: UInt32?
    var kind: UInt32?
    var says: String?

    init(_ kind: Kind) { t = kind }
}

/// How the engine was made.
struct LoggedEngine: Codable {
    var rateHz: Int
    /// Frames of a block, as the device said; blocks may have been others.
    var blockFrames: Int
    var slotCount: Int
    var sourceCount: Int
    var ringSecondsMax: Int
    var bpm: Double
    var playsDemo: Bool
    var monitors: Bool
    /// By it captures are corrected or not, and source 0 begins as the sum of all pairs or the first.
    var deviceKind: UInt32
    var firstFrame: Int64
    /// Whether the look-back of an earlier engine was taken over, which is not in this log.
    var isAdopted: Bool
}

/// One command, resolved.
struct LoggedCommand: Codable {
    var kind: UInt32
    var token: UInt32
    var slot: Int
    var flags: UInt32
    var frame: Int64
    /// When the hand moved, on the clock of that computer; 0 = unknown.
    var ns: Int64
    /// The frame at which the hand moved or the command came; nil = unknown.
    var hand: Int64?
    var a: Double
    var b: Double
    var c: Double
    var d: Double
    var id: String
    var other: String

    init(_ command: CoreCommand) {
        kind = command.kind
        token = command.token
        slot = command.slot
        flags =
            (command.isOn ? CommandFlags.on : 0)
            | (command.isQuantized ? CommandFlags.quantized : 0)
            | (command.unmutes ? CommandFlags.unmute : 0)
            | (command.isOverdub ? CommandFlags.overdub : 0)
            | (command.isNote ? CommandFlags.note : 0)
            | (command.isSource ? CommandFlags.input : 0)
        frame = command.atFrame
        ns = command.atNs
        hand = command.handFrame == Int64.max ? nil : command.handFrame
        a = command.a
        b = command.b
        c = command.c
        d = command.d
        id = command.id.hex
        other = command.other.hex
    }

    private static let frameRange = -(Int64(1) << 52)...Int64(1) << 52

    /// The command to be taken in at `takeFrame`; nil when this build knows no such kind.
    func command(takeFrame: Int64, groupCount: Int) -> CoreCommand? {
        guard let code = CommandCode(rawValue: kind), let id = TakeID(hex: id),
            let other = TakeID(hex: other), Self.frameRange.contains(hand ?? 0)
        else { return nil }
        var command = CoreCommand(code: code, kind: kind)
        command.token = token
        command.slot = slot
        command.isOn = flags & CommandFlags.on != 0
        command.isQuantized = flags & CommandFlags.quantized != 0
        command.unmutes = flags & CommandFlags.unmute != 0
        command.isOverdub = flags & CommandFlags.overdub != 0
        command.isSource = flags & CommandFlags.input != 0
        command.isNote = flags & CommandFlags.note != 0
        command.atFrame = frame
        command.atNs = ns
        command.handFrame = hand ?? Int64.max
        command.takeFrame = takeFrame
        command.groupCount = groupCount
        command.a = a
        command.b = b
        command.c = c
        command.d = d
        command.id = id
        command.other = other
        return command
    }
}

extension TakeID {
    /// 32 hex digits.
    var hex: String {
        [w0, w1, w2, w3].map(\.hex).joined()
    }

    init?(hex: String) {
        guard hex.utf8.count == 32 else { return nil }
        var words: [UInt32] = []
        for part in 0..<4 {
            guard let word = UInt32(hex.dropFirst(8 * part).prefix(8), radix: 16) else {
                return nil
            }
            words.append(word)
        }
        self.init(w0: words[0], w1: words[1], w2: words[2], w3: words[3])
    }
}

extension TakeSha {
    /// SHA-256 of these bytes.
    static func of(_ bytes: UnsafeRawBufferPointer) -> TakeSha {
        var sha = Sha256()
        sha.add(bytes)
        return sha.finish()
    }
}
