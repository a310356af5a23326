@testable import FlowCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file system in memory that knows what a power cut would leave, and fails when told to.
///
/// As strict as the rules allow: a name is safe only after its folder was synced, bytes only after
/// their file was; after a failed sync the bytes it should have saved are never saved by a later
/// one unless they are written anew.
final class DiskFakeFiles: FileSystem, @unchecked Sendable {
    fileprivate(set) var names = DiskFakeNames()
    private var safeNames = DiskFakeNames()
    private var folders: Set<String> = []
    /// Renamed folders of which a power cut would not know, with the names it would know.
    private var moved: [String: String] = [:]

    /// Asked before every operation; an error number makes it fail.
    var fault: (FileOperation, String) -> Int32? = { _, _ in nil }
    /// Of paths on a disk that was remounted read-only.
    var isReadOnly: (String) -> Bool = { _ in false }
    /// How many bytes a write of so many takes.
    var writeShare: (Int) -> Int = { $0 }
    /// Space for bytes; nil = endless.
    var capacityBytes: Int?
    /// Negative control: syncs answer and do nothing.
    var ignoresFileSync = false
    var ignoresFolderSync = false
    private(set) var syncCount = 0
    /// Bytes that were asked for at once, by path.
    fileprivate(set) var reserved: [String: UInt64] = [:]

    init() {}

    /// The disk after a power cut now.
    func afterPowerCut() -> DiskFakeFiles {
        let other = DiskFakeFiles()
        other.folders = folders
        other.names = safeNames.replaced { DiskFakeInode(bytes: $0.safeBytes) }
        other.safeNames = other.names
        other.reserved = reserved.filter { safeNames[$0.key] != nil }
        return other
    }

    /// The disk as the next process finds it after a kill: nothing is lost but the handles.
    func afterKill() -> DiskFakeFiles { self }

    func bytes(_ path: String) -> [UInt8]? { names[path]?.bytes }

    func replace(_ path: String, with bytes: [UInt8]) { names[path]?.bytes = bytes }

    /// Somebody removes a folder and all that is in it.
    func eraseFolder(_ path: String) {
        folders.remove(path)
        names.removeAll(below: path)
        folders = folders.filter { !$0.hasPrefix(path + "/") }
    }

    var usedBytes: Int { names.values.reduce(0) { $0 + $1.bytes.count } }

    func makeFolder(_ path: String) throws(FileError) {
        try check(.makeFolder, path)
        folders.insert(path)
    }

    func names(in folder: String) throws(FileError) -> [String] {
        try check(.list, folder)
        let below = folders.filter { $0.hasPrefix(folder + "/") }
            .map { String($0.dropFirst(folder.count + 1).prefix { $0 != "/" }) }
        return Set(below + names.names(in: folder)).sorted()
    }

    func create(_ path: String) throws(FileError) -> any RawFile {
        try check(.create, path)
        if names[path] != nil { throw FileError(.create, path: path, code: FileError.nameTaken) }
        guard folders.contains(DiskFakeNames.split(path).folder) else {
            throw FileError(.create, path: path, code: FileError.missing)
        }
        let inode = DiskFakeInode(bytes: [])
        names[path] = inode
        return DiskFakeFile(path: path, inode: inode, disk: self)
    }

    func open(_ path: String, writable: Bool) throws(FileError) -> any RawFile {
        try check(.open, path)
        if writable && isReadOnly(path) {
            throw FileError(.open, path: path, code: FileError.readOnly)
        }
        guard let inode = names[path] else {
            throw FileError(.open, path: path, code: FileError.missing)
        }
        return DiskFakeFile(path: path, inode: inode, disk: self)
    }

    func rename(_ path: String, to newPath: String) throws(FileError) {
        try check(.rename, path)
        if folders.remove(path) != nil {
            folders.insert(newPath)
            moved[newPath] = path
            names.move(path, to: newPath)
        } else {
            names[newPath] = names[path]
            names[path] = nil
        }
    }

    func touch(_ path: String) throws(FileError) {
        try check(.touch, path)
        if names[path] == nil { throw FileError(.touch, path: path, code: FileError.missing) }
    }

    func remove(_ path: String) throws(FileError) {
        try check(.remove, path)
        if names[path] == nil { throw FileError(.remove, path: path, code: FileError.missing) }
        names[path] = nil
    }

    func removeFolder(_ path: String) throws(FileError) {
        try check(.remove, path)
        guard try names(in: path).isEmpty, folders.remove(path) != nil else {
            throw FileError(.remove, path: path, code: FileError.missing)
        }
    }

