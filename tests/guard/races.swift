// All that two threads of the core share, used by two threads at once under ThreadSanitizer; compiled
// with the engine's own Exchange sources. `plant` adds one word that nothing orders.
#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Runs both sides at once until both have ended.
private func race(_ one: @escaping @Sendable () -> Void, _ other: @escaping @Sendable () -> Void) {
    final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    #if canImport(Darwin)
        var thread: pthread_t?
    #else
        var thread = pthread_t()
    #endif
    let body = Unmanaged.passRetained(Body(one)).toOpaque()
    pthread_create(
        &thread, nil,
        { given in
            #if canImport(Darwin)
                Unmanaged<Body>.fromOpaque(given).takeRetainedValue().run()
            #else
                if let given { Unmanaged<Body>.fromOpaque(given).takeRetainedValue().run() }
            #endif
            return nil
        }, body)
    other()
    #if canImport(Darwin)
        if let thread { pthread_join(thread, nil) }
    #else
        pthread_join(thread, nil)
    #endif
}

private struct Word: @unchecked Sendable {
    let value = UnsafeMutablePointer<Int>.allocate(capacity: 1)
}

private func require(_ condition: Bool, _ what: String) {
    if !condition {
        print("wrong: \(what)")
        exit(3)
    }
}

private func raceCommands(_ rounds: Int) {
    let ring = CommandRing(capacity: 64)
    race(
        {
            for number in 0..<rounds {
                var command = CoreCommand(code: .mark, kind: 15)
                command.token = UInt32(number)
                while !ring.push([command, command]) {}
            }
        },
        {
            for number in 0..<rounds {
                while ring.count() < 2 {}
                require(ring.peek(1).token == UInt32(number), "a command")
                ring.drop(2)
            }
        })
}

private func raceEvents(_ rounds: Int) {
    let ring = EventRing(capacity: 64)
    race(
        {
            for number in 0..<rounds {
                var event = CoreEvent(.applied)
                event.frame = Int64(number)
                while !ring.push(event) {}
            }
        },
        {
            var number = 0
            while number < rounds {
                guard let event = ring.pop() else { continue }
                require(event.frame == Int64(number), "an event")
                number += 1
            }
        })
}

private func raceLoops(_ rounds: Int) {
    let (bakes, handovers) = (BakeRing(capacity: 16), HandoverRing(capacity: 16))
    let retired = RetiredRing(capacity: 16)
    race(
        {
            var given = 0
            while given < rounds {
                guard let request = bakes.pop() else { continue }
                let loop = LoopHandle.none()
                while !handovers.push(LoopHandover(slot: 1, voice: request.voice, loop: loop)) {}
                while retired.pop() == nil {}
                given += 1
            }
        },
        {
            for number in 0..<rounds {
                while bakes.room() == 0 {}
                var request = BakeRequest()
                request.voice = UInt64(number)
                bakes.push(request)
                while handovers.count() == 0 {}
                let handover = handovers.take()
                require(handover.voice == UInt64(number), "a hand-over")
                while !retired.push(handover.loop) {}
            }
        })
}

/// Chains on their way back; their addresses are never looked into.
private func raceChains(_ rounds: Int) {
    let ring = RetiredChainRing(capacity: 16)
    let chains = UnsafeMutablePointer<PluginChain>.allocate(capacity: rounds)
    race(
        {
            for number in 0..<rounds {
                var chain = ring.pop()
                while chain == nil { chain = ring.pop() }
                require(chain == ChainHandle(chains + number), "a chain that comes back")
            }
        },
        {
            for number in 0..<rounds {
                while !ring.push(ChainHandle(chains + number)) {}
            }
        })
}

private func raceFeatures(_ rounds: Int) {
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

private func raceStatus(_ rounds: Int) {
    let board = StatusBoard()
    race(
        {
            var last: Int64 = 0
            while last < Int64(rounds) {
                let picture = board.read()
                require(picture.frame == picture.beat, "a status")
                last = picture.frame
            }
        },
        {
            for number in 1...rounds {
                var picture = StatusBoard.Picture()
                picture.frame = Int64(number)
                picture.beat = Int64(number)
                board.write(picture)
            }
        })
}

private func raceCalibration(_ rounds: Int) {
    let cell = CalibrationCell()
    race(
        {
            for number in 1...rounds {
                while true {
                    guard let waiting = cell.waiting() else { continue }
                    require(waiting.startFrame == Int64(waiting.token), "a calibration")
                    require(waiting.token == UInt32(number), "the order of calibrations")
                    break
                }
                cell.end()
            }
        },
        {
            for number in 1...rounds {
                while !cell.begin(at: Int64(number), token: UInt32(number)) {}
            }
        })
}

/// Lives of a plug-in host are swapped and freed under a reader that waits for nobody.
private func raceHosts(_ rounds: Int) {
    let port = HostPort()
    race(
        {
            let memory = UnsafeMutableRawPointer.allocate(
                byteCount: SegmentLayout.toLanesOffset, alignment: 64)
            var life: UnsafeMutablePointer<HostLease>?
            for number in 1...rounds {
                let next = UnsafeMutablePointer<HostLease>.allocate(capacity: 1)
                next.initialize(
                    to: HostLease(epoch: UInt64(number), toHost: memory, fromHost: memory))
                port.replace(with: number == rounds ? nil : next) {}
                life?.deinitialize(count: 1)
                life?.deallocate()
                life = next
            }
            port.countScrubbed(lane: 0)
        },
        {
            var last: UInt64 = 0
            while port.scrubbedBlocks == 0 {
                guard let life = port.acquire() else { continue }
                require(life.pointee.epoch >= last, "a life of a host")
                last = life.pointee.epoch
                port.release()
            }
        })
}

/// What a microphone brings on one thread is taken on another.
private func raceBridge(_ rounds: Int) {
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
private func raceMaster(_ rounds: Int) {
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

@main
struct Races {
    static func main() {
        let rounds = 5_000
        raceCommands(rounds)
        raceEvents(rounds)
        raceLoops(rounds)
        raceFeatures(rounds)
        raceStatus(rounds)
        raceCalibration(rounds)
        raceHosts(rounds)
        raceChains(rounds)
        raceBridge(rounds)
        raceMaster(rounds)
        if CommandLine.arguments.contains("plant") {
            let word = Word()
            word.value.initialize(to: 0)
            race(
                { for _ in 0..<1_000 { word.value.pointee += 1 } },
                {
                    for _ in 0..<1_000 { word.value.pointee += 1 }
                })
        }
        print("\(10 * rounds) rounds")
    }
}
