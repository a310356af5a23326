/// Room that runs before this one took ahead for a segment, and never gave back: the power went.
///
/// - Thread: write, when what this run had on disk is read.
struct ReservedRoom {
    let files: any FileSystem

    /// Gives it back on the disk of each run beside this one; what refuses is left for the next start.
    func release(besideRun folder: String) {
        guard let slash = folder.lastIndex(of: "/") else { return }
        let parent = String(folder[..<slash])
        for name in (try? files.names(in: parent)) ?? [] {
            let run = joinPath(parent, name)
            if run == folder { continue }
            for place in [run, SpoolLayout.second(of: run)] { releaseNewest(in: place) }
        }
    }

    /// Every segment but the newest was ended by its engine.
    private func releaseNewest(in folder: String) {
        let segments = ((try? files.names(in: folder)) ?? []).compactMap { name in
            SegmentName.firstFrame(of: name).map { (firstFrame: $0, name: name) }
        }
        guard let newest = segments.max(by: { $0.firstFrame < $1.firstFrame }),
            let file = try? files.open(joinPath(folder, newest.name), writable: true)
        else { return }
        try? file.release()
    }
}
