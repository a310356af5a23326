extension AppleDevice {
    /// Repairs what has changed; every 50 ms.
    func attend(nowNs: Int64) -> [DeviceNews] {
        guard target != nil else { return [] }
        let mail = mailbox.take()
        if mail.isBroken || (graph != nil && !system.isAlive(device)) {
            beginStandIn()
            care.note(nowNs)
        } else if mail.hasChanged {
            // Without a graph every change is a reason to try again, but our own doing is none.
            if graph == nil ? tried != Seen(system) : !isRight() { care.note(nowNs) }
        } else if care.isLookDue(nowNs), !isRight() {
            care.note(nowNs)
        }
        if care.step(nowNs) == .rebuild { rebuild(nowNs) }
        return news()
    }

    /// Whether the graph is the one that would be built now.
    private func isRight() -> Bool {
        guard graph != nil else { return false }
        let mayListen = system.microphone == .allowed
        let wanted = DevicePlan.make(settings.wish, system.picture(), mayListen: mayListen)
        return wanted == plan && system.rateHz(device) == planRateHz
    }

    private func rebuild(_ nowNs: Int64) {
        beginStandIn()
        do {
            try build()
            care.succeeded(nowNs)
        } catch {
            takeApart()
            care.failed(nowNs)
        }
    }

    /// Conditions that began or ended.
    private func news() -> [DeviceNews] {
        var all: [DeviceNews] = []
        follow(ErrorCode.deviceLost, isNow: graph == nil && care.hasGivenUp, &all)
        if graph != nil {
            follow(ErrorCode.microphoneRefused, isNow: isDeaf(), &all)
            let zeros = graph?.inputRateHz == 0 ? 0 : port.gate.zeroFrames.pointee.load()
            _ = silence.step(zeroFrames: zeros, rateHz: graph?.inputRateHz ?? 0)
            follow(ErrorCode.inputSilent, isNow: silence.isSilent, &all)
        }
        return all
    }

    /// Whether there is an input that may not be heard, or that the system gives no sound of.
    private func isDeaf() -> Bool {
        // As it was when the graph was built: the system is not asked twenty times a second.
        if tried?.microphone == .refused { return true }
        return plan?.input != nil && graph?.inputRateHz == 0
    }

    private func follow(_ code: UInt32, isNow: Bool, _ all: inout [DeviceNews]) {
        guard isNow != isOn.contains(code) else { return }
        if isNow { isOn.insert(code) } else { isOn.remove(code) }
        all.append(DeviceNews(code: code, isOn: isNow))
    }
}
