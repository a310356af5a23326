import CoreAudio
import Foundation

// What `CFlowUnit` calls on a Mac, for its stub.

@_cdecl("stub_unit_open")
func stubUnitOpen(
    _ unit: UnsafeMutableRawPointer, _ pull: StubPull, _ context: UnsafeMutableRawPointer
) -> UnsafeMutableRawPointer {
    let unit = Unmanaged<AUAudioUnit>.fromOpaque(unit).takeUnretainedValue()
    guard let plug = unit.plug, let stage = plug.stage else {
        fatalError("a render block of a unit without resources")
    }
    plug.unit = Unmanaged.passUnretained(unit).toOpaque()
    stage.isOpen = true
    stage.pull = pull
    stage.pullContext = context
    return Unmanaged.passRetained(stage).toOpaque()
}

@_cdecl("stub_unit_close")
func stubUnitClose(_ opened: UnsafeMutableRawPointer) {
    let stage = Unmanaged<StubStage>.fromOpaque(opened)
    stage.takeUnretainedValue().isOpen = false
    stage.release()
}

@_cdecl("stub_unit_render")
func stubUnitRender(
    _ opened: UnsafeMutableRawPointer, _ stamp: UnsafeRawPointer, _ frames: UInt32,
    _ list: UnsafeMutableRawPointer
) -> Int32 {
    StubUnits.audioThread = pthread_self()
    let list = UnsafeMutableAudioBufferListPointer(
        list.assumingMemoryBound(to: AudioBufferList.self))
    return Unmanaged<StubStage>.fromOpaque(opened)._withUnsafeGuaranteedRef {
        $0.render(stamp.assumingMemoryBound(to: AudioTimeStamp.self), Int(frames), list)
    }
}

@_cdecl("stub_unit_parameter")
func stubUnitParameter(
    _ opened: UnsafeMutableRawPointer, _ offset: UInt32, _ address: UInt64, _ value: Float
) {
    Unmanaged<StubStage>.fromOpaque(opened)._withUnsafeGuaranteedRef {
        $0.set(address, value, at: Int(offset))
    }
}

@_cdecl("stub_unit_midi")
func stubUnitMidi(
    _ opened: UnsafeMutableRawPointer, _ offset: UInt32, _ bytes: UnsafePointer<UInt8>,
    _ count: UInt32
) {
    Unmanaged<StubStage>.fromOpaque(opened)._withUnsafeGuaranteedRef {
        $0.hear(bytes, Int(count), at: Int(offset))
    }
}

@_cdecl("stub_unit_watch")
func stubUnitWatch(_ died: @escaping @convention(c) (UnsafeMutableRawPointer) -> Void) {
    StubUnits.died = died
}
