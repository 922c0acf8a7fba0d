import Foundation

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
            "The graph of docs/architecture.md is the one of Package.swift.",
            instead: "Draw the area where it stands, or take the dependency out of its target.",
            bad: [
                [
                    "Package.swift": ".target(name: \"Kit\", dependencies: [\"People\"]),\n.target(name: \"People\", dependencies: [])",
                    "docs/architecture.md": "```\nPeople ─► Kit\n```", "Sources/Kit/A.swift": "", "Sources/People/A.swift": "",
                ],
                [
                    "Package.swift": ".target(name: \"Kit\", dependencies: []),\n.target(name: \"People\", dependencies: [\"Kit\"])",
                    "docs/architecture.md": "```\nKit\n```", "Sources/Kit/A.swift": "", "Sources/People/A.swift": "",
                ],
                [
                    "Package.swift": ".target(name: \"Kit\", dependencies: [])", "docs/architecture.md": "```\nPeople ─► Kit\n```", "Sources/Kit/A.swift": "",
                ],
            ],
            good: [[
                "Package.swift": "let everything = [\"People\", \"Kit\"]\n.target(name: \"Kit\", dependencies: [.product(name: \"Yams\", package: \"Yams\")]),\n"
                    + ".target(name: \"People\", dependencies: [\"Kit\"]),\n.executableTarget(\n    name: \"yugong\", dependencies: everything)",
                "docs/architecture.md": "# One\n```\nyugong ─► People ─► Kit (low)\n```\n`A ─► B`\n",
                "Sources/Kit/A.swift": "", "Sources/People/A.swift": "", "Sources/yugong/main.swift": "",
            ]]
        ) { tree in
            guard let package = tree.files.first(where: { $0.path == "Package.swift" }), let page = tree.files.first(where: { $0.path == "docs/architecture.md" }) else { return [] }
            let drawing = page.text.components(separatedBy: "```").dropFirst().first ?? ""
            let drawn = matches("(?:^|► )(\\w+)", in: drawing).map(\.match)
            let targets = package.text.components(separatedBy: "arget(").dropFirst().compactMap { text -> (name: String, uses: [String])? in
                let names = matches("\"(\\w+)\"", in: text).map(\.match)
                return names.first.map { ($0, Array(names.dropFirst())) }
            }
            let areas = Set(tree.files.compactMap(\.area)).intersection(targets.map(\.name))
            let missing = areas.subtracting(drawn).map { "\($0) is not drawn" } + Set(drawn).subtracting(areas).map { "there is no area \($0)" }
            let wrong = targets.flatMap { target in
                target.uses.filter { use in
                    guard areas.contains(use), let from = drawn.firstIndex(of: target.name), let to = drawn.firstIndex(of: use) else { return false }
                    return to <= from
                }.map { "\(target.name) uses \($0), which does not stand to its right" }
            }
            return (missing.sorted() + wrong).map { Offence(path: page.path, line: 1, found: $0) }
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

        StyleRule(
            "A function has at most \(longestFunction) lines.",
            instead: "Take out of it what has a name of its own.",
            bad: [
                ["Sources/People/Files/Page.swift": "struct Page {\n    static func all(\n        a: Int\n    ) -> Int {\n" + String(repeating: "\n", count: longestFunction - 3) + "    }\n}"],
                ["Sources/People/Files/Page.swift": "    init?(a: () -> Void = {}) {\n" + String(repeating: "if a {\n}\n", count: longestFunction / 2) + "    }"],
            ],
            good: [
                ["Sources/People/Files/Page.swift": "    func all() {\n" + String(repeating: "\n", count: longestFunction - 2) + "    }"],
                ["Sources/People/Files/Page.swift": "protocol Page {\n    func all() -> Int\n}\nstruct One {\n" + String(repeating: "\n", count: longestFunction) + "}"],
                ["Sources/People/Files/Page.swift": "enum Page {\n    static let all = 1\n    // func none() {\n" + String(repeating: "\n", count: longestFunction) + "}"],
            ],
            inFilesWhere: { $0.area != nil }
        ) { file in
            lengths(of: file.swift.code).filter { $0.lines > longestFunction }.map { ($0.line, "\($0.lines) lines") }
        },
    ]

    private static let longestFunction = 70

    /// Where each function with a body begins, and how many lines it has from its name to its last brace.
    private static func lengths(of code: String) -> [(line: Int, lines: Int)] {
        let bytes = Array(code.utf8)
        return places("^[ \\t]*(?:@\\w+(?:\\([^)\\n]*\\))?[ \\t]+)*(?:(?:\\w+(?:\\(set\\))?)[ \\t]+)*(?:func\\b|init\\b)", in: code).compactMap { place in
            var at = place.end, parentheses = 0
            // A requirement of a protocol ends with its line.
            while at < bytes.count, bytes[at] != UInt8(ascii: "{") || parentheses > 0 {
                switch bytes[at] {
                case UInt8(ascii: "("): parentheses += 1
                case UInt8(ascii: ")"): parentheses -= 1
                case UInt8(ascii: "\n") where parentheses == 0: return nil
                default: break
                }
                at += 1
            }
            var depth = 0, lines = 1 + bytes[min(place.end, bytes.count)..<min(at, bytes.count)].count { $0 == UInt8(ascii: "\n") }
            while at < bytes.count {
                switch bytes[at] {
                case UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: "}"): depth -= 1
                case UInt8(ascii: "\n"): lines += 1
                default: break
                }
                if depth == 0 { return (place.line, lines) }
                at += 1
            }
            return nil
        }
    }
}
