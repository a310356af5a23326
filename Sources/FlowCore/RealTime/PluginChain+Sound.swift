/// What goes through a chain, hop after hop.
extension PluginChain {
    /// Replaces `count` frames, interleaved and at most 512, by what comes out; `delayFrames` late.
    @_noLocks @_noAllocation
    func pass(_ sound: UnsafeMutablePointer<Float>, count: Int, isFilling: Bool) {
        for index in 0..<hopCount { hops[index].pass(sound, count: count, isFilling: isFilling) }
    }

    /// At the start of a block, at that time.
    @_noLocks @_noAllocation
    func collect(atNs nowNs: Int64) {
        for index in 0..<hopCount { hops[index].collect(atNs: nowNs) }
    }

    /// At the end of a block; `time` is that of the chain's next frame.
    @_noLocks @_noAllocation
    func post(_ time: HopTime, _ bells: UnsafeMutablePointer<HostBells>) {
        var time = time
        for index in 0..<hopCount {
            hops[index].post(time, bells)
            time.frame -= Int64(hops[index].delayFrames)
        }
    }

    /// Whether what comes out is not only what went in.
    @_noLocks @_noAllocation
    func isColored() -> Bool {
        for index in 0..<hopCount where hops[index].isColored() { return true }
        return false
    }

    /// From here on something else goes in.
    @_noLocks @_noAllocation
    func restart() {
        for index in 0..<hopCount { hops[index].restart() }
    }

    /// A parameter of plug-in `instance`, if it is in this chain.
    @_noLocks @_noAllocation
    func addPoint(_ instance: UInt32, param: UInt32, value: Float) {
        for index in 0..<hopCount where hops[index].place(of: instance) >= 0 {
            hops[index].addPoint(instance, param: param, value: value)
        }
    }

    /// A key of plug-in `instance`, if it is in this chain.
    @_noLocks @_noAllocation
    func addNote(_ instance: UInt32, key: Int, isOn: Bool, velocity: Float) {
        for index in 0..<hopCount {
            let place = hops[index].place(of: instance)
            if place < 0 { continue }
            hops[index].addNote(place, key: key, isOn: isOn, velocity: velocity)
        }
    }

    /// All keys go up.
    @_noLocks @_noAllocation
    func endNotes() {
        for index in 0..<hopCount { hops[index].endNotes() }
    }
}
