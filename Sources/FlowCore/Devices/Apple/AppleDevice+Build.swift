extension AppleDevice {
    /// Builds a graph for the hardware of this moment and lets it call the target.
    ///
    /// The graph starts before the clock ends: the target is called by one of both, and never by none
    /// for longer than it takes to change over.
    func build() throws(DeviceError) {
        let picture = system.picture()
        tried = Seen(system)
        guard let plan = DevicePlan.make(settings.wish, picture, mayListen: mayListen()) else {
            throw DeviceError(
                code: ErrorCode.deviceOpen, detail: "there is no device to play through")
        }
        self.plan = plan
        let graphPlan = choose(plan)
        for card in [plan.output, plan.input].compactMap({ $0 }) {
            _ = system.setRate(card.id, hz: sampleRateHz)
        }
        system.setBlock(graphPlan.device, frames: settings.blockFrames)
        device = graphPlan.device
        system.unwatch()
        system.watch(watched(plan), mailbox)
        let graph = try startGraph(graphPlan)
        planRateHz = system.rateHz(device)
        system.setPlaying(true)
        endStandIn()
        if let target { port.open(target) }
        tellOf(plan, graph)
    }

    /// Without the input when the two together will not do: what plays is better than nothing.
    private func startGraph(_ plan: GraphPlan) throws(DeviceError) -> any SoundGraph {
        do {
            let graph = try system.open(plan, port, mailbox)
            self.graph = graph
            try graph.start()
            return graph
        } catch {
            graph?.stop()
            graph = nil
            guard plan.listens else { throw error }
            var deaf = plan
            deaf.listens = false
            return try startGraph(deaf)
        }
    }

    /// Ends the graph; nothing of it calls the port any more.
    ///
    /// Unless all ends, what is plugged in is still watched.
    func takeApart(isEnding: Bool = false) {
        port.close()
        system.unwatch()
        if !isEnding { system.watch([], mailbox) }
        graph?.stop()
        graph = nil
        device = 0
        if joined != 0 { system.part(joined) }
        joined = 0
        system.setPlaying(false)
        tell { $0.isThere = false }
    }

    /// Lets the clock call the target until there is a graph again.
    func beginStandIn() {
        guard standIn == nil, let target else { return }
        takeApart()
        // What was played from its last block on is in no take.
        counters.countXrun(frames: 0)
        let clock = makeStandIn(sampleRateHz, settings.blockFrames)
        standIn = clock
        try? clock.start(target)
    }

    func endStandIn() {
        standIn?.stop()
        standIn = nil
    }

    /// Asks once; until there is an answer nothing is heard.
    private func mayListen() -> Bool {
        let state = system.microphone
        if state == .unknown, !hasAsked {
            hasAsked = true
            system.askForMicrophone(mailbox)
        }
        return state == .allowed
    }

    /// One device for both directions: a single one, two that are joined, or the system's own pair.
    private func choose(_ plan: DevicePlan) -> GraphPlan {
        var chosen = GraphPlan(
            device: plan.output.id, isDefault: plan.isDefault, listens: plan.input != nil,
            rateHz: sampleRateHz)
        guard let input = plan.input else { return chosen }
        // Left to itself the system would hear its default.
        chosen.isDefault = plan.isDefault && system.picture().defaultInput == input.id
        guard !plan.isSingle else { return chosen }
        joined = system.join(output: plan.output, input: input)
        if joined != 0 {
            chosen.device = joined
            chosen.isDefault = false
            // A card that plays may hear as well: its channels come first.
            chosen.inputsBefore = plan.output.inputChannels
        } else if !chosen.isDefault {
            chosen.listens = false
            chosen.isDefault = plan.isDefault
        }
        return chosen
    }

    private func watched(_ plan: DevicePlan) -> [UInt32] {
        var all: [UInt32] = []
        for id in [device, plan.output.id, plan.input?.id ?? 0] where id != 0 {
            if !all.contains(id) { all.append(id) }
        }
        return all
    }

    private func tellOf(_ plan: DevicePlan, _ graph: any SoundGraph) {
        let hardwareHz = planRateHz
        let frames = system.blockFrames(device)
        let out = system.terms(device, isInput: false)
        let input = system.terms(device, isInput: true)
        let hears = graph.inputRateHz > 0
        let delay = port.delayFrames(inputRateHz: graph.inputRateHz, rateHz: sampleRateHz)
        // The system's times count blocks and safety; what lies beyond them they do not.
        let ways = [out, input].map {
            LatencyTerms(deviceFrames: $0.deviceFrames, streamFrames: $0.streamFrames)
                .frames(fromHz: hardwareHz, toHz: sampleRateHz)
        }
        tell {
            $0.blockFrames = frames > 0 ? frames : settings.blockFrames
            $0.outputLatencyFrames = out.frames(fromHz: hardwareHz, toHz: sampleRateHz)
            $0.inputLatencyFrames =
                hears ? input.frames(fromHz: hardwareHz, toHz: sampleRateHz) + delay : 0
            $0.wayFrames = ways[0] + ways[1] + delay
            $0.key = plan.key
            $0.isThere = true
        }
    }
}
