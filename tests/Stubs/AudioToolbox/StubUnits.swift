import CoreAudio
import Foundation

/// A unit that is installed on the stub Mac.
package struct StubModel: Sendable {
    /// What it does to the sound.
    enum Voice: Sendable {
        /// Times its first parameter.
        case gain
        /// The same, until its second parameter rises: then the process is gone.
        case crash
        /// The same, until its second parameter rises: then its own process is gone, and it is told.
        case gone
        /// As late as its first parameter says, in frames.
        case late
        /// A constant as high as the newest note's velocity times its first parameter.
        case tone
        /// Left the beat, right the tempo, as long as the transport moves.
        case beat
    }

    package let name: String
    package let manufacturer: String
    package let component: AudioComponentDescription
    let voice: Voice
    /// The channels that its busses take; the first is what they have before anybody asks.
    let channels: [Int]
    /// Those of them with which it gets its resources.
    let channelsPlayed: [Int]
    let isNeverMade: Bool
    let refusesToPlay: Bool

    fileprivate init(
        _ code: String, _ name: String, by manufacturer: String = "Stub Works",
        type: UInt32 = kAudioUnitType_Effect, _ voice: Voice = .gain, channels: [Int] = [2],
        channelsPlayed: [Int]? = nil,
        isNeverMade: Bool = false, refusesToPlay: Bool = false
    ) {
        self.name = name
        self.manufacturer = manufacturer
        self.voice = voice
        self.channels = channels
        self.channelsPlayed = channelsPlayed ?? channels
        self.isNeverMade = isNeverMade
        self.refusesToPlay = refusesToPlay
        var component = AudioComponentDescription()
        component.componentType = type
        component.componentSubType = Self.letters(code)
        component.componentManufacturer = Self.letters(String(manufacturer.prefix(4)))
        self.component = component
    }

    private static func letters(_ text: String) -> OSType {
        text.utf8.reduce(0) { $0 << 8 | OSType($1) }
    }

    var hasInput: Bool { component.componentType != kAudioUnitType_MusicDevice }
}

/// What is installed, and who may do what.
package enum StubUnits {
    package static let all = [
        StubModel("gain", "Gain"),
        StubModel("tone", "Tone", type: kAudioUnitType_MusicDevice, .tone),
        StubModel("crsh", "Crash", .crash),
        StubModel("gone", "Gone", .gone),
        StubModel("beat", "Beat", .beat),
        StubModel("mono", "Mono", by: "Other Works", .late, channels: [2, 1], channelsPlayed: [1]),
        StubModel("refu", "Refuses", by: "Other Works", refusesToPlay: true),
        StubModel("none", "Not Made", by: "Other Works", isNeverMade: true),
        StubModel("six ", "Six Channels", by: "Other Works", channels: [6]),
        StubModel("outp", "Output", type: kAudioUnitType_Output),
    ]

    /// The thread that played a unit last.
    nonisolated(unsafe) static var audioThread: pthread_t?
    /// Who is told of units that are gone.
    nonisolated(unsafe) static var died: (@convention(c) (UnsafeMutableRawPointer) -> Void)?

    /// Ends the process: on a Mac this would lock up or click now and then. Who plays on the main thread
    /// has nobody waiting for the sound.
    static func refuseAudioThread(_ what: String) {
        if audioThread == pthread_self(), !Thread.isMainThread {
            fatalError("\(what) on the audio thread")
        }
    }

    /// Ends the process: units are made and listed by the main thread.
    package static func refuseOtherThreads(_ what: String) {
        if !Thread.isMainThread { fatalError("\(what) on another thread than the main one") }
    }
}
