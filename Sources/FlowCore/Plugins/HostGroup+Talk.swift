import CFlowLeaf
import HostContract

/// What the host says, and what is told of it.
extension HostGroup {
    func take(_ answer: HostAnswer, atMs nowMs: Double) {
        switch answer {
        case .hello(let version):
            hasGreeted = version == ContractLimits.version
        case .loaded(let loaded):
            guard case .load(let plugin) = asks.removeValue(forKey: loaded.request) else { return }
            accept(loaded, plugin)
        case .failed(let request, let instance, let reason, _):
            if request == 0 { return lost(instance) }
            guard let ask = asks.removeValue(forKey: request) else { return }
            refused(ask, HostFailureReason(rawValue: reason), atMs: nowMs)
        case .done(let request):
            guard let ask = asks.removeValue(forKey: request) else { return }
            done(ask, atMs: nowMs)
        case .state(let request, _, let bytes):
            guard case .state(let plugin, let askedAtMs) = asks.removeValue(forKey: request) else {
                return
            }
            keep(bytes, of: plugin, askedAtMs: askedAtMs)
        case .params(let request, _, let isLast, let part):
            guard case .params(let plugin) = asks[request] else { return }
            if isLast { asks[request] = nil }
            plugin.take(part, isLast: isLast)
        case .latency(let instance, let frames):
            guard let plugin = plugin(instance) else { return }
            plugin.take(latencyFrames: frames)
            tellLoaded(plugin)
        case .edited(let instance, let param, let value):
            moved(instance, param, value, atMs: nowMs)
        case .dirty(let instance): plugin(instance)?.snapshots.changed(atMs: nowMs)
        case .text, .log: break
        }
    }

    func plugin(_ number: UInt32) -> PluginRecord? { plugins.first { $0.number == number } }

    private func accept(_ loaded: LoadedPlugin, _ plugin: PluginRecord) {
        let isFirst = !plugin.isKnown
        plugin.take(loaded)
        memory.rebase()
        if plugin.isBypassed { send(.bypass(instance: plugin.number, isOn: true)) }
        if plugin.isBehind { give(plugin, plugin.journal.values) }
        plugin.isBehind = false
        tellLoaded(plugin)
        if isFirst || plugin.params.isEmpty { askForParams(plugin) }
    }

    private func refused(_ ask: Ask, _ reason: HostFailureReason?, atMs nowMs: Double) {
        switch ask {
        case .load(let plugin):
            if reason == .stateRefused, plugin.ladder.hasState {
                plugin.ladder.descend()
                plugin.stage = .waiting
            } else {
                plugin.stage = .failed
                tellLoaded(plugin, ErrorCode.pluginLoad)
            }
        case .state(let plugin, _):
            if plugin.ladder.takeLoss(nil) { tellStateLost(plugin) }
        case .params(let plugin): plugin.isTellingParams = false
        case .unload, .chain, .clear: done(ask, atMs: nowMs)
        }
    }

    private func done(_ ask: Ask, atMs nowMs: Double) {
        switch ask {
        case .unload(let plugin):
            remove(plugin)
            owner.left(plugin)
        case .chain(let seat):
            guard seat.stage == .asked, let life else { return }
            seat.start(life.lease, atMs: nowMs)
        case .load, .clear, .state, .params: break
        }
    }

    /// A plug-in asked to be made anew and could not be: it is loaded again as after a crash.
    private func lost(_ instance: UInt32) {
        guard let plugin = plugin(instance), plugin.stage == .loaded else { return }
        for seat in seats where seat.plugins.contains(where: { $0 === plugin }) { seat.leave() }
        plugin.failureCount += 1
        plugin.lifeEnded()
        guard plugin.failureCount > Self.retriesMax else { return }
        plugin.stage = .failed
        tellLoaded(plugin, ErrorCode.pluginLoad)
    }

    /// Asks for all parameters anew, unless they are just being told.
    func askForParams(_ plugin: PluginRecord) {
        guard plugin.stage == .loaded, !plugin.isTellingParams else { return }
        plugin.isTellingParams = true
        send(.getParams(request: ask(.params(plugin)), instance: plugin.number))
    }

    func give(_ plugin: PluginRecord, _ values: [ParamValue]) {
        guard !values.isEmpty else { return }
        send(.set(instance: plugin.number, values: values))
    }

    // MARK: What plug-ins move by themselves

    func takeEchoes(_ life: any HostLife, _ nowMs: Double) {
        for echo in life.takeEchoes() {
            moved(echo.instance, echo.param, Double(echo.value), atMs: nowMs)
        }
    }

    private func moved(_ instance: UInt32, _ param: UInt32, _ value: Double, atMs nowMs: Double) {
        guard value.isFinite, let plugin = plugin(instance), plugin.moved.count < 4_096 else {
            return
        }
        let held = min(max(value, 0), 1)
        plugin.moved[param] = held
        plugin.journal.note(param, held, atMs: nowMs)
        plugin.snapshots.changed(atMs: nowMs)
    }

    /// Tells the last value of each, thirty times a second at most.
    func tellMoved(_ nowMs: Double) {
        guard nowMs - movedAtMs >= Double(Self.lookMs) else { return }
        for plugin in plugins where !plugin.moved.isEmpty {
            movedAtMs = nowMs
            for (param, value) in plugin.moved.sorted(by: { $0.key < $1.key }) {
                var event = CoreEvent(.pluginMoved)
                event.id = plugin.id
                event.value = Double(param)
                event.value2 = value
                owner.post(event)
            }
            plugin.moved = [:]
        }
    }

    // MARK: Events

    func tell(_ state: UInt32, _ code: UInt32 = 0, _ culprit: PluginRecord? = nil) {
        var event = CoreEvent(.pluginHost)
        event.slot = Int(number)
        event.detail = state
        event.errorCode = code
        event.id = culprit?.id ?? TakeID.none()
        event.value = Double(retries)
        event.value2 = Double(life?.pid ?? 0)
        owner.post(event)
    }

    func tellLoaded(_ plugin: PluginRecord, _ code: UInt32 = 0) {
        var event = CoreEvent(.pluginLoaded)
        event.slot = Int(number)
        event.id = plugin.id
        event.errorCode = code
        event.value = Double(plugin.latencyFrames)
        event.value2 = Double(plugin.paramCount)
        event.detail =
            (plugin.isInstrument ? PluginIs.instrument : 0)
            | (plugin.hasInput ? PluginIs.hasInput : 0)
        owner.post(event)
    }

    func tellStateLost(_ plugin: PluginRecord) {
        var event = CoreEvent(.notice)
        event.errorCode = ErrorCode.pluginState
        event.slot = Int(number)
        event.id = plugin.id
        owner.post(event)
    }

    func tellHeard(_ plugin: PluginRecord, _ isHeard: Bool) {
        plugin.toldHeard = isHeard
        plugin.toldCode = isHeard ? 0 : plugin.dryCode
        var event = CoreEvent(.pluginHeard)
        event.slot = Int(number)
        event.id = plugin.id
        event.detail = isHeard ? PluginHeard.wet : PluginHeard.dry
        event.errorCode = plugin.toldCode
        owner.post(event)
    }
}
