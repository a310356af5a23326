import Testing

@testable import FlowCore

@Suite("who follows the master")
struct MasterFollowerTests {
    private static let capacity = 1 << 19
    private let tap = MasterTap(isOn: false, blockFramesMax: 512)
    private let out = UnsafeMutablePointer<Float>.allocate(capacity: 2 * capacity)

    /// Hands frames that count themselves on the left, and their opposites on the right.
    private func hand(_ frames: Range<Int>) {
        let left = frames.map { Float($0) }
        let right = frames.map { -Float($0) }
        tap.hand(left: left, right: right, count: frames.count)
    }

    private func release() {
        out.deallocate()
        tap.deallocate()
    }

    @Test("hears every frame from the moment on at which it began, in order, whatever it asks for")
    func follows() {
        defer { release() }
        let follower = MasterFollower(tap: tap)
        hand(0..<100)
        #expect(tap.handedFrames() == 0)
        follower.follow(true)
        follower.follow(true)
        var at = 0
        for turn in 0..<600 {
            hand(at..<at + 1_024)
            at += 1_024
            let read = follower.read(into: out, capacityFrames: turn % 2 == 0 ? 700 : 4_096)
            for index in 0..<read.frames {
                let frame = Float(Int(read.first) + index)
                #expect(out[2 * index] == frame && out[2 * index + 1] == -frame)
            }
        }
        #expect(follower.read(into: out, capacityFrames: Self.capacity).frames == 0)
        follower.follow(false)
        hand(at..<at + 1)
        #expect(tap.handedFrames() == UInt64(at))
    }

    @Test("who is too late goes on with the newest, and knows how much is missing")
    func late() {
        defer { release() }
        let follower = MasterFollower(tap: tap)
        follower.follow(true)
        for start in stride(from: 0, to: Self.capacity, by: 512) { hand(start..<start + 512) }
        let lost = follower.read(into: out, capacityFrames: 512)
        #expect(lost.frames == 0 && lost.first == UInt64(Self.capacity))
        hand(0..<512)
        let next = follower.read(into: out, capacityFrames: 512)
        #expect(next.frames == 512 && next.first == UInt64(Self.capacity) && out[0] == 0)
    }
}
