/// The demo's score as people write it: sixteen cells a bar, four bars a part.
enum DemoScoreText {
    static let chords = [
        "C3 Bb3 D4 Eb4 G4",
        "Ab2 Bb3 C4 Eb4 G4",
        "F3 Ab3 C4 Eb4 G4",
        "G3 Bb3 C4 D4 F4",
    ]

    static let lines: [(DemoScore.Part, [String])] = [
        (
            .bass,
            [
                "C2! - - C2 . . C3 . . C2 . Eb2 - G2 Bb1 -",
                "Ab1! - - Ab1 . . Ab2 . . Ab1 . C2 - Eb2 G1 -",
                "F1! - - F1 . . F2 . . F1 . Ab1 - C2 Ab1 -",
                "G1! - - G1 . . G2 . F2 G1 . Bb1 - D2 Bb1 -",
            ]
        ),
        (
            .lead,
            [
                "G4! - . Bb4 - . C5 - - - . Eb5! - D5 C5 -",
                "C5! - . Bb4 - . G4 - - - - - . . Eb4 F4",
                "G4! - . Ab4 - . C5 - - - . F5! - Eb5 D5 -",
                "D5! - . Bb4 - . F4 - G4 - - - . . . .",
            ]
        ),
        (
            .arpeggio,
            [
                "C5! Eb5 G5 C5! Eb5 G5 C5! Eb5 G5 Bb5! G5 Eb5 C5! Eb5 G5 D6",
                "C5! Eb5 Ab5 C5! Eb5 Ab5 C5! Eb5 Ab5 Bb5! Ab5 Eb5 C5! Eb5 G5 C6",
                "C5! F5 Ab5 C5! F5 Ab5 C5! F5 Ab5 C6! Ab5 F5 C5! F5 Ab5 Eb6",
                "D5! F5 Bb5 D5! F5 Bb5 D5! F5 Bb5 C6! Bb5 F5 D5! F5 Bb5 D6",
            ]
        ),
        (
            .flute,
            [
                "Eb5! - - - - - - - D5 - - - Bb4 - - -",
                "C5! - - - - - - - - - Eb5 - F5 - G5 -",
                "Ab5! - - - - - G5 - F5 - - - Eb5 - - -",
                "D5! - - - - - - - F5 - - - D5 - Bb4 -",
            ]
        ),
    ]

    static let hits: [(DemoScore.Row, [String])] = [
        (.kick, four("x... x... x... x...", last: "x... x... x... x..x")),
        (.snare, four(".... x... .... x...", last: ".... x... .... x.x.")),
        (.closedHat, four("x.x. x.xx x.x. x.xx", last: "x.x. x.xx x.xx ....")),
        (.openHat, four("..x. ..x. ..x. ..x.", last: "..x. ..x. ..x. ..x.")),
        (.ghost, four(".... ...x ..x. ....", last: ".... ...x ..x. .x.x")),
        (.rim, four("x..x ..x. ..x. x...", last: "x..x ..x. ..x. x.x.")),
        (.lowConga, four(".... .... ..xx ....", last: ".x.. ..x. ..xx ....")),
        (.highConga, four("..x. .x.. x... .x.x", last: "..x. .x.. x... xxxx")),
        (.shaker, four("xxxx xxxx xxxx xxxx", last: "xxxx xxxx xxxx xxxx")),
        (.keys, four("x... ..x. ...x ....", last: "x..x ..x. ..x. .x..")),
    ]

    private static func four(_ bar: String, last: String) -> [String] {
        [bar, bar, bar, last]
    }
}
