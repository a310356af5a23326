/// Writes events of the core into the caller's records.
enum EventWriter {
    static func write(_ event: CoreEvent, to record: EventRecord) {
        record.kind = event.code.rawValue
        record.token = event.token
        record.slot = UInt32(truncatingIfNeeded: event.slot)
        record.code = code(event)
        record.flags = flags(event.marks)
        record.detail = event.detail
        record.sourceIndex = UInt32(truncatingIfNeeded: event.source)
        record.frame = Double(event.frame)
        record.fromFrame = Double(event.fromFrame)
        record.toFrame = Double(event.toFrame)
        record.beat = Double(event.beat)
        record.beatFrac = event.beatFrac
        record.framesPerBeat = event.framesPerBeat
        record.originBeat = Double(event.originBeat)
        record.lengthBeats = Double(event.lengthBeats)
        record.offsetFrames = Double(event.offsetFrames)
        record.value = event.value
        record.value2 = event.value2
        write(event.id, to: record.id)
        write(event.sha0, to: record.sha)
        write(event.sha1, to: record.sha + 4)
    }

    private static func code(_ event: CoreEvent) -> UInt32 {
        switch event.refusal {
        case .nothing: event.errorCode
        case .nothingHeard: ErrorCode.nothingHeard
        case .notKept: ErrorCode.rangeNotKept
        case .loopLost: ErrorCode.takeNotLoaded
        case .busy: ErrorCode.busy
        case .noNote: ErrorCode.takeNotKept
        case .slotChanged: ErrorCode.slotChanged
        }
    }

    private static func flags(_ marks: EventMarks) -> UInt32 {
        (marks.isRecovered ? EventFlags.recovered : 0)
            | (marks.isAcrossChange ? EventFlags.acrossChange : 0)
            | (marks.isTainted ? EventFlags.tainted : 0)
            | (marks.startedTransport ? EventFlags.startedTransport : 0)
            | (marks.isOverdub ? EventFlags.overdub : 0)
    }

    private static func write(_ id: TakeID, to words: UnsafeMutablePointer<UInt32>) {
        words[0] = id.w0
        words[1] = id.w1
        words[2] = id.w2
        words[3] = id.w3
    }
}
