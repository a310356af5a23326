import CFlowLeaf

/// One 64-bit word that both threads of the host touch.
///
/// Copies are views of the same word. What a thread did before `store` is seen after the other's `load`.
struct SharedWord: @unchecked Sendable {
    private let word: UnsafeMutablePointer<UInt64>

    init(_ value: UInt64 = 0) {
        word = .allocate(capacity: 1)
        word.initialize(to: value)
    }

    func deallocate() { word.deallocate() }

    func load() -> UInt64 { flow_word_load(word) }
    func store(_ value: UInt64) { flow_word_store(word, value) }
}
