#if canImport(AVFAudio)
    import AVFAudio
    import CoreAudio
    import Foundation

    /// One property that is listened to.
    struct AppleWatch {
        let object: AudioObjectID
        let address: AudioObjectPropertyAddress
        let context: UnsafeMutableRawPointer
    }

    /// Puts what the hardware tells into the mailbox that its context is.
    ///
    /// A C function, for it is known by its address when it is to be left: of a Swift closure the system
    /// is given another block each time, and none of them is ever found again.
    ///
    /// - Thread: the hardware's own, for an overload perhaps the audio thread.
    private let hear: AudioObjectPropertyListenerProc = { _, count, addresses, context in
        guard let context else { return noErr }
        let mailbox = Unmanaged<SoundMailbox>.fromOpaque(context).takeUnretainedValue()
        for index in 0..<Int(count) {
            if addresses[index].mSelector == kAudioDeviceProcessorOverload {
                mailbox.overloaded()
            } else {
                mailbox.changed()
            }
        }
        return noErr
    }

    extension AppleSystem {
        func watch(_ devices: [UInt32], _ mailbox: SoundMailbox) {
            let context = context(of: mailbox)
            if let first = devices.first { mailbox.expect(blockFrames: blockFrames(first)) }
            for selector in [
                kAudioHardwarePropertyDevices, kAudioHardwarePropertyDefaultInputDevice,
                kAudioHardwarePropertyDefaultOutputDevice,
            ] {
                listen(AppleHal.system, selector, context)
            }
            for device in devices {
                for selector in [
                    kAudioDevicePropertyDeviceIsAlive, kAudioDevicePropertyNominalSampleRate,
                    kAudioDeviceProcessorOverload,
                ] {
                    listen(device, selector, context)
                }
            }
        }

        func unwatch() {
            for watch in watches {
                var address = watch.address
                _ = AudioObjectRemovePropertyListener(watch.object, &address, hear, watch.context)
            }
            watches = []
        }

        var microphone: MicrophoneState {
            switch AVAudioApplication.shared.recordPermission {
            case .granted: .allowed
            case .denied: .refused
            default: .unknown
            }
        }

        func askForMicrophone(_ mailbox: SoundMailbox) {
            AVAudioApplication.requestRecordPermission { _ in mailbox.changed() }
        }

        /// Never given back: a call may be under way while its listener is removed.
        private func context(of mailbox: SoundMailbox) -> UnsafeMutableRawPointer {
            if let heard, heard.mailbox === mailbox { return heard.context }
            let context = Unmanaged.passRetained(mailbox).toOpaque()
            heard = (mailbox, context)
            return context
        }

        private func listen(
            _ object: AudioObjectID, _ selector: AudioObjectPropertySelector,
            _ context: UnsafeMutableRawPointer
        ) {
            let address = AppleHal.address(selector)
            var wanted = address
            guard AudioObjectAddPropertyListener(object, &wanted, hear, context) == noErr else {
                return
            }
            watches.append(AppleWatch(object: object, address: address, context: context))
        }
    }
#endif
