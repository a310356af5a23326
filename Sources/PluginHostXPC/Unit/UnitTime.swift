#if canImport(AudioToolbox)
    import AudioToolbox
    import CVST3

    /// Where the music stands at the first frame of a block, as units ask for it.
    struct UnitTime {
        /// Quarters a minute.
        private var tempo = 120.0
        private var beatsPerBar = 4
        private var beatUnit = 4
        /// In quarters.
        private var beat = 0.0
        private var barBeat = 0.0
        private var framesToNextBeat = 0
        private var frame = 0.0
        private var isPlaying = false

        init() {}

        init(_ block: vst3_block, rateHz: Double) {
            beatsPerBar = block.beats_per_bar > 0 ? Int(block.beats_per_bar) : 4
            beatUnit = block.beat_unit > 0 ? Int(block.beat_unit) : 4
            let quarters = 4 / Double(beatUnit)
            if block.tempo_bpm > 0 { tempo = block.tempo_bpm * quarters }
            beat = block.beat * quarters
            let beats = Double(beatsPerBar)
            barBeat = (block.beat / beats).rounded(.down) * beats * quarters
            let left = (beat.rounded(.up) - beat) * 60 * rateHz / tempo
            framesToNextBeat = left.isFinite && left < 1e9 ? Int(left.rounded()) : 0
            frame = Double(block.frame)
            isPlaying = block.is_playing != 0
        }

        /// The block in which a unit asks for tempo and beat; it asks while it plays.
        static func context(
            of room: UnsafeMutablePointer<UnitTime>
        ) -> AUHostMusicalContextBlock {
            // Freed after the unit is.
            nonisolated(unsafe) let room = room
            return { tempo, beats, unit, beat, frames, barBeat in
                tempo?.pointee = room.pointee.tempo
                beats?.pointee = Double(room.pointee.beatsPerBar)
                unit?.pointee = room.pointee.beatUnit
                beat?.pointee = room.pointee.beat
                frames?.pointee = room.pointee.framesToNextBeat
                barBeat?.pointee = room.pointee.barBeat
                return true
            }
        }

        /// The block in which a unit asks whether the music goes on.
        static func transport(
            of room: UnsafeMutablePointer<UnitTime>
        ) -> AUHostTransportStateBlock {
            nonisolated(unsafe) let room = room
            return { flags, frame, cycleBegin, cycleEnd in
                flags?.pointee = room.pointee.isPlaying ? .moving : []
                frame?.pointee = room.pointee.frame
                cycleBegin?.pointee = 0
                cycleEnd?.pointee = 0
                return true
            }
        }
    }
#endif
