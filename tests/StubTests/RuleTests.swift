import AVFAudio
import AudioToolbox
import CoreAudio
import Foundation
import Testing

@testable import FlowCore

extension Mac {
    /// What the stubs refuse: without these no other test here would prove anything.
    @Suite("The rules of the stubs")
    struct RuleTests {
        let card: AudioObjectID
        private let engine = AVAudioEngine()

        init() {
            AppleRig.reset()
            card = AppleRig.hal.plug(
                AppleRig.duplex("card"), isDefaultInput: true, isDefaultOutput: true)
        }

        /// What the guard says of it; empty when nothing was raised or thrown.
        private func refusal(_ body: @escaping () throws -> Void) -> String {
            do {
                try AppleGuard.run("it", body)
                return ""
            } catch {
                #expect(error.code == ErrorCode.deviceOpen)
                return error.detail
            }
        }

        private func source(_ rate: Double = 48_000) throws -> (AVAudioSourceNode, AVAudioFormat) {
            let format = try #require(
                AVAudioFormat(standardFormatWithSampleRate: rate, channels: 2))
            return (AVAudioSourceNode(format: format) { _, _, _, _ in noErr }, format)
        }

        @Test(
            "an exception is an error with its reason; what is thrown, too; else the body has run")
        func guarded() {
            let engine = engine
            #expect(refusal { engine.prepare() }.contains("it: com.apple.coreaudio.avfaudio: "))
            #expect(refusal { throw AUAudioUnit.error(-50) }.contains("-50"))
            var count = 0
            #expect(refusal { count += 1 }.isEmpty && count == 1)
            let inner = refusal {
                try AppleGuard.run("inner") { engine.prepare() }
            }
            #expect(inner.contains("inner"))
        }

