/// A run of neighbours of a chain in one host: they share a lane.
///
/// - Thread: control.
struct ChainHop {
    /// Where the host's lives are found, and where its counts go; outlives the chain.
    let port: HostPort
    /// 0 ..< `HostLane.count`; belongs to this hop alone until its chain is given back.
    let lane: Int
    /// How late its plug-ins are by themselves, together, in frames.
    let latencyFrames: Int
    /// Whether the first takes sound in; if not, its own is added to what comes in.
    let hasInput: Bool
    /// Numbers of its plug-ins: of all in the engine none has the same, and they outlive a host's lives.
    let instances: [UInt32]
}
