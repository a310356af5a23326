import Testing

@testable import FlowCore

@Test("a take id is empty only when all its words are zero")
func emptyTakeID() {
    #expect(TakeID.none().isNone())
    #expect(!TakeID(w0: 0, w1: 0, w2: 0, w3: 1).isNone())
}
