extension HostAnswer {
    /// The whole message with its length and kind.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter()
        switch self {
        case .hello(let version): writer.put(version)
        case .loaded(let plugin): plugin.write(to: &writer)
        case .failed(let request, let instance, let reason, let text):
            for word in [request, instance, reason] { writer.put(word) }
            writer.put(text, max: ContractLimits.textBytesMax)
        case .done(let request): writer.put(request)
        case .state(let request, let instance, let bytes):
            writer.put(request)
            writer.put(instance)
            writer.put(bytes)
        case .params(let request, let instance, let isLast, let params):
            writer.put(request)
            writer.put(instance)
            writer.put(isLast)
            let kept = params.prefix(ContractLimits.paramsPerMessageMax)
            writer.put(UInt32(kept.count))
            for param in kept { param.write(to: &writer) }
        case .text(let request, let text):
            writer.put(request)
            writer.put(text, max: ContractLimits.textBytesMax)
        case .latency(let instance, let frames):
            writer.put(instance)
            writer.put(frames)
        case .edited(let instance, let param, let value):
            writer.put(instance)
            writer.put(param)
            writer.put(value)
        case .dirty(let instance): writer.put(instance)
        case .log(let text): writer.put(text, max: ContractLimits.textBytesMax)
        }
        return framed(kind, writer.bytes)
    }

    /// Reads the payload of one message; throws on anything that is not exactly an answer.
    public init(kind: UInt32, payload: ArraySlice<UInt8>) throws(ContractError) {
        var reader = ByteReader(payload, kind: kind)
        let textMax = ContractLimits.textBytesMax
        switch kind {
        case 101: self = .hello(version: try reader.word())
        case 102: self = .loaded(try LoadedPlugin(from: &reader))
        case 103:
            self = .failed(
                request: try reader.word(), instance: try reader.word(),
                reason: try reader.word(), text: try reader.text(max: textMax))
        case 104: self = .done(request: try reader.word())
        case 105:
            self = .state(
                request: try reader.word(), instance: try reader.word(),
                bytes: try reader.blob(max: ContractLimits.stateBytesMax))
        case 106: self = try Self.params(from: &reader)
        case 107: self = .text(request: try reader.word(), text: try reader.text(max: textMax))
        case 108: self = .latency(instance: try reader.word(), frames: try reader.word())
        case 109:
            self = .edited(
                instance: try reader.word(), param: try reader.word(), value: try reader.double())
        case 110: self = .dirty(instance: try reader.word())
        case 111: self = .log(text: try reader.text(max: textMax))
        default: throw .unknownKind(kind)
        }
        try reader.end()
    }

    private static func params(from reader: inout ByteReader) throws(ContractError) -> HostAnswer {
        let request = try reader.word()
        let instance = try reader.word()
        let isLast = try reader.bool()
        let count = try reader.count(
            max: ContractLimits.paramsPerMessageMax, itemBytes: ParamInfo.bytesMin)
        var params: [ParamInfo] = []
        for _ in 0..<count { params.append(try ParamInfo(from: &reader)) }
        return .params(request: request, instance: instance, isLast: isLast, params: params)
    }
}

extension LoadedPlugin {
    func write(to writer: inout ByteWriter) {
        for word in [request, instance, latencyFrames] { writer.put(word) }
        writer.put(isInstrument)
        for word in [inputs, outputs, paramCount] { writer.put(word) }
    }

    init(from reader: inout ByteReader) throws(ContractError) {
        request = try reader.word()
        instance = try reader.word()
        latencyFrames = try reader.word()
        isInstrument = try reader.bool()
        inputs = try reader.word()
        outputs = try reader.word()
        paramCount = try reader.word()
    }
}

extension ParamInfo {
    /// Three words, two numbers and three empty texts.
    static let bytesMin = 40

    func write(to writer: inout ByteWriter) {
        writer.put(id)
        writer.put(title, max: ContractLimits.textBytesMax)
        writer.put(units, max: ContractLimits.textBytesMax)
        writer.put(stepCount)
        writer.put(defaultValue)
        writer.put(value)
        writer.put(flags)
        writer.put(text, max: ContractLimits.textBytesMax)
    }

    init(from reader: inout ByteReader) throws(ContractError) {
        id = try reader.word()
        title = try reader.text(max: ContractLimits.textBytesMax)
        units = try reader.text(max: ContractLimits.textBytesMax)
        stepCount = try reader.word()
        defaultValue = try reader.double()
        value = try reader.double()
        flags = try reader.word()
        text = try reader.text(max: ContractLimits.textBytesMax)
    }
}