        @Test("a node is attached once, and before it is connected")
        func attached() throws {
            let engine = engine
            let (node, format) = try source()
            #expect(
                refusal { engine.connect(node, to: engine.mainMixerNode, format: format) }
                    .contains("attached"))
            #expect(refusal { engine.attach(node) }.isEmpty)
            #expect(refusal { engine.attach(node) }.contains("HasEngineImpl"))
            #expect(
                refusal { engine.connect(node, to: engine.mainMixerNode, format: format) }
                    .isEmpty)
            #expect(refusal { engine.detach(node) }.isEmpty)
            #expect(refusal { engine.detach(node) }.contains("_nodes"))
        }

        @Test("a sink hears the input node, as the hardware is, and in no other way")
        func sinks() throws {
            let engine = engine
            let (node, format) = try source()
            let other = try #require(
                AVAudioFormat(standardFormatWithSampleRate: 44_100, channels: 2))
            let sink = AVAudioSinkNode { _, _, _ in noErr }
            engine.attach(sink)
            engine.attach(node)
            let input = engine.inputNode
            #expect(
                refusal { engine.connect(node, to: sink, format: format) }.contains("input chain"))
            #expect(
                refusal { engine.connect(input, to: sink, format: other) }
                    .contains("not matching"))
            AVAudioApplication.shared.set(.denied)
            let silent = input.outputFormat(forBus: 0)
            #expect(silent.sampleRate == 0 && silent.channelCount == 0)
            #expect(
                refusal { engine.connect(input, to: sink, format: silent) }.contains("IsFormat"))
            AVAudioApplication.shared.set(.granted)
            try engine.enableManualRenderingMode(
                .offline, format: format, maximumFrameCount: 512)
            #expect(
                refusal {
                    engine.connect(input, to: sink, format: input.outputFormat(forBus: 0))
                }.contains("manual"))
        }

        @Test("a device is named before anything is wired, and there must be one of that number")
        func naming() throws {
            let unit = engine.outputNode.auAudioUnit
            #expect(engine.inputNode.auAudioUnit === unit, "one unit for both directions")
            #expect(refusal { try unit.setDeviceID(7) }.contains("-10851"))
            #expect(refusal { try unit.setDeviceID(self.card) }.isEmpty)
            let (node, format) = try source()
            engine.attach(node)
            engine.connect(node, to: engine.mainMixerNode, format: format)
            #expect(refusal { try unit.setDeviceID(self.card) }.contains("-10851"))
        }

        @Test("manual rendering: switched on while stopped, within its maximum, in its format")
        func manual() throws {
            let engine = engine
            let (node, format) = try source()
            let buffer = try #require(AVAudioPCMBuffer(pcmFormat: format, frameCapacity: 4_096))
            #expect(refusal { _ = try engine.renderOffline(1, to: buffer) }.contains("-80800"))
            engine.attach(node)
            engine.connect(node, to: engine.mainMixerNode, format: format)
            try engine.start()
            let turnOn = {
                try engine.enableManualRenderingMode(
                    .offline, format: format, maximumFrameCount: 512)
            }
            #expect(refusal(turnOn).contains("-80801"))
            engine.stop()
            #expect(refusal(turnOn).isEmpty)
            #expect(refusal { _ = try engine.renderOffline(1, to: buffer) }.contains("-80802"))
            try engine.start()
            #expect(refusal { _ = try engine.renderOffline(513, to: buffer) }.contains("-50"))
            #expect(refusal { _ = try engine.renderOffline(512, to: buffer) }.isEmpty)
            #expect(buffer.frameLength == 512)
            engine.stop()
        }

        @Test("a property is found by object, selector, scope, element and size alone")
        func properties() {
            func read(
                _ object: AudioObjectID, _ selector: AudioObjectPropertySelector,
                _ scope: AudioObjectPropertyScope, _ element: UInt32 = 0, bytes: UInt32 = 4
            ) -> OSStatus {
                var address = AudioObjectPropertyAddress(
                    mSelector: selector, mScope: scope, mElement: element)
                var size = bytes
                var value: UInt64 = 0
                return AudioObjectGetPropertyData(object, &address, 0, nil, &size, &value)
            }
            let (latency, glob, into) = (
                kAudioDevicePropertyLatency, kAudioObjectPropertyScopeGlobal,
                kAudioObjectPropertyScopeInput
            )
            #expect(read(card, latency, into) == noErr)
            #expect(read(card, latency, glob) == kAudioHardwareUnknownPropertyError)
            #expect(read(card, latency, into, 1) == kAudioHardwareUnknownPropertyError)
            #expect(read(card, latency, into, bytes: 8) == kAudioHardwareBadPropertySizeError)
            #expect(read(7, latency, into) == kAudioHardwareBadObjectError)
            #expect(
                read(card, kAudioDevicePropertyBufferFrameSize, into)
                    == kAudioHardwareUnknownPropertyError)
            let isWritten = AppleHal.set(
                card, AppleHal.address(kAudioDevicePropertyDeviceIsAlive), UInt32(1))
            #expect(!isWritten)
        }

        @Test("an engine whose hardware changes has stopped, and tells whoever listens to it alone")
        func tells() throws {
            let engine = AVAudioEngine()
            defer { engine.stop() }
            let (node, format) = try source()
            engine.attach(node)
            engine.connect(node, to: engine.mainMixerNode, format: format)
            let other = AVAudioEngine()
            let told = SoundMailbox(counters: DeviceCounters())
            let untold = SoundMailbox(counters: DeviceCounters())
            let observers = [(engine, told), (other, untold)].map { engine, mailbox in
                NotificationCenter.default.addObserver(
                    forName: .AVAudioEngineConfigurationChange, object: engine, queue: nil
                ) { _ in mailbox.broke() }
            }
            try engine.start()
            AppleRig.hal.setRate(card, 44_100)
            #expect(!engine.isRunning && told.take().isBroken && !untold.take().isBroken)
            for observer in observers { NotificationCenter.default.removeObserver(observer) }
        }

        @Test("lists of the system are laid out as C lays them out")
        func layout() {
            #expect(
                MemoryLayout<AudioBuffer>.size == 16 && MemoryLayout<AudioBufferList>.size == 24)
            #expect(MemoryLayout<AudioBufferList>.offset(of: \.mBuffers) == 8)
            #expect(MemoryLayout<AudioValueRange>.size == 16)
            #expect(MemoryLayout<AudioObjectPropertyAddress>.size == 12)
        }
    }
}
