extension FlowEngine {
    /// Measures a calibration whose clicks can all have come back, and answers it.
    ///
    /// - Thread: the loop worker's, or whoever steps the engine.
    func measureLatency() {
        guard let waiting = rings.calibration.waiting() else { return }
        let meter = LatencyMeter(store: store, sound: calibration)
        guard meter.isComplete(from: waiting.startFrame) else { return }
        let way = meter.measure(from: waiting.startFrame)
        var event = CoreEvent(.calibrated)
        event.token = waiting.token
        event.detail = CommandKind.calibrate
        event.frame = rings.status.read().frame
        if let way {
            // What the device knows of its output; else both ways count as equally long.
            let output = device.outputLatencyFrames
            event.value = Double(way)
            event.value2 = Double(output > 0 ? min(output, way) : way / 2)
        } else {
            event.errorCode = ErrorCode.calibrationFailed
        }
        rings.calibration.end()
        events.post(event)
    }
}
