extension StyleRule {
    // MARK: Areas and their folders

    /// Areas that are larger than one person keeps in mind would be two.
    private static let mostLines = 6000

    /// The folder of an area in which a file stands, `Accounts/Grants`; nil for its wiring, which stands in no folder.
    private static func part(of file: SourceFile) -> String? {
        let steps = file.path.split(separator: "/")
        return steps.count > 3 && steps[0] == "Sources" && file.path.hasSuffix(".swift") ? "\(steps[1])/\(steps[2])" : nil
    }

    /// Which folder uses which other one of its area, with the name by which it does. What stands after a dot is a name within another.
    private static func uses(in tree: Tree) -> [String: [String: (file: SourceFile, name: String)]] {
        let files = tree.files.filter { part(of: $0) != nil }
        var homes: [String: [String: Set<String>]] = [:]
        for file in files {
            guard let part = part(of: file), let area = file.area else { continue }
            for found in matches("^(?:(?:package|public|final|indirect) )*(?:struct|enum|class|actor|protocol) (\\w+)", in: file.swift.code) {
                homes[area, default: [:]][found.match, default: []].insert(part)
            }
        }
        var uses: [String: [String: (file: SourceFile, name: String)]] = [:]
        for file in files {
            guard let part = part(of: file), let area = file.area, let known = homes[area] else { continue }
            for name in Set(matches("(?<![.\\w])[A-Z]\\w+\\b", in: file.swift.code).map(\.match)) {
                guard let there = known[name], there.count == 1, let other = there.first, other != part else { continue }
                if uses[part]?[other] == nil { uses[part, default: [:]][other] = (file, name) }
            }
        }
        return uses
    }

    static let areas: [StyleRule] = [
        StyleRule(
            "Folders of an area do not use each other in a circle.",
            instead: "Move the noun to the lower folder or the act to the higher one.",
            bad: [[
                "Sources/People/Files/Page.swift": "enum Page { let a = Erasing.all }",
                "Sources/People/Erasure/Erasing.swift": "package enum Erasing { let b: Page }",
            ]],
            good: [[
                "Sources/People/Files/Page.swift": "enum Page { let a = Erasing.all }",
                "Sources/People/Erasure/Erasing.swift": "// Page\npackage enum Erasing { let b = \"Page\" }",
            ]]
        ) { tree in
            let uses = uses(in: tree)
            func reaches(_ from: String, _ to: String) -> Bool {
                var seen: Set<String> = [], next = [from]
                while let one = next.popLast() {
                    if one == to { return true }
                    for other in uses[one]?.keys.sorted() ?? [] where seen.insert(other).inserted { next.append(other) }
                }
                return false
            }
            return uses.sorted { $0.key < $1.key }.flatMap { part, others in
                others.sorted { $0.key < $1.key }.filter { reaches($0.key, part) }.map { other, use in
                    Offence(path: use.file.path, line: 1, found: "\(part) uses \(other) by \(use.name), which comes back to it")
                }
            }
        },

        StyleRule(
            "An area has at most \(mostLines) lines, of Kit each folder.",
            instead: "Take an area out of it, with its own place in the graph of docs/architecture.md.",
            bad: [["Sources/People/Files/Page.swift": String(repeating: "\n", count: mostLines + 1)]],
            good: [[
                "Sources/Kit/Web/A.swift": String(repeating: "\n", count: mostLines), "Sources/Kit/Files/B.swift": String(repeating: "\n", count: mostLines),
            ]]
        ) { tree in
            let files = tree.files.filter { $0.area != nil && $0.path.hasSuffix(".swift") }
            let groups = Dictionary(grouping: files) { $0.area == "Kit" ? part(of: $0) ?? "Kit" : $0.area ?? "" }
            return groups.sorted { $0.key < $1.key }.compactMap { name, files in
                let lines = files.reduce(0) { $0 + $1.text.utf8.count { $0 == UInt8(ascii: "\n") } }
                return lines > mostLines ? Offence(path: "Sources/\(name)", line: 1, found: "\(lines) lines") : nil
            }
        },
    ]
}
