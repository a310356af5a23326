/// Which devices the player asked for, by UID or by name; empty = the system's default.
struct DeviceWish: Equatable {
    var input = ""
    var output = ""

    /// The UID counts more: two cards may be called alike.
    static func find(_ wanted: String, _ cards: [SoundCard]) -> SoundCard? {
        guard !wanted.isEmpty else { return nil }
        return cards.first { $0.uid == wanted } ?? cards.first { $0.name == wanted }
    }
}

/// Which hardware is used for what.
///
/// Input and output share one unit of the system, so that one device is named: one that does both, or
/// two that are joined.
struct DevicePlan: Equatable {
    var output: SoundCard
    /// Nil = nothing is heard: there is no input, or it was refused.
    var input: SoundCard?
    /// Whether the output is the system's default, which needs no naming.
    var isDefault: Bool

    /// Whether one device does both, or only plays.
    var isSingle: Bool { input == nil || input?.id == output.id }

    /// Nil when there is nothing to play through.
    ///
    /// A device that was asked for and is not there is replaced by the default, so that the player
    /// hears something; when it is plugged in again it is taken again.
    static func make(
        _ wish: DeviceWish, _ picture: SoundPicture, mayListen: Bool
    ) -> DevicePlan? {
        let outputs = picture.cards.filter { $0.outputChannels > 0 && !$0.isPassing }
        let wished = DeviceWish.find(wish.output, outputs)
        let usual = outputs.first { $0.id == picture.defaultOutput }
        guard let output = wished ?? usual ?? outputs.first else { return nil }
        return DevicePlan(
            output: output, input: mayListen ? input(wish, picture, beside: output) : nil,
            isDefault: output.id == picture.defaultOutput)
    }

    private static func input(
        _ wish: DeviceWish, _ picture: SoundPicture, beside output: SoundCard
    ) -> SoundCard? {
        let inputs = picture.cards.filter { $0.inputChannels > 0 && !$0.isPassing }
        if let wished = DeviceWish.find(wish.input, inputs) { return wished }
        // Whoever names an interface means both of its sides.
        let isNamed = DeviceWish.find(wish.output, [output]) != nil
        if wish.input.isEmpty, isNamed, output.inputChannels > 0 { return output }
        return inputs.first { $0.id == picture.defaultInput }
    }

    /// Differs between devices: what was measured for one holds for no other. Never 0.
    var key: UInt32 {
        var hash: UInt32 = 2_166_136_261
        for text in ["out", output.uid, "in", input?.uid ?? ""] {
            for byte in Array(text.utf8) + [0] { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        }
        return hash == 0 ? 1 : hash
    }
}
