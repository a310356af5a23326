@_exported import AudioToolbox
@_exported import CoreAudio
@_exported import Foundation

// doc: = https://developer.apple.com/documentation/

extension NSNotification.Name {
    // swift-format-ignore: AlwaysUseLowerCamelCase
    /// Rate or channels of the hardware have changed; the engine has stopped.
    ///
    /// doc: foundation/nsnotification/name-swift.struct/avaudioengineconfigurationchange.
    public static let AVAudioEngineConfigurationChange = NSNotification.Name(
        "AVAudioEngineConfigurationChangeNotification")
}

/// Nodes, how they are connected, and their clock (doc: avfaudio/avaudioengine).
public final class AVAudioEngine: NSObject {
    private let unit = AUAudioUnit()
    private var nodes: [ObjectIdentifier: AVAudioNode] = [:]
    private var input: AVAudioInputNode?
    private var output: AVAudioOutputNode?
    private var mixer: AVAudioMixerNode?
    var sources: [AVAudioSourceNode] = []
    var sink: AVAudioSinkNode?
    var manualFormat: AVAudioFormat?
    private var manualFramesMax: AVAudioFrameCount = 0
    private var isPrepared = false
    /// doc: avfaudio/avaudioengine/isrunning.
    public private(set) var isRunning = false
    /// doc: avfaudio/avaudioengine/isautoshutdownenabled.
    public var isAutoShutdownEnabled = false

    /// doc: avfaudio/avaudioengine/init().
    public override init() {
        super.init()
        StubThread.refuseAudioThread("an engine made")
        unit.isSealed = { [unowned self] in isRunning || !sources.isEmpty || sink != nil }
        StubAudio.shared.enter(self)
    }

    deinit {
        if StubThread.isTelling { fatalError("an engine given up inside its own notice") }
        if isRunning { fatalError("an engine given up while it runs") }
        StubAudio.shared.leave(self)
    }

    /// Made on first access; on a Mac that asks for the microphone (doc: avfaudio/avaudioengine/inputnode).
    public var inputNode: AVAudioInputNode {
        let node = input ?? AVAudioInputNode(unit, self)
        input = node
        return node
    }

    /// doc: avfaudio/avaudioengine/outputnode.
    public var outputNode: AVAudioOutputNode {
        let node = output ?? AVAudioOutputNode(unit, self)
        output = node
        return node
    }

    /// Connected to the output on first access (doc: avfaudio/avaudioengine/mainmixernode).
    public var mainMixerNode: AVAudioMixerNode {
        if let mixer { return mixer }
        _ = outputNode
        let node = AVAudioMixerNode()
        node.engine = self
        mixer = node
        return node
    }

    /// Whether somebody has asked for the input.
    var hasInput: Bool { input != nil }
    var device: AUAudioUnit { unit }
    /// Whether something hears the input.
    package var hasSink: Bool { sink != nil }

    /// doc: avfaudio/avaudioengine/attach(_:).
    public func attach(_ node: AVAudioNode) {
        StubThread.refuseAudioThread("attach")
        if node.engine != nil || node is AVAudioIONode {
            raise("required condition is false: !nodeimpl->HasEngineImpl()")
        }
        node.engine = self
        nodes[ObjectIdentifier(node)] = node
    }

    /// doc: avfaudio/avaudioengine/detach(_:).
    public func detach(_ node: AVAudioNode) {
        StubThread.refuseAudioThread("detach")
        guard node.engine === self, nodes.removeValue(forKey: ObjectIdentifier(node)) != nil
        else { raise("required condition is false: _nodes.find(node) != _nodes.end()") }
        node.engine = nil
        sources.removeAll { $0 === node }
        if sink === node { sink = nil }
    }

