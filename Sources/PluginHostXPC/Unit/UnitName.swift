#if canImport(AudioToolbox)
    import AudioToolbox

    /// How units are named where other plug-ins have a bundle and a class.
    enum UnitName {
        /// In the place of a bundle's path: all units that the system knows of.
        static let bundle = "audiounit:"

        /// Type, subtype and manufacturer, each as it is read, and four zeros.
        static func classId(of component: AudioComponentDescription) -> [UInt8] {
            let codes = [
                component.componentType, component.componentSubType,
                component.componentManufacturer, 0,
            ]
            return codes.flatMap { code in
                stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: code >> $0) }
            }
        }

        /// Nil for 16 bytes that name no unit.
        static func component(of classId: [UInt8]) -> AudioComponentDescription? {
            guard classId.count == 16 else { return nil }
            let codes = stride(from: 0, to: 16, by: 4).map { at in
                classId[at..<at + 4].reduce(OSType(0)) { $0 << 8 | OSType($1) }
            }
            guard codes[3] == 0, kinds.contains(codes[0]) else { return nil }
            var component = AudioComponentDescription()
            component.componentType = codes[0]
            component.componentSubType = codes[1]
            component.componentManufacturer = codes[2]
            return component
        }

        static func isInstrument(_ classId: [UInt8]) -> Bool {
            component(of: classId)?.componentType == kAudioUnitType_MusicDevice
        }

        /// What can be heard in a chain.
        static let kinds = [
            kAudioUnitType_Effect, kAudioUnitType_MusicEffect, kAudioUnitType_MusicDevice,
        ]
    }
#endif
