/// Where the sound of a window is, as its source says.
extension TakeWindow {
    /// Source 0 without its plug-ins: on a tape beside the ring.
    var isDry: Bool { sourceIndex == Limits.drySource }

    /// Whether ring and spool have its sound; else it is in files of its own alone.
    var isSpooled: Bool { sourceIndex < Limits.drySource }
}
