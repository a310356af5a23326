extension FlowEngine {
    /// Gives back every chain that is in a place, or on its way to one.
    ///
    /// - Thread: control, after the device has ended.
    func returnChains() {
        giveBack(block.pointee.inputSeat.chain)
        block.pointee.inputSeat = InputSeat()
        for slot in 0..<settings.slotCount {
            giveBack(block.pointee.seats[slot].chain)
            block.pointee.seats[slot].chain = ChainHandle.none()
        }
        while block.pointee.schedule.waitingCount() > 0 {
            giveBack(block.pointee.schedule.remove(at: 0).chain)
        }
        while rings.commands.count() > 0 {
            giveBack(rings.commands.peek(0).chain)
            rings.commands.drop(1)
        }
    }

    private func giveBack(_ chain: ChainHandle) {
        if !chain.isNone() { chains.giveBack(chain.chain()) }
    }
}
