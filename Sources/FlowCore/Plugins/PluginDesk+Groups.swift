extension PluginDesk: HostGroupOwner {
    func post(_ event: CoreEvent) { postEvent(event) }

    func keepState(_ state: [UInt8], of plugin: PluginRecord) {
        let (id, postEvent) = (plugin.id, postEvent)
        setup.states.write(state) { [unsaved] sha in
            guard let sha else {
                guard unsaved.insert(id) else { return }
                var event = CoreEvent(.notice)
                event.errorCode = ErrorCode.pluginUnsaved
                event.id = id
                postEvent(event)
                return
            }
            unsaved.remove(id)
            var event = CoreEvent(.pluginState)
            event.id = id
            event.setSha(sha)
            event.value = Double(state.count)
            postEvent(event)
        }
    }

    /// Moves it, and the hops that it alone is, into a host of its own.
    ///
    /// Hops that it shares with others stay dry until their chain is made anew.
    func quarantine(_ plugin: PluginRecord) {
        let old = plugin.group
        guard let own = makeGroup(old.name, isQuarantine: true, isAside: old.shape.isAside) else {
            old.add(plugin)
            return
        }
        own.add(plugin)
        let moving = old.seats.filter { $0.plugins.count == 1 && $0.plugins[0] === plugin }
        old.seats.removeAll { seat in moving.contains { $0 === seat } }
        own.seats = moving
        own.tell(HostState.starting, ErrorCode.pluginQuarantined, plugin)
        threads[own.number]?.ring()
    }

    func left(_ plugin: PluginRecord) {
        if plugin.isWantedAgain, !isEnded {
            plugin.isWantedAgain = false
            plugin.isLeaving = false
            plugin.hasTakenLeave = false
            plugin.stage = .waiting
            plugin.group.add(plugin)
        } else {
            plugins[plugin.id] = nil
        }
    }

    func isHeld(_ plugin: PluginRecord) -> Bool { chains.contains { $0.holds(plugin) } }
}

extension HostGroup {
    /// How it is shown.
    var picture: HostPicture {
        let state: UInt32
        switch stage {
        case .over: state = HostState.ended
        case .living: state = isComplete ? HostState.running : HostState.starting
        case .idle, .changing: state = isGivenUp ? HostState.gaveUp : HostState.lost
        }
        var picture = HostPicture(number: number, group: name, state: state)
        picture.pid = life?.pid ?? 0
        picture.pluginCount = plugins.count
        picture.retries = retries
        picture.isQuarantine = isQuarantine
        picture.residentBytes = life == nil ? 0 : usage.residentBytes
        picture.cpuMs = life == nil ? 0 : usage.cpuMs
        let counts = seats.map(\.counts)
        picture.wetBlocks = counts.reduce(pastWet) { $0 + $1.wet }
        picture.missedBlocks = counts.reduce(pastMissed) { $0 + $1.missed }
        picture.scrubbedBlocks = seats.reduce(pastScrubbed) {
            $0 + $1.port.scrubbedBlocks(lane: $1.lane)
        }
        return picture
    }
}
