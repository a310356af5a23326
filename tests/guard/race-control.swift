// What the control thread and the audio thread tell each other.

func raceCommands(_ rounds: Int) {
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

func raceEvents(_ rounds: Int) {
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

func raceStatus(_ rounds: Int) {
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

func raceCalibration(_ rounds: Int) {
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
