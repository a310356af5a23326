import Foundation

@testable import FlowCore

/// A JACK dummy server of this test process alone, and programs that talk to it.
///
/// libjack reads the server's name from the environment, so there is one for the whole process.
final class JackServer {
    static let name = "flowzone-swift-\(getpid())"
    static let programs = ["jackd", "jack_lsp", "jack_connect", "jack_bufsize", "jack-play"]
    static let missing = programs.filter { path(of: $0) == nil }

    /// Whether this user may ask for real-time scheduling.
    static let mayBeRealTime: Bool = {
        guard let asked = try? launch("chrt", ["-f", "1", "true"]) else { return false }
        asked.waitUntilExit()
        return asked.terminationStatus == 0
    }()

    let process: Process

    /// `captures` = ports of the system that can be heard.
    init(captures: Int = 2, isRealTime: Bool = false) throws {
        setenv("JACK_DEFAULT_SERVER", Self.name, 1)
        process = try Self.launchServer(captures: captures, isRealTime: isRealTime)
        let server = process
        try until("the JACK server, or its end") {
            JackDevice.isServerRunning() || !server.isRunning
        }
        guard process.isRunning else {
            throw Late(description: "jackd ended; it allows 8 names on a machine, killed ones too")
        }
    }

    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Takes a killed server's name off JACK's list of eight: one that ends in order does it.
    static func forgetKilled() throws {
        let heir = try launchServer()
        try until("the heir") { JackDevice.isServerRunning() || !heir.isRunning }
        heir.terminate()
        heir.waitUntilExit()
    }

    private static func launchServer(
        captures: Int = 2, isRealTime: Bool = false
    ) throws -> Process {
        try launch(
            "jackd",
            ["-n", name, isRealTime ? "-R" : "-r", "-d", "dummy", "-r", "48000", "-p", "128"]
                + ["-C", "\(captures)"])
    }

    /// Ports whose names contain `text`.
    func ports(_ text: String) -> [String] {
        (try? Self.read("jack_lsp", []))?.split(separator: "\n").map(String.init).filter {
            $0.lowercased().contains(text)
        } ?? []
    }

    /// What is connected to a port.
    func connections(_ port: String) -> [String] {
        let lines = (try? Self.read("jack_lsp", ["-c", port]))?.split(separator: "\n") ?? []
        return lines.filter { $0.hasPrefix(" ") }.map { $0.drop { $0 == " " } }.map(String.init)
    }

    func run(_ program: String, _ arguments: [String]) throws {
        let process = try Self.launch(program, arguments)
        process.waitUntilExit()
    }

    static func launch(
        _ program: String, _ arguments: [String], output: Pipe? = nil
    ) throws -> Process {
        let process = Process()
        process.executableURL = path(of: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    private static func read(_ program: String, _ arguments: [String]) throws -> String {
        let pipe = Pipe()
        let process = try launch(program, arguments, output: pipe)
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    private static func path(of program: String) -> URL? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .map { URL(fileURLWithPath: "\($0)/\(program)") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}

struct Late: Error, CustomStringConvertible {
    let description: String
}

/// Waits until something is true; a fault after `seconds`.
func until(_ what: String, seconds: Double = 10, _ isDone: () -> Bool) throws {
    let end = Date(timeIntervalSinceNow: seconds)
    while !isDone() {
        guard Date() < end else { throw Late(description: "\(what): not within \(seconds) s") }
        usleep(2000)
    }
}

/// What a device called: counts blocks and frames, keeps the left input, and may be told to stall.
final class JackListener: @unchecked Sendable {
    private struct State {
        var frames = 0
        var blocks = 0
        var largest = 0
        var stallMs = 0
        var watched: DeviceCounters?
        /// What was counted when it stalled, and at the block after that.
        var before: (xruns: UInt64, frames: UInt64) = (0, 0)
        var after: (xruns: UInt64, frames: UInt64)?
        var hasStalled = false
        var keep: UnsafeMutablePointer<Float>
        var kept = 0
    }
    private static let capacity = 20 * 48_000
    private let state: UnsafeMutablePointer<State>

    init() {
        state = .allocate(capacity: 1)
        state.initialize(to: State(keep: .allocate(capacity: Self.capacity)))
    }

    deinit {
        state.pointee.keep.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    var frames: Int { state.pointee.frames }
    var blocks: Int { state.pointee.blocks }
    var largest: Int { state.pointee.largest }
    var kept: UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(start: state.pointee.keep, count: state.pointee.kept)
    }
    /// Dropouts, and their frames, that the block after a stall has found; nil before that.
    var foundByNextBlock: (xruns: UInt64, frames: UInt64)? {
        state.pointee.after.map {
            ($0.xruns - state.pointee.before.xruns, $0.frames - state.pointee.before.frames)
        }
    }

    func stallOnce(ms: Int, watching counters: DeviceCounters) {
        state.pointee.watched = counters
        state.pointee.stallMs = ms
    }
    func forgetLargest() { state.pointee.largest = 0 }

    /// Passes the input through to the output.
    var target: RenderTarget {
        RenderTarget(context: state) { context, inL, inR, outL, outR, frames in
            let state = context.assumingMemoryBound(to: State.self)
            let count = Int(frames)
            let counted = state.pointee.watched.map {
                (xruns: $0.xruns.pointee.load(), frames: $0.xrunFrames.pointee.load())
            }
            if state.pointee.hasStalled, state.pointee.after == nil {
                state.pointee.after = counted
            }
            for i in 0..<count {
                outL[i] = inL?[i] ?? 0
                outR[i] = inR?[i] ?? 0
            }
            let room = min(count, JackListener.capacity - state.pointee.kept)
            for i in 0..<room { state.pointee.keep[state.pointee.kept + i] = inL?[i] ?? 0 }
            state.pointee.kept += room
            state.pointee.frames += count
            state.pointee.blocks += 1
            state.pointee.largest = max(state.pointee.largest, count)
            if state.pointee.stallMs > 0 {
                usleep(UInt32(state.pointee.stallMs) * 1000)
                state.pointee.stallMs = 0
                state.pointee.before = counted ?? (0, 0)
                state.pointee.hasStalled = true
            }
        }
    }
}

/// Writes a mono Float32 WAV file.
func writeWav(_ samples: [Float], rate: UInt32, to url: URL) throws {
    func bytes<T>(_ value: T) -> Data { withUnsafeBytes(of: value) { Data($0) } }
    let audio = samples.withUnsafeBytes { Data($0) }
    var file = Data("RIFF".utf8) + bytes(UInt32(50 + audio.count)) + Data("WAVEfmt ".utf8)
    file += bytes(UInt32(18)) + bytes(UInt16(3)) + bytes(UInt16(1)) + bytes(rate)
    file += bytes(rate * 4) + bytes(UInt16(4)) + bytes(UInt16(32)) + bytes(UInt16(0))
    file += Data("fact".utf8) + bytes(UInt32(4)) + bytes(UInt32(samples.count))
    file += Data("data".utf8) + bytes(UInt32(audio.count)) + audio
    try file.write(to: url)
}
