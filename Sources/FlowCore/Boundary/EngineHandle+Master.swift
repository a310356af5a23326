/// The master for those who listen elsewhere.
extension EngineHandle {
    static func masterFollow(engine: UnsafeMutableRawPointer?, isOn: UInt32) -> Int32 {
        guard let engine = find(engine) else { return refuse(ErrorCode.commandBounds) }
        engine.master.follow(isOn != 0)
        return 0
    }

    static func masterRead(
        engine: UnsafeMutableRawPointer?, samples: UnsafeMutableRawPointer?,
        capacityFrames: UInt32, first: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let engine = find(engine), let samples, let first else {
            return refuse(ErrorCode.commandBounds)
        }
        let read = engine.master.read(
            into: samples.assumingMemoryBound(to: Float.self),
            capacityFrames: min(Int(capacityFrames), Int(Int32.max)))
        first.storeBytes(of: Double(read.first), as: Double.self)
        return Int32(read.frames)
    }
}
