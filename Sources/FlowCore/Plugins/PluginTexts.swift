import HostContract

/// Writes what is told of plug-ins into records of fixed size; longer texts are cut at a character.
enum PluginTexts {
    static func write(_ param: ParamInfo, to record: PluginParam) {
        record.param = param.id
        record.stepCount = param.stepCount
        record.flags = param.flags
        record.value = param.value
        record.defaultValue = param.defaultValue
        write(param.title, record.title, PluginParam.titleBytes)
        write(param.units, record.units, PluginParam.unitsBytes)
        write(param.text, record.text, PluginParam.textBytes)
    }

    static func write(_ host: HostPicture, to record: HostRecord) {
        record.host = host.number
        record.pid = UInt32(bitPattern: host.pid)
        record.state = host.state
        record.pluginCount = UInt32(truncatingIfNeeded: host.pluginCount)
        record.retries = UInt32(truncatingIfNeeded: host.retries)
        record.isQuarantine = host.isQuarantine ? 1 : 0
        record.residentBytes = Double(host.residentBytes)
        record.cpuMs = host.cpuMs
        record.wetBlocks = Double(host.wetBlocks)
        record.missedBlocks = Double(host.missedBlocks)
        record.scrubbedBlocks = Double(host.scrubbedBlocks)
        write(host.group, record.group, HostRecord.groupBytes)
    }

    /// The last byte stays zero.
    private static func write(_ text: String, _ bytes: UnsafeMutablePointer<UInt8>, _ capacity: Int)
    {
        var at = 0
        for character in text {
            let more = Array(String(character).utf8)
            if at + more.count >= capacity { break }
            for byte in more {
                bytes[at] = byte
                at += 1
            }
        }
        for rest in at..<capacity { bytes[rest] = 0 }
    }
}
