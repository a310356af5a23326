/// A segment of the spool that is being written or waits to be synced.
///
/// The write thread alone writes to the file, the sync thread alone syncs it; the counts below
/// are read and changed under the desk's lock. The file is closed when the last holder lets go,
/// so that a thread that is still inside a call never finds its descriptor given to another file.
final class SpoolSegment: @unchecked Sendable {
    let file: any RawFile
    let folder: String
    let firstFrame: UInt64
    /// Of its name.
    let turn: Int

    /// Frames in the file, silence of gaps included.
    var frameCount: UInt64 = 0
    /// Checksum of these frames.
    var crc = Crc32()

    /// What of it survives a power cut.
    var durableCount: UInt64 = 0
    var durableCrc = Crc32()

    /// Checksums of what is durable, beside the file; of the sync thread alone.
    let proof = SegmentProofWriter()

    /// No more frames will come.
    var isClosed = false
    /// A sync failed: only its durable part may be used.
    var isCondemned = false

    init(file: any RawFile, folder: String, firstFrame: UInt64, turn: Int) {
        self.file = file
        self.folder = folder
        self.firstFrame = firstFrame
        self.turn = turn
    }

    var place: SegmentMend.Place { .init(folder: folder, firstFrame: firstFrame, turn: turn) }

    var path: String { place.path }

    var endFrame: UInt64 { firstFrame + frameCount }
}
