import Testing

@testable import FlowCore

/// Only what a source itself heard can be captured of it.
@Suite("Heard sources", .serialized)
struct HeardTests {
    private static let sources = 3

    /// What answers one press for each source, in order: refused or not.
    private func refusals(_ rig: CoreRig) -> [Bool] {
        for source in 0..<Self.sources {
            rig.send(
                Ask(
                    code: .capture, token: UInt32(1 + source), slot: source,
                    flags: CommandFlags.quantized, a: 1, b: Double(source),
                    id: CoreRig.take(UInt32(1 + source))))
        }
        rig.stepPairs(2, to: rig.frame + 1_024) { _, _, _ in 0 }
        let refused = rig.all(.applied).filter { $0.refusal == .nothingHeard }.map(\.token)
        return (0..<Self.sources).map { refused.contains(UInt32(1 + $0)) }
    }

    /// An engine whose second pair is part of source 0, or not, and of which one pair was heard.
    private func heard(
        pair heard: Int, isOn: Bool, gain: Double = 1,
        _ change: (inout EngineConfiguration) -> Void = { _ in }
    ) throws -> CoreRig {
        let rig = try CoreRig {
            $0.bpm = 300
            $0.sourceCount = Self.sources
            change(&$0)
        }
        let flags = isOn ? CommandFlags.on : 0
        rig.send(Ask(code: .input, slot: 2, flags: flags, a: gain))
        rig.stepPairs(2, to: 90_000) { pair, frame, _ in
            pair == heard && frame > 1_000 ? 0.25 : 0
        }
        return rig
    }

    @Test("a press for a source that was silent is refused, whatever the others played")
    func perSource() throws {
        #expect(refusals(try heard(pair: 0, isOn: true)) == [false, false, true])
        #expect(refusals(try heard(pair: 1, isOn: true)) == [false, true, false])
        #expect(refusals(try heard(pair: 1, isOn: false)) == [true, true, false])
    }

    @Test("a pair that is turned down to nothing is silent in the sum, not in itself")
    func gain() throws {
        #expect(refusals(try heard(pair: 1, isOn: true, gain: 0)) == [true, true, false])
    }

    @Test("an engine after a crash knows the same, of each source")
    func adopted() throws {
        for (isOn, expected) in [(true, [false, true, false]), (false, [true, true, false])] {
            let change = CoreRig.adopting("heard-\(isOn)")
            let dead = try heard(pair: 1, isOn: isOn, change)
            defer { dead.engine.store.unlink() }
            let next = try CoreRig {
                change(&$0)
                $0.sourceCount = Self.sources
            }
            #expect(next.engine.store.inherited != nil)
            #expect(refusals(next) == expected)
        }
    }
}
