/// Chains of plug-ins in their places: one before the ring, and one in each slot.
extension RenderBlock {
    @_noLocks @_noAllocation
    mutating func applyToPlugin(_ command: CoreCommand) {
        switch command.code {
        case .chainSet: setChain(command)
        case .pluginParam:
            let param = UInt32(command.a)
            for slot in 0..<settings.slotCount where hasChain(slot) {
                seats[slot].chain.chain().pointee.addPoint(
                    command.instance, param: param, value: Float(command.b))
            }
            if !inputSeat.chain.isNone() {
                inputSeat.chain.chain().pointee.addPoint(
                    command.instance, param: param, value: Float(command.b))
            }
            confirm(command)
        default:
            for slot in 0..<settings.slotCount where hasChain(slot) {
                play(command, on: seats[slot].chain)
            }
            if !inputSeat.chain.isNone() { play(command, on: inputSeat.chain) }
            confirm(command)
        }
    }

    /// At the start of a block: takes what the hosts have made.
    @_noLocks @_noAllocation
    mutating func collectChains() {
        if !inputSeat.chain.isNone() { inputSeat.chain.chain().pointee.collect(atNs: blockStartNs) }
        if seatedCount == 0 { return }
        for slot in 0..<settings.slotCount where hasChain(slot) {
            seats[slot].chain.chain().pointee.collect(atNs: blockStartNs)
        }
    }

    /// At the end of a block: gives the hosts what went in, and wakes each of them once.
    @_noLocks @_noAllocation
    mutating func postChains() {
        if !inputSeat.chain.isNone() {
            inputSeat.chain.chain().pointee.post(HopTime(transport, frame: frame), bells)
        }
        if seatedCount > 0 { postSlots() }
        bells.pointee.ring()
    }

    /// PANIC: all keys of all plug-ins go up.
    @_noLocks @_noAllocation
    mutating func endNotes() {
        if !inputSeat.chain.isNone() { inputSeat.chain.chain().pointee.endNotes() }
        for slot in 0..<settings.slotCount where hasChain(slot) {
            seats[slot].chain.chain().pointee.endNotes()
        }
    }

    /// Gives a chain back to whoever made it.
    @_noLocks @_noAllocation
    func retire(_ chain: ChainHandle) {
        if !chain.isNone() { _ = rings.retiredChains.push(chain) }
    }

    @_noLocks @_noAllocation
    private func hasChain(_ slot: Int) -> Bool { !seats[slot].chain.isNone() }

    @_noLocks @_noAllocation
    private func play(_ command: CoreCommand, on chain: ChainHandle) {
        chain.chain().pointee.addNote(
            command.instance, key: Int(command.a), isOn: command.isOn, velocity: Float(command.b))
    }

    @_noLocks @_noAllocation
    private mutating func postSlots() {
        for slot in 0..<settings.slotCount where hasChain(slot) {
            let time = HopTime(transport, frame: seats[slot].aheadFrame)
            seats[slot].chain.chain().pointee.post(time, bells)
        }
    }

    /// Puts a chain in its place; the answer tells how late it is heard, and how late it is.
    @_noLocks @_noAllocation
    private mutating func setChain(_ command: CoreCommand) {
        if command.isSource {
            setInputChain(command.chain)
        } else {
            setSlotChain(command.chain, in: command.slot)
        }
        var event = answer(.applied, to: command)
        if !command.chain.isNone() {
            let chain = command.chain.chain().pointee
            event.value = Double(chain.heardLateFrames())
            event.value2 = Double(chain.delayFrames)
        }
        post(event)
    }

    @_noLocks @_noAllocation
    private mutating func setSlotChain(_ chain: ChainHandle, in slot: Int) {
        let old = seats[slot].chain
        if old.isNone() && chain.isNone() { return }
        if !old.isNone() { keys.put(old.chain().pointee) }
        seats[slot].set(chain)
        retire(old)
        handKeys()
        if !slots[slot].hasSeat { seatedCount += 1 }
        slots[slot].hasSeat = true
        lines[slot].isQuiet = false
        lines[slot].unsettle()
    }

    /// Whoever plays keys on a plug-in that moves has let go of the place it was in.
    @_noLocks @_noAllocation
    private mutating func handKeys() {
        if !inputSeat.chain.isNone() { keys.hand(to: inputSeat.chain.chain().pointee) }
        for slot in 0..<settings.slotCount where hasChain(slot) {
            keys.hand(to: seats[slot].chain.chain().pointee)
        }
    }

    /// What was played until now goes on, as late as the new chain is; without a step.
    @_noLocks @_noAllocation
    private mutating func setInputChain(_ chain: ChainHandle) {
        let old = inputSeat.chain
        if old.isNone() && chain.isNone() { return }
        if !chain.isNone() { fillInput(chain.chain()) }
        let late = chain.isNone() ? 0 : chain.chain().pointee.delayFrames
        let left = inputSample(ago: late + 1, side: 0)
        let right = inputSample(ago: late + 1, side: 1)
        if inputSeat.tape.isNone() { inputSeat.tape = rings.dry.begun(at: frame) }
        inputSeat.dryFade.begin(
            left: drySample(ago: 1, side: 0) - left, right: drySample(ago: 1, side: 1) - right)
        if !old.isNone() { keys.put(old.chain().pointee) }
        inputSeat.chain = chain
        handKeys()
        inputSeat.fade.begin(
            left: ringSample(ago: 1, side: 0) - left, right: ringSample(ago: 1, side: 1) - right)
        retire(old)
    }

    /// Puts the newest sound of the source into the delays of a new chain.
    @_noLocks @_noAllocation
    private func fillInput(_ chain: UnsafeMutablePointer<PluginChain>) {
        var ago = 0
        for index in 0..<chain.pointee.hopCount {
            let hop = chain.pointee.hops[index]
            for back in 1...hop.delayFrames {
                let at = 2 * ((hop.position - back) & hop.dryMask)
                hop.dry[at] = inputSample(ago: ago + back, side: 0)
                hop.dry[at + 1] = inputSample(ago: ago + back, side: 1)
            }
            ago += hop.delayFrames
        }
        for back in 1...chain.pointee.delayFrames {
            chain.pointee.played.set(
                ago: back, inputSample(ago: back, side: 0), inputSample(ago: back, side: 1))
        }
    }

    /// What was played so many frames before the next one, before any chain.
    @_noLocks @_noAllocation
    private func inputSample(ago: Int, side: Int) -> Float {
        inputSeat.chain.isNone()
            ? ringSample(ago: ago, side: side) : inputSeat.sample(ago: ago, side: side)
    }

    /// What the source was without plug-ins, so many frames before the next one.
    @_noLocks @_noAllocation
    private func drySample(ago: Int, side: Int) -> Float {
        inputSeat.tape.isNone() || inputSeat.tape.isEmpty()
            ? ringSample(ago: ago, side: side)
            : inputSeat.tape.sample(frame: frame - Int64(ago), side: side)
    }

    @_noLocks @_noAllocation
    private func ringSample(ago: Int, side: Int) -> Float {
        let at = frame - Int64(ago)
        if at < ring.oldestFrame(whenAt: frame) { return 0 }
        return ring.sample(frame: at, source: 0, channel: side)
    }
}
