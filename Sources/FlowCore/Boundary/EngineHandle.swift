enum EngineHandle {
 static func engineCreate(config: UnsafeMutableRawPointer?, handleOut: UnsafeMutableRawPointer?) -> Int32 {0}
 static func engineStart(engine: UnsafeMutableRawPointer?) -> Int32 {0}
 static func engineStop(engine: UnsafeMutableRawPointer?) -> Int32 {0}
 static func engineDestroy(engine: UnsafeMutableRawPointer?) -> Int32 {0}
 static func engineSend(engine: UnsafeMutableRawPointer?, records: UnsafeMutableRawPointer?, count: UInt32) -> Int32 {0}
 static func enginePoll(engine: UnsafeMutableRawPointer?, records: UnsafeMutableRawPointer?, capacity: UInt32) -> Int32 {0}
 static func engineStatus(engine: UnsafeMutableRawPointer?, status: UnsafeMutableRawPointer?) -> Int32 {0}
 static func engineFeatures(engine: UnsafeMutableRawPointer?, frame: UnsafeMutableRawPointer?, capacityBytes: UInt32) -> Int32 {0}
 static func engineNow(engine: UnsafeMutableRawPointer?) -> Double {0}
 static func engineStep(engine: UnsafeMutableRawPointer?, frames: UInt32) -> Int32 {0}
 static func takeLoad(engine: UnsafeMutableRawPointer?, source: UnsafeMutableRawPointer?) -> Int32 {0}
 static func lastError(text: UnsafeMutableRawPointer?, capacityBytes: UInt32) -> Int32 {0}
}
