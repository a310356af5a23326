extension FlowEngine {
    /// A device that is open and not yet started.
    struct OpenedDevice {
        let device: any AudioDevice
        /// The same device when it is a headless one.
        let headless: HeadlessDevice?
        /// Whether the input file had to be resampled.
        let isResampled: Bool
    }

    /// Opens the device the configuration asks for; one without a rate of its own at that of `left`.
    static func openDevice(
        _ configuration: EngineConfiguration, left: LeftRing?
    ) throws(EngineError) -> OpenedDevice {
        do throws(DeviceError) {
            switch configuration.deviceKind {
            case DeviceKind.headless, DeviceKind.stepped:
                return try openHeadless(
                    configuration, rate: left?.sampleRateHz ?? configuration.sampleRateHz)
            case DeviceKind.jack:
                return OpenedDevice(device: try JackDevice(), headless: nil, isResampled: false)
            case DeviceKind.coreaudio: return try openApple(configuration)
            default:
                throw DeviceError(
                    code: ErrorCode.deviceOpen, detail: "this build has no such device")
            }
        } catch {
            throw EngineError(code: error.code, detail: error.detail)
        }
    }

    private static func openApple(
        _ configuration: EngineConfiguration
    ) throws(DeviceError) -> OpenedDevice {
        #if canImport(AVFAudio)
            let device = try AppleDevice(
                AppleDevice.Settings(
                    sampleRateHz: configuration.sampleRateHz,
                    blockFrames: configuration.blockFrames,
                    wish: DeviceWish(
                        input: configuration.inputDevice, output: configuration.outputDevice)),
                system: AppleSystem())
            return OpenedDevice(device: device, headless: nil, isResampled: false)
        #else
            throw DeviceError(code: ErrorCode.deviceOpen, detail: "CoreAudio is a Mac's")
        #endif
    }

    /// The ring of the run that this engine may go on with.
    static func leftRing(_ configuration: EngineConfiguration) -> LeftRing? {
        guard configuration.has(ConfigFlags.adoptRing) else { return nil }
        return LeftRing(name: configuration.ringName, runId: configuration.runId)
    }

    private static func openHeadless(
        _ configuration: EngineConfiguration, rate: Int
    ) throws(DeviceError) -> OpenedDevice {
        var input: InputSound?
        var logged: LoggedInput?
        if configuration.isReplay, !configuration.inputPath.isEmpty {
            logged = try LoggedInput(
                path: configuration.inputPath, sampleRateHz: rate,
                sourceCount: configuration.sourceCount)
        } else if !configuration.inputPath.isEmpty {
            input = try InputSound(path: configuration.inputPath, sampleRateHz: rate)
        }
        var output: MasterFile?
        if !configuration.outputPath.isEmpty {
            output = try MasterFile(
                path: configuration.outputPath, sampleRateHz: rate,
                resumes: configuration.has(ConfigFlags.adoptRing))
        }
        let device = HeadlessDevice(
            HeadlessDevice.Settings(
                sampleRateHz: rate, blockFrames: configuration.blockFrames,
                isStepped: configuration.deviceKind == DeviceKind.stepped,
                input: logged ?? input,
                output: output))
        return OpenedDevice(
            device: device, headless: device, isResampled: input?.isResampled ?? false)
    }

    /// Tells that the master has holes, or is written no more.
    ///
    /// - Thread: the master's, or control.
    func post(output trouble: MasterFile.Trouble) {
        var event = CoreEvent(.notice)
        event.frame = rings.status.read().frame
        switch trouble {
        case .failed: event.errorCode = ErrorCode.outputFile
        case .gap(let fromFrame, let toFrame, let frames):
            event.errorCode = ErrorCode.outputGap
            event.fromFrame = fromFrame
            event.toFrame = toFrame
            event.value = Double(frames)
        }
        events.post(event)
    }
}
