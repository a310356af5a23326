import CFlowApple
import Foundation

/// Raises as Objective-C would: into the guard, or the process ends.
@_silgen_name("stub_raise")
private func stubRaise(_ reason: UnsafePointer<CChar>)

func raise(_ reason: String) -> Never {
    StubAudio.shared.countRaise()
    stubRaise(reason)
    fatalError("an exception came back")
}

/// Who is where: what may be called depends on the thread.
package enum StubThread {
    private static let rendering = "stub.rendering"
    private static let telling = "stub.telling"

    static var isRendering: Bool { Thread.current.threadDictionary[rendering] != nil }
    static var isTelling: Bool { Thread.current.threadDictionary[telling] != nil }

    static func render(_ body: () -> Void) { mark(rendering, body) }
    static func tell(_ body: () -> Void) { mark(telling, body) }

    private static func mark(_ key: String, _ body: () -> Void) {
        Thread.current.threadDictionary[key] = true
        body()
        Thread.current.threadDictionary[key] = nil
    }

    /// Ends the process: on a Mac this would lock up or click now and then.
    static func refuseAudioThread(_ what: String) {
        if isRendering { fatalError("\(what) on the audio thread") }
    }
}
