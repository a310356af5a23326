import Foundation
import Testing

@testable import FlowCore

private let hasJudge = diskHasProgram("ffmpeg")

/// A slot of the riff as a test sets it.
private struct Stem {
    let slot: Int
    let bars: Int
    let gain: Float
    let pan: Float

    /// As `SlotPlayer.retarget` has them.
    var gains: SIMD2<Float> {
        SIMD2(gain * (pan > 0 ? 1 - pan : 1), gain * (pan < 0 ? 1 + pan : 1))
    }
}

@Suite("An export of a riff", .enabled(if: hasJudge, "ffmpeg is not installed"))
struct ExportRiffTests {
    private static let stems = [
        Stem(slot: 0, bars: 1, gain: 0.4, pan: 0.3), Stem(slot: 2, bars: 2, gain: 0.37, pan: -0.6),
        Stem(slot: 5, bars: 1, gain: 0.25, pan: 0),
    ]

    /// An engine in which all of them play, with a disk.
    private func playing(_ folder: DiskFolder) throws -> CoreRig {
        let rig = try CoreRig { config in
            config.bpm = 300
            config.flags = 0
            config.spoolPath = folder.spool
            config.audioPath = folder.audio
        }
        rig.step(100_000)
        for (index, stem) in Self.stems.enumerated() {
            rig.capture(stem.slot, bars: stem.bars, take: UInt32(index + 1))
            rig.send(
                Ask(code: .slotGain, slot: stem.slot, a: Double(stem.gain)),
                Ask(code: .slotPan, slot: stem.slot, a: Double(stem.pan)))
            rig.step(21_000)
        }
        rig.step(80_000)
        return rig
    }

    private func parts(_ rig: CoreRig, framesPerBeat: Double) throws -> (
        [LoopRender.Part], HeldLoops
    ) {
        let ids = Self.stems.indices.map { CoreRig.take(UInt32($0 + 1)) }
        let loops = try #require(HeldLoops(ids, in: rig.engine.pool))
        let grid = rig.engine.block.pointee.transport.grid
        let parts = Self.stems.indices.map { index in
            let slot = rig.engine.block.pointee.slots[Self.stems[index].slot]
            let voice = slot.voices[slot.current]
            // Beat 0 of the riff is beat 0 of the grid.
            let start = voice.position(at: grid.epochFrame, grid)
            let since = Double(grid.epochBeat) * voice.framesPerBeat
            return LoopRender.Part(
                loop: loops.view(index), mode: .repitch, startFrames: Double(start) - since,
                gainLeft: Self.stems[index].gains.x, gainRight: Self.stems[index].gains.y)
        }
        return (parts, loops)
    }

    @Test("sounds as the mixer plays it, bit for bit, and its stems sum to its mix")
    func stemsSumToMix() throws {
        let folder = try DiskFolder()
        let rig = try playing(folder)
        let grid = rig.engine.block.pointee.transport.grid
        let perBeat = Double(grid.framesPerBeat)
        let (parts, loops) = try parts(rig, framesPerBeat: perBeat)
        // Two bars, and where in the master's sound they are.
        let frames = UInt64(8 * perBeat)
        let bars = Int64(rig.frame) / Int64(frames) - 1
        let heard = (0..<2 * Int(frames)).map {
            rig.out(bars * Int64(frames) + Int64($0 / 2), $0 % 2)
        }
        for format in [ExportFileFormat.wavFloat, .wav24, .flac] {
            let sound = RiffSound(
                parts: parts, loops: loops, framesPerBeat: perBeat, sampleRateHz: 48_000)
            let path = folder.path + "/out"
            try export(
                .stems(3, 0..<frames, as: format, in: path, framesPerBeat: perBeat), sound)
            let base = path + "/\(ExportPlan.testBase)_"
            let stems = try (1...3).map { try samples(of: "\(base)slot \($0)\(format.suffix)") }
            let mix = try samples(of: "\(base)mix\(format.suffix)")
            let error = largestErrorDbfs(sum(stems), mix)
            let toMaster = largestErrorDbfs(mix, heard)
            print("\(format): stems − mix \(error) dBFS, mix − master \(toMaster) dBFS")
            // 24 bit: half a step for each file.
            let most = format == .wavFloat ? -300 : -132.0
            #expect(error <= most)
            #expect(toMaster <= (format == .wavFloat ? -300 : -144))
            // A stem less, or a millionth too loud, is seen.
            #expect(largestErrorDbfs(sum(Array(stems.dropLast())), mix) > -20)
            let louder = stems[0].map { $0 * 1.000_01 }
            #expect(largestErrorDbfs(sum([louder, stems[1], stems[2]]), mix) > most)
            diskShell("rm -rf '\(path)'")
        }
    }

