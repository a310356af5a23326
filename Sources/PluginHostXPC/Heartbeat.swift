import CFlowLeaf

/// How the host shows that it lives: each of its two threads raises a word of its own.
///
/// Written by the threads that do the work, not by one that only beats: that one would go on beating
/// while a plug-in hangs.
struct Heartbeat: @unchecked Sendable {
    /// Every thread beats at least this often; the engine counts from it.
    static let everyMs: Int32 = 25

    private let segment: UnsafeMutablePointer<flow_from_host>

    init(_ segment: UnsafeMutablePointer<flow_from_host>) {
        self.segment = segment
    }

    /// Thread: audio of the host.
    func beatAudio() {
        flow_word_store(&segment.pointee.audio_beat, segment.pointee.audio_beat &+ 1)
    }

    /// Thread: main of the host.
    func beatMain() {
        flow_word_store(&segment.pointee.main_beat, segment.pointee.main_beat &+ 1)
    }

    /// Declares what begins now: a load may be silent for longer than a block. Thread: main.
    ///
    /// - Parameter phase: One of FLOW_PHASE_*; it may last as long as is usual for it.
    func enter(_ phase: Int) {
        beatMain()
        flow_word_store(&segment.pointee.phase, UInt64(phase))
    }

    /// Declares whose code is called next, and for what. Thread: main.
    func enterForeignCode(of instance: UInt32, _ phase: Int) {
        flow_word_store(&segment.pointee.main_instance, UInt64(instance))
        enter(phase)
    }

    /// What was entered is over. Thread: main.
    func leaveForeignCode() {
        enter(FLOW_PHASE_RUN)
        flow_word_store(&segment.pointee.main_instance, 0)
    }

    /// Names the instance whose code is called next; 0 = none. Thread: audio.
    func blameAudio(_ instance: UInt32) {
        flow_word_store(&segment.pointee.current_instance, UInt64(instance))
    }
}
