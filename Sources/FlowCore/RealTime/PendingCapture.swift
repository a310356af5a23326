/// A capture whose window ends ahead.
struct PendingCapture: BitwiseCopyable {
    var isActive: Bool
    var token: UInt32
    var id: TakeID
    var source: Int
    var pressFrame: Int64
    /// When it begins to sound.
    var readyFrame: Int64
    var window: CaptureWindow
    var marks: EventMarks
    /// Whether it joins what the slot plays, and what that is multiplied with.
    var isOverdub: Bool
    var factor: Float

    @_noLocks @_noAllocation
    init() {
        isActive = false
        token = 0
        id = TakeID.none()
        source = 0
        pressFrame = 0
        readyFrame = 0
        window = CaptureWindow()
        marks = EventMarks()
        isOverdub = false
        factor = 1
    }
}
