#if canImport(AudioToolbox)
    import AudioToolbox
    import CFlowUnit
    import CVST3
    import CoreAudio

    #if canImport(Darwin)
        import Darwin
    #else
        import Glibc
    #endif

    /// All that a unit is played with, made before its first block.
    ///
    /// Thread: made and freed on main while no plan has it, in between audio.
    struct UnitRoom {
        fileprivate static let messageBytes = 3

        /// The unit with its render resources.
        let opened: OpaquePointer
        let framesMax: Int
        let rateHz: Double
        /// 0 = it hears nothing.
        let inputChannels: Int
        let outputChannels: Int
        /// Where a `UnitScales` lies; another one when the unit has other parameters.
        let scales: SharedWord
        /// Sound on its way in: a plane for each channel.
        let input: UnsafeMutablePointer<Float>
        /// Sound on its way out.
        let output: UnsafeMutablePointer<Float>
        let list: UnsafeMutableAudioBufferListPointer
        /// A note on its way.
        let message = UnsafeMutablePointer<UInt8>.allocate(capacity: UnitRoom.messageBytes)
        /// Of the block that is being played; the unit asks for it there.
        let time: UnsafeMutablePointer<UnitTime>
        var frames = 0
        /// Of the unit's own clock, which never goes back.
        var sampleTime: Double

        /// Frees its memory, but neither the unit nor the scales.
        func deallocate() {
            input.deallocate()
            output.deallocate()
            message.deallocate()
            free(list.unsafeMutablePointer)
        }
    }

    /// Plays a block as `vst3_process` does.
    ///
    /// Nothing here allocates, locks or waits; what the unit does is its own. Thread: audio.
    func unitProcess(_ handle: OpaquePointer?, _ block: UnsafePointer<vst3_block>?) -> Int32 {
        guard let handle, let block else { return Int32(VST3_REFUSED) }
        let room = UnsafeMutablePointer<UnitRoom>(handle)
        let frames = Int(block.pointee.frames)
        let isPlayed = frames > 0 && frames <= room.pointee.framesMax && unitPlay(room, block)
        let (left, right) = (block.pointee.left_out, block.pointee.right_out)
        guard frames > 0, let left, let right else { return Int32(VST3_REFUSED) }
        guard isPlayed else {
            left.update(repeating: 0, count: frames)
            right.update(repeating: 0, count: frames)
            return Int32(VST3_REFUSED)
        }
        let list = room.pointee.list
        let last = room.pointee.outputChannels - 1
        // A unit may have put its own memory there.
        let heard = (
            list[0].mData?.assumingMemoryBound(to: Float.self),
            list[min(1, last)].mData?.assumingMemoryBound(to: Float.self)
        )
        guard let heardLeft = heard.0, let heardRight = heard.1 else { return Int32(VST3_REFUSED) }
        left.update(from: heardLeft, count: frames)
        right.update(from: heardRight, count: frames)
        return Int32(VST3_OK)
    }

    /// Nobody but the observer of the parameters is told what a unit moves in a block.
    func unitEchoCount(_ handle: OpaquePointer?) -> Int32 { 0 }
    func unitEchoAt(
        _ handle: OpaquePointer?, _ index: Int32, _ id: UnsafeMutablePointer<UInt32>?,
        _ value: UnsafeMutablePointer<Double>?
    ) {}

    private func unitPlay(
        _ room: UnsafeMutablePointer<UnitRoom>, _ block: UnsafePointer<vst3_block>
    ) -> Bool {
        let frames = Int(block.pointee.frames)
        room.pointee.frames = frames
        room.pointee.time.pointee = UnitTime(block.pointee, rateHz: room.pointee.rateHz)
        takeInput(room, block)
        sendPoints(room, block)
        sendNotes(room, block)
        for channel in 0..<room.pointee.outputChannels {
            room.pointee.list[channel] = AudioBuffer(
                mNumberChannels: 1, mDataByteSize: UInt32(4 * frames),
                mData: UnsafeMutableRawPointer(
                    room.pointee.output + channel * room.pointee.framesMax))
        }
        var stamp = AudioTimeStamp()
        stamp.mSampleTime = room.pointee.sampleTime
        stamp.mFlags = .sampleTimeValid
        let status = flow_unit_render(
            room.pointee.opened, &stamp, UInt32(frames),
            UnsafeMutableRawPointer(room.pointee.list.unsafeMutablePointer))
        room.pointee.sampleTime += Double(frames)
        return status == noErr
    }

    private func takeInput(
        _ room: UnsafeMutablePointer<UnitRoom>, _ block: UnsafePointer<vst3_block>
    ) {
        guard room.pointee.inputChannels > 0, let left = block.pointee.left_in,
            let right = block.pointee.right_in
        else { return }
        let (input, frames) = (room.pointee.input, room.pointee.frames)
        if room.pointee.inputChannels == 1 {
            for index in 0..<frames { input[index] = 0.5 * (left[index] + right[index]) }
        } else {
            input.update(from: left, count: frames)
            (input + room.pointee.framesMax).update(from: right, count: frames)
        }
    }

    private func sendPoints(
        _ room: UnsafeMutablePointer<UnitRoom>, _ block: UnsafePointer<vst3_block>
    ) {
        let address = UInt(room.pointee.scales.load())
        guard let points = block.pointee.points,
            let scales = UnsafeMutablePointer<UnitScales>(bitPattern: address)
        else { return }
        for index in 0..<Int(block.pointee.point_count) {
            guard let scale = scales.pointee.scale(of: points[index].id) else { continue }
            flow_unit_parameter(
                room.pointee.opened, UInt32(max(0, points[index].offset_frames)), scale.address,
                scale.own(points[index].value))
        }
    }

    private func sendNotes(
        _ room: UnsafeMutablePointer<UnitRoom>, _ block: UnsafePointer<vst3_block>
    ) {
        guard let notes = block.pointee.notes else { return }
        for index in 0..<Int(block.pointee.note_count) {
            let note = notes[index]
            let velocity = UInt8(min(max(1, (note.velocity * 127).rounded()), 127))
            let message = room.pointee.message
            message[0] = note.is_on != 0 ? 0x90 : 0x80
            message[1] = UInt8(note.pitch & 127)
            message[2] = note.is_on != 0 ? velocity : 0
            flow_unit_midi(
                room.pointee.opened, UInt32(max(0, note.offset_frames)), message,
                UInt32(UnitRoom.messageBytes))
        }
    }

    /// Gives a unit the sound of a bus: the block's on the first, silence on any other.
    ///
    /// Thread: audio, inside of `flow_unit_render`.
    func unitPull(
        _ context: UnsafeMutableRawPointer, _ frames: UInt32, _ bus: Int64,
        _ raw: UnsafeMutableRawPointer
    ) -> Int32 {
        let room = context.assumingMemoryBound(to: UnitRoom.self)
        let count = Int(frames)
        guard count <= room.pointee.frames else { return kAudioUnitErr_TooManyFramesToProcess }
        let list = UnsafeMutableAudioBufferListPointer(
            raw.assumingMemoryBound(to: AudioBufferList.self))
        for index in 0..<list.count {
            let channel = min(index, room.pointee.inputChannels - 1)
            let isHeard = bus == 0 && channel >= 0
            let plane = room.pointee.input + max(0, channel) * room.pointee.framesMax
            if let own = list[index].mData?.assumingMemoryBound(to: Float.self) {
                if isHeard {
                    own.update(from: plane, count: count)
                } else {
                    own.update(repeating: 0, count: count)
                }
            } else {
                guard isHeard else { return kAudioUnitErr_NoConnection }
                list[index].mData = UnsafeMutableRawPointer(plane)
            }
            list[index].mDataByteSize = 4 * frames
        }
        return noErr
    }
#endif
