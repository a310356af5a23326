/// What the disk room asks of an operating system; tests put faults behind it.
///
/// Nothing here retries or guesses: one call is one attempt, and the retries are in `RawFile`'s
/// extension, so that a test can make any attempt short, slow or wrong.
protocol FileSystem: Sendable {
    /// Makes the folder in one that is there; fine when it is there itself.
    ///
    /// One above it that is missing was moved away, or its disk was: made anew, it would take what belongs
    /// to the other.
    func makeFolder(_ path: String) throws(FileError)

    /// The names in a folder, in no order, without `.` and `..`.
    func names(in folder: String) throws(FileError) -> [String]

    /// A new empty file for writing and reading; fails when the name is taken.
    func create(_ path: String) throws(FileError) -> any RawFile

    /// A file that exists.
    func open(_ path: String, writable: Bool) throws(FileError) -> any RawFile

    /// Gives a file another name, replacing the file that had it; or a folder with all that is in it.
    func rename(_ path: String, to newPath: String) throws(FileError)

    /// Makes a file as new as one that was just written.
    func touch(_ path: String) throws(FileError)

    /// Removes a file's name; what is open stays readable.
    func remove(_ path: String) throws(FileError)

    /// Removes an empty folder.
    func removeFolder(_ path: String) throws(FileError)

    /// Makes the names in a folder survive a power cut.
    func syncFolder(_ path: String) throws(FileError)

    /// Bytes that may still be written in this folder.
    func freeBytes(in folder: String) throws(FileError) -> UInt64
}

extension FileSystem {
    /// A new empty file in the place of one that counts no more; makes the folder too where it is not there.
    func begin(_ path: String, in folder: String) throws(FileError) -> any RawFile {
        do {
            return try create(path)
        } catch {
            switch error.code {
            case FileError.missing: try makeFolder(folder)
            case FileError.nameTaken: try remove(path)
            default: throw error
            }
            return try create(path)
        }
    }

    /// Makes the folder and the one above it, where that is missing too; nothing above those.
    func makeFolderPair(_ path: String) throws(FileError) {
        do {
            try makeFolder(path)
        } catch {
            let above = error.code == FileError.missing ? folderAbove(path) : nil
            guard let above else { throw error }
            try makeFolder(above)
            try makeFolder(path)
        }
    }
}

/// nil for a name alone, and for one that is right below the root.
func folderAbove(_ path: String) -> String? {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return nil }
    return String(path[..<slash])
}

/// An open file; every call may be made from any one thread at a time.
protocol RawFile: AnyObject, Sendable {
    /// One attempt to write at an offset.
    ///
    /// - Returns: The number of bytes taken; may be fewer than given.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(FileError) -> Int

    /// One attempt to read at an offset.
    ///
    /// - Returns: The number of bytes read; 0 at the end of the file.
    func read(into bytes: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileError) -> Int

    /// The file's length.
    func byteCount() throws(FileError) -> UInt64

    /// Cuts the file, or lengthens it with zeros that take no space.
    func truncate(to byteCount: UInt64) throws(FileError)

    /// Takes room for so many bytes of an empty file; its length stays, and `truncate` gives back what
    /// was not used.
    func reserve(_ byteCount: UInt64) throws(FileError)

    /// Gives back what was reserved and not written; length and time of writing stay.
    func release() throws(FileError)

    /// Returns when all that was written survives a power cut.
    ///
    /// After an error nothing written since the last success may be trusted, and a second call
    /// may lie: the caller writes it anew into another file.
    func sync() throws(FileError)

    /// Whether this file is the one that a path leads to; false when it was removed or moved.
    ///
    /// Writing to a file without a name never fails, and never keeps anything.
    func isAt(_ path: String) -> Bool

    /// Ends the use of the file; errors have been told by `sync`.
    func close()
}

extension RawFile {
    /// Writes all bytes, however few the system takes at a time.
    func writeAll(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(FileError) {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count: Int
            do {
                count = try write(rest, at: offset + UInt64(done))
            } catch  where error.isInterruption {
                continue
            }
            // Nothing taken and no reason given would be an endless loop.
            if count <= 0 { throw FileError(.write, code: FileError.inputOutput) }
            done += count
        }
    }

    /// Reads until the buffer is full or the file ends.
    ///
    /// - Returns: The number of bytes read.
    func readAll(into bytes: UnsafeMutableRawBufferPointer, at offset: UInt64)
        throws(FileError) -> Int
    {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
            let count: Int
            do {
                count = try read(into: rest, at: offset + UInt64(done))
            } catch  where error.isInterruption {
                continue
            }
            if count <= 0 { break }
            done += count
        }
        return done
    }

    /// Writes all bytes of an array.
    func writeAll(_ bytes: [UInt8], at offset: UInt64) throws(FileError) {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(FileError) in try writeAll(buffer, at: offset) }
        }
        try result.get()
    }

    /// Up to `count` bytes; fewer where the file ends.
    func readArray(of count: Int, at offset: UInt64) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let result = bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(FileError) in try readAll(into: buffer, at: offset) }
        }
        bytes.removeLast(count - (try result.get()))
        return bytes
    }
}
