import CoreAudio
import Foundation

// doc: = https://developer.apple.com/documentation/

/// A number of frames (doc: avfaudio/avaudioframecount).
public typealias AVAudioFrameCount = UInt32
/// A number of channels (doc: avfaudio/avaudiochannelcount).
public typealias AVAudioChannelCount = UInt32
/// A bus of a node (doc: avfaudio/avaudionodebus).
public typealias AVAudioNodeBus = Int

/// Rate and channels of a connection (doc: avfaudio/avaudioformat).
public final class AVAudioFormat: @unchecked Sendable {
    /// doc: avfaudio/avaudioformat/samplerate.
    public let sampleRate: Double
    /// doc: avfaudio/avaudioformat/channelcount.
    public let channelCount: AVAudioChannelCount
    /// doc: avfaudio/avaudioformat/isinterleaved.
    public let isInterleaved = false

    init(rate: Double, channels: AVAudioChannelCount) {
        sampleRate = rate
        channelCount = channels
    }

    /// Float32 of one buffer a channel; more than two channels need a layout.
    ///
    /// doc: avfaudio/avaudioformat/init(standardformatwithsamplerate:channels:).
    public convenience init?(
        standardFormatWithSampleRate sampleRate: Double, channels: AVAudioChannelCount
    ) {
        guard sampleRate > 0, (1...2).contains(channels) else { return nil }
        self.init(rate: sampleRate, channels: channels)
    }

    func isSame(_ other: AVAudioFormat) -> Bool {
        sampleRate == other.sampleRate && channelCount == other.channelCount
    }
}

/// Samples of some frames (doc: avfaudio/avaudiopcmbuffer).
public final class AVAudioPCMBuffer {
    /// doc: avfaudio/avaudiobuffer/format.
    public let format: AVAudioFormat
    /// doc: avfaudio/avaudiopcmbuffer/framecapacity.
    public let frameCapacity: AVAudioFrameCount
    /// doc: avfaudio/avaudiopcmbuffer/framelength.
    public var frameLength: AVAudioFrameCount = 0 {
        didSet { if frameLength > frameCapacity { raise("frameLength <= frameCapacity") } }
    }
    private let planes: UnsafeMutablePointer<UnsafeMutablePointer<Float>>

    /// doc: avfaudio/avaudiopcmbuffer/init(pcmformat:framecapacity:).
    public init?(pcmFormat format: AVAudioFormat, frameCapacity: AVAudioFrameCount) {
        guard frameCapacity > 0 else { return nil }
        self.format = format
        self.frameCapacity = frameCapacity
        planes = .allocate(capacity: Int(format.channelCount))
        for channel in 0..<Int(format.channelCount) {
            planes[channel] = .allocate(capacity: Int(frameCapacity))
            planes[channel].initialize(repeating: 0, count: Int(frameCapacity))
        }
    }

    deinit {
        for channel in 0..<Int(format.channelCount) { planes[channel].deallocate() }
        planes.deallocate()
    }

    /// doc: avfaudio/avaudiopcmbuffer/floatchanneldata.
    public var floatChannelData: UnsafePointer<UnsafeMutablePointer<Float>>? {
        UnsafePointer(planes)
    }
}

/// Moments of the system's clock (doc: avfaudio/avaudiotime).
public enum AVAudioTime {
    /// Ticks of so many seconds; here a tick is a nanosecond (doc: avfaudio/avaudiotime/hosttime(forseconds:)).
    public static func hostTime(forSeconds seconds: TimeInterval) -> UInt64 {
        UInt64(seconds * 1e9)
    }
}
