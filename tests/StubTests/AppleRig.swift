import AVFAudio
import CFlowLeaf
import CoreAudio
import Foundation
import Testing

@testable import FlowCore

/// All of these share the stub hardware: one at a time.
@Suite("The Mac's sound system, on stubs", .serialized)
struct Mac {}

/// A whole engine on the stub hardware, in virtual time.
///
/// What is played is a function of the engine's frame, so that a judge needs no recording; what the
/// hardware gave out is kept with the frame it belongs to.
final class AppleRig {
    /// The time that everybody shares.
    final class Clock: @unchecked Sendable {
        var nowNs: Int64 = 5_000_000_000
    }

    static let hal = StubHal.shared
    static let audio = StubAudio.shared

    let engine: FlowEngine
    let device: AppleDevice
    let clock = Clock()
    let noise = CodedNoise(seed: CoreRig.seed)
    /// What the hardware gave out: by frame of the engine, left and right.
    private(set) var played: [Int64: (Float, Float)] = [:]
    private(set) var events: [CoreEvent] = []
    /// Virtual time in which nothing came out of the hardware, in stretches.
    private(set) var quietNs: [Int64] = []
    /// Whether what is heard is noise; else zero.
    var isPlayed = true
    private var wasQuiet = false
    private var dueNs: Int64 = 0

    /// Nothing is plugged in, everything is allowed.
    static func reset() {
        hal.reset()
        audio.reset()
        AVAudioApplication.shared.set(.granted)
    }

    /// A device of two channels each way.
    static func duplex(_ uid: String, inputs: UInt32 = 2, outputs: UInt32 = 2) -> StubDevice {
        StubDevice(
            uid: uid,
            inputs: inputs == 0 ? [] : [StubDevice.Stream(channels: inputs)],
            outputs: outputs == 0 ? [] : [StubDevice.Stream(channels: outputs)])
    }

    /// Waits in virtual time, which passes for the hardware too.
    static func wait(_ clock: Clock) -> WaitClock {
        WaitClock(
            nowNs: { clock.nowNs },
            sleepUntil: { deadlineNs in
                let ns = max(0, deadlineNs - clock.nowNs)
                clock.nowNs += ns
                hal.pass(ns: ns)
            })
    }

    init(
        wish: DeviceWish = DeviceWish(), block: Int = 128,
        _ change: (inout EngineConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = EngineConfiguration()
        configuration.ringSecondsMax = 60
        configuration.bpm = 300
        change(&configuration)
        let clock = clock
        engine = try FlowEngine(configuration, clockNs: { clock.nowNs })
        device = try AppleDevice(
            AppleDevice.Settings(sampleRateHz: 48_000, blockFrames: block, wish: wish),
            system: AppleSystem(wait: Self.wait(clock)), counters: engine.device.counters
        ) { rateHz, blockFrames in
            HeadlessDevice(
                HeadlessDevice.Settings(
                    sampleRateHz: rateHz, blockFrames: blockFrames, isStepped: true, input: nil,
                    output: nil))
        }
        engine.device = device
        try engine.start()
    }

    deinit { engine.stop() }

    var frame: Int64 { engine.block.pointee.frame }

    /// Lets time pass: blocks of the hardware, or of the clock in its place, and the supervisor.
    func run(ms: Int, frames: Int? = nil) {
        let end = clock.nowNs + Int64(ms) * 1_000_000
        while clock.nowNs < end {
            if clock.nowNs >= dueNs {
                engine.supervise()
                dueNs = clock.nowNs + 50_000_000
            }
            tick(frames)
        }
        poll()
    }

    /// Up to this frame of the engine.
    func run(to frame: Int64) {
        while self.frame < frame { run(ms: 2) }
    }

    private func tick(_ frames: Int?) {
        let start = frame
        let (noise, isPlayed) = (noise, isPlayed)
        Self.audio.input = { isPlayed ? noise.sample(start + Int64($0), $1) : 0 }
        let beforeNs = clock.nowNs
        if Self.audio.cycle(frames: frames) {
            let rate = Self.audio.running.first?.outputNode.outputFormat(forBus: 0).sampleRate
            let count = Self.audio.left.count
            clock.nowNs += Int64(Double(count) * 1e9 / (rate ?? 48_000))
            if Int(frame - start) == count {
                for index in 0..<count {
                    played[start + Int64(index)] = (
                        Self.audio.left[index], Self.audio.right[index]
                    )
                }
            }
            wasQuiet = false
        } else {
            // Nobody asks for sound: the clock in its place does, or time goes by.
            (device.standIn as? HeadlessDevice)?.step(frames: 128)
            clock.nowNs += Int64(128e9 / 48_000)
            if !wasQuiet { quietNs.append(0) }
            wasQuiet = true
            quietNs[quietNs.count - 1] += clock.nowNs - beforeNs
        }
        engine.worker.pump()
    }

    func poll() { _ = engine.events.poll(capacity: 65_536) { events.append($0) } }

    func all(_ code: EventCode) -> [CoreEvent] { events.filter { $0.code == code } }

    /// Conditions of the device in the order in which they were told: code, and whether it began.
    var conditions: [String] {
        all(.device).map { "\($0.errorCode) \($0.detail == 0 ? "on" : "off")" }
    }

    /// One bar is played and captured into slot 0; it plays when this returns.
    func capture() throws -> CoreEvent {
        let bar = engine.block.pointee.transport.grid.barFrames()
        run(to: 2 * bar + bar / 2)
        CoreRig.send(
            [
                Ask(
                    code: .capture, slot: 0, flags: CommandFlags.quantized, a: 1,
                    id: CoreRig.take(1))
            ], to: engine)
        run(to: 4 * bar)
        return try #require(all(.captured).first)
    }

    /// Of the frames the hardware gave out from `start` on: how many are the loop, and how many not.
    func judge(
        _ take: CoreEvent, from start: Int64, shift: Int64 = 0
    ) -> (right: Int, wrong: Int) {
        let length = take.toFrame - take.fromFrame
        let seam = Int64(Seam.frames(rateHz: 48_000, loopFrames: Int(length)))
        let grid = engine.block.pointee.transport.grid
        var (right, wrong) = (0, 0)
        for (frame, sample) in played where frame >= start {
            let beats = (grid.epochBeat - take.originBeat) * grid.framesPerBeat
            let since = grid.framesSinceEpochBeat(at: frame) + beats - take.offsetFrames + shift
            let place = ((since % length) + length) % length
            if place >= length - seam { continue }
            let wanted = (0..<2).map { noise.sample(take.fromFrame + place, $0) }
            if sample == (wanted[0], wanted[1]) { right += 1 } else { wrong += 1 }
        }
        return (right, wrong)
    }
}
