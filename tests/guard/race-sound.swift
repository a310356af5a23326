// Sound, and what is seen of it, from thread to thread.

func raceFeatures(_ rounds: Int) {
    let ring = FeatureRing()
    race(
        {
            let out = UnsafeMutablePointer<Float>.allocate(capacity: 64)
            var front = 2
            var last: Int64 = 0
            while last < Int64(rounds) {
                guard let frame = ring.take(&front)?.pointee else { continue }
                require(
                    frame.frame > last && frame.values[0] == Float(frame.frame), "a feature frame")
                last = frame.frame
                ring.copyTap(into: out, count: 64)
            }
        },
        {
            let sound = UnsafeMutablePointer<Float>.allocate(capacity: 16)
            sound.initialize(repeating: 0.5, count: 16)
            var back = 0
            for number in 1...rounds {
                // Not once round: a reader that sleeps through a third of a second may see a torn picture.
                if 8 * number < FeatureRing.tapFrames { ring.tap(sound, frames: 8) }
                let frame = ring.backFrame(back)
                frame.pointee.frame = Int64(number)
                frame.pointee.values[0] = Float(number)
                back = ring.publish(back)
            }
        })
}

/// What a microphone brings on one thread is taken on another.
func raceBridge(_ rounds: Int) {
    final class Ends: @unchecked Sendable {
        let bridge = UnsafeMutablePointer<InputBridge>.allocate(capacity: 1)
        init() { bridge.initialize(to: InputBridge(channelCount: 2, capacityFrames: 64)) }
        deinit {
            bridge.deinitialize(count: 1)
            bridge.deallocate()
        }
    }
    let ends = Ends()
    race(
        {
            for number in 0..<rounds {
                while ends.bridge.pointee.room() < 2 {}
                for channel in 0..<2 {
                    for index in 0..<2 {
                        let (to, _) = ends.bridge.pointee.place(channel, after: index)
                        to.pointee = Float(2 * number + index)
                    }
                }
                ends.bridge.pointee.brought(2)
            }
        },
        {
            let stage = UnsafeMutablePointer<Float>.allocate(capacity: 6)
            var next = 0
            while next < 2 * rounds {
                guard ends.bridge.pointee.waiting() > 0 else { continue }
                let count = min(3, ends.bridge.pointee.waiting())
                ends.bridge.pointee.take(count, into: stage, strideFrames: 3)
                for index in 0..<count {
                    require(
                        stage[index] == Float(next) && stage[3 + index] == Float(next),
                        "a frame of the input")
                    next += 1
                }
            }
            stage.deallocate()
        })
}

/// The reader is never so late that what it copies is written anew: that it would be told.
func raceMaster(_ rounds: Int) {
    let frames = 64
    let tap = MasterTap(isOn: true, blockFramesMax: frames)
    race(
        {
            let block = UnsafeMutablePointer<Float>.allocate(capacity: 2 * frames)
            for round in 0..<rounds {
                for index in 0..<frames {
                    block[index] = Float(frames * round + index)
                    block[frames + index] = -block[index]
                }
                tap.hand(left: block, right: block + frames, count: frames)
            }
            block.deallocate()
        },
        {
            let out = UnsafeMutablePointer<Float>.allocate(capacity: 4 * frames)
            var at = 0
            while at < frames * rounds {
                let count = min(2 * frames, Int(tap.handedFrames()) - at)
                if count == 0 { continue }
                require(tap.copy(from: UInt64(at), frames: count, into: out), "the master is kept")
                for index in 0..<count {
                    let frame = Float(at + index)
                    require(out[2 * index] == frame && out[2 * index + 1] == -frame, "the master")
                }
                at += count
            }
            out.deallocate()
        })
    tap.deallocate()
}
