import AudioToolbox
import CoreAudio
import Foundation

/// A list of buffers of one channel each, as the system hands it out.
final class StubList {
    let pointer: UnsafeMutablePointer<AudioBufferList>
    private let memory: UnsafeMutableRawPointer
    private let planes: [UnsafeMutablePointer<Float>]

    init(_ samples: [[Float]]) {
        planes = samples.map { plane in
            let copy = UnsafeMutablePointer<Float>.allocate(capacity: max(1, plane.count))
            for (index, sample) in plane.enumerated() { copy[index] = sample }
            return copy
        }
        memory = .allocate(byteCount: 8 + 16 * max(1, samples.count), alignment: 8)
        memory.storeBytes(of: UInt32(samples.count), as: UInt32.self)
        for (index, plane) in planes.enumerated() {
            memory.storeBytes(
                of: AudioBuffer(
                    mNumberChannels: 1, mDataByteSize: UInt32(4 * samples[index].count),
                    mData: UnsafeMutableRawPointer(plane)),
                toByteOffset: 8 + 16 * index, as: AudioBuffer.self)
        }
        pointer = memory.assumingMemoryBound(to: AudioBufferList.self)
    }

    deinit {
        for plane in planes { plane.deallocate() }
        memory.deallocate()
    }

    func plane(_ channel: Int) -> UnsafeMutablePointer<Float> { planes[channel] }
}

extension AVAudioEngine {
    /// Which devices an engine plays and hears through at this moment.
    struct Hardware {
        var output: StubDevice?
        var input: StubDevice?
        var rateHz: Double = 0
        var ids: [AudioObjectID] = []
    }

    /// The device that was named, or the system's defaults of both directions.
    var hardware: Hardware {
        let hal = StubHal.shared
        return hal.locked {
            let isNamed = device.isNamed
            let outputID = isNamed ? device.deviceID : hal.defaultOutput
            let inputID = isNamed ? device.deviceID : hal.defaultInput
            var found = Hardware()
            found.output = hal.devices[outputID].flatMap { $0.outputs.isEmpty ? nil : $0 }
            found.input = hal.devices[inputID].flatMap { $0.inputs.isEmpty ? nil : $0 }
            found.rateHz = hal.devices[outputID]?.rateHz ?? 0
            let parts = hal.devices[outputID]?.parts ?? []
            found.ids = [outputID, device.deviceID] + (hasInput ? [inputID] : []) + parts
            return found
        }
    }
}