    /// doc: avfaudio/avaudioengine/connect(_:to:format:).
    public func connect(_ node1: AVAudioNode, to node2: AVAudioNode, format: AVAudioFormat?) {
        StubThread.refuseAudioThread("connect")
        if node1.engine !== self || node2.engine !== self {
            raise("required condition is false: both nodes are attached to this engine")
        }
        if let format, format.sampleRate <= 0 || format.channelCount == 0 {
            raise("required condition is false: IsFormatSampleRateAndChannelCountValid(format)")
        }
        if let sink = node2 as? AVAudioSinkNode {
            connectSink(node1, sink, format)
        } else if let source = node1 as? AVAudioSourceNode, node2 === mixer {
            guard let format, format.isSame(source.format) else {
                raise("the connection's format is not the source's")
            }
            sources.append(source)
        } else {
            raise("no such connection: \(type(of: node1)) to \(type(of: node2))")
        }
    }

    private func connectSink(
        _ node: AVAudioNode, _ sink: AVAudioSinkNode, _ format: AVAudioFormat?
    ) {
        guard node === input else { raise("a sink is in the input chain only") }
        if manualFormat != nil { raise("a sink does not support manual rendering") }
        if StubAudio.shared.refusesSinks { raise("Failed to create the connection") }
        let hardware = inputNode.outputFormat(forBus: 0)
        guard let format, format.isSame(hardware) else {
            raise("Input HW format and the sink's format not matching")
        }
        sink.format = format
        self.sink = sink
    }

    /// doc: avfaudio/avaudioengine/prepare().
    public func prepare() {
        StubThread.refuseAudioThread("prepare")
        if input == nil, output == nil {
            raise("required condition is false: inputNode != nullptr || outputNode != nullptr")
        }
        isPrepared = true
    }

    /// doc: avfaudio/avaudioengine/start().
    public func start() throws {
        StubThread.refuseAudioThread("start")
        if isRunning { return }
        prepare()
        if manualFormat == nil {
            guard hardware.output != nil else { throw AUAudioUnit.error(-10_875) }
            if StubAudio.shared.startFailures > 0 {
                StubAudio.shared.startFailures -= 1
                throw AUAudioUnit.error(-66_635)
            }
            if let format = sink?.format, !format.isSame(inputNode.outputFormat(forBus: 0)) {
                throw AUAudioUnit.error(-10_868)
            }
        }
        isRunning = true
    }

    /// doc: avfaudio/avaudioengine/stop().
    public func stop() {
        StubThread.refuseAudioThread("stop")
        isRunning = false
    }

    /// Told by the hardware: stops itself, and tells.
    func formatChanged(_ id: AudioObjectID) {
        guard isRunning, manualFormat == nil, hardware.ids.contains(id) else { return }
        isRunning = false
        StubThread.tell {
            NotificationCenter.default.post(
                name: .AVAudioEngineConfigurationChange, object: self)
        }
    }

    /// doc: avfaudio/avaudioengine/enablemanualrenderingmode(_:format:maximumframecount:).
    public func enableManualRenderingMode(
        _ mode: AVAudioEngineManualRenderingMode, format pcmFormat: AVAudioFormat,
        maximumFrameCount: AVAudioFrameCount
    ) throws {
        if isRunning { throw AUAudioUnit.error(-80_801) }
        if sink != nil { raise("a sink does not support manual rendering") }
        manualFormat = pcmFormat
        manualFramesMax = maximumFrameCount
    }

    /// doc: avfaudio/avaudioengine/renderoffline(_:to:).
    public func renderOffline(
        _ numberOfFrames: AVAudioFrameCount, to buffer: AVAudioPCMBuffer
    ) throws -> AVAudioEngineManualRenderingStatus {
        guard let manualFormat else { throw AUAudioUnit.error(-80_800) }
        guard isRunning else { throw AUAudioUnit.error(-80_802) }
        guard buffer.format.isSame(manualFormat), numberOfFrames <= manualFramesMax,
            numberOfFrames <= buffer.frameCapacity, let planes = buffer.floatChannelData
        else { throw AUAudioUnit.error(-50) }
        StubAudio.shared.play(
            self, frames: Int(numberOfFrames), rateHz: manualFormat.sampleRate,
            [planes[0], planes[1]])
        buffer.frameLength = numberOfFrames
        return .success
    }
}
