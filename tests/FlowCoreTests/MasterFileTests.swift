import Foundation
import Testing

@testable import FlowCore

@Suite("The master file", .serialized)
struct MasterFileTests {
    private static let bufferFrames = 1 << 15
    private static let blockFrames = 1_000
    private let path =
        FileManager.default.temporaryDirectory.path
        + "/flowcore-master-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).wav"

    private func open(resumes: Bool = false, at frame: Int64 = 0) throws -> MasterFile {
        let file = try MasterFile(
            path: path, sampleRateHz: 48_000, resumes: resumes, bufferFrames: Self.bufferFrames)
        file.begin(at: frame)
        return file
    }

    /// Hands over blocks whose samples are their frame numbers, counted from one.
    private func hand(_ file: MasterFile, blocks: Int) {
        for _ in 0..<blocks {
            let from = file.buffer.handed
            let block = (0..<Self.blockFrames).map { Float(from + Int64($0) + 1) }
            file.buffer.hand(left: block, right: block, frames: block.count)
        }
    }

    private func read() throws -> WavFile {
        try WavFile(Data(contentsOf: URL(fileURLWithPath: path)))
    }

    private var listed: [MasterGaps.Gap] { MasterGaps(besideFile: path).read() }

    /// Frames that are neither what was played nor silence that is listed.
    private func wrongFrames(_ wav: WavFile) -> Int {
        var expected = wav.left.indices.map { Float($0 + 1) }
        for gap in listed {
            for frame in gap.fromFrame..<gap.toFrame { expected[Int(frame)] = 0 }
        }
        return expected.indices.count {
            wav.left[$0] != expected[$0] || wav.right[$0] != expected[$0]
        }
    }

    @Test("goes on after a crash, with the gap as silence that is listed and not called slow")
    func resumes() throws {
        let first = try open()
        hand(first, blocks: 3)
        #expect(first.drain() == nil)
        // No close: the process died; its header still claims less than the file holds.
        let second = try open(resumes: true, at: 600_000)
        hand(second, blocks: 1)
        #expect(second.close() == nil)
        let wav = try read()
        #expect(wav.left.count == 601_000)
        #expect(wrongFrames(wav) == 0)
        #expect(listed == [MasterGaps.Gap(fromFrame: 3_000, toFrame: 600_000)])
        let third = try open(resumes: true, at: 500_000)
        hand(third, blocks: 1)
        #expect(third.close() == nil)
        #expect(try read().left.count == 501_000)
        #expect(listed == [MasterGaps.Gap(fromFrame: 3_000, toFrame: 500_000)])
        let anew = try open()
        hand(anew, blocks: 1)
        #expect(anew.close() == nil)
        #expect(try read().left.count == 1_000)
        #expect(listed.isEmpty)
    }

    @Test("what the buffer holds is written whole; what it lost is silence, listed and told")
    func overrun() throws {
        let file = try open()
        hand(file, blocks: 24)
        #expect(file.drain() == nil)
        #expect(listed.isEmpty)
        hand(file, blocks: 40)
        let trouble = file.drain()
        guard case .gap(24_000, let toFrame, let frames)? = trouble else {
            Issue.record("told \(String(describing: trouble))")
            return
        }
        #expect(listed == [MasterGaps.Gap(fromFrame: 24_000, toFrame: toFrame)])
        #expect(frames == toFrame - 24_000)
        // No more is given up than the buffer lacked, and what makes room for the next seconds.
        #expect(toFrame < 64_000 - Int64(Self.bufferFrames) / 4)
        hand(file, blocks: 10)
        #expect(file.close() == nil)
        let wav = try read()
        #expect(wav.left.count == 74_000)
        #expect(wrongFrames(wav) == 0)
    }

    @Test("holes that follow each other are told together, once a second of sound")
    func tellsTogether() throws {
        let file = try open()
        var told: [MasterFile.Trouble] = []
        for _ in 0..<5 {
            hand(file, blocks: 40)
            if let trouble = file.drain() { told.append(trouble) }
        }
        if let trouble = file.close() { told.append(trouble) }
        let frames = told.reduce(Int64(0)) {
            guard case .gap(_, _, let frames) = $1 else { return $0 }
            return $0 + frames
        }
        #expect(listed.count == 5)
        #expect(told.count == 3)
        #expect(frames == listed.reduce(0) { $0 + $1.toFrame - $1.fromFrame })
        #expect(wrongFrames(try read()) == 0)
    }

    @Test("whoever copies beside the device gets what was played, or hears that it is gone")
    func edge() throws {
        let file = try open()
        let buffer = file.buffer
        let done = DispatchSemaphore(value: 0)
        let device = Thread {
            hand(file, blocks: 2_000)
            done.signal()
        }
        device.start()
        var copy = [Float](repeating: 0, count: 2 * Self.bufferFrames)
        var wrong = 0
        while done.wait(timeout: .now()) == .timedOut {
            for offset in stride(from: Int64(-2_000), through: 2_000, by: 500) {
                let from = max(0, buffer.oldest + offset)
                let frames = Int(buffer.handed - from)
                guard frames > 0, frames <= Self.bufferFrames,
                    buffer.copy(from: from, frames: frames, into: &copy)
                else { continue }
                for index in [0, 1, frames / 2, frames - 1]
                where copy[2 * index] != Float(from + Int64(index) + 1) {
                    wrong += 1
                }
            }
        }
        #expect(wrong == 0)
        #expect(!buffer.copy(from: 0, frames: 1, into: &copy))
    }

    @Test("a file that cannot be written is told once, and nobody waits for it")
    func failure() throws {
        let file = try open()
        #expect(file.close() == nil)
        hand(file, blocks: 60)
        #expect(!file.buffer.hasRoom(frames: Self.blockFrames))
        guard case .failed? = file.drain() else {
            Issue.record("a closed file was written")
            return
        }
        #expect(file.buffer.hasRoom(frames: Self.blockFrames))
        #expect(file.drain() == nil)
    }
}
