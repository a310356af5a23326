#if canImport(AVFAudio)
    import CFlowApple
    import CoreAudio
    import Foundation

    extension AppleSystem {
        /// A device that is not whole by then will not be.
        private static let wholeNsMax: Int64 = 1_000_000_000
        private static let lookNs: Int64 = 5_000_000

        func join(output: SoundCard, input: SoundCard) -> UInt32 {
            var made: UInt32 = 0
            joinCount += 1
            // Numbered by the process, for a second instance has its own; and anew each time, for one that
            // was given up goes later.
            let uid = "\(SoundCard.joinedPrefix)\(getpid()).\(joinCount)"
            guard flow_apple_join(uid, output.uid, input.uid, &made) == noErr else { return 0 }
            if becomesWhole(made, [output, input]) { return made }
            part(made)
            return 0
        }

        func part(_ joined: UInt32) { _ = AudioHardwareDestroyAggregateDevice(joined) }

        /// Waits until all channels of its parts are there: they come after the device itself, and a unit
        /// that is given it before has no format, or that of one part.
        private func becomesWhole(_ joined: UInt32, _ parts: [SoundCard]) -> Bool {
            let inputs = parts.reduce(0) { $0 + $1.inputChannels }
            let outputs = parts.reduce(0) { $0 + $1.outputChannels }
            let deadlineNs = wait.nowNs() + Self.wholeNsMax
            while AppleHal.channels(joined, kAudioObjectPropertyScopeInput) != inputs
                || AppleHal.channels(joined, kAudioObjectPropertyScopeOutput) != outputs
                || rateHz(joined) == 0
            {
                let nowNs = wait.nowNs()
                guard nowNs < deadlineNs else { return false }
                wait.sleepUntil(nowNs + Self.lookNs)
            }
            return true
        }
    }
#endif
