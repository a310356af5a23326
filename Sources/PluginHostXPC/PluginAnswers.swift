import CFlowLeaf
import HostContract

/// What the engine may ask about a plug-in.
extension HostDesk {
    /// Answers with the whole state.
    func tellState(_ request: UInt32, _ instance: UInt32) {
        guard let plugin = plugin(request, instance) else { return }
        plugin.isDirty = false
        heartbeat.enterForeignCode(of: instance, FLOW_PHASE_GET_STATE)
        let state = plugin.unplayedState ?? plugin.instance.state()
        heartbeat.leaveForeignCode()
        guard let state else {
            refuse(request, instance, .refused, "the plug-in gives no state")
            return
        }
        guard state.count <= ContractLimits.stateBytesMax else {
            refuse(request, instance, .stateTooLong, "its state is \(state.count) bytes long")
            return
        }
        socket.queue(.state(request: request, instance: instance, bytes: state))
    }

    /// Answers with all parameters, in parts.
    func tellParameters(_ request: UInt32, _ instance: UInt32) {
        guard let plugin = plugin(request, instance) else { return }
        heartbeat.enterForeignCode(of: instance, FLOW_PHASE_RUN)
        var left = plugin.instance.parameters()[...]
        repeat {
            let part = left.prefix(ContractLimits.paramsPerMessageMax)
            left = left.dropFirst(part.count)
            let told = part.map { described($0, plugin.instance) }
            heartbeat.beatMain()
            socket.queue(
                .params(request: request, instance: instance, isLast: left.isEmpty, params: told))
        } while !left.isEmpty
        heartbeat.leaveForeignCode()
    }

    private func described(
        _ parameter: PluginParameter, _ instance: any PluginInstance
    ) -> ParamInfo {
        let value = instance.value(of: parameter.id)
        return ParamInfo(
            id: parameter.id, title: parameter.title, units: parameter.units,
            stepCount: UInt32(parameter.stepCount), defaultValue: parameter.defaultValue,
            value: value, flags: parameter.flags,
            text: instance.text(of: parameter.id, value: value))
    }

    func tellText(_ request: UInt32, _ instance: UInt32, _ param: UInt32, _ value: Double) {
        guard let plugin = plugin(request, instance) else { return }
        heartbeat.enterForeignCode(of: instance, FLOW_PHASE_RUN)
        let text = plugin.instance.text(of: param, value: value)
        heartbeat.leaveForeignCode()
        socket.queue(.text(request: request, text: text))
    }
}
