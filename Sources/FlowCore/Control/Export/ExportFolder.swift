/// Where an export lies: all of it under its own name, or nothing.
///
/// Its files are written and synced in a folder that is not to be seen, which gets its name when all of
/// them are whole. No name is ever used twice: a second export of the same thing gets a number.
///
/// - Thread: export.
struct ExportFolder {
    private static let copiesMax = 10_000

    let files: any FileSystem
    /// The folder until it has its name.
    let path: String
    private let parent: String

    init(files: any FileSystem, path: String) {
        self.files = files
        self.path = path
        parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    /// Makes the folder; whatever was in it before goes.
    func begin() throws(FileError) {
        remove()
        try files.makeFolderPair(path)
    }

    func path(of name: String) -> String { joinPath(path, name) }

    /// A number with which nothing beside this folder has the name; 1 is not written.
    func freeNumber(for base: String) throws(FileError) -> Int {
        let taken = try namesTaken()
        let free = (1...Self.copiesMax).first { number in
            !taken.contains(Self.numbered(base, number).lowercased())
        }
        guard let free else { throw FileError(.rename, path: path, code: FileError.nameTaken) }
        return free
    }

    private func namesTaken() throws(FileError) -> Set<String> {
        Set(try files.names(in: parent).map { $0.lowercased() })
    }

    static func numbered(_ base: String, _ number: Int) -> String {
        number == 1 ? base : "\(base) \(number)"
    }

    /// Gives the folder its name, once its files are synced; not one that somebody took meanwhile.
    func publish(as name: String) throws(FileError) {
        let target = joinPath(parent, name)
        if try namesTaken().contains(name.lowercased()) {
            throw FileError(.rename, path: target, code: FileError.nameTaken)
        }
        try files.syncFolder(path)
        try files.rename(path, to: target)
        do {
            try files.syncFolder(parent)
        } catch {
            try? files.rename(target, to: path)
            throw error
        }
    }

    /// Nothing is left of it, unless it has its name.
    func remove() {
        for name in (try? files.names(in: path)) ?? [] { try? files.remove(joinPath(path, name)) }
        try? files.removeFolder(path)
    }
}
