import HostContract
import Testing

/// A message as it lies behind its head, and the way back.
private struct Sample: Sendable, CustomStringConvertible {
    let description: String
    let bytes: [UInt8]
    /// Whether these bytes mean what was said.
    let isSame: @Sendable (_ kind: UInt32, _ payload: ArraySlice<UInt8>) throws -> Bool

    init(_ request: HostRequest) {
        description = "\(request)".prefix(60).description
        bytes = request.encoded()
        isSame = { try HostRequest(kind: $0, payload: $1) == request }
    }

    init(_ answer: HostAnswer) {
        description = "\(answer)".prefix(60).description
        bytes = answer.encoded()
        isSame = { try HostAnswer(kind: $0, payload: $1) == answer }
    }

    var kind: UInt32 { UInt32(bytes[4]) }
    var payload: ArraySlice<UInt8> { bytes[ContractLimits.headBytes...] }
}

private let load = LoadRequest(
    request: 7, instance: 8, bundle: "/plug-ins/Größe.vst3", classId: (0..<16).map { UInt8($0) },
    sampleRateHz: 44_100, blockFramesMax: 4_096, state: [1, 0, 255],
    values: [ParamValue(param: 9, value: 0.25), ParamValue(param: .max, value: 1)])

private let stateless = LoadRequest(
    request: 1, instance: 2, bundle: "", classId: [UInt8](repeating: 255, count: 16),
    sampleRateHz: 48_000, blockFramesMax: 64)

private let param = ParamInfo(
    id: 3, title: "Öffnung", units: "%", stepCount: 4, defaultValue: 0.5, value: 0.75,
    flags: 65_537,
    text: "75")

private let samples: [Sample] = [
    Sample(HostRequest.load(load)),
    Sample(HostRequest.load(stateless)),
    Sample(HostRequest.unload(request: 1, instance: .max)),
    Sample(HostRequest.chain(request: 2, lane: 23, isAhead: true, instances: [3, 1, 2])),
    Sample(HostRequest.chain(request: 2, lane: 0, isAhead: false, instances: [])),
    Sample(HostRequest.bypass(instance: 5, isOn: true)),
    Sample(HostRequest.getState(request: 6, instance: 7)),
    Sample(HostRequest.getParams(request: 8, instance: 9)),
    Sample(HostRequest.getText(request: 10, instance: 11, param: 12, value: 0.1)),
    Sample(HostRequest.set(instance: 12, values: load.values)),
    Sample(HostRequest.set(instance: 13, values: [])),
    Sample(HostAnswer.hello(version: ContractLimits.version)),
    Sample(
        HostAnswer.loaded(
            LoadedPlugin(
                request: 1, instance: 2, latencyFrames: 3, isInstrument: true, inputs: 0,
                outputs: 2, paramCount: 2_334))),
    Sample(HostAnswer.failed(request: 1, instance: 2, reason: 8, text: "it refuses")),
    Sample(HostAnswer.done(request: 9)),
    Sample(HostAnswer.state(request: 1, instance: 2, bytes: [0, 1, 2])),
    Sample(HostAnswer.params(request: 1, instance: 2, isLast: false, params: [param, param])),
    Sample(HostAnswer.params(request: 1, instance: 2, isLast: true, params: [])),
    Sample(HostAnswer.text(request: 3, text: "−∞ dB")),
    Sample(HostAnswer.latency(instance: 4, frames: 13_696)),
    Sample(HostAnswer.edited(instance: 4, param: 5, value: 1)),
    Sample(HostAnswer.dirty(instance: 6)),
    Sample(HostAnswer.log(text: "")),
]

@Suite("messages between engine and plug-in host")
struct HostContractTests {
    @Test("every message comes back as it was")
    func roundTrip() throws {
        #expect(Set(samples.map(\.kind)) == Set(1...8).union(101...111))
        for sample in samples {
            #expect(try sample.isSame(sample.kind, sample.payload), "\(sample)")
        }
    }

    @Test("every message that ends too early or too late is refused")
    func truncated() {
        for sample in samples {
            for count in 0..<sample.payload.count {
                #expect(throws: ContractError.malformed(kind: sample.kind), "\(sample), \(count)") {
                    _ = try sample.isSame(sample.kind, sample.payload.prefix(count))
                }
            }
            #expect(throws: ContractError.malformed(kind: sample.kind), "\(sample)") {
                _ = try sample.isSame(sample.kind, sample.payload + [0])
            }
        }
    }

    @Test("a message is known only to the side it is meant for")
    func sides() {
        for sample in samples {
            #expect(throws: ContractError.unknownKind(sample.kind)) {
                if sample.kind > 100 {
                    _ = try HostRequest(kind: sample.kind, payload: sample.payload)
                } else {
                    _ = try HostAnswer(kind: sample.kind, payload: sample.payload)
                }
            }
        }
        for kind: UInt32 in [0, 9, 100, 112, .max] {
            #expect(throws: ContractError.unknownKind(kind)) {
                _ = try HostRequest(kind: kind, payload: [])
            }
            #expect(throws: ContractError.unknownKind(kind)) {
                _ = try HostAnswer(kind: kind, payload: [])
            }
        }
    }

    @Test("no bytes at all make a reader fall, and what it takes it can write again")
    func random() {
        print("contract: seed \(CoreRig.seed)")
        var random = SeededRandom(seed: CoreRig.seed)
        var takenCount = 0
        for _ in 0..<60_000 {
            guard let sample = samples.randomElement(using: &random) else { return }
            var bytes = Array(sample.payload)
            for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                bytes[at] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { bytes = noise(like: bytes, using: &random) }
            if let request = try? HostRequest(kind: sample.kind, payload: bytes[...]) {
                takenCount += 1
                #expect(request.encoded().count >= ContractLimits.headBytes)
            }
            if let answer = try? HostAnswer(kind: sample.kind, payload: bytes[...]) {
                takenCount += 1
                #expect(answer.encoded().count >= ContractLimits.headBytes)
            }
        }
        #expect(takenCount > 0)
    }

    private func noise(like bytes: [UInt8], using random: inout SeededRandom) -> [UInt8] {
        (0..<Int.random(in: 0...bytes.count + 8, using: &random)).map { _ in
            UInt8.random(in: 0...255, using: &random)
        }
    }
}
