import AVFAudio
import CoreAudio
import Foundation
import Testing

@testable import FlowCore

extension Mac {
    @Suite("A change while it plays")
    struct ChangeTests {
        init() { AppleRig.reset() }

        /// The longest stretch without sound, in ms of virtual time.
        private func longestMs(_ rig: AppleRig) -> Double {
            Double(rig.quietNs.max() ?? 0) / 1e6
        }

        @Test(
            "another program changes the rate: it is put back, the loops are whole, sound within 0.3 s"
        )
        func rateChanged() throws {
            let id = AppleRig.hal.plug(
                AppleRig.duplex("card"), isDefaultInput: true, isDefaultOutput: true)
            let rig = try AppleRig()
            let take = try rig.capture()
            let before = rig.frame
            AppleRig.hal.setRate(id, 44_100)
            rig.run(ms: 1_000)
            #expect(rig.frame - before >= 45_500, "the clock stands in after 50 ms at most")
            print("rate changed: sound again after \(longestMs(rig)) ms")
            #expect(rig.quietNs.count == 1 && longestMs(rig) < 300)
            #expect(AppleRig.hal.devices[id]?.rateHz == 48_000)
            let from = rig.frame
            rig.run(ms: 1_000)
            let (right, wrong) = rig.judge(take, from: from)
            #expect(right > 40_000 && wrong == 0, "\(right) right, \(wrong) wrong")
            #expect(rig.conditions.isEmpty)
        }

        @Test("hardware that keeps another rate is converted on both ways")
        func rateKept() throws {
            let id = AppleRig.hal.plug(
                AppleRig.duplex("card"), isDefaultInput: true, isDefaultOutput: true)
            let device = try AppleDevice(
                AppleDevice.Settings(sampleRateHz: 48_000, blockFrames: 128),
                system: AppleSystem())
            let listener = Listener(pairs: 1)
            try device.start(listener.target)
            AppleRig.hal.change(id) { $0.rates = [44_100] }
            AppleRig.hal.setRate(id, 44_100)
            for tick in 1...10 { _ = device.attend(nowNs: Int64(tick) * 50_000_000) }
            #expect(device.isThere && device.graph?.inputRateHz == 44_100)
            var at = 0
            var heardAt = 0
            for _ in 0..<400 {
                AppleRig.audio.input = { frame, _ in
                    sinf(Float(at + frame) * 2 * .pi * 441 / 44_100)
                }
                AppleRig.audio.cycle()
                at += 128
                if heardAt == 0, listener.heard.count > 10_000 { heardAt = listener.heard.count }
            }
            device.stop()
            // 441 Hz at 48 kHz: the same phase again after 48,000 / 441 × 49 frames, which is whole.
            let heard = Array(listener.heard[heardAt...])
            let period = 16_000
            let error = (0..<heard.count - period).map { abs(heard[$0] - heard[$0 + period]) }
            #expect(heard.count > 2 * period)
            #expect((error.max() ?? 1) < 2e-3, "\(error.max() ?? 1)")
            #expect((heard.max() ?? 0) > 0.99 && (heard.max() ?? 9) < 1.01)
            #expect(device.counters.xrunFrames.pointee.load() == 0)
        }

        @Test("a device that goes: the default takes over, the loops are whole, sound within 0.3 s")
        func deviceLost() throws {
            AppleRig.hal.plug(
                AppleRig.duplex("built-in"), isDefaultInput: true, isDefaultOutput: true)
            let card = AppleRig.hal.plug(AppleRig.duplex("card"))
            let rig = try AppleRig(wish: DeviceWish(input: "card", output: "card"))
            let take = try rig.capture()
            let before = rig.frame
            AppleRig.hal.pull(card)
            rig.run(ms: 1_000)
            print("device lost: sound again after \(longestMs(rig)) ms")
            #expect(rig.quietNs.count == 1 && longestMs(rig) < 300)
            #expect(rig.device.plan?.output.uid == "built-in")
            #expect(rig.frame - before >= 45_500, "the clock stands in after 50 ms at most")
            let from = rig.frame
            rig.run(ms: 1_000)
            let (right, wrong) = rig.judge(take, from: from)
            #expect(right > 40_000 && wrong == 0, "\(right) right, \(wrong) wrong")
            // Plugged in again it is taken again.
            AppleRig.hal.plug(AppleRig.duplex("card"))
            rig.run(ms: 500)
            #expect(rig.device.plan?.output.uid == "card")
            #expect(rig.conditions.isEmpty)
            rig.run(ms: 500)
            #expect(rig.judge(take, from: from).wrong == 0)
        }

