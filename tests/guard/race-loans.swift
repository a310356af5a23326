// What one thread lends another, and gets back to free it.

func raceLoops(_ rounds: Int) {
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
func raceChains(_ rounds: Int) {
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

/// Lives of a plug-in host are swapped and freed under a reader that waits for nobody.
func raceHosts(_ rounds: Int) {
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
