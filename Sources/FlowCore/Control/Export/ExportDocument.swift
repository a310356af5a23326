/// The JSON beside the files of an export: what was exported, from when to when, and into what.
struct ExportDocument {
    /// A file that is finished.
    struct Written {
        let name: String
        /// Members of a JSON object.
        let about: String
        let frameCount: UInt64
        let bytes: UInt64
        let clipCount: Int
        let sha: TakeSha
    }

    let about: String
    let gaps: [Range<UInt64>]
    let files: [Written]

    /// UTF-8 text. The names are plain, so nothing in them needs escaping.
    var text: String {
        let gapList = gaps.map { gap in
            "{\"fromFrame\": \(gap.lowerBound), \"toFrame\": \(gap.upperBound)}"
        }
        let fileList = files.map { file in
            "    {"
                + ([file.about] + Self.facts(file)).filter { !$0.isEmpty }
                .joined(separator: ", ") + "}"
        }
        let members =
            [about]
            + [
                "\"gaps\": [\(gapList.joined(separator: ", "))]",
                "\"files\": [\n\(fileList.joined(separator: ",\n"))\n  ]",
            ]
        return "{\n  " + members.filter { !$0.isEmpty }.joined(separator: ",\n  ") + "\n}\n"
    }

    private static func facts(_ file: Written) -> [String] {
        [
            "\"file\": \"\(file.name)\"", "\"frames\": \(file.frameCount)",
            "\"bytes\": \(file.bytes)", "\"clips\": \(file.clipCount)",
            "\"sha256\": \"\(file.sha.hex)\"",
        ]
    }
}
