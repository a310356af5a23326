/// Chooses and opens the device a configuration asks for; the only place that knows them all.
enum DeviceOpener {
    struct Opened {
        let device: any AudioDevice
        /// The same device when it is a headless one.
        let headless: HeadlessDevice?
        /// Whether the input file had to be resampled.
        let isResampled: Bool
    }

    static func open(_ configuration: EngineConfiguration) throws(EngineError) -> Opened {
        do throws(DeviceError) {
            switch configuration.deviceKind {
            case DeviceKind.headless, DeviceKind.stepped: return try headless(configuration)
            case DeviceKind.jack:
                return Opened(device: try JackDevice(), headless: nil, isResampled: false)
            default:
                throw DeviceError(
                    code: ErrorCode.deviceOpen, detail: "this build has no such device")
            }
        } catch {
            throw EngineError(code: error.code, detail: error.detail)
        }
    }

    private static func headless(
        _ configuration: EngineConfiguration
    ) throws(DeviceError) -> Opened {
        let rate = configuration.sampleRateHz
        var input: InputSound?
        if !configuration.inputPath.isEmpty {
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
                isStepped: configuration.deviceKind == DeviceKind.stepped, input: input,
                output: output))
        return Opened(device: device, headless: device, isResampled: input?.isResampled ?? false)
    }
}
