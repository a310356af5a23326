#if canImport(AVFAudio)
    import AVFAudio
    import CoreAudio
    import Foundation

    /// The same source node without hardware: the engine renders when it is told to.
    ///
    /// Tests on any Mac, without sound card and microphone. A sink node works with hardware only, so the
    /// input is handed to the port directly.
    ///
    /// - Thread: one at a time.
    final class AppleManualGraph {
        private let engine = AVAudioEngine()
        private let port: SoundPort
        private let buffer: AVAudioPCMBuffer
        private let source: AVAudioSourceNode

        init(rateHz: Int, blockFramesMax: Int, _ port: SoundPort) throws(DeviceError) {
            self.port = port
            guard
                let format = AVAudioFormat(
                    standardFormatWithSampleRate: Double(rateHz), channels: 2),
                let made = AVAudioPCMBuffer(
                    pcmFormat: format, frameCapacity: AVAudioFrameCount(blockFramesMax))
            else {
                throw DeviceError(code: ErrorCode.deviceOpen, detail: "no format of \(rateHz) Hz")
            }
            buffer = made
            let engine = engine
            try AppleGuard.run("manual rendering") {
                try engine.enableManualRenderingMode(
                    .offline, format: format, maximumFrameCount: AVAudioFrameCount(blockFramesMax))
            }
            let node = AVAudioSourceNode(
                format: format, renderBlock: AppleThunks.source(port))
            source = node
            try AppleGuard.run("attach the source") { engine.attach(node) }
            try AppleGuard.run("connect the source") {
                engine.connect(node, to: engine.mainMixerNode, format: format)
            }
            port.prepare(inputRateHz: rateHz, rateHz: rateHz, ticksPerSecond: 0)
            try AppleGuard.run("prepare") { engine.prepare() }
            try AppleGuard.run("start") { try engine.start() }
        }

        deinit {
            engine.stop()
            port.close()
        }

        /// Renders `frames` frames: hears `left` and `right`, and gives what is played.
        func render(
            _ left: [Float], _ right: [Float], frames: Int
        ) throws(DeviceError) -> (left: [Float], right: [Float]) {
            left.withUnsafeBufferPointer { left in
                right.withUnsafeBufferPointer { right in
                    port.state.pointee.heard[0] = left.baseAddress
                    port.state.pointee.heard[1] = right.baseAddress
                    port.state.pointee.hear(count: 2, stride: 1, frames: frames, atTicks: 0)
                }
            }
            var status = AVAudioEngineManualRenderingStatus.error
            let (engine, buffer) = (engine, buffer)
            try AppleGuard.run("render") {
                status = try engine.renderOffline(AVAudioFrameCount(frames), to: buffer)
            }
            guard status == .success, Int(buffer.frameLength) == frames,
                let planes = buffer.floatChannelData
            else {
                throw DeviceError(
                    code: ErrorCode.deviceOpen, detail: "manual rendering gave \(status)")
            }
            return (
                Array(UnsafeBufferPointer(start: planes[0], count: frames)),
                Array(UnsafeBufferPointer(start: planes[1], count: frames))
            )
        }
    }
#endif
