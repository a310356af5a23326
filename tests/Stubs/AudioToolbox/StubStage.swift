import CoreAudio
import Foundation

typealias StubPull = @convention(c) (
    UnsafeMutableRawPointer, UInt32, Int64, UnsafeMutableRawPointer
) -> Int32

/// A unit with its render resources: all that a block takes was made before the first.
final class StubStage {
    private struct Event {
        let offset: Int
        let address: AUParameterAddress
        let value: AUValue
    }

    private static let eventsMax = 1_024
    private static let note: AUParameterAddress = .max
    private static let historyFrames = 4_096
    private static let unset: Double = -1

    private let plug: StubPlug
    private let framesMax: Int
    private let channels: Int
    private let voice: StubModel.Voice
    private let first: UnsafeMutablePointer<AUValue>
    private let second: UnsafeMutablePointer<AUValue>
    private let events: UnsafeMutablePointer<Event>
    private var eventCount = 0
    private let input: UnsafeMutableAudioBufferListPointer
    private let planes: UnsafeMutablePointer<Float>
    private let history: UnsafeMutablePointer<Float>
    private var playedFrames = 0
    private var nextSampleTime = StubStage.unset
    private var level: Float = 0
    private var beat: Float = 0
    private var tempo: Float = 0
    private var isGone = false
    var isOpen = false
    var pull: StubPull?
    var pullContext: UnsafeMutableRawPointer?

    init(_ plug: StubPlug) {
        self.plug = plug
        framesMax = plug.framesMax
        channels = plug.output.channels
        voice = plug.model.voice
        let parameters = plug.tree.allParameters
        first = parameters[0].room
        second = parameters[parameters.count > 1 ? 1 : 0].room
        events = .allocate(capacity: Self.eventsMax)
        input = AudioBufferList.allocate(maximumBuffers: channels)
        planes = .allocate(capacity: channels * framesMax)
        planes.initialize(repeating: 0, count: channels * framesMax)
        history = .allocate(capacity: Self.historyFrames)
        history.initialize(repeating: 0, count: Self.historyFrames)
    }

    deinit {
        events.deallocate()
        free(input.unsafeMutablePointer)
        planes.deallocate()
        history.deallocate()
    }

    func set(_ address: AUParameterAddress, _ value: AUValue, at offset: Int) {
        if eventCount == Self.eventsMax { fatalError("more events than a unit keeps") }
        (events + eventCount).initialize(to: Event(offset: offset, address: address, value: value))
        eventCount += 1
    }

    func hear(_ bytes: UnsafePointer<UInt8>, _ count: Int, at offset: Int) {
        if count != 3 { fatalError("a note of \(count) bytes") }
        let isOn = bytes[0] == 0x90 && bytes[2] > 0
        set(Self.note, isOn ? Float(bytes[2]) / 127 : 0, at: offset)
    }

    func render(
        _ stamp: UnsafePointer<AudioTimeStamp>, _ frames: Int,
        _ output: UnsafeMutableAudioBufferListPointer
    ) -> OSStatus {
        if isGone { return -66_749 }
        if frames > framesMax { return -10_874 }
        guard stamp.pointee.mFlags.contains(.sampleTimeValid), output.count == channels else {
            return -50
        }
        // Time that stands still is a block that was played already.
        if stamp.pointee.mSampleTime < nextSampleTime { return -10_863 }
        nextSampleTime = stamp.pointee.mSampleTime + Double(frames)
        if plug.input != nil {
            let status = hearInput(frames)
            if status != noErr { return status }
        }
        if voice == .beat { askTime() }
        for index in 0..<frames { play(index, output) }
        eventCount = 0
        playedFrames += frames
        return noErr
    }

    private func askTime() {
        var (tempo, beats, beat, barBeat) = (0.0, 0.0, 0.0, 0.0)
        var (unit, frames) = (0, 0)
        var flags = AUHostTransportStateFlags()
        guard let context = plug.context, let transport = plug.transport,
            context(&tempo, &beats, &unit, &beat, &frames, &barBeat),
            transport(&flags, nil, nil, nil)
        else { fatalError("a unit without a host") }
        let isMoving = flags.contains(.moving)
        self.beat = isMoving ? Float(beat) : 0
        self.tempo = isMoving ? Float(tempo) : 0
    }

    /// Every other block asks for the sound in memory of its own.
    private func hearInput(_ frames: Int) -> OSStatus {
        guard let pull, let pullContext else { return -10_877 }
        let isOwn = (playedFrames / max(1, frames)).isMultiple(of: 2)
        for channel in 0..<channels {
            input[channel] = AudioBuffer(
                mNumberChannels: 1, mDataByteSize: UInt32(4 * frames),
                mData: isOwn ? UnsafeMutableRawPointer(planes + channel * framesMax) : nil)
        }
        return pull(pullContext, UInt32(frames), 0, input.unsafeMutablePointer)
    }

    private func play(_ index: Int, _ output: UnsafeMutableAudioBufferListPointer) {
        for place in 0..<eventCount where events[place].offset == index { take(events[place]) }
        for channel in 0..<channels {
            guard let out = output[channel].mData?.assumingMemoryBound(to: Float.self) else {
                fatalError("a unit without a place for its sound")
            }
            out[index] = sample(channel, index)
        }
    }

    private func take(_ event: Event) {
        if event.address == Self.note {
            level = event.value
        } else {
            // Counted in Int: other loops allocate in a debug build.
            for place in 0..<plug.tree.allParameters.count
            where plug.tree.allParameters[place].address == event.address {
                plug.tree.allParameters[place].room.pointee = event.value
            }
        }
        guard second.pointee >= 1 else { return }
        if voice == .crash { abort() }
        if voice == .gone { endOwnProcess() }
    }

    /// As the system tells that an extension is gone: elsewhere, and twice.
    private func endOwnProcess() {
        isGone = true
        guard let died = StubUnits.died, let unit = plug.unit else { return }
        nonisolated(unsafe) let gone = unit
        Thread.detachNewThread {
            died(gone)
            died(gone)
        }
    }

    private func sample(_ channel: Int, _ index: Int) -> Float {
        if voice == .tone { return level * first.pointee }
        if voice == .beat { return channel == 0 ? beat : tempo }
        let heard =
            input[channel].mData?.assumingMemoryBound(to: Float.self)[index] ?? .nan
        guard voice == .late else { return heard * first.pointee }
        let at = playedFrames + index
        history[at % Self.historyFrames] = heard
        let from = at - Int(first.pointee)
        return from < 0 ? 0 : history[from % Self.historyFrames]
    }
}
