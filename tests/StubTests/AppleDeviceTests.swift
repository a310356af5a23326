import AVFAudio
import CoreAudio
import Foundation
import Testing

@testable import FlowCore

extension Mac {
    @Suite("The device")
    struct DeviceTests {
        init() { AppleRig.reset() }

        @Test("a device that cannot be named is refused, not replaced by another one unasked")
        func notNamed() throws {
            AppleRig.hal.plug(
                AppleRig.duplex("built-in"), isDefaultInput: true, isDefaultOutput: true)
            AppleRig.hal.plug(AppleRig.duplex("card"))
            AppleRig.hal.refusesNames = true
            let device = try AppleDevice(
                AppleDevice.Settings(
                    sampleRateHz: 48_000, blockFrames: 64,
                    wish: DeviceWish(input: "card", output: "card")), system: AppleSystem())
            #expect {
                try device.start(Listener(pairs: 1).target)
            } throws: {
                ($0 as? DeviceError)?.detail.contains("choose the device") == true
            }
            #expect(AppleRig.hal.listenerCount(1) == 0 && AppleRig.audio.running.isEmpty)
        }

        @Test("the defaults of both directions are told apart")
        func defaults() throws {
            AppleRig.hal.plug(AppleRig.duplex("heard"), isDefaultInput: true)
            AppleRig.hal.plug(AppleRig.duplex("played"), isDefaultOutput: true)
            let rig = try AppleRig()
            #expect(rig.device.plan?.input?.uid == "heard")
            #expect(rig.device.plan?.output.uid == "played")
            #expect(rig.device.plan?.isDefault == true)
        }

        @Test("a captured loop comes out of the hardware bit for bit, in phase")
        func bitExact() throws {
            AppleRig.hal.plug(
                AppleRig.duplex("card"), isDefaultInput: true, isDefaultOutput: true)
            let rig = try AppleRig()
            let take = try rig.capture()
            let from = rig.frame
            rig.run(ms: 3_000)
            let (right, wrong) = rig.judge(take, from: from + 480)
            #expect(right > 130_000 && wrong == 0, "\(right) right, \(wrong) wrong")
            // The judge can see one frame of shift.
            #expect(rig.judge(take, from: from + 480, shift: 1).wrong > 130_000)
            #expect(rig.device.counters.xruns.pointee.load() == 0)
        }

        @Test(
            "every pair of an interface is a source; a single last channel is both sides of its pair"
        )
        func pairs() throws {
            AppleRig.hal.plug(
                AppleRig.duplex("card", inputs: 5), isDefaultInput: true, isDefaultOutput: true)
            let device = try AppleDevice(
                AppleDevice.Settings(sampleRateHz: 48_000, blockFrames: 64),
                system: AppleSystem())
            #expect(device.sourceCount == 4)
            let listener = Listener(pairs: 3)
            try device.start(listener.target)
            AppleRig.audio.input = { Float($0) + Float($1) * 1_000 }
            AppleRig.audio.cycle()
            device.stop()
            #expect(listener.frames == 64)
            #expect(listener.planes.map { $0[10] } == [10, 1_010, 2_010, 3_010, 4_010, 4_010])
        }

        @Test("a single microphone is heard on both sides")
        func mono() throws {
            AppleRig.hal.plug(
                AppleRig.duplex("mic", inputs: 1), isDefaultInput: true, isDefaultOutput: true)
            let device = try AppleDevice(
                AppleDevice.Settings(sampleRateHz: 48_000, blockFrames: 64),
                system: AppleSystem())
            let listener = Listener(pairs: 1)
            try device.start(listener.target)
            AppleRig.audio.input = { frame, _ in Float(frame) }
            AppleRig.audio.cycle()
            device.stop()
            #expect(device.sourceCount == 1)
            #expect(listener.planes.map { $0[10] } == [10, 10])
        }

