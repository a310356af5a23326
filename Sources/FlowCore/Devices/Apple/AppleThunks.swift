#if canImport(AVFAudio)
    import AVFAudio
    import CoreAudio

    /// What the system's audio thread calls: from its lists of buffers to the port.
    ///
    /// Built in nonisolated functions, so that no isolation is checked on that thread, and around one raw
    /// pointer: nothing is retained there.
    enum AppleThunks {
        /// The pointer may go to another thread: the gate orders what happens to it.
        private struct PortEnd: @unchecked Sendable {
            let state: UnsafeMutablePointer<PortState>
        }

        /// - Thread: audio for the block. The port outlives every graph.
        nonisolated static func source(_ port: SoundPort) -> AVAudioSourceNodeRenderBlock {
            let end = PortEnd(state: port.state)
            return { isSilence, time, frameCount, list in
                let buffers = UnsafeMutableAudioBufferListPointer(list)
                let bytes = Int(frameCount) * MemoryLayout<Float>.size
                guard buffers.count >= 2,
                    let left = buffers[0].mData, let right = buffers[1].mData,
                    Int(buffers[0].mDataByteSize) >= bytes, Int(buffers[1].mDataByteSize) >= bytes
                else {
                    isSilence.pointee = true
                    return noErr
                }
                end.state.pointee.render(
                    left.assumingMemoryBound(to: Float.self),
                    right.assumingMemoryBound(to: Float.self), frames: Int(frameCount),
                    atTicks: ticks(time))
                return noErr
            }
        }

        /// Hears the channels after the first `inputsBefore`.
        ///
        /// - Thread: audio for the block. Buffers of one channel each, or one with all of them interleaved.
        nonisolated static func sink(
            _ port: SoundPort, after inputsBefore: Int
        ) -> AVAudioSinkNodeReceiverBlock {
            let end = PortEnd(state: port.state)
            return { time, frameCount, list in
                let buffers = UnsafeMutableAudioBufferListPointer(
                    UnsafeMutablePointer(mutating: list))
                var count = -inputsBefore
                var stride = 1
                for buffer in buffers {
                    let channels = Int(buffer.mNumberChannels)
                    let base = buffer.mData?.assumingMemoryBound(to: Float.self)
                    stride = channels
                    for channel in 0..<channels where count < PortState.channelCountMax {
                        if count >= 0 {
                            end.state.pointee.heard[count] = base.map {
                                UnsafePointer($0 + channel)
                            }
                        }
                        count += 1
                    }
                }
                end.state.pointee.hear(
                    count: max(0, count), stride: stride, frames: Int(frameCount),
                    atTicks: ticks(time))
                return noErr
            }
        }

        /// 0 when the time is not told.
        private nonisolated static func ticks(_ time: UnsafePointer<AudioTimeStamp>) -> UInt64 {
            time.pointee.mFlags.contains(.hostTimeValid) ? time.pointee.mHostTime : 0
        }
    }
#endif
