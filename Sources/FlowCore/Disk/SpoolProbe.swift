/// Finds out whether a disk that refused may be written to again.
struct SpoolProbe: Sendable {
    private static let name = "probe.tmp"

    let files: any FileSystem
    let layout: SpoolLayout
    let sizes: DiskSizes

    /// Writes and syncs a file, removes it, and asks for room behind it.
    ///
    /// - Thread: write; it may hang.
    func isPassed(in folder: String) -> Bool {
        let path = joinPath(folder, Self.name)
        defer { try? files.remove(path) }
        do throws(FileError) {
            try files.makeFolderPair(folder)
            try? files.remove(path)
            let file = try files.create(path)
            try file.writeAll([UInt8](repeating: 0x5A, count: sizes.probeBytes), at: 0)
            try file.sync()
            try files.syncFolder(folder)
            let wanted = layout.bytesPerSecond * UInt64(sizes.resumeSeconds)
            return try files.freeBytes(in: folder) > wanted
        } catch {
            return false
        }
    }
}
