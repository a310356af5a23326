import CFlowLeaf

/// Why a host has no life, or lost one.
enum HostFailure: Error, Equatable {
    /// The system gave no shared memory: -errno.
    case segment(Int32)
    /// The process could not be started: -errno.
    case spawn(Int32)
    /// The process ended by itself or by a signal.
    case crashed
    /// A thread of it gave no sign for longer than its phase allows; it was killed.
    case hung
    /// It grew until it was ended.
    case memory

    /// Whether a plug-in may have been the reason.
    var isOfPlugins: Bool {
        switch self {
        case .segment, .spawn: false
        case .crashed, .hung, .memory: true
        }
    }
}

/// What the two threads of a host last said.
struct HostSigns: Equatable {
    var audioBeat: UInt64
    var mainBeat: UInt64
    var phase: UInt64
    /// How long that phase may last, as the host asks; 0 = what is usual.
    var allowanceMs: UInt64 = 0
    /// The plug-ins whose code the audio and the main thread were running; 0 = none.
    var currentInstance: UInt64 = 0
    var mainInstance: UInt64 = 0
}

/// Decides from a host's signs of life whether it hangs; pure, time is given.
///
/// Both threads write a beat every 25 ms and are read every 180 ms: a host that stops is found after
/// 1.0 to 1.25 s. Outside the run phase it may be silent for as long as that phase may take. When the
/// reader itself came late, as after sleep, everybody gets a fresh start.
struct HostWatch {
    static let readMs = 180
    static let limitMs = 1000
    /// More than one host beat, so that a hang is never declared early.
    private static let graceMs = 45

    private var signs: HostSigns?
    private var audioSeenMs = 0.0
    private var mainSeenMs = 0.0
    private var readAtMs: Double?

    /// The plug-in that is to blame when the host hangs now; 0 = none: what the thread that stands still
    /// has in hand.
    var hanging: UInt64 {
        guard let signs else { return 0 }
        let isAudio = audioSeenMs <= mainSeenMs && signs.currentInstance != 0
        return isAudio ? signs.currentInstance : signs.mainInstance
    }

    /// Takes a reading; true = the host hangs.
    mutating func read(_ now: HostSigns, atMs nowMs: Double) -> Bool {
        let wasLate = readAtMs.map { nowMs - $0 > Double(2 * Self.readMs) } ?? true
        readAtMs = nowMs
        if wasLate || now.audioBeat != signs?.audioBeat { audioSeenMs = nowMs }
        if wasLate || now.mainBeat != signs?.mainBeat { mainSeenMs = nowMs }
        // A new phase starts its own clock.
        if now.phase != signs?.phase {
            audioSeenMs = nowMs
            mainSeenMs = nowMs
        }
        signs = now
        return nowMs - min(audioSeenMs, mainSeenMs) >= Self.patienceMs(now)
    }

    /// When to read again: at the usual pace, or just when patience would end.
    func untilNextMs(_ nowMs: Double) -> Int {
        guard let signs else { return Self.readMs }
        let left = min(audioSeenMs, mainSeenMs) + Self.patienceMs(signs) - nowMs
        return max(1, min(Self.readMs, Int(left.rounded(.up))))
    }

    /// A host may ask for less than its phase is usually given, never for more.
    private static func patienceMs(_ signs: HostSigns) -> Double {
        let usual = usualMs(signs.phase)
        guard signs.allowanceMs > 0 else { return usual }
        return max(Double(limitMs + graceMs), min(usual, Double(signs.allowanceMs)))
    }

    private static func usualMs(_ phase: UInt64) -> Double {
        switch phase {
        case UInt64(FLOW_PHASE_LOAD): 30_000
        case UInt64(FLOW_PHASE_ACTIVATE), UInt64(FLOW_PHASE_SET_STATE): 10_000
        case UInt64(FLOW_PHASE_GET_STATE): 5000
        // Anything unknown has no right to patience.
        default: Double(limitMs + graceMs)
        }
    }
}
