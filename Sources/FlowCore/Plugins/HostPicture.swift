/// A process that runs plug-ins, as it is shown.
struct HostPicture: Equatable, Sendable {
    /// Counts the groups of an engine, from 1.
    var number: UInt32
    var group: String
    /// 0 = none runs.
    var pid: Int32 = 0
    /// One of `HostState`.
    var state: UInt32
    var pluginCount = 0
    /// How often it was started again since the player last asked.
    var retries = 0
    /// Whether it runs one repeat offender alone.
    var isQuarantine = false
    var residentBytes = 0
    /// Processor time of its threads since it began.
    var cpuMs = 0.0
    var wetBlocks: UInt64 = 0
    var missedBlocks: UInt64 = 0
    var scrubbedBlocks: UInt64 = 0
}
