import CVST3

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// `PluginHostXPC check BUNDLE CLASSID`: whether a class of a bundle can be relied on.
///
/// It is loaded, hears and plays a second at 64 and at 128 frames, has a parameter moved, and its state
/// is restored into a second instance. Each step is told before it is taken; the last line is the figures.
struct CheckMode {
    private static let wrongUse: Int32 = 2
    private static let blockFrames = [64, 128]
    /// Some plug-ins take a restored state over in their first block.
    private static let settlingSeconds = 0.1
    /// RUSAGE_SELF, which has a different type on each system.
    private static let ourselves: Int32 = 0

    private let lines: JsonLines
    private let classId: [UInt8]
    private let shelf = ModuleShelf()
    private var figures: [(String, JsonValue)] = []

    /// Returns the exit code: 0 when it came to its end, whatever the figures say, 2 wrong use, or the
    /// code of `CVST3` for the step that was told last.
    static func run(bundle: String, classId: String, lines: JsonLines) -> Int32 {
        guard let bytes = HexText.bytes(classId), bytes.count == 16 else {
            sayError("a class id is 32 hexadecimal digits")
            return wrongUse
        }
        var check = CheckMode(lines: lines, classId: bytes)
        do {
            try check.run(bundle: bundle)
            return 0
        } catch {
            sayError(error.text)
            return error.code
        }
    }

    private init(lines: JsonLines, classId: [UInt8]) {
        self.lines = lines
        self.classId = classId
    }

    private mutating func run(bundle: String) throws(PluginError) {
        step("open")
        try shelf.open(bundle)
        step("create")
        let startedAt = CheckSignal.nowMicroseconds()
        let first = try shelf.make(classId, of: bundle)
        milliseconds("createMs", since: startedAt)
        let parameters = first.parameters()
        try play(first, parameters)
        step("state")
        let state = first.state()
        let values = parameters.map { first.value(of: $0.id) }
        first.stop()
        try compare(bundle, state, parameters, values)
        step("destroy")
        first.destroy()
        shelf.close(bundle)
        var usage = rusage()
        _ = getrusage(Self.ourselves, &usage)
        figures.append(("residentKibibytes", .int(Int(usage.ru_maxrss))))
        lines.write(.object([("result", .object(figures))]))
    }

    /// Sets it up for each block length and sends a second through it; then moves one parameter.
    private mutating func play(
        _ instance: any PluginInstance, _ parameters: [PluginParameter]
    ) throws(PluginError) {
        for frames in Self.blockFrames {
            step("play \(frames)")
            instance.stop()
            try instance.setup(rateHz: CheckSignal.rateHz, blockFramesMax: frames)
            let startedAt = CheckSignal.nowMicroseconds()
            try instance.start()
            milliseconds("activateMs\(frames)", since: startedAt)
            var signal = CheckSignal()
            signal.run(instance.player, blockFrames: frames)
            let sorted = signal.blockMicroseconds.sorted()
            figures += [
                ("peak\(frames)", .number(Double(signal.peak))),
                ("badSamples\(frames)", .int(signal.badSampleCount)),
                ("failedBlocks\(frames)", .int(signal.failedBlockCount)),
                ("blockUsMedian\(frames)", .number(sorted[sorted.count / 2])),
                ("blockUsMax\(frames)", .number(sorted[sorted.count - 1])),
            ]
        }
        step("move")
        var moved = CheckSignal()
        moved.run(
            instance.player, blockFrames: Self.blockFrames[1],
            points: movedPoint(instance, parameters))
        figures.append(("peakMoved", .number(Double(moved.peak))))
        let layout = instance.layout
        figures += [
            ("latencyFrames", .int(instance.latencyFrames)),
            ("mainInputs", .int(layout.mainInputs)),
            ("mainOutputs", .int(layout.mainOutputs)),
            ("parameters", .int(parameters.count)),
            ("changes", .int(Int(instance.takeChanges()))),
        ]
        guard let whole = (instance as? Vst3Instance)?.wholeLayout else { return }
        figures += [
            ("inputs", .int(Int(whole.input_channels))),
            ("outputs", .int(Int(whole.output_channels))),
            ("stereoRefused", .bool(whole.is_stereo_refused != 0)),
            ("singleComponent", .bool(whole.is_single != 0)),
        ]
    }

    /// A little off the default, in the first parameter that anyone would move: processor and
    /// controller are both told, as when a player moves a slider.
    private func movedPoint(
        _ instance: any PluginInstance, _ parameters: [PluginParameter]
    ) -> [vst3_point] {
        let hands = UInt32(VST3_PARAMETER_AUTOMATABLE)
        let others = UInt32(
            VST3_PARAMETER_READ_ONLY | VST3_PARAMETER_BYPASS | VST3_PARAMETER_PROGRAM)
        guard
            let chosen = parameters.first(where: {
                $0.flags & hands != 0 && $0.flags & others == 0 && $0.stepCount == 0
            })
        else { return [] }
        let now = instance.value(of: chosen.id)
        let value = now < 0.5 ? now + 0.07 : now - 0.07
        instance.set(chosen.id, value)
        return [vst3_point(id: chosen.id, offset_frames: 0, value: value)]
    }

    /// Restores `state` into a second instance and tells what is not the same there.
    private mutating func compare(
        _ bundle: String, _ state: [UInt8]?, _ parameters: [PluginParameter], _ values: [Double]
    ) throws(PluginError) {
        guard let state else {
            figures.append(("stateBytes", .int(-1)))
            return
        }
        step("restore")
        let second = try shelf.make(classId, of: bundle)
        try second.setup(rateHz: CheckSignal.rateHz, blockFramesMax: Self.blockFrames[1])
        let isTaken = second.restore(state)
        try second.start()
        var settling = CheckSignal(hasNotes: false)
        settling.run(
            second.player, blockFrames: Self.blockFrames[1], seconds: Self.settlingSeconds)
        let again = second.state()
        let differing = zip(parameters, values).filter { parameter, value in
            guard !parameter.isMeter else { return false }
            let other = second.value(of: parameter.id)
            let steps = Double(parameter.stepCount)
            return steps > 0
                ? (value * steps).rounded() != (other * steps).rounded() : abs(value - other) > 1e-6
        }
        for (parameter, value) in differing {
            sayError("\(parameter.title): \(value), restored \(second.value(of: parameter.id))")
        }
        second.stop()
        second.destroy()
        figures += [
            ("stateBytes", .int(state.count)),
            ("stateTaken", .bool(isTaken)),
            ("stateIdentical", .bool(again == state)),
            ("parametersDiffering", .int(differing.count)),
        ]
    }

    private func step(_ name: String) { lines.write(.object([("step", .string(name))])) }

    private mutating func milliseconds(_ name: String, since start: Double) {
        figures.append((name, .number((CheckSignal.nowMicroseconds() - start) / 1000)))
    }
}