        @Test("rate and block are asked for, within what the hardware has")
        func rateAndBlock() throws {
            var card = AppleRig.duplex("card")
            card.rateHz = 44_100
            card.blockMin = 100
            let id = AppleRig.hal.plug(card, isDefaultInput: true, isDefaultOutput: true)
            let rig = try AppleRig(block: 64)
            #expect(AppleRig.hal.devices[id]?.rateHz == 48_000)
            #expect(AppleRig.hal.devices[id]?.blockFrames == 100)
            #expect(rig.device.blockFrames == 100 && rig.device.sampleRateHz == 48_000)
        }

        @Test("a rate the hardware has not: the core takes the hardware's")
        func otherRate() throws {
            var card = AppleRig.duplex("card")
            card.rates = [44_100]
            card.rateHz = 44_100
            AppleRig.hal.plug(card, isDefaultInput: true, isDefaultOutput: true)
            let device = try AppleDevice(
                AppleDevice.Settings(sampleRateHz: 48_000, blockFrames: 64),
                system: AppleSystem())
            #expect(device.sampleRateHz == 44_100)
        }

        @Test(
            "a device is named by its UID, and before anything is wired; the default is not named")
        func byUid() throws {
            AppleRig.hal.plug(
                AppleRig.duplex("built-in"), isDefaultInput: true, isDefaultOutput: true)
            let card = AppleRig.hal.plug(AppleRig.duplex("card"))
            do {
                let rig = try AppleRig(wish: DeviceWish(input: "", output: "card"))
                let unit = try #require(AppleRig.audio.running.first).outputNode.auAudioUnit
                #expect(unit.isNamed && unit.deviceID == card)
                #expect(rig.device.plan?.input?.uid == "card", "both sides of it are meant")
                #expect(rig.device.key != 0)
            }
            let rig = try AppleRig()
            let unit = try #require(AppleRig.audio.running.first).outputNode.auAudioUnit
            #expect(!unit.isNamed)
            rig.engine.stop()
            #expect(AppleRig.audio.running.isEmpty)
        }

