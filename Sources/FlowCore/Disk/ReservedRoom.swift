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
        let names = (try? files.names(in: folder)) ?? []
        let newest = names.max { first(of: $0) < first(of: $1) }
        guard let newest, SegmentName.firstFrame(of: newest) != nil,
            let file = try? files.open(joinPath(folder, newest), writable: true)
        else { return }
        try? file.release()
    }

    private func first(of name: String) -> Int64 {
        SegmentName.firstFrame(of: name).map { Int64($0) } ?? -1
    }
}
