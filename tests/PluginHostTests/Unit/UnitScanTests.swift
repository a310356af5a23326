#if canImport(AudioToolbox) && os(Linux)
    import Foundation
    import Testing

    @testable import PluginFixture

    @Suite("the scan of Audio Units")
    struct UnitScanTests {
        private func scanned() throws -> [[String: Any]] {
            let lines = try PluginBundle.run(HostProgram.path, ["scan", StubUnit.bundle])
                .split(separator: "\n")
            return try lines.compactMap { line in
                let json = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                return json?["class"] as? [String: Any]
            }
        }

        @Test("what can be heard in a chain is told, with its maker, under the id that loads it")
        func found() throws {
            let classes = try scanned()
            #expect(
                Set(classes.compactMap { $0["name"] as? String }) == [
                    "Gain", "Tone", "Crash", "Gone", "Beat", "Mono", "Refuses", "Not Made",
                    "Six Channels",
                ])
            #expect(classes.allSatisfy { $0["category"] as? String == "Audio Unit" })
            let tone = try #require(classes.first { $0["name"] as? String == "Tone" })
            #expect(tone["vendor"] as? String == "Stub Works")
            #expect(tone["version"] as? String == "1.2.0")
            #expect(tone["isInstrument"] as? Bool == true)
            #expect(tone["subCategories"] as? String == "Instrument|Audio Unit")
            #expect(tone["classId"] as? String == "61756D75746F6E655374756200000000")
            let mono = try #require(classes.first { $0["name"] as? String == "Mono" })
            #expect(mono["isInstrument"] as? Bool == false)
            #expect(mono["vendor"] as? String == "Other Works")
        }

        @Test("a unit is checked as a class of a bundle is")
        func checked() throws {
            let id = StubUnit.gain.classId.map { String(format: "%02x", $0) }.joined()
            let text = try PluginBundle.run(HostProgram.path, ["check", StubUnit.bundle, id])
            let last = try #require(text.split(separator: "\n").last)
            let json = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any]
            let result = try #require(json?["result"] as? [String: Any])
            #expect(result["failedBlocks64"] as? Int == 0)
            #expect(result["failedBlocks128"] as? Int == 0)
            #expect(result["peak128"] as? Double ?? 0 > 0.5)
            #expect(result["mainInputs"] as? Int == 2)
            #expect(result["stateTaken"] as? Bool == true)
            #expect(result["parametersDiffering"] as? Int == 0)
        }
    }
#endif
