@testable import FlowCore

/// The real file system with a gate: operations named by the test hang in it until it opens, as in
/// a frozen disk.
final class DiskGateFiles: FileSystem, @unchecked Sendable {
    private let real = PosixFileSystem()
    private let monitor = DiskMonitor()
    private var closed: Set<FileOperation> = []
    private var hanging: Set<FileOperation> = []
    private var isFull = false

    /// From now on nothing more fits.
    func fill() { monitor.locked { isFull = true } }

    fileprivate func checkRoom(_ operation: FileOperation, _ path: String) throws(FileError) {
        if monitor.locked({ isFull }) {
            throw FileError(operation, path: path, code: FileError.noSpace)
        }
    }

    func close(_ operations: Set<FileOperation>) { monitor.locked { closed = operations } }

    func open() {
        monitor.locked { closed = [] }
        monitor.ring()
    }

    /// Waits until a thread hangs in the operation.
    func waitForHanging(_ operation: FileOperation) {
        while !monitor.locked({ hanging.contains(operation) }) {
            monitor.wait(after: monitor.ringCount, timeoutMs: 5)
        }
    }

    fileprivate func pass(_ operation: FileOperation) {
        while true {
            let seen = monitor.ringCount
            let isClosed = monitor.locked {
                if closed.contains(operation) {
                    hanging.insert(operation)
                    return true
                }
                hanging.remove(operation)
                return false
            }
            if !isClosed { return }
            monitor.wait(after: seen, timeoutMs: 1000)
        }
    }

    func makeFolder(_ path: String) throws(FileError) { try real.makeFolder(path) }

    func names(in folder: String) throws(FileError) -> [String] { try real.names(in: folder) }

    func create(_ path: String) throws(FileError) -> any RawFile {
        pass(.create)
        try checkRoom(.create, path)
        return DiskGateFile(file: try real.create(path), gate: self)
    }

    func open(_ path: String, writable: Bool) throws(FileError) -> any RawFile {
        DiskGateFile(file: try real.open(path, writable: writable), gate: self)
    }

    func rename(_ path: String, to newPath: String) throws(FileError) {
        try real.rename(path, to: newPath)
    }

    func touch(_ path: String) throws(FileError) { try real.touch(path) }

    func remove(_ path: String) throws(FileError) { try real.remove(path) }

    func removeFolder(_ path: String) throws(FileError) { try real.removeFolder(path) }

    func syncFolder(_ path: String) throws(FileError) {
        pass(.syncFolder)
        try real.syncFolder(path)
    }

    func freeBytes(in folder: String) throws(FileError) -> UInt64 {
        try real.freeBytes(in: folder)
    }
}

private final class DiskGateFile: RawFile, @unchecked Sendable {
    private let file: any RawFile
    private let gate: DiskGateFiles

    init(file: any RawFile, gate: DiskGateFiles) {
        self.file = file
        self.gate = gate
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(FileError) -> Int {
        gate.pass(.write)
        try gate.checkRoom(.write, "")
        return try file.write(bytes, at: offset)
    }

    func read(into bytes: UnsafeMutableRawBufferPointer, at offset: UInt64)
        throws(FileError) -> Int
    { try file.read(into: bytes, at: offset) }

    func byteCount() throws(FileError) -> UInt64 { try file.byteCount() }

    func truncate(to byteCount: UInt64) throws(FileError) { try file.truncate(to: byteCount) }

    func reserve(_ byteCount: UInt64) throws(FileError) { try file.reserve(byteCount) }
    func release() throws(FileError) { try file.release() }

    func sync() throws(FileError) {
        gate.pass(.sync)
        try file.sync()
    }

    func isAt(_ path: String) -> Bool { file.isAt(path) }

    func close() { file.close() }
}
