import AVFAudio
import CoreAudio
import Foundation
import Testing

@testable import FlowCore

extension Mac {
    /// An output and an input of two devices: most Macs have no other.
    @Suite("Two devices that are joined")
    struct JoinTests {
        init() { AppleRig.reset() }

        /// A device of these two, and what hears through it.
        private func started(
            _ clock: AppleRig.Clock, output: StubDevice, input: StubDevice, wish: DeviceWish
        ) throws -> (AppleDevice, Listener) {
            AppleRig.hal.plug(
                AppleRig.duplex("built-in"), isDefaultInput: true, isDefaultOutput: true)
            AppleRig.hal.plug(output)
            AppleRig.hal.plug(input)
            let device = try AppleDevice(
                AppleDevice.Settings(sampleRateHz: 48_000, blockFrames: 64, wish: wish),
                system: AppleSystem(wait: AppleRig.wait(clock)))
            let listener = Listener(pairs: 1)
            try device.start(listener.target)
            return (device, listener)
        }

        private let both = DeviceWish(input: "heard", output: "played")

        private var joined: StubDevice? {
            AppleRig.hal.devices.values.first { !$0.parts.isEmpty }
        }

        @Test("the input that was chosen is heard, not what the card that plays could hear")
        func chosenInput() throws {
            let (device, listener) = try started(
                AppleRig.Clock(), output: AppleRig.duplex("played", inputs: 6),
                input: AppleRig.duplex("heard", outputs: 4), wish: both)
            #expect(joined?.inputs.map(\.channels) == [6, 2])
            #expect(joined?.outputs.map(\.channels) == [2, 4], "what is played goes to the first")
            AppleRig.audio.input = { Float($0) + Float($1) * 1_000 }
            AppleRig.audio.cycle()
            #expect(listener.planes.map { $0[10] } == [6_010, 7_010])
            device.stop()
        }

        @Test("it is used when its channels are there, which is later than it is")
        func whole() throws {
            let clock = AppleRig.Clock()
            let beganNs = clock.nowNs
            let (device, _) = try started(
                clock, output: AppleRig.duplex("played", inputs: 0),
                input: AppleRig.duplex("heard", inputs: 1, outputs: 0), wish: both)
            #expect(clock.nowNs - beganNs == 2 * AppleRig.hal.partNs)
            #expect(device.isThere && device.graph?.inputRateHz == 48_000)
            device.stop()
            #expect(joined == nil)
        }

        @Test("one that never becomes whole is given up after a second: it plays all the same")
        func neverWhole() throws {
            AppleRig.hal.partNs = 900_000_000
            let clock = AppleRig.Clock()
            let beganNs = clock.nowNs
            let (device, listener) = try started(
                clock, output: AppleRig.duplex("played"), input: AppleRig.duplex("heard"),
                wish: both)
            #expect((1_000_000_000...1_010_000_000).contains(clock.nowNs - beganNs))
            #expect(joined == nil, "nothing of it is left")
            AppleRig.audio.cycle()
            #expect(listener.frames == 64 && !listener.hadInput)
            device.stop()
        }

        @Test("joined again it has another name: the one before goes when the system likes")
        func again() throws {
            let (device, listener) = try started(
                AppleRig.Clock(), output: AppleRig.duplex("played"),
                input: AppleRig.duplex("heard"), wish: both)
            let first = try #require(joined).uid
            device.mailbox.broke()
            for tick in 1...10 { _ = device.attend(nowNs: Int64(tick) * 50_000_000) }
            #expect(joined != nil && joined?.uid != first)
            AppleRig.audio.cycle()
            AppleRig.audio.cycle()
            #expect(device.isThere && listener.hadInput)
            device.stop()
        }
    }
}
