import Foundation
import Testing

@testable import FlowCore

@Suite(
    "JACK device", .serialized,
    .enabled(
        if: JackServer.missing.isEmpty, "jackd2 and jack-tools are not installed here"))
struct JackDeviceTests {
    @Test("without a server the device is refused with a reason, and none is started")
    func noServer() {
        setenv("JACK_DEFAULT_SERVER", "flowzone-nobody-\(getpid())", 1)
        #expect(!JackDevice.isServerRunning())
        do {
            _ = try JackDevice()
            Issue.record("a device without a server")
        } catch {
            #expect(error.code == 2003)
            #expect(error.detail.contains("no JACK server"))
        }
        #expect(!JackDevice.isServerRunning())
    }

    @Test("frames run at the server's rate, in its blocks, until they are stopped")
    func framesRun() throws {
        let server = try JackServer()
        defer { server.stop() }
        let device = try JackDevice()
        let listener = JackListener()
        #expect(device.sampleRateHz == 48_000 && device.blockFrames == 128)
        let begin = Date()
        try device.start(listener.target)
        try until("two seconds of sound") { listener.frames >= 96_000 }
        let seconds = Date().timeIntervalSince(begin)
        // Too fast is a fault; slow is a busy machine, on which the dummy server comes late.
        #expect(seconds > 1.8 && seconds < 6, "2 s of frames took \(seconds) s")
        #expect(listener.frames % 128 == 0 && listener.largest == 128)
        #expect(device.inputLatencyFrames > 0 && device.outputLatencyFrames > 0)
        #expect(!device.hasRealTime, "the server runs without real-time scheduling")

        listener.forgetLargest()
        try server.run("jack_bufsize", ["256"])
        try until("the new block size") { listener.largest == 256 }
        #expect(device.blockFrames == 256)

        device.stop()
        let frames = listener.frames
        usleep(50_000)
        #expect(listener.frames == frames, "called after stop")
        device.stop()
    }

    @Test(
        "a server with real-time scheduling is told as such",
        .enabled(if: JackServer.mayBeRealTime, "this user may not ask for real-time scheduling"))
    func realTime() throws {
        let server = try JackServer(isRealTime: true)
        defer { server.stop() }
        let device = try JackDevice()
        let listener = JackListener()
        #expect(!device.hasRealTime, "nothing is known before the first block")
        try device.start(listener.target)
        defer { device.stop() }
        try until("the first blocks") { listener.frames > 0 }
        #expect(device.hasRealTime)
    }

    @Test("sound of another program arrives bit for bit")
    func bitExact() throws {
        let server = try JackServer()
        defer { server.stop() }
        let device = try JackDevice()
        let listener = JackListener()
        try device.start(listener.target)
        defer { device.stop() }

        var random = SystemRandomNumberGenerator()
        let seed = random.next()
        var state = seed | 1
        let noise = (0..<6 * 48_000).map { _ -> Float in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Float(Int32(truncatingIfNeeded: state >> 20)) / Float(Int32.max) * 0.5
        }
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("flowzone-jack-\(getpid()).wav")
        defer { try? FileManager.default.removeItem(at: file) }
        try writeWav(noise, rate: 48_000, to: file)
        // It resamples even at equal rates; only its "zero order hold" leaves samples as they are.
        let player = try JackServer.launch("jack-play", ["-c", "3", "-b", "65536", file.path])
        defer { player.terminate() }
        try until("the player's port") {
            !server.ports("play").filter { $0.contains("out") }.isEmpty
        }
        let theirs = try #require(server.ports("play").first { $0.contains("out") })
        let ours = try #require(server.ports("flowzone:in_1").first)
        try server.run("jack_connect", [theirs, ours])
        let before = listener.frames
        try until("three seconds of it") { listener.frames > before + 3 * 48_000 }
        device.stop()

        let run = longestMatch(of: noise, in: listener.kept)
        #expect(run >= 12_000, "longest bit-exact run \(run) frames, seed \(seed)")
    }

    @Test("a late block is counted as one xrun, before the block that follows")
    func xrun() throws {
        let server = try JackServer()
        defer { server.stop() }
        let device = try JackDevice()
        let listener = JackListener()
        try device.start(listener.target)
        defer { device.stop() }
        try until("the first blocks") { listener.blocks > 20 }
        listener.stallOnce(ms: 200, watching: device.counters)
        try until("the block after it") { listener.foundByNextBlock != nil }
        let found = try #require(listener.foundByNextBlock)
        #expect(found.xruns == 1)
        // The block before the break: what came meanwhile may have got into it.
        #expect(found.frames == UInt64(device.blockFrames))
    }

    @Test("a server that dies is told as a lost device, and nobody is called any more")
    func serverDies() throws {
        let server = try JackServer()
        let device = try JackDevice()
        let listener = JackListener()
        try device.start(listener.target)
        try until("the first blocks") { listener.blocks > 20 }
        #expect(device.counters.lost.pointee.load() == 0)
        server.kill()
        try until("the news") { device.counters.lost.pointee.load() == 1 }
        let frames = listener.frames
        device.stop()
        usleep(50_000)
        #expect(listener.frames == frames)
        try JackServer.forgetKilled()
    }
}

/// Frames of the longest stretch of `heard` that is `played` without any difference.
///
/// A busy machine may lose a block on the way; what lies between two losses must be exact.
func longestMatch(of played: [Float], in heard: UnsafeBufferPointer<Float>) -> Int {
    guard let start = heard.firstIndex(where: { $0 != 0 }) else { return 0 }
    var longest = 0
    for probe in stride(from: start, to: heard.count - 64, by: 12_000) {
        let place = (0..<max(0, played.count - 64)).first { at in
            (0..<64).allSatisfy { played[at + $0] == heard[probe + $0] }
        }
        guard let place else { continue }
        let room = min(heard.count - probe, played.count - place)
        let end = (0..<room).first { heard[probe + $0] != played[place + $0] } ?? room
        longest = max(longest, end)
    }
    return longest
}
