/// Whoever makes chains, as the door of the commands asks for them.
///
/// - Thread: any but audio, several at once.
protocol ChainSource: AnyObject, Sendable {
    /// Hands a chain over for the audio thread, once; nil when nobody made it, or it is there already.
    func takeChain(_ id: TakeID) -> UnsafeMutablePointer<PluginChain>?

    /// The audio thread has let go of a chain, or never got it.
    func giveBack(_ chain: UnsafeMutablePointer<PluginChain>)

    /// The number of a plug-in in the hops of its chains; nil when it is not loaded.
    func instance(of plugin: TakeID) -> UInt32?

    /// A command that moves a parameter was taken: it outlives the host that it reaches.
    func noteParam(of plugin: TakeID, param: UInt32, value: Double)
}

extension ChainSource {
    func noteParam(of plugin: TakeID, param: UInt32, value: Double) {}
}
