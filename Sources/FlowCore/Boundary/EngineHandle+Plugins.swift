/// The entry points about plug-ins.
extension EngineHandle {
    static func pluginLoad(
        engine: UnsafeMutableRawPointer?, spec: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let engine = find(engine), let spec else { return refuse(ErrorCode.commandBounds) }
        let record = PluginSpec(base: spec)
        guard let order = PluginOrder(record) else {
            return refuse(ErrorCode.commandBounds, "a plug-in out of bounds")
        }
        return -Int32(engine.plugins.load(order))
    }

    static func pluginUnload(
        engine: UnsafeMutableRawPointer?, id: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let engine = find(engine), let id else { return refuse(ErrorCode.commandBounds) }
        return -Int32(engine.plugins.unload(takeID(id)))
    }

    static func pluginChain(
        engine: UnsafeMutableRawPointer?, spec: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let engine = find(engine), let spec else { return refuse(ErrorCode.commandBounds) }
        let record = ChainSpec(base: spec)
        guard let order = ChainOrder(record) else {
            return refuse(ErrorCode.commandBounds, "a chain out of bounds")
        }
        return -Int32(engine.plugins.makeChain(order))
    }

    static func loopPrint(
        engine: UnsafeMutableRawPointer?, order: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let engine = find(engine), let order else { return refuse(ErrorCode.commandBounds) }
        return -Int32(engine.printLoop(PrintOrder(base: order)))
    }

    static func printCancel(
        engine: UnsafeMutableRawPointer?, id: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let engine = find(engine), let id else { return refuse(ErrorCode.commandBounds) }
        return -Int32(engine.cancelPrint(takeID(id)))
    }

    static func loopKeep(
        engine: UnsafeMutableRawPointer?, id: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let engine = find(engine), let id else { return refuse(ErrorCode.commandBounds) }
        return engine.pool.keep(takeID(id)) ? 0 : -Int32(ErrorCode.takeNotLoaded)
    }

    static func pluginBypass(
        engine: UnsafeMutableRawPointer?, id: UnsafeMutableRawPointer?, isOn: UInt32
    ) -> Int32 {
        guard let engine = find(engine), let id else { return refuse(ErrorCode.commandBounds) }
        return -Int32(engine.plugins.bypass(takeID(id), isOn: isOn != 0))
    }

    static func pluginRetry(
        engine: UnsafeMutableRawPointer?, id: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let engine = find(engine), let id else { return refuse(ErrorCode.commandBounds) }
        return -Int32(engine.plugins.retry(takeID(id)))
    }

    static func pluginParams(
        engine: UnsafeMutableRawPointer?, id: UnsafeMutableRawPointer?, from: UInt32,
        records: UnsafeMutableRawPointer?, capacity: UInt32
    ) -> Int32 {
        guard let engine = find(engine), let id, let records else {
            return refuse(ErrorCode.commandBounds)
        }
        let params = engine.plugins.params(takeID(id), from: Int(from), capacity: Int(capacity))
        guard let params else { return refuse(ErrorCode.noSuchInstance, "no such plug-in") }
        for (index, param) in params.enumerated() {
            PluginTexts.write(param, to: PluginParam(base: records + index * PluginParam.byteCount))
        }
        return Int32(params.count)
    }

    static func pluginHosts(
        engine: UnsafeMutableRawPointer?, records: UnsafeMutableRawPointer?, capacity: UInt32
    ) -> Int32 {
        guard let engine = find(engine), let records else { return refuse(ErrorCode.commandBounds) }
        let hosts = engine.plugins.hosts().prefix(Int(capacity))
        for (index, host) in hosts.enumerated() {
            PluginTexts.write(host, to: HostRecord(base: records + index * HostRecord.byteCount))
        }
        return Int32(hosts.count)
    }
}
