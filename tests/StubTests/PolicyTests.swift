import Testing

@testable import FlowCore

@Suite("The rules of the Mac's device")
struct PolicyTests {
    private let picture = SoundPicture(
        cards: [
            SoundCard(id: 1, uid: "mic", name: "", inputChannels: 1, outputChannels: 0),
            SoundCard(id: 2, uid: "speakers", name: "", inputChannels: 0, outputChannels: 2),
            SoundCard(id: 3, uid: "card", name: "My Card", inputChannels: 8, outputChannels: 8),
            SoundCard(
                id: 4, uid: "CADefaultDeviceAggregate-1-0", name: "", inputChannels: 2,
                outputChannels: 2),
        ], defaultInput: 1, defaultOutput: 2)

    private func choice(
        _ input: String, _ output: String, _ picture: SoundPicture, mayListen: Bool = true
    ) -> String {
        let plan = DevicePlan.make(
            DeviceWish(input: input, output: output), picture, mayListen: mayListen)
        guard let plan else { return "none" }
        return "\(plan.input?.uid ?? "-") > \(plan.output.uid)\(plan.isDefault ? " default" : "")"
    }

    @Test("who plays and who is heard follows from wish, defaults and permission")
    func plans() {
        #expect(choice("", "", picture) == "mic > speakers default")
        #expect(choice("", "card", picture) == "card > card")
        #expect(choice("card", "", picture) == "card > speakers default")
        #expect(choice("card", "card", picture) == "card > card")
        #expect(choice("", "My Card", picture) == "card > card", "by name")
        #expect(choice("gone", "gone", picture) == "mic > speakers default")
        #expect(choice("", "", picture, mayListen: false) == "- > speakers default")
        var less = picture
        less.defaultOutput = 0
        less.defaultInput = 0
        #expect(choice("", "", less) == "- > speakers")
        less.cards = [picture.cards[0], picture.cards[3]]
        #expect(choice("", "", less) == "none", "what the system has joined is not a device")
    }

    @Test("what was measured for one pair of devices holds for no other")
    func keys() throws {
        let all = [("", ""), ("", "card"), ("card", ""), ("mic", "card")].map { input, output in
            DevicePlan.make(
                DeviceWish(input: input, output: output), picture, mayListen: true)?.key
        }
        #expect(Set(all).count == 4 && !all.contains(0) && !all.contains(nil))
    }

    @Test("after the last change there is quiet, but not for longer than a second")
    func settles() {
        var care = DeviceCare()
        let ms: Int64 = 1_000_000
        care.note(100 * ms)
        #expect(care.step(249 * ms) == .standIn && care.step(250 * ms) == .rebuild)
        for at in stride(from: Int64(200), to: 3_000, by: 50) {
            care.note(at * ms)
            #expect((care.step(at * ms) == .rebuild) == (at >= 1_100))
        }
        care.succeeded(3_000 * ms)
        #expect(care.step(9_000 * ms) == .nothing)
    }

    @Test("pauses grow after failures; after five the player is told, and it is tried for ever")
    func fails() {
        var care = DeviceCare()
        var now: Int64 = 0
        care.note(now)
        for pause in [100, 200, 400, 800, 1_600, 1_600, 1_600] as [Int64] {
            care.failed(now)
            #expect(care.step(now + pause * 1_000_000 - 1) == .standIn)
            #expect(care.step(now + pause * 1_000_000) == .rebuild)
            #expect(care.hasGivenUp == (care.failureCount >= 5))
            now += pause * 1_000_000
        }
        care.note(now)
        #expect(!care.hasGivenUp, "every change is a new hope")
    }

    @Test("a working graph is looked at every three seconds, one that is being built never")
    func looks() {
        var care = DeviceCare()
        care.succeeded(0)
        let ms: Int64 = 1_000_000
        let due = [2_999, 3_000, 4_000, 5_999, 6_000].map { care.isLookDue($0 * ms) }
        #expect(due == [false, true, false, false, true])
        care.note(6_000 * ms)
        let isDue = care.isLookDue(20_000 * ms)
        #expect(!isDue)
    }

    @Test("silence begins after five seconds of zeros at any rate, and ends at once")
    func silence() {
        var watch = SilenceWatch()
        let told = [239_999, 240_000, 250_000, 0, 1].map {
            watch.step(zeroFrames: $0, rateHz: 48_000)
        }
        #expect(told == [nil, true, nil, false, nil])
        let ofNothing = watch.step(zeroFrames: 240_000, rateHz: 0)
        #expect(ofNothing == nil, "nothing is heard at all")
    }

    @Test("the mailbox gives each thing once, whoever put it in")
    func mailbox() {
        let counters = DeviceCounters()
        let mailbox = SoundMailbox(counters: counters)
        #expect(mailbox.take() == (false, false))
        mailbox.changed()
        mailbox.changed()
        mailbox.broke()
        #expect(mailbox.take() == (true, true))
        #expect(mailbox.take() == (false, false))
        mailbox.expect(blockFrames: 64)
        mailbox.overloaded()
        #expect(counters.xruns.pointee.load() == 1 && counters.xrunFrames.pointee.load() == 64)
    }
}
