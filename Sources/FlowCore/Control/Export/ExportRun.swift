/// Writes one export from its first frame to its last, a few thousand frames at a time.
///
/// Whatever ends it early, its files go again.
///
/// - Thread: export.
final class ExportRun {
    static let framesPerStep: UInt64 = 8_192
    /// Steps between two looks at the free space.
    private static let stepsPerCheck = 64

    private let plan: ExportPlan
    private let sound: any ExportSound
    private let folder: ExportFolder
    /// Left for the recording on the same disk.
    private let reserveBytes: UInt64
    private let riffBytesMax: UInt64
    private var written: [any SoundFile] = []
    private var buffers: [StereoFrames] = []
    /// The name of the folder and the first part of its files' names.
    private var base = ""
    private let mix = StereoFrames(frameCount: Int(framesPerStep))

    /// Asked before each step, and while it waits for frames that are still to be played.
    ///
    /// Given what is done, 0…1, and whether it waits; it answers whether to go on.
    typealias Watch = (_ progress: Double, _ isWaiting: Bool) -> Bool

    init(
        _ plan: ExportPlan, sound: any ExportSound, files: any FileSystem, reserveBytes: UInt64,
        riffBytesMax: UInt64 = ExportHeader.riffBytesMax
    ) {
        self.plan = plan
        self.sound = sound
        self.reserveBytes = reserveBytes
        self.riffBytesMax = riffBytesMax
        folder = ExportFolder(files: files, path: plan.folder)
    }

    /// Writes all files.
    ///
    /// - Returns: The number in their names.
    func run(watch: Watch) throws(ExportError) -> Int {
        do {
            let number = try begin()
            try sound.prepare { watch(0, false) }
            try copy(watch)
            try finish(watch)
            return number
        } catch {
            written = []
            folder.remove()
            throw error
        }
    }

    private func begin() throws(ExportError) -> Int {
        let number = try onDisk { () throws(FileError) in
            try folder.begin()
            return try folder.freeNumber(for: plan.name)
        }
        base = ExportFolder.numbered(plan.name, number)
        guard plan.files.allSatisfy({ ($0.track ?? 0) < sound.trackCount }) else { throw .nothing }
        try checkSpace(UInt64(plan.range.count) * plan.format.frameBytes * UInt64(plan.files.count))
        for file in plan.files { written.append(try create(folder.path(of: name(of: file)))) }
        buffers = (0..<sound.trackCount).map { _ in
            StereoFrames(frameCount: Int(Self.framesPerStep))
        }
        return number
    }

    private func name(of file: ExportPlan.File) -> String {
        "\(base)_\(file.ending)\(plan.format.suffix)"
    }

    private func create(_ path: String) throws(ExportError) -> any SoundFile {
        let file = try onDisk { () throws(FileError) in try folder.files.create(path) }
        if plan.format == .flac {
            file.close()
            return try FlacSoundFile(
                files: folder.files, path: path, sampleRateHz: sound.sampleRateHz)
        }
        let header = ExportHeader(
            isFloat: plan.format == .wavFloat, sampleRateHz: sound.sampleRateHz,
            frameCount: UInt64(plan.range.count), riffBytesMax: riffBytesMax)
        return try WavSoundFile(file, header: header)
    }

    private func copy(_ watch: Watch) throws(ExportError) {
        let length = Double(plan.range.count)
        var at = plan.range.lowerBound
        var stepCount = 0
        while at < plan.range.upperBound {
            let end = min(plan.range.upperBound, at + Self.framesPerStep)
            let progress = Double(at - plan.range.lowerBound) / length
            guard watch(progress, false) else { throw .cancelled }
            while sound.availableEnd() < end {
                guard watch(progress, true) else { throw .cancelled }
            }
            try step(at..<end)
            at = end
            stepCount += 1
            if stepCount % Self.stepsPerCheck == 0 { try checkSpace(0) }
        }
    }

    private func step(_ range: Range<UInt64>) throws(ExportError) {
        let isMixed = plan.files.contains { $0.track == nil }
        for (track, buffer) in buffers.enumerated()
        where isMixed || plan.files.contains(where: { $0.track == track }) {
            try sound.read(track, range, into: buffer.samples)
        }
        if isMixed { sum(range.count) }
        for (file, output) in zip(plan.files, written) {
            let source = file.track.map { buffers[$0] } ?? mix
            try output.write(source.samples, frames: range.count)
        }
    }

    /// In the order of the tracks, as the mixer adds the slots.
    private func sum(_ frames: Int) {
        mix.samples.update(repeating: 0, count: 2 * frames)
        for buffer in buffers {
            for index in 0..<2 * frames { mix.samples[index] += buffer.samples[index] }
        }
    }

    private func finish(_ watch: Watch) throws(ExportError) {
        if gaps == [plan.range] { throw .nothing }
        var facts: [(sha: TakeSha, bytes: UInt64)] = []
        for file in written { facts.append(try file.finish()) }
        guard watch(1, false) else { throw .cancelled }
        try onDisk { () throws(FileError) in try publish(facts) }
    }

    private func publish(_ facts: [(sha: TakeSha, bytes: UInt64)]) throws(FileError) {
        let list = plan.files.indices.map { index in
            ExportDocument.Written(
                name: name(of: plan.files[index]), about: plan.files[index].about,
                frameCount: UInt64(plan.range.count), bytes: facts[index].bytes,
                clipCount: written[index].clipCount, sha: facts[index].sha)
        }
        let document = ExportDocument(about: plan.about, gaps: gaps, files: list)
        let file = try folder.files.create(folder.path(of: base + ".json"))
        try file.writeAll(Array(document.text.utf8), at: 0)
        try file.sync()
        file.close()
        try folder.publish(as: base)
    }

    /// What is silence in the files although something may have been played.
    private var gaps: [Range<UInt64>] {
        FrameRanges.joined((plan.gaps + sound.missing).map { $0.clamped(to: plan.range) })
    }

    /// The recording on the same disk comes first.
    private func checkSpace(_ wantedBytes: UInt64) throws(ExportError) {
        let free = try onDisk { () throws(FileError) in
            try folder.files.freeBytes(in: folder.path)
        }
        guard free >= wantedBytes + reserveBytes else {
            throw .file(FileError(.write, path: folder.path, code: FileError.noSpace))
        }
    }

    private func onDisk<Result>(
        _ body: () throws(FileError) -> Result
    ) throws(ExportError) -> Result {
        do throws(FileError) {
            return try body()
        } catch {
            throw .file(error)
        }
    }
}
