import AVFAudio
import CoreAudio
import Foundation
import Testing

@testable import FlowCore

extension Mac {
    @Suite("The microphone")
    struct MicrophoneTests {
        init() {
            AppleRig.reset()
            AppleRig.hal.plug(
                AppleRig.duplex("card"), isDefaultInput: true, isDefaultOutput: true)
        }

        /// Whether anything was heard in the frames so far.
        private func hasHeard(_ rig: AppleRig) -> Bool {
            var ring = [Float](repeating: 0, count: 2 * Int(rig.frame))
            #expect(rig.engine.store.copy(from: 0, frames: Int(rig.frame), into: &ring))
            return ring.contains { $0 != 0 }
        }

        @Test("refused: it plays, hears nothing, and says so", arguments: [true, false])
        func refused(isRefused: Bool) throws {
            AVAudioApplication.shared.set(isRefused ? .denied : .granted)
            let rig = try AppleRig()
            rig.run(ms: 500)
            #expect(rig.quietNs.isEmpty && rig.frame >= 23_900)
            #expect(hasHeard(rig) == !isRefused)
            #expect(AVAudioApplication.shared.askedCount == 0)
            #expect(
                rig.conditions == (isRefused ? ["\(ErrorCode.microphoneRefused) on"] : []))
            #expect(AppleRig.audio.running.first?.hasSink == !isRefused)
        }

        @Test("nobody was asked yet: it plays at once, asks once, and hears when allowed")
        func asked() throws {
            AVAudioApplication.shared.set(.undetermined)
            let rig = try AppleRig()
            rig.run(ms: 500)
            #expect(rig.quietNs.isEmpty && !hasHeard(rig))
            #expect(AVAudioApplication.shared.askedCount == 1 && rig.conditions.isEmpty)
            AVAudioApplication.shared.answer(true)
            rig.run(ms: 500)
            #expect(hasHeard(rig) && rig.conditions.isEmpty)
            #expect(AVAudioApplication.shared.askedCount == 0)
        }

        @Test("loops play on when permission is taken away and given again")
        func takenAway() throws {
            let rig = try AppleRig()
            let take = try rig.capture()
            AVAudioApplication.shared.set(.denied)
            rig.run(ms: 4_000)
            #expect(rig.conditions == ["\(ErrorCode.microphoneRefused) on"])
            let from = rig.frame
            rig.run(ms: 500)
            #expect(rig.judge(take, from: from).wrong == 0)
            AVAudioApplication.shared.set(.granted)
            rig.run(ms: 4_000)
            #expect(rig.conditions.last == "\(ErrorCode.microphoneRefused) off")
            #expect(rig.judge(take, from: from).wrong == 0)
        }

        @Test("an input that is exactly zero for five seconds is told; its first sound ends that")
        func silent() throws {
            let rig = try AppleRig()
            rig.run(ms: 200)
            rig.isPlayed = false
            rig.run(ms: 4_900)
            #expect(rig.conditions.isEmpty)
            rig.run(ms: 300)
            #expect(rig.conditions == ["\(ErrorCode.inputSilent) on"])
            rig.isPlayed = true
            rig.run(ms: 100)
            #expect(
                rig.conditions
                    == ["\(ErrorCode.inputSilent) on", "\(ErrorCode.inputSilent) off"])
        }

        @Test(
            "allowed, but its format reads 0 Hz: it is never connected, it plays, and says that it is deaf"
        )
        func zeroHz() throws {
            AppleRig.audio.readsZeroHz = true
            let rig = try AppleRig()
            rig.run(ms: 300)
            #expect(rig.quietNs.isEmpty && rig.frame > 14_000)
            #expect(rig.conditions == ["\(ErrorCode.microphoneRefused) on"])
            #expect(AppleRig.audio.raiseCount == 0)
        }

        @Test("an input that raises when it is connected costs the input, not the process")
        func raises() throws {
            AppleRig.audio.refusesSinks = true
            let rig = try AppleRig()
            rig.run(ms: 300)
            #expect(rig.quietNs.isEmpty && rig.frame > 14_000)
            #expect(rig.conditions == ["\(ErrorCode.microphoneRefused) on"])
            #expect(AppleRig.audio.raiseCount == 1)
        }

        @Test("hardware without any input plays, and nobody is told that it was refused")
        func noInput() throws {
            AppleRig.reset()
            AppleRig.hal.plug(AppleRig.duplex("speakers", inputs: 0), isDefaultOutput: true)
            let rig = try AppleRig()
            rig.run(ms: 6_000)
            #expect(rig.quietNs.isEmpty && rig.conditions.isEmpty)
            #expect(AppleRig.audio.running.first?.hasSink == false)
        }
    }
}
