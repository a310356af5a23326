/// How much memory and room the disk needs; smaller in tests.
struct DiskSizes: Sendable {
    var overflowBlockBytes = Limits.overflowBlockBytes
    var overflowBlockCount = Limits.overflowBlockCount
    /// Blocks that are there before they are needed.
    var spareBlockCount = Limits.overflowSpareCount
    /// No more is written ahead of the syncs, so that memory is freed as fast as the disk takes it.
    var unsyncedBytesMax = Limits.spoolUnsyncedBytesMax
    /// Windows of takes that memory alone may hold.
    var pinnedBytesMax = Limits.pinnedBytesMax
    var probeBytes = Limits.spoolProbeBytes
    /// A disk that refused is written to again when it has room for so much sound.
    var resumeSeconds = Limits.spoolResumeSeconds
}
