import Dispatch
import Foundation

/// A device of the stub hardware.
package struct StubDevice {
    /// One stream of one direction.
    package struct Stream {
        package var id: AudioObjectID
        package var channels: UInt32
        package var latencyFrames: UInt32

        package init(id: AudioObjectID = 0, channels: UInt32, latencyFrames: UInt32 = 0) {
            self.id = id
            self.channels = channels
            self.latencyFrames = latencyFrames
        }
    }

    package var uid: String
    package var name: String
    package var inputs: [Stream] = []
    package var outputs: [Stream] = []
    package var rateHz: Float64 = 48_000
    package var rates: [Float64] = [44_100, 48_000, 96_000]
    package var blockFrames: UInt32 = 512
    package var blockMin: UInt32 = 16
    package var blockMax: UInt32 = 4_096
    /// Device latency and safety offset, input then output.
    package var latencyFrames: [UInt32] = [0, 0]
    package var safetyFrames: [UInt32] = [0, 0]
    /// Whether a rate that was set is taken at once; else when `StubHal.settle` is called.
    package var takesRateAtOnce = true
    package var pendingRateHz: Float64?
    /// The devices an aggregate is made of, output first.
    package var parts: [AudioObjectID] = []

    package init(uid: String, inputs: [Stream] = [], outputs: [Stream] = []) {
        self.uid = uid
        name = "Name of \(uid)"
        self.inputs = inputs
        self.outputs = outputs
    }
}

