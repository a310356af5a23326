/// The names of a file system in memory, folder by folder.
struct DiskFakeNames {
    private var folders: [String: [String: DiskFakeInode]] = [:]

    subscript(path: String) -> DiskFakeInode? {
        get {
            let (folder, name) = Self.split(path)
            return folders[folder]?[name]
        }
        set {
            let (folder, name) = Self.split(path)
            folders[folder, default: [:]][name] = newValue
        }
    }

    /// Paths, in no order.
    var keys: [String] {
        folders.flatMap { folder, files in files.keys.map { folder + "/" + $0 } }
    }

    var values: [DiskFakeInode] { folders.values.flatMap(\.values) }

    var isEmpty: Bool { folders.values.allSatisfy(\.isEmpty) }

    var count: Int { folders.values.reduce(0) { $0 + $1.count } }

    func mapValues<Value>(_ body: (DiskFakeInode) -> Value) -> [String: Value] {
        folders.reduce(into: [:]) { all, item in
            for (name, inode) in item.value { all[item.key + "/" + name] = body(inode) }
        }
    }

    /// The same names with other contents.
    func replaced(_ body: (DiskFakeInode) -> DiskFakeInode) -> DiskFakeNames {
        var other = DiskFakeNames()
        other.folders = folders.mapValues { $0.mapValues(body) }
        return other
    }

    func names(in folder: String) -> [String] { folders[folder].map { Array($0.keys) } ?? [] }

    /// A folder holds what it holds in another place.
    mutating func sync(_ folder: String, with other: DiskFakeNames) {
        folders[folder] = other.folders[folder]
    }

    mutating func removeAll(below folder: String) {
        folders = folders.filter { !Self.isAt($0.key, orBelow: folder) }
    }

    /// A folder gets another name, and all below it.
    mutating func move(_ old: String, to new: String) {
        removeAll(below: new)
        let moved = folders.filter { Self.isAt($0.key, orBelow: old) }
        for (folder, files) in moved {
            folders[folder] = nil
            folders[new + folder.dropFirst(old.count)] = files
        }
    }

    private static func isAt(_ path: String, orBelow folder: String) -> Bool {
        path == folder || path.hasPrefix(folder + "/")
    }

    static func split(_ path: String) -> (folder: String, name: String) {
        let bytes = path.utf8
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
        return (String(path[..<slash]), String(path[bytes.index(after: slash)...]))
    }
}
