/// What is done with the sources, and what is known of them.
extension RenderBlock {
    /// Source 0 is what the player hears of himself; the others are in it, or are not.
    @_noLocks @_noAllocation
    mutating func applyToInput(_ command: CoreCommand) {
        let gain = Float(command.a)
        if command.slot == 0 {
            mixer.monitor.go(to: command.isOn ? gain : 0, frames: settings.rampFrames)
        } else {
            let level = command.isOn ? gain : 0
            pairMix.set(command.slot - 1, to: level, rampFrames: settings.rampFrames)
        }
        confirm(command)
    }

    /// The last frame of the stretch that was not silent, to the frame: a refusal hangs on it.
    @_noLocks @_noAllocation
    mutating func noteHeard(_ count: Int) {
        var last = 2 * count - 1
        while last > 0, abs(input[last]) <= settings.silence { last -= 1 }
        heard.note(0, at: frame + Int64(last / 2) + 1)
    }

    /// The same of each pair.
    @_noLocks @_noAllocation
    mutating func notePairs(_ pairs: InputPairs, _ count: Int) {
        for pair in 0..<pairs.count {
            let (left, right) = (pairs.plane(2 * pair), pairs.plane(2 * pair + 1))
            var last = count - 1
            while last >= 0, max(abs(left[last]), abs(right[last])) <= settings.silence {
                last -= 1
            }
            if last >= 0 { heard.note(pair + 1, at: frame + Int64(last) + 1) }
        }
    }
}
