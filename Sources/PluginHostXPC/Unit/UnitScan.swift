#if canImport(AudioToolbox)
    import AVFAudio
    import AudioToolbox

    /// The units that the system knows of; none of their code is loaded for it.
    ///
    /// Thread: main.
    enum UnitScan {
        /// As a bundle's classes are told apart from what is only part of one.
        private static let category = "Audio Unit"

        static func classes() -> [PluginClass] {
            UnitName.kinds.flatMap { kind in
                var wanted = AudioComponentDescription()
                wanted.componentType = kind
                return AVAudioUnitComponentManager.shared().components(matching: wanted)
                    .map(described)
            }
        }

        private static func described(_ unit: AVAudioUnitComponent) -> PluginClass {
            let component = unit.audioComponentDescription
            let isInstrument = component.componentType == kAudioUnitType_MusicDevice
            return PluginClass(
                classId: HexText.of(UnitName.classId(of: component)), name: unit.name,
                vendor: unit.manufacturerName, version: unit.versionString, sdkVersion: "",
                category: category,
                subCategories: isInstrument ? "Instrument|Audio Unit" : "Fx|Audio Unit",
                isAudio: true, isInstrument: isInstrument, isEffect: !isInstrument)
        }
    }
#endif
