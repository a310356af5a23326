#if canImport(AVFAudio)
    import AVFAudio
    import AudioToolbox
    import CoreAudio
    import Foundation

    /// A source node that the core plays through and a sink node that it hears through, in an engine of
    /// their own.
    ///
    /// A new engine for every plan: its input and output share one unit, which takes its device only
    /// before anything is wired. The engine is given up on the supervisor's thread, never in the notice
    /// of a change, where that would lock up.
    final class AppleGraph: SoundGraph {
        let engine = AVAudioEngine()
        private(set) var inputRateHz = 0
        private let rateHz: Int
        private var source: AVAudioSourceNode?
        private var sink: AVAudioSinkNode?
        private var observer: (any NSObjectProtocol)?

        init(
            _ plan: GraphPlan, _ port: SoundPort, _ mailbox: SoundMailbox
        ) throws(DeviceError) {
            rateHz = plan.rateHz
            engine.isAutoShutdownEnabled = false
            try choose(plan)
            try wireOutput(port)
            if plan.listens { try wireInput(port, after: plan.inputsBefore) }
            port.prepare(
                inputRateHz: inputRateHz, rateHz: rateHz,
                ticksPerSecond: Double(AVAudioTime.hostTime(forSeconds: 1)))
            observer = NotificationCenter.default.addObserver(
                forName: .AVAudioEngineConfigurationChange, object: engine, queue: nil
            ) { _ in mailbox.broke() }
        }

        deinit { stop() }

        func start() throws(DeviceError) {
            let engine = engine
            try AppleGuard.run("prepare") { engine.prepare() }
            try AppleGuard.run("start") { try engine.start() }
        }

        func stop() {
            if let observer { NotificationCenter.default.removeObserver(observer) }
            observer = nil
            engine.stop()
            for node in [source, sink].compactMap({ $0 as AVAudioNode? }) {
                let engine = engine
                try? AppleGuard.run("detach") { engine.detach(node) }
            }
            source = nil
            sink = nil
        }

        /// Naming a device that is the default anyway would take the unit out of the system's own pair.
        private func choose(_ plan: GraphPlan) throws(DeviceError) {
            guard !plan.isDefault else { return }
            let unit = engine.outputNode.auAudioUnit
            guard unit.deviceID != plan.device else { return }
            try AppleGuard.run("choose the device") { try unit.setDeviceID(plan.device) }
        }

        private func wireOutput(_ port: SoundPort) throws(DeviceError) {
            let hardware = engine.outputNode.outputFormat(forBus: 0)
            guard hardware.sampleRate > 0, hardware.channelCount > 0,
                let format = AVAudioFormat(
                    standardFormatWithSampleRate: Double(rateHz), channels: 2)
            else {
                throw DeviceError(code: ErrorCode.deviceOpen, detail: "the output has no format")
            }
            let made = AVAudioSourceNode(
                format: format, renderBlock: AppleThunks.source(port))
            source = made
            let engine = engine
            try AppleGuard.run("attach the source") { engine.attach(made) }
            try AppleGuard.run("connect the source") {
                engine.connect(made, to: engine.mainMixerNode, format: format)
            }
        }

        /// The sink converts nothing: it hears at the hardware's rate. Without permission or plug the
        /// format reads 0 Hz, and to connect that would raise.
        private func wireInput(_ port: SoundPort, after inputsBefore: Int) throws(DeviceError) {
            let engine = engine
            let format = engine.inputNode.outputFormat(forBus: 0)
            guard format.sampleRate > 0, format.channelCount > 0 else { return }
            let made = AVAudioSinkNode(receiverBlock: AppleThunks.sink(port, after: inputsBefore))
            sink = made
            try AppleGuard.run("attach the sink") { engine.attach(made) }
            try AppleGuard.run("connect the sink") {
                engine.connect(engine.inputNode, to: made, format: format)
            }
            inputRateHz = Int(format.sampleRate.rounded())
        }
    }
#endif
