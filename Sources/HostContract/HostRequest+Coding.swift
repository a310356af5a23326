extension HostRequest {
    /// The whole message with its length and kind.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter()
        switch self {
        case .load(let load): load.write(to: &writer)
        case .unload(let request, let instance), .getState(let request, let instance),
            .getParams(let request, let instance):
            writer.put(request)
            writer.put(instance)
        case .chain(let request, let lane, let isAhead, let instances):
            writer.put(request)
            writer.put(lane)
            writer.put(isAhead)
            let kept = instances.prefix(ContractLimits.chainMax)
            writer.put(UInt32(kept.count))
            for instance in kept { writer.put(instance) }
        case .bypass(let instance, let isOn):
            writer.put(instance)
            writer.put(isOn)
        case .getText(let request, let instance, let param, let value):
            writer.put(request)
            writer.put(instance)
            writer.put(param)
            writer.put(value)
        case .set(let instance, let values):
            writer.put(instance)
            ParamValue.write(values, to: &writer)
        }
        return framed(kind, writer.bytes)
    }

    /// Reads the payload of one message; throws on anything that is not exactly a request.
    public init(kind: UInt32, payload: ArraySlice<UInt8>) throws(ContractError) {
        var reader = ByteReader(payload, kind: kind)
        switch kind {
        case 1: self = .load(try LoadRequest(from: &reader))
        case 2: self = .unload(request: try reader.word(), instance: try reader.word())
        case 3:
            let request = try reader.word()
            let lane = try reader.word()
            let isAhead = try reader.bool()
            let count = try reader.count(max: ContractLimits.chainMax, itemBytes: 4)
            var instances: [UInt32] = []
            for _ in 0..<count { instances.append(try reader.word()) }
            self = .chain(request: request, lane: lane, isAhead: isAhead, instances: instances)
        case 4: self = .bypass(instance: try reader.word(), isOn: try reader.bool())
        case 5: self = .getState(request: try reader.word(), instance: try reader.word())
        case 6: self = .getParams(request: try reader.word(), instance: try reader.word())
        case 7:
            self = .getText(
                request: try reader.word(), instance: try reader.word(), param: try reader.word(),
                value: try reader.double())
        case 8: self = .set(instance: try reader.word(), values: try ParamValue.read(from: &reader))
        default: throw .unknownKind(kind)
        }
        try reader.end()
    }
}

extension LoadRequest {
    func write(to writer: inout ByteWriter) {
        writer.put(request)
        writer.put(instance)
        writer.put(bundle, max: ContractLimits.pathBytesMax)
        for index in 0..<Self.classIdBytes {
            writer.put(index < classId.count ? classId[index] : 0)
        }
        writer.put(sampleRateHz)
        writer.put(blockFramesMax)
        writer.put(state != nil)
        if let state { writer.put(state) }
        ParamValue.write(values, to: &writer)
    }

    init(from reader: inout ByteReader) throws(ContractError) {
        request = try reader.word()
        instance = try reader.word()
        bundle = try reader.text(max: ContractLimits.pathBytesMax)
        classId = try reader.fixed(Self.classIdBytes)
        sampleRateHz = try reader.double()
        blockFramesMax = try reader.word()
        state = try reader.bool() ? try reader.blob(max: ContractLimits.stateBytesMax) : nil
        values = try ParamValue.read(from: &reader)
    }
}

extension ParamValue {
    static func write(_ values: [ParamValue], to writer: inout ByteWriter) {
        let kept = values.prefix(ContractLimits.loadValuesMax)
        writer.put(UInt32(kept.count))
        for value in kept {
            writer.put(value.param)
            writer.put(value.value)
        }
    }

    static func read(from reader: inout ByteReader) throws(ContractError) -> [ParamValue] {
        let count = try reader.count(max: ContractLimits.loadValuesMax, itemBytes: 12)
        var values: [ParamValue] = []
        for _ in 0..<count {
            values.append(ParamValue(param: try reader.word(), value: try reader.double()))
        }
        return values
    }
}
