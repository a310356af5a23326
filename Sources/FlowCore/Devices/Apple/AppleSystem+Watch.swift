#if canImport(AVFAudio)
    import AVFAudio
    import CoreAudio
    import Foundation

    /// One property that is listened to.
    struct AppleWatch {
        let object: AudioObjectID
        let address: AudioObjectPropertyAddress
        let block: AudioObjectPropertyListenerBlock
    }

    extension AppleSystem {
        func watch(_ devices: [UInt32], _ mailbox: SoundMailbox) {
            let changed = Self.changed(mailbox)
            for selector in [
                kAudioHardwarePropertyDevices, kAudioHardwarePropertyDefaultInputDevice,
                kAudioHardwarePropertyDefaultOutputDevice,
            ] {
                listen(AppleHal.system, AppleHal.address(selector), changed)
            }
            for device in devices {
                listen(device, AppleHal.address(kAudioDevicePropertyDeviceIsAlive), changed)
                listen(device, AppleHal.address(kAudioDevicePropertyNominalSampleRate), changed)
                listen(
                    device, AppleHal.address(kAudioDeviceProcessorOverload),
                    Self.overloaded(mailbox, blockFrames: blockFrames(device)))
            }
        }

        func unwatch() {
            for watch in watches {
                var address = watch.address
                _ = AudioObjectRemovePropertyListenerBlock(
                    watch.object, &address, queue, watch.block)
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

        private func listen(
            _ object: AudioObjectID, _ address: AudioObjectPropertyAddress,
            _ block: @escaping AudioObjectPropertyListenerBlock
        ) {
            var wanted = address
            guard AudioObjectAddPropertyListenerBlock(object, &wanted, queue, block) == noErr else {
                return
            }
            watches.append(AppleWatch(object: object, address: address, block: block))
        }

        private nonisolated static func changed(
            _ mailbox: SoundMailbox
        ) -> AudioObjectPropertyListenerBlock { { _, _ in mailbox.changed() } }

        private nonisolated static func overloaded(
            _ mailbox: SoundMailbox, blockFrames: Int
        ) -> AudioObjectPropertyListenerBlock {
            { _, _ in mailbox.overloaded(blockFrames: blockFrames) }
        }
    }
#endif
