#if canImport(AVFAudio)
    import AVFAudio
    import AudioToolbox
    import CoreAudio
    import Foundation

    /// The Mac's sound hardware.
    ///
    /// - Thread: one at a time; what it watches is told on a thread of the hardware's own.
    final class AppleSystem: SoundSystem {
        /// What is listened to, so that it can be left again.
        var watches: [AppleWatch] = []
        /// The mailbox of the listeners, and as they are given it.
        var heard: (mailbox: SoundMailbox, context: UnsafeMutableRawPointer)?
        /// How many devices were joined so far.
        var joinCount = 0
        let wait: WaitClock
        private var activity: (any NSObjectProtocol)?

        init(wait: WaitClock = WaitClock()) {
            self.wait = wait
            // Else changes are told, and taken note of, on the main thread's run loop: here nobody runs it.
            _ = AppleHal.set(
                AppleHal.system, AppleHal.address(kAudioHardwarePropertyRunLoop), UInt(0))
        }

        func picture() -> SoundPicture {
            let ids = AppleHal.numbers(
                AppleHal.system, AppleHal.address(kAudioHardwarePropertyDevices), AudioObjectID(0))
            return SoundPicture(
                cards: ids.map(card),
                defaultInput: defaultDevice(kAudioHardwarePropertyDefaultInputDevice),
                defaultOutput: defaultDevice(kAudioHardwarePropertyDefaultOutputDevice))
        }

        private func card(_ id: AudioObjectID) -> SoundCard {
            SoundCard(
                id: id, uid: AppleHal.text(id, kAudioDevicePropertyDeviceUID),
                name: AppleHal.text(id, kAudioObjectPropertyName),
                inputChannels: AppleHal.channels(id, kAudioObjectPropertyScopeInput),
                outputChannels: AppleHal.channels(id, kAudioObjectPropertyScopeOutput))
        }

        private func defaultDevice(_ selector: AudioObjectPropertySelector) -> AudioObjectID {
            AppleHal.number(AppleHal.system, AppleHal.address(selector), AudioObjectID(0)) ?? 0
        }

        func isAlive(_ device: UInt32) -> Bool {
            AppleHal.number(device, AppleHal.address(kAudioDevicePropertyDeviceIsAlive), UInt32(0))
                == 1
        }

        func rateHz(_ device: UInt32) -> Int {
            let address = AppleHal.address(kAudioDevicePropertyNominalSampleRate)
            return Int((AppleHal.number(device, address, Float64(0)) ?? 0).rounded())
        }

        func setRate(_ device: UInt32, hz: Int) -> Bool {
            if rateHz(device) == hz { return true }
            let ranges = AppleHal.numbers(
                device, AppleHal.address(kAudioDevicePropertyAvailableNominalSampleRates),
                AudioValueRange())
            let wanted = Float64(hz)
            guard ranges.contains(where: { $0.mMinimum <= wanted && wanted <= $0.mMaximum }) else {
                return false
            }
            return AppleHal.set(
                device, AppleHal.address(kAudioDevicePropertyNominalSampleRate), wanted)
        }

        func blockFrames(_ device: UInt32) -> Int {
            let address = AppleHal.address(kAudioDevicePropertyBufferFrameSize)
            return Int(AppleHal.number(device, address, UInt32(0)) ?? 0)
        }

        func setBlock(_ device: UInt32, frames: Int) {
            let range = AppleHal.number(
                device, AppleHal.address(kAudioDevicePropertyBufferFrameSizeRange),
                AudioValueRange())
            var wanted = Float64(frames)
            if let range, range.mMinimum <= range.mMaximum {
                wanted = min(max(wanted, range.mMinimum), range.mMaximum)
            }
            guard wanted >= 1, blockFrames(device) != Int(wanted) else { return }
            _ = AppleHal.set(
                device, AppleHal.address(kAudioDevicePropertyBufferFrameSize), UInt32(wanted))
        }

        func terms(_ device: UInt32, isInput: Bool) -> LatencyTerms {
            let scope =
                isInput ? kAudioObjectPropertyScopeInput : kAudioObjectPropertyScopeOutput
            let latency = AppleHal.address(kAudioDevicePropertyLatency, scope)
            let safety = AppleHal.address(kAudioDevicePropertySafetyOffset, scope)
            let streams = AppleHal.numbers(
                device, AppleHal.address(kAudioDevicePropertyStreams, scope), AudioObjectID(0))
            let ofStreams = streams.map {
                AppleHal.number($0, AppleHal.address(kAudioStreamPropertyLatency), UInt32(0)) ?? 0
            }
            return LatencyTerms(
                deviceFrames: Int(AppleHal.number(device, latency, UInt32(0)) ?? 0),
                streamFrames: Int(ofStreams.max() ?? 0),
                safetyFrames: Int(AppleHal.number(device, safety, UInt32(0)) ?? 0),
                blockFrames: blockFrames(device))
        }

        func setPlaying(_ isPlaying: Bool) {
            if isPlaying, activity == nil {
                activity = ProcessInfo.processInfo.beginActivity(
                    options: [.userInitiated, .latencyCritical], reason: "plays and listens")
            } else if !isPlaying, let held = activity {
                ProcessInfo.processInfo.endActivity(held)
                activity = nil
            }
        }

        func open(
            _ plan: GraphPlan, _ port: SoundPort, _ mailbox: SoundMailbox
        ) throws(DeviceError) -> any SoundGraph {
            try AppleGraph(plan, port, mailbox)
        }
    }
#endif