        @Test("an output and a microphone of their own are joined, and parted again")
        func joined() throws {
            let speakers = AppleRig.hal.plug(
                AppleRig.duplex("speakers", inputs: 0), isDefaultOutput: true)
            let mic = AppleRig.hal.plug(
                AppleRig.duplex("mic", inputs: 1, outputs: 0), isDefaultInput: true)
            let rig = try AppleRig()
            let joined = try #require(
                AppleRig.hal.devices.first { $0.value.parts == [speakers, mic] })
            let unit = try #require(AppleRig.audio.running.first).outputNode.auAudioUnit
            #expect(unit.deviceID == joined.key)
            let take = try rig.capture()
            let from = rig.frame
            rig.run(ms: 500)
            // A single microphone: both sides are its left.
            let all = rig.played.filter { $0.key >= from + 480 }
            #expect(all.count > 20_000 && all.values.allSatisfy { $0.0 == $0.1 })
            #expect(take.toFrame > take.fromFrame)
            rig.engine.stop()
            #expect(AppleRig.hal.devices.keys.sorted() == [speakers, mic].sorted())
        }

        @Test(
            "two that cannot be joined and are not the default: it plays, and says that it is deaf")
        func notJoined() throws {
            AppleRig.hal.plug(
                AppleRig.duplex("built-in"), isDefaultInput: true, isDefaultOutput: true)
            AppleRig.hal.plug(AppleRig.duplex("mic", outputs: 0))
            AppleRig.hal.refusesToJoin = true
            let rig = try AppleRig(wish: DeviceWish(input: "mic", output: "built-in"))
            rig.run(ms: 200)
            #expect(rig.quietNs.isEmpty && rig.frame > 9_000)
            #expect(rig.conditions == ["\(ErrorCode.microphoneRefused) on"])
        }

        @Test("without anything to play through it is refused, with the reason")
        func nothing() {
            AppleRig.hal.plug(AppleRig.duplex("mic", outputs: 0), isDefaultInput: true)
            #expect {
                _ = try AppleDevice(
                    AppleDevice.Settings(sampleRateHz: 48_000, blockFrames: 64),
                    system: AppleSystem())
            } throws: { error in
                let failure = error as? DeviceError
                return failure?.code == ErrorCode.deviceOpen
                    && failure?.detail == "there is no device to play through"
            }
        }

        @Test(
            "the kind of device that the engine is configured with is opened by the engine itself")
        func byConfiguration() throws {
            AppleRig.hal.plug(
                AppleRig.duplex("card", inputs: 4), isDefaultInput: true, isDefaultOutput: true)
            var configuration = EngineConfiguration()
            configuration.ringSecondsMax = 5
            configuration.deviceKind = DeviceKind.coreaudio
            configuration.flags |= ConfigFlags.deviceSources
            configuration.inputDevice = "card"
            configuration.outputDevice = "Name of card"
            let engine = try FlowEngine(configuration)
            let device = try #require(engine.device as? AppleDevice)
            #expect(device.sourceCount == 3)
            #expect(device.settings.wish == DeviceWish(input: "card", output: "Name of card"))
            #expect(engine.settings.sourceCount == 3)
            try engine.start()
            AppleRig.audio.cycle()
            #expect(engine.block.pointee.frame == 128)
            engine.stop()
            #expect(!engine.device.isThere)
        }

        @Test("while it plays the system may not slow it down; afterwards it may")
        func activity() throws {
            AppleRig.hal.plug(AppleRig.duplex("card"), isDefaultInput: true, isDefaultOutput: true)
            let rig = try AppleRig()
            #expect(StubActivity.shared.options == [[.userInitiated, .latencyCritical]])
            rig.engine.stop()
            #expect(StubActivity.shared.options.isEmpty)
        }

        @Test("an overload is a dropout, told with its code")
        func overload() throws {
            let id = AppleRig.hal.plug(
                AppleRig.duplex("card"), isDefaultInput: true, isDefaultOutput: true)
            let rig = try AppleRig()
            rig.run(ms: 100)
            #expect(rig.all(.xrun).isEmpty)
            AppleRig.hal.overload(id)
            rig.run(ms: 1_100)
            let told = try #require(rig.all(.xrun).first)
            #expect(told.errorCode == ErrorCode.audioDropout && told.value == 128)
        }

        @Test("stopped, nobody is listened to any more and no engine is left")
        func leavesNothing() throws {
            let id = AppleRig.hal.plug(
                AppleRig.duplex("card"), isDefaultInput: true, isDefaultOutput: true)
            do {
                let rig = try AppleRig()
                #expect(
                    AppleRig.hal.selectors(1) == [
                        kAudioHardwarePropertyDevices, kAudioHardwarePropertyDefaultInputDevice,
                        kAudioHardwarePropertyDefaultOutputDevice,
                    ])
                #expect(
                    AppleRig.hal.selectors(id) == [
                        kAudioDevicePropertyDeviceIsAlive, kAudioDevicePropertyNominalSampleRate,
                        kAudioDeviceProcessorOverload,
                    ])
                rig.run(ms: 20)
                let system = try #require(rig.device.system as? AppleSystem)
                let engine = try #require(rig.device.graph as? AppleGraph).engine
                rig.engine.stop()
                #expect(system.watches.isEmpty)
                #expect(
                    AppleRig.hal.listenerCount(1) == 0 && AppleRig.hal.listenerCount(id) == 0)
                _ = rig.device.mailbox.take()
                NotificationCenter.default.post(
                    name: .AVAudioEngineConfigurationChange, object: engine)
                #expect(!rig.device.mailbox.take().isBroken)
            }
            #expect(AppleRig.hal.listenerCount(1) == 0 && AppleRig.hal.listenerCount(id) == 0)
            #expect(AppleRig.audio.aliveCount == 0)
        }
    }
}
