extension FlowEngine {
    /// Goes on with what was damaged before a crash.
    ///
    /// It is told again, since its last second may not have been, and known to captures that reach back
    /// so far. The break itself is damage too.
    ///
    /// - Thread: control, before the first block.
    func resumeDamage(after inherited: CaptureStore.Inheritance, at frame: Int64) {
        let memory = store.memory
        for source in 0..<settings.sourceCount {
            for range in memory.adoptDamage(source, before: inherited.endFrame) {
                block.pointee.taintLogs[source].know(from: range.lowerBound, to: range.upperBound)
                var event = CoreEvent(.damaged)
                event.source = source
                event.frame = frame
                event.fromFrame = range.lowerBound
                event.toFrame = range.upperBound
                events.post(event)
            }
            guard inherited.endFrame < frame else { continue }
            block.pointee.taintLogs[source].add(from: inherited.endFrame, to: frame)
            memory.noteDamage(
                source, from: inherited.endFrame, to: frame,
                joinFrames: settings.damageJoinFrames())
        }
        block.pointee.owesDamage = true
    }
}
