import CFlowLeaf
import HostContract

/// Which plug-in an instance is, and how it is set up; enough to make it anew.
struct PluginOrigin {
    let bundle: String
    let classId: [UInt8]
    let rateHz: Double
    let blockFramesMax: Int

    init(_ load: LoadRequest) {
        bundle = load.bundle
        classId = load.classId
        rateHz = load.sampleRateHz
        blockFramesMax = min(max(1, Int(load.blockFramesMax)), Int(FLOW_SLOT_FRAMES_MAX))
    }
}

/// Why a plug-in could not be made.
struct MakeFailure: Error {
    let reason: HostFailureReason
    let text: String

    init(_ reason: HostFailureReason, _ text: String) {
        self.reason = reason
        self.text = text
    }

    /// The codes of `CVST3` are reasons as they are.
    init(_ error: PluginError) {
        reason = HostFailureReason(rawValue: UInt32(error.code)) ?? .refused
        text = error.text
    }
}

/// Makes plug-ins in the one order that they survive, each step under its declared phase.
///
/// Thread: main.
struct PluginMaker {
    let shelf = ModuleShelf()
    let heartbeat: Heartbeat

    /// A plug-in that is set up, restored and started; nothing of it is left after a failure.
    func make(
        _ number: UInt32, _ origin: PluginOrigin, state: [UInt8]?
    ) throws(MakeFailure) -> any PluginInstance {
        defer { heartbeat.leaveForeignCode() }
        let made: any PluginInstance
        do {
            heartbeat.enterForeignCode(of: number, FLOW_PHASE_LOAD)
            made = try shelf.make(origin.classId, of: origin.bundle)
        } catch { throw MakeFailure(error) }
        do {
            try setUp(made, number, origin, state)
        } catch {
            heartbeat.enterForeignCode(of: number, FLOW_PHASE_ACTIVATE)
            made.destroy()
            throw error
        }
        // What it asked for so far is what was just done.
        _ = made.takeChanges()
        return made
    }

    private func setUp(
        _ made: any PluginInstance, _ number: UInt32, _ origin: PluginOrigin, _ state: [UInt8]?
    ) throws(MakeFailure) {
        do {
            heartbeat.enterForeignCode(of: number, FLOW_PHASE_ACTIVATE)
            try made.setup(rateHz: origin.rateHz, blockFramesMax: origin.blockFramesMax)
        } catch { throw MakeFailure(error) }
        if let state {
            heartbeat.enterForeignCode(of: number, FLOW_PHASE_SET_STATE)
            guard made.restore(state) else {
                throw MakeFailure(.stateRefused, "the plug-in does not take its state")
            }
        }
        do {
            heartbeat.enterForeignCode(of: number, FLOW_PHASE_ACTIVATE)
            try made.start()
        } catch { throw MakeFailure(error) }
    }
}
