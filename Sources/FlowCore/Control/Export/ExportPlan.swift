/// What an export writes and where: an `ExportJob` record and its files, decoded and checked.
struct ExportPlan: Sendable {
    /// One file, from one track of the sound or from the sum of all.
    struct File: Sendable {
        /// Number of the track; nil = the sum of all.
        let track: Int?
        /// The end of its name, before the suffix.
        let ending: String
        /// Members of a JSON object that say what it is.
        let about: String
    }

    let job: UInt32
    let format: ExportFileFormat
    /// Frames of the run, or of the riff from its first beat on.
    let range: Range<UInt64>
    /// What is written lies here until it is whole; then the folder is renamed.
    let folder: String
    /// The folder's name in the end, and the files' without ending and suffix.
    let name: String
    let files: [File]
    /// Frames of a beat of the riff; 0 for a range of the past session.
    let framesPerBeat: Double
    /// Folder of an ended run's segments; empty = the run that is being played.
    let spoolFolder: String
    /// Frames known to be missing from the recording.
    let gaps: [Range<UInt64>]
    /// Members of a JSON object that say what was exported.
    let about: String

    private static let frameMax = Double(1 << 52)
    private static let beatMax = Double(60 * Limits.rateHzMax / Limits.bpmMin)
    private static let allTracks = UInt32.max

    /// Reads the records; nil when a value is out of bounds.
    init?(
        _ record: ExportJob, files: UnsafeMutableRawPointer, gaps: UnsafeMutableRawPointer,
        about: String
    ) {
        guard let format = ExportFileFormat(rawValue: record.format),
            (0...Self.frameMax).contains(record.fromFrame),
            (0...Self.frameMax).contains(record.toFrame), record.fromFrame < record.toFrame,
            (1...UInt32(Limits.slotCountMax + 1)).contains(record.fileCount),
            record.gapCount <= 1 << 16, record.partCount <= UInt32(Limits.slotCountMax),
            record.partCount == 0 || (1...Self.beatMax).contains(record.framesPerBeat)
        else { return nil }
        job = record.job
        self.format = format
        range = UInt64(record.fromFrame)..<UInt64(record.toFrame)
        folder = EngineConfiguration.text(record.folder, ExportJob.folderBytes)
        name = EngineConfiguration.text(record.name, ExportJob.nameBytes)
        spoolFolder = EngineConfiguration.text(record.spool, ExportJob.spoolBytes)
        self.files = (0..<Int(record.fileCount)).map { index in
            let file = ExportFile(base: files + index * ExportFile.byteCount)
            return File(
                track: file.track == Self.allTracks ? nil : Int(file.track),
                ending: EngineConfiguration.text(file.ending, ExportFile.endingBytes),
                about: EngineConfiguration.text(file.about, ExportFile.aboutBytes))
        }
        self.gaps = (0..<Int(record.gapCount)).compactMap { index in
            let from = gaps.load(fromByteOffset: 16 * index, as: Double.self)
            let to = gaps.load(fromByteOffset: 16 * index + 8, as: Double.self)
            guard from >= 0, from < to, to <= Self.frameMax else { return nil }
            return UInt64(from)..<UInt64(to)
        }
        self.about = about
        framesPerBeat = record.partCount == 0 ? 0 : record.framesPerBeat
        let names = [name] + self.files.map(\.ending)
        guard !folder.isEmpty, names.allSatisfy(Self.isName) else { return nil }
    }

    init(
        job: UInt32, format: ExportFileFormat, range: Range<UInt64>, folder: String, name: String,
        files: [File], framesPerBeat: Double = 0, spoolFolder: String = "",
        gaps: [Range<UInt64>] = [], about: String = ""
    ) {
        self.job = job
        self.format = format
        self.range = range
        self.folder = folder
        self.name = name
        self.files = files
        self.framesPerBeat = framesPerBeat
        self.spoolFolder = spoolFolder
        self.gaps = gaps
        self.about = about
    }

    /// Whether the text may be part of a file's name: it leads nowhere else.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && !text.hasPrefix(".") && !text.contains("/") && !text.contains("\\")
    }
}

/// How the samples are written; the numbers are those of `EXPORT_FORMAT`.
enum ExportFileFormat: UInt32, Sendable {
    case wavFloat = 0
    case wav24 = 1
    case flac = 2

    var suffix: String { self == .flac ? ".flac" : ".wav" }

    /// The most bytes a stereo frame takes.
    var frameBytes: UInt64 { self == .wavFloat ? 8 : 6 }
}

/// Why an export ended early.
enum ExportError: Error {
    case file(FileError)
    /// libsndfile refused the file or a part of it.
    case encoder
    /// A loop could not be rendered, for the reason with this code.
    case render(UInt32)
    /// All of the range is silence that was never recorded.
    case nothing
    case cancelled

    /// A code of `protocol/errors.ts`.
    var code: UInt32 {
        switch self {
        case .file, .encoder: ErrorCode.exportFailed
        case .render(let code): code
        case .nothing: ErrorCode.nothingToExport
        case .cancelled: 0
        }
    }
}
