import HostContract

@testable import PluginFixture

/// Requests with the wait for their answer.
extension LiveHost {
    /// Loads a class of a bundle as instance `number`; throws when it is refused.
    @discardableResult
    func load(
        _ number: UInt32, _ plugin: PluginName, blockFramesMax: UInt32 = 512,
        state: [UInt8]? = nil, values: [ParamValue] = []
    ) throws -> LoadedPlugin {
        let request = nextRequest()
        try send(
            .load(
                LoadRequest(
                    request: request, instance: number, bundle: plugin.bundle,
                    classId: plugin.classId, sampleRateHz: Double(Self.rateHz),
                    blockFramesMax: blockFramesMax, state: state, values: values)))
        let answer = try wait("LOADED \(plugin)") { answer -> HostAnswer? in
            switch answer {
            case .loaded(let loaded): loaded.request == request ? answer : nil
            case .failed(let failed, _, _, _): failed == request ? answer : nil
            default: nil
            }
        }
        guard case .loaded(let loaded) = answer else { throw Missed(description: "\(answer)") }
        return loaded
    }

    func unload(_ number: UInt32) throws {
        let request = nextRequest()
        try send(.unload(request: request, instance: number))
        try waitForDone(request)
    }

    func chain(_ instances: [UInt32], lane: UInt32 = 0, isAhead: Bool = false) throws {
        let request = nextRequest()
        try send(.chain(request: request, lane: lane, isAhead: isAhead, instances: instances))
        try waitForDone(request)
    }

    private func waitForDone(_ request: UInt32) throws {
        try wait("DONE \(request)") { if case .done(request) = $0 { () } else { nil } }
    }

    func state(_ number: UInt32) throws -> [UInt8] {
        let request = nextRequest()
        try send(.getState(request: request, instance: number))
        return try wait("STATE") { answer in
            if case .state(request, number, let bytes) = answer { bytes } else { nil }
        }
    }

    /// All parameters, and in how many parts they came.
    func parameters(_ number: UInt32) throws -> (all: [ParamInfo], parts: Int) {
        let request = nextRequest()
        try send(.getParams(request: request, instance: number))
        var all: [ParamInfo] = []
        var parts = 0
        var isComplete = false
        while !isComplete {
            let part = try wait("PARAMS") { answer -> (isLast: Bool, params: [ParamInfo])? in
                guard case .params(request, number, let isLast, let params) = answer else {
                    return nil
                }
                return (isLast, params)
            }
            all += part.params
            parts += 1
            isComplete = part.isLast
        }
        return (all, parts)
    }

    func text(_ number: UInt32, _ param: UInt32, _ value: Double) throws -> String {
        let request = nextRequest()
        try send(.getText(request: request, instance: number, param: param, value: value))
        return try wait("TEXT") { answer in
            if case .text(request, let text) = answer { text } else { nil }
        }
    }

    /// Waits for the refusal of a request, and gives its reason.
    func refusal(_ request: UInt32) throws -> HostFailureReason? {
        try wait("FAILED \(request)") { answer -> HostFailureReason?? in
            guard case .failed(request, _, let reason, _) = answer else { return nil }
            return .some(HostFailureReason(rawValue: reason))
        }
    }
}