    func syncFolder(_ path: String) throws(FileError) {
        try check(.syncFolder, path)
        if ignoresFolderSync { return }
        for (new, old) in moved where DiskFakeNames.split(new).folder == path {
            safeNames.move(old, to: new)
            moved[new] = nil
        }
        safeNames.sync(path, with: names)
    }

    func freeBytes(in folder: String) throws(FileError) -> UInt64 {
        try check(.statistics, folder)
        guard let capacityBytes else { return 1 << 40 }
        return UInt64(max(0, capacityBytes - usedBytes))
    }

    fileprivate func check(_ operation: FileOperation, _ path: String) throws(FileError) {
        if operation == .sync { syncCount += 1 }
        if let code = fault(operation, path) { throw FileError(operation, path: path, code: code) }
        let isChange = [.create, .rename, .touch, .remove].contains(operation)
        if isChange && isReadOnly(path) {
            throw FileError(operation, path: path, code: FileError.readOnly)
        }
    }
}

/// What a name stands for.
final class DiskFakeInode {
    var bytes: [UInt8]
    /// What a power cut would leave.
    fileprivate(set) var safeBytes: [UInt8]
    private var dirty: [Range<Int>] = []

    init(bytes: [UInt8]) {
        self.bytes = bytes
        safeBytes = bytes
    }

    fileprivate func wrote(_ range: Range<Int>) { dirty.append(range) }

    fileprivate func save() {
        resizeSafe()
        for range in dirty {
            let part = range.clamped(to: bytes.indices)
            safeBytes.replaceSubrange(part, with: bytes[part])
        }
        dirty = []
    }

    /// The pages are marked clean although they never reached the disk.
    fileprivate func loseDirty() { dirty = [] }

    private func resizeSafe() {
        if safeBytes.count > bytes.count { safeBytes.removeLast(safeBytes.count - bytes.count) }
        safeBytes += [UInt8](repeating: 0, count: bytes.count - safeBytes.count)
    }
}

private final class DiskFakeFile: RawFile, @unchecked Sendable {
    private let path: String
    private let inode: DiskFakeInode
    private let disk: DiskFakeFiles

    init(path: String, inode: DiskFakeInode, disk: DiskFakeFiles) {
        self.path = path
        self.inode = inode
        self.disk = disk
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(FileError) -> Int {
        try disk.check(.write, path)
        var count = min(bytes.count, max(1, disk.writeShare(bytes.count)))
        let start = Int(offset)
        if let capacity = disk.capacityBytes {
            let growth = max(0, start + count - inode.bytes.count)
            let room = max(0, capacity - disk.usedBytes)
            if growth > room { count -= growth - room }
            if count <= 0 { throw FileError(.write, path: path, code: FileError.noSpace) }
        }
        let missing = start + count - inode.bytes.count
        if missing > 0 { inode.bytes += [UInt8](repeating: 0, count: missing) }
        inode.bytes.replaceSubrange(start..<start + count, with: bytes[..<count])
        inode.wrote(start..<start + count)
        return count
    }

    func read(into bytes: UnsafeMutableRawBufferPointer, at offset: UInt64)
        throws(FileError) -> Int
    {
        try disk.check(.read, path)
        let start = min(Int(offset), inode.bytes.count)
        let count = min(bytes.count, inode.bytes.count - start)
        bytes.copyBytes(from: inode.bytes[start..<start + count])
        return count
    }

    func byteCount() throws(FileError) -> UInt64 {
        try disk.check(.length, path)
        return UInt64(inode.bytes.count)
    }

    func truncate(to byteCount: UInt64) throws(FileError) {
        try disk.check(.truncate, path)
        let count = Int(byteCount)
        if byteCount <= inode.bytes.count { disk.reserved[path] = nil }
        if count < inode.bytes.count {
            inode.bytes.removeLast(inode.bytes.count - count)
        } else {
            let start = inode.bytes.count
            inode.bytes += [UInt8](repeating: 0, count: count - start)
            inode.wrote(start..<count)
        }
    }

    func reserve(_ byteCount: UInt64) throws(FileError) {
        try disk.check(.reserve, path)
        disk.reserved[path] = byteCount
    }

    func release() throws(FileError) {
        try disk.check(.reserve, path)
        disk.reserved[path] = nil
    }

    func sync() throws(FileError) {
        do {
            try disk.check(.sync, path)
        } catch {
            inode.loseDirty()
            throw error
        }
        if !disk.ignoresFileSync { inode.save() }
    }

    func isAt(_ path: String) -> Bool { disk.names[path] === inode }

    func close() {}
}

extension FileError {
    static let readOnly = EROFS
    static let noDescriptor = EMFILE
}
