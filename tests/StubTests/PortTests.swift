import AVFAudio
import CoreAudio
import Foundation
import Testing

@testable import FlowCore

extension Mac {
    @Suite("The port between the system's thread and the core")
    struct PortTests {
        let card: AudioObjectID

        init() {
            AppleRig.reset()
            card = AppleRig.hal.plug(
                AppleRig.duplex("card"), isDefaultInput: true, isDefaultOutput: true)
        }

        private func started(
            _ listener: Listener, block: Int = 64
        ) throws -> AppleDevice {
            let device = try AppleDevice(
                AppleDevice.Settings(sampleRateHz: 48_000, blockFrames: block),
                system: AppleSystem())
            try device.start(listener.target)
            return device
        }

        /// Cycles whose input counts on from 1.
        private func cycles(_ frames: [Int?]) {
            var at = 1
            for count in frames {
                let start = at
                AppleRig.audio.input = { frame, _ in Float(start + frame) }
                AppleRig.audio.cycle(frames: count)
                at += AppleRig.audio.left.count
            }
        }

        @Test(
            "output asked for before the input comes: one block later, always the same, no dropout")
        func outputFirst() throws {
            AppleRig.audio.bringsInputFirst = false
            let listener = Listener(pairs: 1)
            let device = try started(listener)
            cycles(Array(repeating: 64, count: 10))
            #expect(listener.heard == Array(repeating: 0, count: 64) + (1...576).map { Float($0) })
            #expect(device.counters.xruns.pointee.load() == 0)
            // 64 frames to be heard, 64 here, 64 to the air.
            #expect(device.inputLatencyFrames == 3 * 64 - device.outputLatencyFrames)
            device.stop()
        }

        @Test("blocks of any length, longer than the core's too, lose and shift nothing")
        func anyLength() throws {
            let listener = Listener(pairs: 1)
            let device = try started(listener)
            cycles([64, 1, 17, 512, 4_096, 5_000, 9_000, 3])
            #expect(listener.heard == (1...18_693).map { Float($0) })
            #expect(listener.blocks.max() == Limits.blockFramesMax)
            #expect(device.counters.xruns.pointee.load() == 0)
            #expect(AppleRig.audio.left.last == 18_693)
            device.stop()
        }

        @Test("frames that are missing are silence, counted, and waited for from then on")
        func missing() {
            let listener = Listener(pairs: 1)
            let counters = DeviceCounters()
            let port = SoundPort(channelCount: 2, counters: counters)
            port.prepare(inputRateHz: 48_000, rateHz: 48_000, ticksPerSecond: 0)
            port.open(listener.target)
            var next: Float = 1
            func bring(_ frames: Int) {
                let samples = (0..<frames).map { next + Float($0) }
                next += Float(frames)
                samples.withUnsafeBufferPointer {
                    port.state.pointee.heard[0] = $0.baseAddress
                    port.state.pointee.heard[1] = $0.baseAddress
                    port.state.pointee.hear(count: 2, stride: 1, frames: frames, atTicks: 0)
                }
            }
            func ask(_ frames: Int) {
                var left = [Float](repeating: 9, count: frames)
                var right = left
                port.state.pointee.render(&left, &right, frames: frames, atTicks: 0)
            }
            bring(64)
            ask(64)
            bring(36)
            ask(64)
            #expect(counters.xruns.pointee.load() == 1)
            #expect(counters.xrunFrames.pointee.load() == 28)
            #expect(listener.heard.filter { $0 == 0 }.count == 28)
            // 28 frames more than a block wait from now on: the same unevenness costs nothing.
            bring(64)
            ask(64)
            #expect(!listener.hadInput)
            for _ in 0..<10 {
                bring(92)
                ask(64)
                bring(36)
                ask(64)
            }
            #expect(counters.xruns.pointee.load() == 1)
            let later = listener.heard.suffix(1_000).filter { $0 != 0 }
            #expect(zip(later, later.dropFirst()).allSatisfy { $1 == $0 + 1 })
            // A clock that runs away: what is too old is left out, and counted.
            for _ in 0..<5 { bring(1_000) }
            ask(64)
            #expect(counters.xruns.pointee.load() == 2)
        }

        @Test("behind a closed gate there is silence, and nobody is called")
        func closed() throws {
            let listener = Listener(pairs: 1)
            let device = try started(listener)
            cycles([64])
            let frames = listener.frames
            device.port.close()
            AppleRig.audio.input = { _, _ in 1 }
            AppleRig.audio.cycle()
            #expect(listener.frames == frames)
            #expect(AppleRig.audio.left.allSatisfy { $0 == 0 } && AppleRig.audio.left.count == 64)
            device.stop()
        }

        @Test("who makes ready for another graph has closed the one before out")
        func prepares() {
            let listener = Listener(pairs: 1)
            let port = SoundPort(channelCount: 2, counters: DeviceCounters())
            port.prepare(inputRateHz: 0, rateHz: 48_000, ticksPerSecond: 0)
            port.open(listener.target)
            port.prepare(inputRateHz: 44_100, rateHz: 48_000, ticksPerSecond: 0)
            var left = [Float](repeating: 9, count: 64)
            var right = left
            port.state.pointee.render(&left, &right, frames: 64, atTicks: 0)
            #expect(listener.frames == 0 && left.allSatisfy { $0 == 0 })
        }

        @Test("whoever closes the gate waits for the one inside, and not for ever")
        func gateWaits() {
            let gate = PortGate()
            gate.open()
            #expect(gate.enter())
            let closed = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                gate.close()
                closed.signal()
            }
            #expect(closed.wait(timeout: .now() + .milliseconds(50)) == .timedOut)
            gate.leave()
            #expect(closed.wait(timeout: .now() + .seconds(5)) == .success)
            #expect(!gate.enter())
            gate.leave()
        }

        @Test("latency is the sum of what the hardware tells, at the core's rate")
        func terms() throws {
            AppleRig.audio.tellsTimes = false
            AppleRig.hal.change(card) {
                $0.latencyFrames = [30, 40]
                $0.safetyFrames = [24, 48]
                $0.inputs[0].latencyFrames = 7
                $0.outputs[0].latencyFrames = 9
            }
            let listener = Listener(pairs: 1)
            let device = try started(listener)
            cycles([64, 64])
            #expect(device.inputLatencyFrames == 30 + 24 + 7 + 64)
            #expect(device.outputLatencyFrames == 40 + 48 + 9 + 64)
            device.stop()
            let terms = LatencyTerms(
                deviceFrames: 441, streamFrames: 0, safetyFrames: -5, blockFrames: 1 << 20)
            #expect(terms.frames(fromHz: 44_100, toHz: 48_000) == 480)
            #expect(terms.frames(fromHz: 0, toHz: 48_000) == 441)
        }

        @Test("where the system tells its times, they say how long the way is")
        func turnaround() throws {
            AppleRig.hal.change(card) {
                $0.latencyFrames = [30, 40]
                $0.safetyFrames = [24, 48]
            }
            let listener = Listener(pairs: 1)
            let device = try started(listener)
            cycles([64, 64, 64])
            // A block until it is brought and one until it is in the air; what lies beyond: 30 + 40.
            let whole = device.inputLatencyFrames + device.outputLatencyFrames
            #expect(whole == 64 + 64 + 30 + 40)
            device.stop()
            #expect(device.outputLatencyFrames == 40 + 48 + 64)
        }
    }
}
