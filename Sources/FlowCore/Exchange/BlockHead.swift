/// What a block says about itself; the layout of `flow_block` in `segment.h`.
struct BlockHead {
    static let discontinuity: UInt32 = 1
    static let plays: UInt32 = 2
    static let offline: UInt32 = 4

    /// Written last, through `seq`.
    var seq: UInt64 = 0
    /// See `HostLease.laneEpoch`.
    var epoch: UInt64 = 0
    var frames: UInt32 = 0
    var flags: UInt32 = 0
    /// Grid position of the first frame.
    var beat = 0.0
    var framesPerBeat = 0.0
    var beatsPerBar: UInt32 = 4
    var unit: UInt32 = 4
    var pointCount: UInt32 = 0
    var noteCount: UInt32 = 0
}

/// A parameter takes `value`, 0 to 1, `offset` frames into the block.
struct BlockPoint {
    var instance: UInt32
    var param: UInt32
    var offset: UInt32
    var value: Float

    @_noLocks @_noAllocation
    init(instance: UInt32, param: UInt32, offset: UInt32, value: Float) {
        self.instance = instance
        self.param = param
        self.offset = offset
        self.value = value
    }
}

/// A key goes down or up `offset` frames into the block.
struct BlockNote {
    var instance: UInt32
    var offset: UInt32
    var note: UInt16
    var isOn: UInt8
    var pad: UInt8
    var velocity: Float

    @_noLocks @_noAllocation
    init(instance: UInt32, offset: UInt32, note: UInt16, isOn: UInt8, velocity: Float) {
        self.instance = instance
        self.offset = offset
        self.note = note
        self.isOn = isOn
        pad = 0
        self.velocity = velocity
    }
}
