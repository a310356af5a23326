import AudioToolbox
import CoreAudio
import Foundation

// doc: = https://developer.apple.com/documentation/

/// Whether listening is allowed, and who asks for it (doc: avfaudio/avaudioapplication).
public final class AVAudioApplication: @unchecked Sendable {
    // swift-format-ignore: TypeNamesShouldBeCapitalized
    /// doc: avfaudio/avaudioapplication/recordpermission-swift.enum.
    public enum recordPermission: Sendable {
        case undetermined, denied, granted
    }

    /// doc: avfaudio/avaudioapplication/shared.
    public static let shared = AVAudioApplication()
    private let lock = NSLock()
    private var permission = recordPermission.granted
    private var asking: [@Sendable (Bool) -> Void] = []

    /// doc: avfaudio/avaudioapplication/recordpermission-swift.property.
    public var recordPermission: recordPermission { lock.withLock { permission } }

    /// doc: avfaudio/avaudioapplication/requestrecordpermission(completionhandler:).
    public static func requestRecordPermission(
        completionHandler response: @escaping @Sendable (Bool) -> Void
    ) {
        shared.lock.withLock { shared.asking.append(response) }
    }

    /// What the player has answered before.
    package func set(_ permission: recordPermission) {
        lock.withLock {
            self.permission = permission
            asking = []
        }
    }

    /// How often the player is being asked.
    package var askedCount: Int { lock.withLock { asking.count } }

    /// The player answers; told on another thread.
    package func answer(_ isAllowed: Bool) {
        let told = lock.withLock {
            permission = isAllowed ? .granted : .denied
            defer { asking = [] }
            return asking
        }
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            for response in told { response(isAllowed) }
            done.signal()
        }
        done.wait()
    }
}

/// Something in an engine (doc: avfaudio/avaudionode).
public class AVAudioNode {
    /// The engine it is attached to (doc: avfaudio/avaudionode/engine).
    public internal(set) weak var engine: AVAudioEngine?

    init() {}

    /// doc: avfaudio/avaudionode/outputformat(forbus:).
    public func outputFormat(forBus bus: AVAudioNodeBus) -> AVAudioFormat {
        AVAudioFormat(rate: 0, channels: 0)
    }
}

/// The engine's end at the hardware (doc: avfaudio/avaudioionode).
public class AVAudioIONode: AVAudioNode {
    let unit: AUAudioUnit

    init(_ unit: AUAudioUnit, _ engine: AVAudioEngine) {
        self.unit = unit
        super.init()
        self.engine = engine
    }

    /// doc: avfaudio/avaudionode/auaudiounit.
    public var auAudioUnit: AUAudioUnit { unit }
}

/// What is heard (doc: avfaudio/avaudioinputnode).
public final class AVAudioInputNode: AVAudioIONode {
    /// The hardware's, or 0 Hz without permission or plug (doc: avfaudio/avaudioinputnode).
    public override func outputFormat(forBus bus: AVAudioNodeBus) -> AVAudioFormat {
        if bus != 0 { raise("required condition is false: element < GetElementCount") }
        guard AVAudioApplication.shared.recordPermission == .granted,
            !StubAudio.shared.readsZeroHz, let engine,
            let device = engine.hardware.input
        else { return AVAudioFormat(rate: 0, channels: 0) }
        return AVAudioFormat(
            rate: engine.hardware.rateHz,
            channels: device.inputs.reduce(0) { $0 + $1.channels })
    }
}

/// What plays (doc: avfaudio/avaudiooutputnode).
public final class AVAudioOutputNode: AVAudioIONode {
    /// The hardware's (doc: avfaudio/avaudiooutputnode).
    public override func outputFormat(forBus bus: AVAudioNodeBus) -> AVAudioFormat {
        if bus != 0 { raise("required condition is false: element < GetElementCount") }
        guard let engine else { return AVAudioFormat(rate: 0, channels: 0) }
        if let manual = engine.manualFormat { return manual }
        guard let device = engine.hardware.output else {
            return AVAudioFormat(rate: 0, channels: 0)
        }
        return AVAudioFormat(
            rate: engine.hardware.rateHz,
            channels: device.outputs.reduce(0) { $0 + $1.channels })
    }
}

/// Sums what is connected to it, at any rate (doc: avfaudio/avaudiomixernode).
public final class AVAudioMixerNode: AVAudioNode {}

/// Fills a block of output (doc: avfaudio/avaudiosourcenoderenderblock).
public typealias AVAudioSourceNodeRenderBlock = @Sendable (
    _ isSilence: UnsafeMutablePointer<ObjCBool>, _ timestamp: UnsafePointer<AudioTimeStamp>,
    _ frameCount: AVAudioFrameCount, _ outputData: UnsafeMutablePointer<AudioBufferList>
) -> OSStatus

/// Plays what its block gives (doc: avfaudio/avaudiosourcenode).
public final class AVAudioSourceNode: AVAudioNode {
    let format: AVAudioFormat
    let renderBlock: AVAudioSourceNodeRenderBlock

    /// doc: avfaudio/avaudiosourcenode/init(format:renderblock:).
    public init(format: AVAudioFormat, renderBlock block: @escaping AVAudioSourceNodeRenderBlock) {
        self.format = format
        renderBlock = block
        super.init()
    }
}

/// Takes a block of input (doc: avfaudio/avaudiosinknodereceiverblock).
public typealias AVAudioSinkNodeReceiverBlock = @Sendable (
    _ timestamp: UnsafePointer<AudioTimeStamp>, _ frameCount: AVAudioFrameCount,
    _ inputData: UnsafePointer<AudioBufferList>
) -> OSStatus

/// Hears the input node (doc: avfaudio/avaudiosinknode).
public final class AVAudioSinkNode: AVAudioNode {
    let receiverBlock: AVAudioSinkNodeReceiverBlock
    /// As it was connected.
    var format: AVAudioFormat?

    /// doc: avfaudio/avaudiosinknode/init(receiverblock:).
    public init(receiverBlock block: @escaping AVAudioSinkNodeReceiverBlock) {
        receiverBlock = block
        super.init()
    }
}