/// The hardware of the stubs: what a test plugs in, pulls out and changes.
///
/// Thread: any; listeners are called on their queues, before the call that changed something returns.
package final class StubHal: @unchecked Sendable {
    package static let shared = StubHal()

    struct Listener {
        let object: AudioObjectID
        let address: AudioObjectPropertyAddress
        /// What it is known by: function and context; nil of a block, which is known by nothing.
        private let name: [UInt]?
        let call: (UnsafePointer<AudioObjectPropertyAddress>) -> Void
        let queue: DispatchQueue?

        init(
            _ object: AudioObjectID, _ address: AudioObjectPropertyAddress,
            _ proc: AudioObjectPropertyListenerProc, _ context: UnsafeMutableRawPointer?
        ) {
            self.object = object
            self.address = address
            name = [unsafeBitCast(proc, to: UInt.self), UInt(bitPattern: context)]
            call = { _ = proc(object, 1, $0, context) }
            queue = nil
        }

        init(
            _ object: AudioObjectID, _ address: AudioObjectPropertyAddress, _ queue: DispatchQueue,
            _ block: @escaping AudioObjectPropertyListenerBlock
        ) {
            self.object = object
            self.address = address
            self.queue = queue
            name = nil
            call = { block(1, $0) }
        }

        func isSame(_ other: Listener) -> Bool {
            name != nil && name == other.name && object == other.object
                && address.isSame(other.address)
        }
    }

    private let lock = NSRecursiveLock()
    private let ownThread = DispatchQueue(label: "stub.hardware")
    private var nextID: AudioObjectID = 40
    private(set) package var devices: [AudioObjectID: StubDevice] = [:]
    private(set) package var defaultInput: AudioObjectID = 0
    private(set) package var defaultOutput: AudioObjectID = 0
    /// Whether aggregates are refused.
    package var refusesToJoin = false
    /// Whether no unit takes a device by its number.
    package var refusesNames = false
    /// Time until the parts of an aggregate are in it, one after the other.
    package var partNs: Int64 = 40_000_000
    /// Of aggregates that were given up: they go some time later, nobody knows when.
    private var pastUids: Set<String> = []
    /// Parts that are still to come, and when.
    private var coming: [(whole: AudioObjectID, part: AudioObjectID, afterNs: Int64)] = []
    private var listeners: [Listener] = []
    /// Whether changes are told on a thread of the hardware's own; else on a run loop that nobody runs.
    private var hasOwnThread = false
    /// The engine's: told when a device's format changed or it went.
    package var onFormat: [ObjectIdentifier: (AudioObjectID) -> Void] = [:]

    /// Begins anew: nothing is plugged in and nobody listens.
    package func reset() {
        locked {
            devices = [:]
            defaultInput = 0
            defaultOutput = 0
            listeners = []
            onFormat = [:]
            refusesToJoin = false
            refusesNames = false
            partNs = 40_000_000
            coming = []
            pastUids = []
            hasOwnThread = false
        }
    }

    func listensItself(_ isSo: Bool) { locked { hasOwnThread = isSo } }

    package func locked<Result>(_ body: () -> Result) -> Result { lock.withLock(body) }

    /// Number of listeners on an object.
    package func listenerCount(_ object: AudioObjectID) -> Int {
        locked { listeners.filter { $0.object == object }.count }
    }

    /// What is listened to on an object.
    package func selectors(_ object: AudioObjectID) -> Set<AudioObjectPropertySelector> {
        locked { Set(listeners.filter { $0.object == object }.map(\.address.mSelector)) }
    }

    /// From now on engines do not notice what happens to their devices.
    package func deafenEngines() { locked { onFormat = [:] } }

    @discardableResult
    package func plug(
        _ device: StubDevice, isDefaultInput: Bool = false, isDefaultOutput: Bool = false
    ) -> AudioObjectID {
        let id = locked { () -> AudioObjectID in
            nextID += 10
            devices[nextID] = device
            for index in device.inputs.indices {
                devices[nextID]?.inputs[index].id = nextID + 1 + AudioObjectID(index)
            }
            for index in device.outputs.indices {
                devices[nextID]?.outputs[index].id = nextID + 5 + AudioObjectID(index)
            }
            if isDefaultInput { defaultInput = nextID }
            if isDefaultOutput { defaultOutput = nextID }
            return nextID
        }
        tell(AudioObjectID(1), kAudioHardwarePropertyDevices)
        if isDefaultInput { tell(1, kAudioHardwarePropertyDefaultInputDevice) }
        if isDefaultOutput { tell(1, kAudioHardwarePropertyDefaultOutputDevice) }
        return id
    }

    /// The device is gone; defaults go to what is left that can.
    package func pull(_ id: AudioObjectID) {
        locked {
            devices[id] = nil
            let left = devices.keys.sorted()
            if defaultInput == id {
                defaultInput = left.first { !(devices[$0]?.inputs.isEmpty ?? true) } ?? 0
            }
            if defaultOutput == id {
                defaultOutput = left.first { !(devices[$0]?.outputs.isEmpty ?? true) } ?? 0
            }
        }
        format(id)
        tell(id, kAudioDevicePropertyDeviceIsAlive)
        tell(1, kAudioHardwarePropertyDevices)
        tell(1, kAudioHardwarePropertyDefaultInputDevice)
        tell(1, kAudioHardwarePropertyDefaultOutputDevice)
    }

    /// Whether a device of that UID is there, or is not quite gone yet.
    func isTaken(_ uid: String) -> Bool {
        locked { pastUids.contains(uid) || devices.values.contains { $0.uid == uid } }
    }

    func retire(_ whole: AudioObjectID) {
        locked {
            if let uid = devices[whole]?.uid { pastUids.insert(uid) }
            coming.removeAll { $0.whole == whole }
        }
        pull(whole)
    }

    /// From now on the streams of these devices come into the aggregate, in their order.
    func form(_ whole: AudioObjectID, _ parts: [AudioObjectID]) {
        locked {
            for (index, part) in parts.enumerated() {
                coming.append((whole, part, partNs * Int64(index + 1)))
            }
        }
    }

    /// Lets time pass for the hardware; nothing comes of it where nobody runs its run loop.
    package func pass(ns: Int64) {
        let come = locked { () -> [(whole: AudioObjectID, part: AudioObjectID, afterNs: Int64)] in
            guard hasOwnThread else { return [] }
            for index in coming.indices { coming[index].afterNs -= ns }
            defer { coming.removeAll { $0.afterNs <= 0 } }
            return coming.filter { $0.afterNs <= 0 }
        }
        for (whole, part, _) in come {
            guard let device = locked({ devices[part] }) else { continue }
            change(whole) {
                $0.inputs += device.inputs
                $0.outputs += device.outputs
            }
            format(whole)
        }
    }

    package func setDefaults(input: AudioObjectID? = nil, output: AudioObjectID? = nil) {
        locked {
            defaultInput = input ?? defaultInput
            defaultOutput = output ?? defaultOutput
        }
        if input != nil { tell(1, kAudioHardwarePropertyDefaultInputDevice) }
        if output != nil { tell(1, kAudioHardwarePropertyDefaultOutputDevice) }
    }

    package func change(_ id: AudioObjectID, _ body: (inout StubDevice) -> Void) {
        locked {
            guard var device = devices[id] else { return }
            body(&device)
            devices[id] = device
        }
    }

    /// The hardware's rate is another one from now on, whoever wanted that.
    package func setRate(_ id: AudioObjectID, _ rateHz: Float64) {
        let before = locked { devices[id]?.rateHz }
        guard before != rateHz else { return }
        change(id) {
            $0.rateHz = rateHz
            $0.pendingRateHz = nil
        }
        tell(id, kAudioDevicePropertyNominalSampleRate)
        format(id)
    }

    /// Rates that were asked for are taken.
    package func settle() {
        for (id, device) in locked({ devices }) {
            if let pending = device.pendingRateHz { setRate(id, pending) }
        }
    }

    /// From now on nobody is told of anything.
    package func deafen() {
        locked {
            listeners = []
            onFormat = [:]
        }
    }

    /// The hardware was not served in time.
    package func overload(_ id: AudioObjectID) { tell(id, kAudioDeviceProcessorOverload) }

    func add(_ listener: Listener) { locked { listeners.append(listener) } }

    /// False when nobody listened there.
    func remove(_ listener: Listener) -> Bool {
        locked {
            let found = listeners.firstIndex { $0.isSame(listener) }
            if let found { listeners.remove(at: found) }
            return found != nil
        }
    }

    private func format(_ id: AudioObjectID) {
        for told in locked({ Array(onFormat.values) }) { told(id) }
    }

    private func tell(_ object: AudioObjectID, _ selector: AudioObjectPropertySelector) {
        let address = AudioObjectPropertyAddress(
            mSelector: selector, mScope: kAudioObjectPropertyScopeGlobal,
            mElement: kAudioObjectPropertyElementMain)
        let told = locked {
            listeners.filter { hasOwnThread && $0.object == object && $0.address.isSame(address) }
        }
        for listener in told {
            (listener.queue ?? ownThread).sync {
                withUnsafePointer(to: address) { listener.call($0) }
            }
        }
    }
}