        @Test(
            "the only device goes: the clock stands in, the player is told, and told when it is back"
        )
        func onlyDevice() throws {
            let card = AppleRig.hal.plug(
                AppleRig.duplex("card"), isDefaultInput: true, isDefaultOutput: true)
            let rig = try AppleRig()
            let take = try rig.capture()
            let before = rig.frame
            AppleRig.hal.pull(card)
            rig.run(ms: 1_000)
            #expect(rig.conditions.isEmpty, "it is tried for a while")
            rig.run(ms: 5_000)
            #expect(rig.conditions == ["\(ErrorCode.deviceLost) on"])
            #expect(!rig.device.isThere && rig.frame - before > 280_000)
            // Right after a try that failed: the next one would be in 1.6 s.
            let failures = rig.device.care.failureCount
            while rig.device.care.failureCount == failures { rig.run(ms: 3) }
            AppleRig.hal.plug(
                AppleRig.duplex("card"), isDefaultInput: true, isDefaultOutput: true)
            let plugged = rig.clock.nowNs
            while AppleRig.audio.running.isEmpty, rig.clock.nowNs - plugged < 2_000_000_000 {
                rig.run(ms: 3)
            }
            print("plugged in again: sound after \((rig.clock.nowNs - plugged) / 1_000_000) ms")
            #expect(rig.clock.nowNs - plugged < 300_000_000)
            let from = rig.frame
            rig.run(ms: 1_000)
            #expect(rig.conditions.last == "\(ErrorCode.deviceLost) off")
            let (right, wrong) = rig.judge(take, from: from)
            #expect(right > 40_000 && wrong == 0, "\(right) right, \(wrong) wrong")
        }

        @Test("another default output is followed, loops and all")
        func defaultChanged() throws {
            AppleRig.hal.plug(
                AppleRig.duplex("built-in"), isDefaultInput: true, isDefaultOutput: true)
            let rig = try AppleRig()
            let take = try rig.capture()
            let phones = AppleRig.hal.plug(AppleRig.duplex("headphones"))
            AppleRig.hal.setDefaults(input: phones, output: phones)
            rig.run(ms: 500)
            #expect(rig.device.plan?.output.uid == "headphones")
            #expect(longestMs(rig) < 10, "it plays on until the other one does")
            let from = rig.frame
            rig.run(ms: 500)
            #expect(rig.judge(take, from: from).wrong == 0)
        }

        @Test("a change that nobody tells of is found within four seconds")
        func untold() throws {
            let one = AppleRig.hal.plug(
                AppleRig.duplex("one"), isDefaultInput: true, isDefaultOutput: true)
            let rig = try AppleRig()
            rig.run(ms: 100)
            AppleRig.hal.plug(AppleRig.duplex("two"))
            rig.run(ms: 300)
            AppleRig.hal.deafen()
            let two = try #require(AppleRig.hal.devices.first { $0.value.uid == "two" }).key
            AppleRig.hal.setDefaults(input: two, output: two)
            rig.run(ms: 1_000)
            #expect(rig.device.plan?.output.id == one)
            rig.run(ms: 3_000)
            #expect(rig.device.plan?.output.id == two)
        }

        @Test("a rate that changes without the engine's notice is put back all the same")
        func unnoticed() throws {
            let id = AppleRig.hal.plug(
                AppleRig.duplex("card"), isDefaultInput: true, isDefaultOutput: true)
            let rig = try AppleRig()
            rig.run(ms: 100)
            AppleRig.hal.deafenEngines()
            AppleRig.hal.setRate(id, 44_100)
            rig.run(ms: 500)
            #expect(AppleRig.hal.devices[id]?.rateHz == 48_000 && rig.device.isThere)
        }

        @Test("starts that fail are tried again, each time after a longer pause")
        func retries() throws {
            let id = AppleRig.hal.plug(
                AppleRig.duplex("card"), isDefaultInput: true, isDefaultOutput: true)
            let rig = try AppleRig()
            let take = try rig.capture()
            // Each try is made with and without the input.
            AppleRig.audio.startFailures = 6
            AppleRig.hal.setRate(id, 44_100)
            rig.run(ms: 2_500)
            print("three starts failed: sound again after \(longestMs(rig)) ms")
            #expect(rig.device.isThere && AppleRig.audio.startFailures == 0)
            #expect((850.0...1_200).contains(longestMs(rig)), "\(longestMs(rig))")
            let from = rig.frame
            rig.run(ms: 500)
            #expect(rig.judge(take, from: from).wrong == 0)
            #expect(rig.conditions.isEmpty)
        }

        @Test("ten changes in a tenth of a second build one graph")
        func burst() throws {
            let id = AppleRig.hal.plug(
                AppleRig.duplex("card"), isDefaultInput: true, isDefaultOutput: true)
            let rig = try AppleRig()
            rig.run(ms: 100)
            let first = try #require(rig.device.graph)
            AppleRig.hal.setRate(id, 96_000)
            for change in 0..<10 {
                AppleRig.hal.setRate(id, change % 2 == 0 ? 44_100 : 96_000)
                rig.run(ms: 10)
                #expect(rig.device.graph == nil || rig.device.graph === first)
            }
            rig.run(ms: 400)
            #expect(rig.device.graph != nil && rig.device.graph !== first)
            #expect(AppleRig.audio.aliveCount == 2, "the first is held by this test")
        }

        @Test("what was lost in between is in no take: a dropout is counted")
        func dropout() throws {
            let id = AppleRig.hal.plug(
                AppleRig.duplex("card"), isDefaultInput: true, isDefaultOutput: true)
            let rig = try AppleRig()
            rig.run(ms: 100)
            #expect(rig.device.counters.xruns.pointee.load() == 0)
            AppleRig.hal.setRate(id, 44_100)
            rig.run(ms: 500)
            #expect(rig.device.counters.xruns.pointee.load() == 1)
        }
    }
}