    @Test("at another tempo each stem is its loop rendered at that tempo, round and round")
    func otherTempo() throws {
        let folder = try DiskFolder()
        let rig = try playing(folder)
        let perBeat = 12_000.0
        let (parts, loops) = try parts(rig, framesPerBeat: perBeat)
        let frames = 3 * 4 * Int(perBeat)
        let sound = RiffSound(
            parts: parts, loops: loops, framesPerBeat: perBeat, sampleRateHz: 48_000)
        let path = folder.path + "/out"
        try export(.stems(3, 0..<UInt64(frames), as: .wavFloat, in: path), sound)
        for (index, part) in parts.enumerated() {
            let wanted = try rendered([part], frames: frames, framesPerBeat: perBeat)
            let stem = try samples(of: "\(path)/\(ExportPlan.testBase)_slot \(index + 1).wav")
            let error = largestErrorDbfs(stem, wanted)
            print("stem \(index + 1) at 240 bpm against the rendered loop: \(error) dBFS")
            #expect(error < -120)
            let plain = try rendered([part], frames: frames, framesPerBeat: 9_600)
            #expect(largestErrorDbfs(stem, plain) > -10)
        }
    }

    @Test("through the engine: told by events, the files under their names, loops free again")
    func throughEngine() throws {
        let folder = try DiskFolder()
        let rig = try playing(folder)
        let path = folder.path + "/exports"
        let records = ExportRecords(
            job: 7, folder: path + "/.part-7", name: "One", range: 0..<76_800, framesPerBeat: 9_600,
            tracks: [0, 1, nil], takes: [1, 2])
        #expect(records.start(rig.engine) == 0)
        #expect(rig.engine.cancelExport(8) == ErrorCode.noSuchJob)
        let last = try rig.jobEnd(7)
        #expect(last.detail == ExportState.done)
        #expect(last.value == 1 && last.value2 == 1)
        #expect(
            names(in: path + "/One")
                == ["One.json", "One_file 0.wav", "One_file 1.wav", "One_file 2.wav"])
        // The same once more has a number, and does not touch the first.
        #expect(records.start(rig.engine) == 0)
        rig.clearEvents()
        #expect(try rig.jobEnd(7).value2 == 2)
        #expect(names(in: path) == ["One", "One 2"])
        #expect(names(in: path + "/One 2").contains("One 2_file 2.wav"))
    }

    @Test("records out of bounds, and loops that are not there, are refused")
    func refuses() throws {
        let folder = try DiskFolder()
        let rig = try playing(folder)
        func code(_ change: (inout ExportRecords) -> Void) -> UInt32 {
            var records = ExportRecords(
                job: 1, folder: folder.path + "/x", name: "One", range: 0..<9_600,
                framesPerBeat: 9_600, tracks: [0], takes: [1])
            change(&records)
            return records.start(rig.engine)
        }
        #expect(code { $0.takes = [9] } == ErrorCode.takeNotLoaded)
        let bounds = ErrorCode.commandBounds
        #expect(code { $0.name = "../One" } == bounds)
        #expect(code { $0.name = ".One" } == bounds)
        #expect(code { $0.name = "" } == bounds)
        #expect(code { $0.folder = "" } == bounds)
        #expect(code { $0.format = 3 } == bounds)
        #expect(code { $0.framesPerBeat = .nan } == bounds)
        #expect(code { $0.range = 5..<5 } == bounds)
        #expect(code { $0.tracks = [] } == bounds)
        #expect(names(in: folder.path + "/x").isEmpty)
        #expect(code { _ in } == 0)
        #expect(try rig.jobEnd(1).errorCode == 0)
    }
}
