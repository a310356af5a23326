import CVST3

/// Why a plug-in could not be used: a code of `CVST3` and a sentence.
struct PluginError: Error {
    let code: Int32
    let text: String
}

/// A parameter as its plug-in describes it; values are 0 to 1.
struct PluginParameter {
    let id: UInt32
    let title: String
    let units: String
    /// 0 = continuous, 1 = a switch, n = n + 1 values.
    let stepCount: Int
    let defaultValue: Double
    /// Some of VST3_PARAMETER_*.
    let flags: UInt32

    /// It only shows something.
    var isMeter: Bool { flags & UInt32(VST3_PARAMETER_READ_ONLY) != 0 }
}

/// Channels of the main busses; 0 = it has none.
struct PluginLayout {
    let mainInputs: Int
    let mainOutputs: Int
}

/// A loaded plug-in, whatever interface it speaks.
///
/// The order is law: made, `setup`, `restore`, `start`, `stop`, and `setup` again or `destroy`.
///
/// Thread: main.
protocol PluginInstance {
    /// How the audio thread plays it, from `start` to `stop`.
    var player: SeatPlayer { get }

    /// Agrees on busses, rate and the longest block. Not while started.
    func setup(rateHz: Double, blockFramesMax: Int) throws(PluginError)
    func start() throws(PluginError)
    func stop()
    /// Stops, takes apart and frees.
    func destroy()

    /// Of the sound, as the plug-in says it now.
    var latencyFrames: Int { get }
    /// After `setup`.
    var layout: PluginLayout { get }

    /// The whole state; nil when the plug-in gives none.
    func state() -> [UInt8]?
    /// Restores a state of the same class; false when it is not taken. Not while started.
    func restore(_ state: [UInt8]) -> Bool

    var parameterCount: Int { get }
    /// The parameters that the plug-in describes, in its order.
    func parameters() -> [PluginParameter]
    func value(of id: UInt32) -> Double
    /// Tells the half that describes the parameters a value, 0 to 1, that blocks bring to the other.
    func set(_ id: UInt32, _ value: Double)
    /// The plug-in's words for a value; empty when it has none.
    func text(of id: UInt32, value: Double) -> String

    /// The oldest knob that the plug-in turned by itself outside of blocks.
    func takeEdit() -> (id: UInt32, value: Double)?
    /// What it asked to be read again since the last call: some of VST3_CHANGED_*.
    func takeChanges() -> UInt32
}
