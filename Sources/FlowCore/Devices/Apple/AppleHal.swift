#if canImport(AVFAudio)
    import AudioToolbox
    import CFlowApple
    import CoreAudio
    import Foundation

    /// Properties of the hardware, as plain values.
    ///
    /// An object that does not have one, or is gone, gives nil: hardware may leave between two calls.
    enum AppleHal {
        static let system = AudioObjectID(kAudioObjectSystemObject)

        static func address(
            _ selector: AudioObjectPropertySelector,
            _ scope: AudioObjectPropertyScope = kAudioObjectPropertyScopeGlobal
        ) -> AudioObjectPropertyAddress {
            AudioObjectPropertyAddress(
                mSelector: selector, mScope: scope, mElement: kAudioObjectPropertyElementMain)
        }

        /// A property of one number.
        static func number<Value: BitwiseCopyable>(
            _ object: AudioObjectID, _ address: AudioObjectPropertyAddress, _ zero: Value
        ) -> Value? {
            var address = address
            var value = zero
            var bytes = UInt32(MemoryLayout<Value>.size)
            let status = AudioObjectGetPropertyData(object, &address, 0, nil, &bytes, &value)
            return status == noErr && bytes == UInt32(MemoryLayout<Value>.size) ? value : nil
        }

        static func set<Value: BitwiseCopyable>(
            _ object: AudioObjectID, _ address: AudioObjectPropertyAddress, _ value: Value
        ) -> Bool {
            var address = address
            var value = value
            return AudioObjectSetPropertyData(
                object, &address, 0, nil, UInt32(MemoryLayout<Value>.size), &value) == noErr
        }

        /// A property of several numbers; empty when there are none.
        static func numbers<Value: BitwiseCopyable>(
            _ object: AudioObjectID, _ address: AudioObjectPropertyAddress, _ zero: Value
        ) -> [Value] {
            var address = address
            var bytes: UInt32 = 0
            guard AudioObjectGetPropertyDataSize(object, &address, 0, nil, &bytes) == noErr,
                bytes > 0
            else { return [] }
            var values = [Value](
                repeating: zero, count: Int(bytes) / MemoryLayout<Value>.stride)
            let status = values.withUnsafeMutableBytes { buffer -> OSStatus in
                guard let base = buffer.baseAddress else { return kAudioHardwareUnspecifiedError }
                return AudioObjectGetPropertyData(object, &address, 0, nil, &bytes, base)
            }
            guard status == noErr else { return [] }
            return Array(values.prefix(Int(bytes) / MemoryLayout<Value>.stride))
        }

        /// Channels of one direction, over all streams.
        static func channels(_ device: AudioObjectID, _ scope: AudioObjectPropertyScope) -> Int {
            var address = address(kAudioDevicePropertyStreamConfiguration, scope)
            var bytes: UInt32 = 0
            guard AudioObjectGetPropertyDataSize(device, &address, 0, nil, &bytes) == noErr,
                bytes >= UInt32(MemoryLayout<AudioBufferList>.size)
            else { return 0 }
            let memory = UnsafeMutableRawPointer.allocate(
                byteCount: Int(bytes), alignment: MemoryLayout<AudioBufferList>.alignment)
            defer { memory.deallocate() }
            guard AudioObjectGetPropertyData(device, &address, 0, nil, &bytes, memory) == noErr
            else {
                return 0
            }
            let list = UnsafeMutableAudioBufferListPointer(
                memory.assumingMemoryBound(to: AudioBufferList.self))
            return list.reduce(0) { $0 + Int($1.mNumberChannels) }
        }

        /// A text of the device; the texts of CoreAudio are read in C.
        static func text(_ device: AudioObjectID, _ selector: AudioObjectPropertySelector) -> String
        {
            var bytes = [CChar](repeating: 0, count: 512)
            guard flow_apple_text(device, selector, &bytes, bytes.count) == noErr else { return "" }
            return text(bytes)
        }

        /// Up to the zero byte.
        static func text(_ bytes: [CChar]) -> String {
            String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }
#endif
