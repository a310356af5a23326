/// Where exports lie: whole files under their own names, or none.
///
/// A file is written as `.tmp-…`, synced, and renamed when all files of its export are; the JSON comes
/// last. No name is ever used twice: a second export of the same thing gets a number.
///
/// - Thread: export.
struct ExportFolder {
    private static let temporaryPrefix = ".tmp-"
    private static let copiesMax = 10_000

    let files: any FileSystem
    /// The folder of this export.
    let path: String

    /// A new empty file that is not yet to be seen.
    func create(_ number: Int, of job: UInt32) throws(FileError) -> any RawFile {
        let path = temporaryPath(number, of: job)
        do {
            return try files.create(path)
        } catch  where error.code == FileError.nameTaken {
            try files.remove(path)
            return try files.create(path)
        }
    }

    func temporaryPath(_ number: Int, of job: UInt32) -> String {
        joinPath(path, "\(Self.temporaryPrefix)\(job)-\(number)")
    }

    /// A number that none of the names has in this folder; 1 is not written.
    func freeNumber(base: String, endings: [String]) throws(FileError) -> Int {
        let taken = Set(try files.names(in: path).map { $0.lowercased() })
        let free = (1...Self.copiesMax).first { number in
            let name = Self.numbered(base, number)
            return endings.allSatisfy { !taken.contains((name + $0).lowercased()) }
        }
        guard let free else { throw FileError(.rename, path: path, code: FileError.nameTaken) }
        return free
    }

    static func numbered(_ base: String, _ number: Int) -> String {
        number == 1 ? base : "\(base) \(number)"
    }

    /// Gives files their names, in this order; all of them or none.
    func publish(_ names: [(temporary: String, name: String)]) throws(FileError) {
        var published: [String] = []
        do {
            for (temporary, name) in names {
                let target = joinPath(path, name)
                try files.rename(temporary, to: target)
                published.append(target)
            }
            try files.syncFolder(path)
        } catch {
            for target in published { try? files.remove(target) }
            throw error
        }
    }

    func remove(_ paths: [String]) {
        for path in paths { try? files.remove(path) }
    }

    /// Removes what a killed engine left half done, in every folder below `root`.
    static func removeTemporaries(files: any FileSystem, root: String) {
        guard let folders = try? files.names(in: root) else { return }
        for folder in folders {
            let path = joinPath(root, folder)
            guard let names = try? files.names(in: path) else { continue }
            for name in names where name.hasPrefix(temporaryPrefix) {
                try? files.remove(joinPath(path, name))
            }
        }
    }
}
