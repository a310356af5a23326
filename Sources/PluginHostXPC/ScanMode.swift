import CVST3

/// `PluginHostXPC scan BUNDLE`: what a bundle offers, one line a class.
///
/// Each step is told before it is taken, so that whoever waits sees where a bundle stalls.
enum ScanMode {
    /// Returns the exit code: 0, or the failure of the step that was told last.
    static func run(bundle: String, lines: JsonLines) -> Int32 {
        lines.write(.object([("step", .string("open"))]))
        #if canImport(AudioToolbox)
            if bundle == UnitName.bundle {
                return tell(UnitScan.classes(), nil, lines)
            }
        #endif
        let module: Vst3Module
        do {
            module = try Vst3Module(bundle: bundle)
            lines.write(.object([("step", .string("factory"))]))
            try module.start()
        } catch {
            sayError(error.text)
            return error.code
        }
        let code = tell(module.classes(), module.classCount, lines)
        module.close()
        return code
    }

    /// `count` is that of all there are, also of those that cannot be described.
    private static func tell(_ classes: [PluginClass], _ count: Int?, _ lines: JsonLines) -> Int32 {
        for described in classes { lines.write(.object([("class", json(described))])) }
        lines.write(.object([("done", .bool(true)), ("classes", .int(count ?? classes.count))]))
        return 0
    }

    private static func json(_ described: PluginClass) -> JsonValue {
        .object([
            ("classId", .string(described.classId)),
            ("name", .string(described.name)),
            ("vendor", .string(described.vendor)),
            ("version", .string(described.version)),
            ("sdkVersion", .string(described.sdkVersion)),
            ("category", .string(described.category)),
            ("subCategories", .string(described.subCategories)),
            ("isInstrument", .bool(described.isInstrument)),
            ("isEffect", .bool(described.isEffect)),
        ])
    }
}
