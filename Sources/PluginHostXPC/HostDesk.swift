import CFlowLeaf
import HostContract

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Does what the engine asks, and tells it what the plug-ins do by themselves.
///
/// Thread: main.
final class HostDesk {
    /// The engine does not keep the contract: nothing that it says can be believed.
    private static let brokenPeer: Int32 = 4

    let socket = ControlSocket()
    let plans: PlanKeeper
    let heartbeat: Heartbeat
    let maker: PluginMaker
    var plugins: [UInt32: HostedPlugin] = [:]

    init(_ plans: PlanKeeper, _ heartbeat: Heartbeat) {
        self.plans = plans
        self.heartbeat = heartbeat
        maker = PluginMaker(heartbeat: heartbeat)
    }

    /// Works until the engine is gone.
    ///
    /// The process ends without a word to the plug-ins: their last acts could keep it alive.
    func run() -> Never {
        socket.queue(.hello(version: ContractLimits.version))
        while socket.exchange(waitingFor: plans.isWaiting ? 1 : Heartbeat.everyMs) {
            heartbeat.beatMain()
            tellNews()
            do {
                while let request = try socket.next() { try answer(request) }
            } catch {
                sayError("the engine broke the contract: \(error)")
                _exit(Self.brokenPeer)
            }
            plans.settle()
        }
        _exit(0)
    }

    private func answer(_ request: HostRequest) throws(ContractError) {
        switch request {
        case .load(let load): self.load(load)
        case .unload(let request, let instance): unload(request, instance)
        case .chain(let request, let lane, let isAhead, let instances):
            guard lane < UInt32(FLOW_LANE_COUNT), Set(instances).count == instances.count else {
                throw .malformed(kind: 3)
            }
            plans.set(lane: Int(lane), isAhead: isAhead, instances)
            publish()
            plans.afterwards { [socket] in socket.queue(.done(request: request)) }
        case .bypass(let instance, let isOn):
            plugins[instance]?.life.isBypassed.store(isOn ? 1 : 0)
        case .getState(let request, let instance): tellState(request, instance)
        case .getParams(let request, let instance): tellParameters(request, instance)
        case .getText(let request, let instance, let param, let value):
            tellText(request, instance, param, value)
        case .set(let instance, let values):
            if let plugin = plugins[instance] { set(plugin, values) }
        }
    }

    /// Lets the audio thread have the chains and plug-ins as they are now.
    func publish() {
        plans.publish { [plugins] number in plugins[number]?.seat }
    }

    func refuse(
        _ request: UInt32, _ instance: UInt32, _ reason: HostFailureReason, _ text: String
    ) {
        socket.queue(
            .failed(request: request, instance: instance, reason: reason.rawValue, text: text))
    }

    /// The plug-in with this number; without one the request is refused.
    func plugin(_ request: UInt32, _ instance: UInt32) -> HostedPlugin? {
        if let found = plugins[instance] { return found }
        refuse(request, instance, .noInstance, "this host has no plug-in \(instance)")
        return nil
    }
}
