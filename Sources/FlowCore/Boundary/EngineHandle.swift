import CFlowLeaf
import Foundation

/// What the generated entry points call: numbers from outside become engines, or an error code.
///
/// A handle is a number that was given out, never an address: nothing that comes in can make the
/// core read where it should not. No call traps, whatever it is given.
enum EngineHandle {
    private static let engines = EngineTable()

    static func find(_ handle: UnsafeMutableRawPointer?) -> FlowEngine? { engines.find(handle) }

    /// The id in four words.
    static func takeID(_ words: UnsafeMutableRawPointer) -> TakeID {
        func word(_ index: Int) -> UInt32 { words.load(fromByteOffset: 4 * index, as: UInt32.self) }
        return TakeID(w0: word(0), w1: word(1), w2: word(2), w3: word(3))
    }

    static func engineCreate(
        config: UnsafeMutableRawPointer?, handleOut: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard fitsCpu() else {
            return refuse(ErrorCode.cpuLacks, "This one has no AVX2, FMA or BMI2.")
        }
        guard let config, let handleOut else { return refuse(ErrorCode.commandBounds) }
        let record = EngineConfig(base: config)
        guard record.abiVersion == fz_abi_version() else {
            let versions = "\(record.abiVersion), this library \(fz_abi_version())"
            return refuse(ErrorCode.abiMismatch, "the caller speaks ABI version \(versions)")
        }
        guard let configuration = EngineConfiguration(record) else {
            return refuse(ErrorCode.commandBounds, "a field of the configuration is out of bounds")
        }
        do throws(EngineError) {
            let handle = engines.add(try FlowEngine(configuration))
            handleOut.storeBytes(of: handle, as: UInt64.self)
            return 0
        } catch {
            return refuse(error.code, error.detail)
        }
    }

    /// Whether the instructions of this build are there; asked before any loop over samples runs.
    @inline(never)
    private static func fitsCpu() -> Bool {
        #if FLOWZONE_CPU_V3
            flow_cpu_is_v3() == 1
        #else
            true
        #endif
    }

    static func engineStart(engine: UnsafeMutableRawPointer?) -> Int32 {
        guard let engine = engines.find(engine) else { return refuse(ErrorCode.commandBounds) }
        do throws(EngineError) {
            try engine.start()
            return 0
        } catch {
            return refuse(error.code, error.detail)
        }
    }

    static func engineStop(engine: UnsafeMutableRawPointer?) -> Int32 {
        guard let engine = engines.find(engine) else { return refuse(ErrorCode.commandBounds) }
        engine.stop()
        return 0
    }

    static func engineDestroy(engine: UnsafeMutableRawPointer?) -> Int32 {
        guard let engine = engines.remove(engine) else { return refuse(ErrorCode.commandBounds) }
        return engine.retire().rawValue
    }

    static func engineSend(
        engine: UnsafeMutableRawPointer?, records: UnsafeMutableRawPointer?, count: UInt32
    ) -> Int32 {
        guard let engine = engines.find(engine), let records else {
            return refuse(ErrorCode.commandBounds)
        }
        return -Int32(engine.intake.send(records, count: Int(count)))
    }

    static func enginePoll(
        engine: UnsafeMutableRawPointer?, records: UnsafeMutableRawPointer?, capacity: UInt32
    ) -> Int32 {
        guard let engine = engines.find(engine), let records else {
            return refuse(ErrorCode.commandBounds)
        }
        var next = records
        let count = engine.poll(capacity: Int(min(capacity, 65_536))) { event in
            EventWriter.write(event, to: EventRecord(base: next))
            next += EventRecord.byteCount
        }
        return Int32(count)
    }

    static func engineStatus(
        engine: UnsafeMutableRawPointer?, status: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let engine = engines.find(engine), let status else {
            return refuse(ErrorCode.commandBounds)
        }
        engine.writeStatus(to: EngineStatus(base: status))
        return 0
    }

    static func engineFeatures(
        engine: UnsafeMutableRawPointer?, frame: UnsafeMutableRawPointer?, capacityBytes: UInt32
    ) -> Int32 {
        guard let engine = engines.find(engine), let frame else {
            return refuse(ErrorCode.commandBounds)
        }
        return Int32(engine.features.copyNewest(into: frame, capacity: Int(capacityBytes)))
    }

    static func engineNow(engine: UnsafeMutableRawPointer?) -> Double {
        engines.find(engine)?.nowMs() ?? -1
    }

    static func engineStep(engine: UnsafeMutableRawPointer?, frames: UInt32) -> Int32 {
        guard let engine = engines.find(engine), engine.step(frames: Int(frames)) else {
            return refuse(ErrorCode.commandBounds, "only a started, stepped engine can be stepped")
        }
        return 0
    }

