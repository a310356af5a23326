import HostContract
import Testing

private func read(_ answer: HostAnswer) throws -> HostAnswer {
    let bytes = answer.encoded()
    return try HostAnswer(kind: UInt32(bytes[4]), payload: bytes[ContractLimits.headBytes...])
}

private func read(_ request: HostRequest) throws -> HostRequest {
    let bytes = request.encoded()
    return try HostRequest(kind: UInt32(bytes[4]), payload: bytes[ContractLimits.headBytes...])
}

private func littleEndian(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

extension MessageBuffer {
    fileprivate mutating func add(_ bytes: some Collection<UInt8>) {
        Array(bytes).withUnsafeBytes { add($0) }
    }
}

@Suite("limits of the messages between engine and plug-in host")
struct HostContractLimitTests {
    @Test("a list that is too long is cut by its writer and refused by its reader")
    func lists() throws {
        let instances = (0..<UInt32(ContractLimits.chainMax + 1)).map { $0 }
        let asked = HostRequest.chain(request: 1, lane: 2, isAhead: false, instances: instances)
        let kept = Array(instances.dropLast())
        #expect(
            try read(asked) == .chain(request: 1, lane: 2, isAhead: false, instances: kept))
        // The same list as a writer without limits would send it.
        let head = littleEndian(1) + littleEndian(2) + [0]
        let words = instances.flatMap(littleEndian)
        let payload = head + littleEndian(UInt32(instances.count)) + words
        #expect(throws: ContractError.malformed(kind: 3)) {
            _ = try HostRequest(kind: 3, payload: payload[...])
        }
    }

    @Test("a text that is too long is cut at a character")
    func texts() throws {
        let long = String(repeating: "é", count: ContractLimits.textBytesMax)
        guard case .log(let text) = try read(.log(text: "x" + long)) else {
            Issue.record("another message")
            return
        }
        #expect(text.utf8.count == ContractLimits.textBytesMax - 1)
        #expect(text == "x" + long.prefix(text.count - 1))
    }

    @Test("a count that the message cannot hold keeps no memory")
    func counts() {
        // A state of 64 MB in a message of a few bytes.
        let state = littleEndian(1) + littleEndian(2)
        let claimed = state + littleEndian(UInt32(ContractLimits.stateBytesMax)) + [1, 2, 3]
        #expect(throws: ContractError.malformed(kind: 105)) {
            _ = try HostAnswer(kind: 105, payload: claimed[...])
        }
        let more = state + littleEndian(UInt32(ContractLimits.stateBytesMax + 1))
        #expect(throws: ContractError.malformed(kind: 105)) {
            _ = try HostAnswer(kind: 105, payload: more[...])
        }
        #expect(throws: ContractError.malformed(kind: 106)) {
            let params = state + [1] + littleEndian(.max)
            _ = try HostAnswer(kind: 106, payload: params[...])
        }
    }

    @Test("the longest state comes back whole")
    func longestState() throws {
        let bytes = [UInt8](repeating: 0xA5, count: ContractLimits.stateBytesMax)
        let answer = HostAnswer.state(request: 1, instance: 2, bytes: bytes)
        var buffer = MessageBuffer()
        buffer.add(answer.encoded())
        let message = try #require(try buffer.next())
        #expect(try HostAnswer(kind: message.kind, payload: message.payload) == answer)
    }

    @Test("a message longer than any is refused when its length is there")
    func lengths() throws {
        let longest = UInt32(ContractLimits.payloadBytesMax)
        var buffer = MessageBuffer()
        buffer.add(littleEndian(longest) + littleEndian(105))
        #expect(try buffer.next() == nil)
        var broken = MessageBuffer()
        broken.add(littleEndian(longest + 1))
        #expect(throws: ContractError.tooLong(longest + 1)) { _ = try broken.next() }
    }

    @Test("messages come out whole, whatever the pieces they came in")
    func pieces() throws {
        print("message pieces: seed \(CoreRig.seed)")
        var random = SeededRandom(seed: CoreRig.seed)
        let sent: [HostAnswer] = (0..<400).map { number in
            let length = Int.random(in: 0...300, using: &random)
            return number.isMultiple(of: 3)
                ? .done(request: UInt32(number))
                : .log(text: String(repeating: "a", count: length))
        }
        var stream = sent.flatMap { $0.encoded() }[...]
        var buffer = MessageBuffer()
        var got: [HostAnswer] = []
        while !stream.isEmpty {
            let count = Int.random(in: 1...200, using: &random)
            buffer.add(stream.prefix(count))
            stream = stream.dropFirst(count)
            while let message = try buffer.next() {
                got.append(try HostAnswer(kind: message.kind, payload: message.payload))
            }
        }
        #expect(got == sent)
    }
}
