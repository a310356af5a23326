import CFlowLeaf

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The real file system, by system calls alone.
struct PosixFileSystem: FileSystem {
    func makeFolder(_ path: String) throws(FileError) {
        if mkdir(path, 0o700) != 0 {
            if errno == EEXIST { return try syncName(of: path) }
            throw FileError(.makeFolder, path: path, code: errno)
        }
        // The new name lives in the folder above.
        if let parent = folderAbove(path) { try syncFolder(parent) }
    }

    /// Of a folder that somebody else made, and may have left unsynced. Where we may not look, it is the
    /// player's own.
    private func syncName(of path: String) throws(FileError) {
        guard let parent = folderAbove(path) else { return }
        do {
            try syncFolder(parent)
        } catch  where error.code == EACCES {
        }
    }

    func names(in folder: String) throws(FileError) -> [String] {
        guard let handle = opendir(folder) else {
            throw FileError(.list, path: folder, code: errno)
        }
        defer { closedir(handle) }
        var names: [String] = []
        while true {
            // It tells of an error by nothing else: a list that ends early would cost what is missing in it.
            errno = 0
            guard let entry = readdir(handle) else { break }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        if errno != 0 { throw FileError(.list, path: folder, code: errno) }
        return names
    }

    func create(_ path: String) throws(FileError) -> any RawFile {
        try PosixFile(.create, path, O_RDWR | O_CREAT | O_EXCL)
    }

    func open(_ path: String, writable: Bool) throws(FileError) -> any RawFile {
        try PosixFile(.open, path, writable ? O_RDWR : O_RDONLY)
    }

    func rename(_ path: String, to newPath: String) throws(FileError) {
        #if canImport(Glibc)
            let result = Glibc.rename(path, newPath)
        #else
            let result = Darwin.rename(path, newPath)
        #endif
        if result != 0 { throw FileError(.rename, path: path, code: errno) }
    }

    func touch(_ path: String) throws(FileError) {
        if utimensat(AT_FDCWD, path, nil, 0) != 0 {
            throw FileError(.touch, path: path, code: errno)
        }
    }

    func remove(_ path: String) throws(FileError) {
        if unlink(path) != 0 { throw FileError(.remove, path: path, code: errno) }
    }

    func removeFolder(_ path: String) throws(FileError) {
        if rmdir(path) != 0 { throw FileError(.remove, path: path, code: errno) }
    }

    func syncFolder(_ path: String) throws(FileError) {
        let file = try PosixFile(.syncFolder, path, O_RDONLY | O_DIRECTORY)
        defer { file.close() }
        if !file.syncAll() { throw FileError(.syncFolder, path: path, code: errno) }
    }

    func freeBytes(in folder: String) throws(FileError) -> UInt64 {
        var answer = statvfs()
        if statvfs(folder, &answer) != 0 {
            throw FileError(.statistics, path: folder, code: errno)
        }
        return UInt64(answer.f_bavail) * UInt64(answer.f_frsize)
    }
}

/// A file descriptor.
final class PosixFile: RawFile, @unchecked Sendable {
    private let path: String
    private var descriptor: Int32

    init(_ operation: FileOperation, _ path: String, _ flags: Int32) throws(FileError) {
        self.path = path
        descriptor = openDescriptor(path, flags | O_CLOEXEC)
        if descriptor < 0 { throw FileError(operation, path: path, code: errno) }
    }

    deinit { close() }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(FileError) -> Int {
        let count = pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
        if count < 0 { throw FileError(.write, path: path, code: errno) }
        return count
    }

    func read(into bytes: UnsafeMutableRawBufferPointer, at offset: UInt64)
        throws(FileError) -> Int
    {
        let count = pread(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
        if count < 0 { throw FileError(.read, path: path, code: errno) }
        return count
    }

    func byteCount() throws(FileError) -> UInt64 {
        var answer = stat()
        if fstat(descriptor, &answer) != 0 { throw FileError(.length, path: path, code: errno) }
        return UInt64(answer.st_size)
    }

    func truncate(to byteCount: UInt64) throws(FileError) {
        while ftruncate(descriptor, off_t(byteCount)) != 0 {
            if errno != EINTR { throw FileError(.truncate, path: path, code: errno) }
        }
    }

    func reserve(_ byteCount: UInt64) throws(FileError) {
        let result = flow_file_reserve(descriptor, Int64(byteCount))
        if result != 0 { throw FileError(.reserve, path: path, code: -result) }
    }

    func release() throws(FileError) {
        let result = flow_file_release(descriptor)
        if result != 0 { throw FileError(.reserve, path: path, code: -result) }
    }

    func sync() throws(FileError) {
        #if canImport(Glibc)
            let isSynced = fdatasync(descriptor) == 0
        #else
            let isSynced = syncAll()
        #endif
        if !isSynced { throw FileError(.sync, path: path, code: errno) }
    }

    func isAt(_ path: String) -> Bool {
        var own = stat()
        var named = stat()
        return fstat(descriptor, &own) == 0 && stat(path, &named) == 0
            && own.st_dev == named.st_dev && own.st_ino == named.st_ino
    }

    func close() {
        if descriptor < 0 { return }
        #if canImport(Glibc)
            _ = Glibc.close(descriptor)
        #else
            _ = Darwin.close(descriptor)
        #endif
        descriptor = -1
    }

    /// Data and everything about the file; on a Mac through the drive's own cache too.
    fileprivate func syncAll() -> Bool {
        #if canImport(Darwin)
            // Some network and FAT volumes know no F_FULLFSYNC: fsync is all they have.
            if fcntl(descriptor, F_FULLFSYNC) == 0 { return true }
            if errno != ENOTSUP && errno != EINVAL { return false }
        #endif
        return fsync(descriptor) == 0
    }
}

/// `open` under another name: inside the types above that word is taken.
private func openDescriptor(_ path: String, _ flags: Int32) -> Int32 {
    while true {
        let descriptor = open(path, flags, 0o600)
        if descriptor >= 0 || errno != EINTR { return descriptor }
    }
}
