import CVST3

/// How the audio thread plays a plug-in, whatever interface it speaks: plain functions, so that nothing
/// is counted or made in a block.
///
/// Copies are views of the same plug-in.
struct SeatPlayer {
    typealias Process = @convention(c) (OpaquePointer?, UnsafePointer<vst3_block>?) -> Int32
    typealias EchoCount = @convention(c) (OpaquePointer?) -> Int32
    typealias EchoAt = @convention(c) (
        OpaquePointer?, Int32, UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<Double>?
    ) -> Void

    let handle: OpaquePointer
    /// As `vst3_process`.
    let process: Process
    /// As `vst3_echo_count`: parameters that the plug-in moved in the last block.
    let echoCount: EchoCount
    let echoAt: EchoAt
}
