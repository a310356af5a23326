import Foundation
import Testing

@testable import FlowCore

/// The life of `BlockLife` sounds and answers the same in blocks of every size, wherever they begin.
///
/// FZ_PROOF_ALL=1: every offset of every size; a minute of a release build:
///
///     swift test -c release -Xswiftc -enable-testing --scratch-path .build/proof --filter BlockProof
@Suite("Proof: block sizes")
struct BlockProofTests {
    private static let sizes = 1...512
    /// Every offset of these: powers of two, primes, and what lies beside them.
    private static let whole = [1, 2, 3, 7, 31, 61, 64, 127, 128, 251, 509, 512]
    private static let isAsked = ProcessInfo.processInfo.environment["FZ_PROOF_ALL"] == "1"

    private let life = BlockLife()

    /// Counts the lives that are not as the one in the longest blocks.
    private func different(_ lives: [(block: Int, first: Int)]) throws -> Int {
        let reference = try life.play(block: Limits.blockFramesMax, first: 0)
        return try lives.filter { block, first in
            let isSame = try life.play(block: block, first: first) == reference
            #expect(isSame, "block \(block), first \(first)")
            return !isSame
        }.count
    }

    private func offsets(of blocks: [Int]) -> [(block: Int, first: Int)] {
        blocks.flatMap { block in (0..<block).map { (block, $0) } }
    }

    @Test("the life has in it what it is to prove, and a judge who sees one frame")
    func judgeCanFail() throws {
        let reference = try life.play(block: Limits.blockFramesMax, first: 0)
        let codes = Set(reference.events.map { $0[1] })
        for code in [EventCode.recording, .captured, .scheduled, .grid] {
            #expect(codes.contains(Int64(code.rawValue)))
        }
        #expect(try life.play(block: 77, first: 3) == reference)
        #expect(try life.play(block: 77, first: 3, shift: 1).sound != reference.sound)
    }

    @Test("every size from 1 to 512, begun at its ends and at random, gives the same life")
    func everySize() throws {
        print("blocks: seed \(CoreRig.seed)")
        var random = SeededRandom(seed: CoreRig.seed)
        let lives = Self.sizes.flatMap { block in
            let random = (0..<2).map { _ in Int.random(in: 0..<block, using: &random) }
            return Set([0, block - 1] + random).map { (block: block, first: $0) }
        }
        #expect(try different(lives) == 0)
        print("blocks: \(lives.count) lives of \(BlockLife.frames) frames, sizes 1…512, the same")
    }

    @Test("some sizes, begun at every offset, give the same life")
    func everyOffset() throws {
        let lives = offsets(of: Self.whole)
        #expect(try different(lives) == 0)
        print("blocks: \(lives.count) lives, every offset of \(Self.whole), the same")
    }

    @Test("every size, begun at every offset, gives the same life", .enabled(if: isAsked))
    func everything() throws {
        let lives = offsets(of: Array(Self.sizes))
        #expect(try different(lives) == 0)
        print("blocks: \(lives.count) lives, every offset of every size, the same")
    }
}