    static func logReplay(
        request: UnsafeMutableRawPointer?, report: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let request, let report else { return refuse(ErrorCode.commandBounds) }
        let asked = ReplayRequest(base: request)
        do throws(EngineError) {
            let outcome = try LogReplay.run(
                logPath: EngineConfiguration.text(asked.logPath, ReplayRequest.logPathBytes),
                blockFrames: Int(asked.blockFrames),
                outputPath: EngineConfiguration.text(
                    asked.outputPath, ReplayRequest.outputPathBytes))
            outcome.write(to: ReplayReport(base: report))
            return 0
        } catch {
            return refuse(error.code, error.detail)
        }
    }

    static func takeLoad(
        engine: UnsafeMutableRawPointer?, source: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let engine = engines.find(engine), let source else {
            return refuse(ErrorCode.commandBounds)
        }
        return -Int32(engine.load(TakeSource(base: source)))
    }

    static func takeKeep(
        engine: UnsafeMutableRawPointer?, range: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let engine = engines.find(engine), let range else {
            return refuse(ErrorCode.commandBounds)
        }
        return -Int32(engine.keep(TakeRange(base: range)))
    }

    static func takeRender(
        engine: UnsafeMutableRawPointer?, recipe: UnsafeMutableRawPointer?,
        parts: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let engine = engines.find(engine), let recipe, let parts else {
            return refuse(ErrorCode.commandBounds)
        }
        return -Int32(engine.render(RenderRecipe(base: recipe), parts))
    }

    static func loopFile(
        engine: UnsafeMutableRawPointer?, request: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let engine = engines.find(engine), let request else {
            return refuse(ErrorCode.commandBounds)
        }
        return -Int32(engine.file(LoopFile(base: request)))
    }

    static func takeSaved(
        engine: UnsafeMutableRawPointer?, id: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let engine = engines.find(engine), let id else {
            return refuse(ErrorCode.commandBounds)
        }
        engine.store.settle(takeID(id), .stored)
        return 0
    }

    static func stretcherMark() -> UInt32 { StretchLibrary.installed.mark }

    static func exportFormats() -> UInt32 { FlowEngine.exportFormats }

    static func exportStart(
        engine: UnsafeMutableRawPointer?, job: UnsafeMutableRawPointer?,
        files: UnsafeMutableRawPointer?, parts: UnsafeMutableRawPointer?,
        gaps: UnsafeMutableRawPointer?, about: UnsafeMutableRawPointer?, aboutBytes: UInt32
    ) -> Int32 {
        guard let engine = engines.find(engine), let job, let files, let parts, let gaps, let about,
            aboutBytes <= Limits.exportAboutBytesMax
        else { return refuse(ErrorCode.commandBounds) }
        let text = UnsafeRawBufferPointer(start: about, count: Int(aboutBytes))
        let record = ExportJob(base: job)
        let plan = ExportPlan(
            record, files: files, gaps: gaps, about: String(decoding: text, as: UTF8.self))
        guard let plan else { return refuse(ErrorCode.commandBounds, "an export out of bounds") }
        let list = (0..<Int(record.partCount)).map {
            RenderPart(base: parts + $0 * RenderPart.byteCount)
        }
        return -Int32(engine.export(plan, parts: list))
    }

    static func exportCancel(engine: UnsafeMutableRawPointer?, job: UInt32) -> Int32 {
        guard let engine = engines.find(engine) else { return refuse(ErrorCode.commandBounds) }
        return -Int32(engine.cancelExport(job))
    }

    static func lastError(text: UnsafeMutableRawPointer?, capacityBytes: UInt32) -> Int32 {
        guard let text else { return refuse(ErrorCode.commandBounds) }
        let bytes = Array(LastError.shared.get().utf8.prefix(Int(capacityBytes)))
        text.copyMemory(from: bytes, byteCount: bytes.count)
        return Int32(bytes.count)
    }

    static func refuse(_ code: UInt32, _ detail: String = "no such engine") -> Int32 {
        LastError.shared.set(detail)
        return -Int32(code)
    }
}

/// The engines that were made and not yet freed, by number.
private final class EngineTable: @unchecked Sendable {
    private let lock = NSLock()
    private var engines: [UInt64: FlowEngine] = [:]
    private var next: UInt64 = 1

    func add(_ engine: FlowEngine) -> UInt64 {
        lock.withLock {
            let handle = next
            next += 1
            engines[handle] = engine
            return handle
        }
    }

    func find(_ handle: UnsafeMutableRawPointer?) -> FlowEngine? {
        lock.withLock { engines[UInt64(UInt(bitPattern: handle))] }
    }

    func remove(_ handle: UnsafeMutableRawPointer?) -> FlowEngine? {
        lock.withLock { engines.removeValue(forKey: UInt64(UInt(bitPattern: handle))) }
    }
}
