extension StyleRule {
    /// What each area may import of the others: the graph of docs/architecture.md, lowest first.
    static let arrows: [String: Set<String>] = {
        var arrows: [String: Set<String>] = ["Kit": [], "Rules": []]
        let steps: [[String]] = [
            ["Kit", "Rules"], ["Register"], ["Access"], ["Accounts"], ["Approvals"], ["People"], ["Ledger", "Resources"], ["Figures"],
            ["Training", "Learning", "Education"], ["Standing"], ["App"], ["World"], ["yugong"],
        ]
        var below: Set<String> = []
        for step in steps {
            for area in step where arrows[area] == nil { arrows[area] = below }
            below.formUnion(step)
        }
        return arrows
    }()

    /// Libraries that one area wraps for all others.
    static let homes: [String: Set<String>] = [
        "Yams": ["Rules"], "ArgumentParser": ["yugong"], "Crypto": ["Kit"], "_CryptoExtras": ["Kit"],
        "CSQLite": ["Kit"], "CLibPQ": ["Kit"], "CArgon2": ["Kit"], "CXlsxWriter": ["Kit"], "CMinizip": ["Kit"],
        "CExpat": ["Kit"],
    ]

    static let importPattern =
        "^[ \\t]*(?:@\\w+[ \\t]+)*(?:(?:public|package|internal|private|fileprivate)[ \\t]+)?import[ \\t]+(?:(?:struct|class|enum|protocol|func|var|let|typealias)[ \\t]+)?(\\w+)"

    // MARK: Where things stand

    static let structure: [StyleRule] = [
        StyleRule(
            "Areas import only what lies below them.",
            instead: "Move the noun down or the act up; areas on one step do not see each other.",
            bad: [
                ["Sources/Rules/Engine.swift": "import Kit"],
                ["Sources/People/Files/PersonRoutes.swift": "import Ledger"],
                ["Sources/Register/Roster/RosterStore.swift": "import Access"],
                ["Sources/Ledger/Claims/Claim.swift": "package import struct Resources.Lecturer"],
                ["Sources/Kit/Web/Web.swift": "@testable import People"],
            ],
            good: [
                ["Sources/Figures/Facts/Facts.swift": "import Ledger\nimport Rules"],
                ["Sources/People/Files/PersonRoutes.swift": "import Access\nimport Register"],
                ["Sources/Rules/Engine.swift": "// import Kit\nimport Yams"],
            ],
            inFilesWhere: { $0.area.map { arrows[$0] != nil } ?? false }
        ) { file in
            let allowed = arrows[file.area!]!
            return matches(importPattern, in: file.swift.code).filter {
                arrows[$0.match] != nil && $0.match != file.area && !allowed.contains($0.match)
            }
        },

        StyleRule(
            "A library is wrapped in one area; Rules is pure.",
            instead: "Use what that area offers, or extend it there.",
            bad: [
                ["Sources/Register/Roster/RosterStore.swift": "import CSQLite"],
                ["Sources/Figures/Facts/Facts.swift": "import Yams"],
                ["Sources/Rules/Engine.swift": "import Hummingbird"],
            ],
            good: [
                ["Sources/Kit/Database/SQLite.swift": "import CSQLite\nimport Foundation"],
                ["Sources/Rules/Engine.swift": "import Foundation\nimport Yams"],
            ],
            inFilesWhere: { $0.area != nil }
        ) { file in
            matches(importPattern, in: file.swift.code).filter { found in
                if let home = homes[found.match], !home.contains(file.area!) { return true }
                return file.area == "Rules" && !["Yams", "Foundation", "FoundationEssentials", "Dispatch"].contains(found.match)
                    && arrows[found.match] == nil
            }
        },

        StyleRule(
            "Temporary files lie in Scratch, which a killed process leaves to be swept.",
            instead: "Ask Scratch.path for a place.",
            bad: [
                ["Sources/App/Exchange/ExchangeRoutes.swift": "let path = NSTemporaryDirectory() + \"/a.xlsx\""],
                ["Sources/Register/Roster/Roster.swift": "FileManager.default.temporaryDirectory.appendingPathComponent(name)"],
            ],
            good: [["Sources/Kit/Files/Scratch.swift": "static let parent = FileManager.default.temporaryDirectory.path"]],
            inFilesWhere: { $0.area != nil && !["Sources/Kit/Files/Scratch.swift", "Sources/Kit/Files/Writing/OutputFile.swift"].contains($0.path) }
        ) { file in
            matches("\\bNSTemporaryDirectory\\b|\\btemporaryDirectory\\b|\\bmkstemp\\b|\\bmkdtemp\\b", in: file.swift.code)
        },

        StyleRule(
            "A feature folder holds at most eight files.",
            instead: "Split the feature into two folders, each with a name of its own.",
            bad: [Dictionary(uniqueKeysWithValues: (1...9).map { ("Sources/Register/Roster/Part\($0).swift", "") })],
            good: [Dictionary(uniqueKeysWithValues: (1...9).map { ("Sources/App/Migrations/000\($0)-x.sql", "") })]
        ) { tree in
            let files = tree.files.filter { $0.area != nil && $0.path.hasSuffix(".swift") }
            return Dictionary(grouping: files, by: \.folder).filter { $0.value.count > 8 }.map { folder, files in
                Offence(path: folder, line: 1, found: "\(files.count) files")
            }
        },

        StyleRule(
            "A file name occurs once in an area: two make the build fail with an obscure message.",
            instead: "Name the later one after its feature.",
            bad: [["Sources/Kit/Files/Table.swift": "", "Sources/Kit/Look/Table.swift": ""]],
            good: [
                [
                    "Sources/Kit/Files/Table.swift": "", "Sources/Register/Roster/Table.swift": "",
                    "Sources/CArgon2/shim.h": "",
                ]
            ]
        ) { tree in
            let files = tree.files.filter { $0.area != nil && $0.path.hasSuffix(".swift") }
            return Dictionary(grouping: files) { "\($0.area!)/\($0.name)" }.values.filter { $0.count > 1 }.map {
                files in
                Offence(path: files[1].path, line: 1, found: "also \(files[0].path)")
            }
        },

        StyleRule(
            "A file has at most 600 lines.",
            instead: "Split it along what it speaks of.",
            bad: [["Sources/Register/Roster/Roster.swift": String(repeating: "\n", count: 601)]],
            good: [["Sources/Register/Roster/Roster.swift": String(repeating: "\n", count: 600)]],
            inFilesWhere: { $0.path.hasSuffix(".swift") || $0.path.hasSuffix(".py") }
        ) { file in
            let lines = file.text.utf8.reduce(0) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
            return lines > 600 ? [(601, "\(lines) lines")] : []
        },

        StyleRule(
            "A script stops at its first error.",
            instead: "Begin it with #!/usr/bin/env bash and set -euo pipefail.",
            bad: [["bin/test": "#!/bin/sh\nswift test\n"], [".ci/run": "#!/usr/bin/env bash\nbin/test\n"]],
            good: [["bin/test": "#!/usr/bin/env bash\n# Tests.\nset -euo pipefail\n"], ["bin/assets.lock": "x\n"]],
            inFilesWhere: { $0.lies(in: "bin/", ".ci/") && $0.text.hasPrefix("#!") }
        ) { file in
            file.text.hasPrefix("#!/usr/bin/env bash\n") && file.text.contains("\nset -euo pipefail\n") ? [] : [(1, "")]
        },
    ]

    // MARK: What is not committed

    static let cleanliness: [StyleRule] = [
        StyleRule(
            "Nothing is left half done.",
            instead: "Do it, or leave it out; what is not built is absent.",
            bad: [
                ["Sources/Register/Roster/Roster.swift": "// TODO: merge"],
                ["Sources/Register/Roster/Roster.swift": #"func merge() { fatalError("not implemented") }"#],
                ["Sources/App/Migrations/0001-acts.sql": "-- good enough for now"],
                ["Public/app.js": "// FIXME"],
                ["bin/serve": "# HACK"],
            ],
            good: [
                [
                    "Sources/Kit/Security/Token.swift":
                        "/// Good for now + 30 minutes.\nlet todos = 1 // the learner's to-dos"
                ]
            ],
            inFilesWhere: { file in
                !file.lies(in: "Tests/TidyTests/")
                    && (file.lies(in: "bin/", ".ci/")
                        || [".swift", ".sql", ".py", ".js", ".css", ".yaml"].contains { file.path.hasSuffix($0) })
            }
        ) { file in
            let unfinished =
                file.path.hasSuffix(".swift")
                ? matches("fatalError\\(\"[^\"]*(?i:todo|not (?:yet )?implemented)", in: file.text) : []
            let commented = file.path.hasSuffix(".swift") ? file.swift.comments : file.text
            return unfinished + matches("\\b(?:TODO|FIXME|XXX|HACK)\\b|\\b[Ff]or now\\b(?! [+−-])", in: commented)
        },

        StyleRule(
            "Files of others and of machines are not committed.",
            instead: "Let bin/setup fetch it by a lock file, or make it when it is needed.",
            bad: [
                ["Public/vendor/htmx.min.js": ""],
                ["Public/tabler.min.css": ""],
                ["Public/font.woff2": ""],
                ["data/yugong.db": ""],
                ["Benchmarks/roster.xlsx": String(repeating: "x", count: 1_100_000)],
            ],
            good: [["Public/app.js": ""], ["docs/pictures/unit.png": ""]],
            inFilesWhere: { _ in true }
        ) { file in
            let name =
                "\\.min\\.(?:js|css)$|\\.(?:woff2?|ttf|otf|whl|jar|zip|gz|xz|so|a|o|db|db-wal|sqlite|key|pem|pyc)$|(?:^|/)(?:vendor|node_modules|\\.venv|\\.build|__pycache__)/"
            return file.bytes > 1_000_000 ? [(1, "\(file.bytes) bytes")] : matches(name, in: file.path)
        },

        StyleRule(
            "No path of one machine is committed.",
            instead: "Start from the root of the package, the executable, or a setting.",
            bad: [
                ["Tests/KitTests/FileTests.swift": #"let sample = "/home/anna/roster.xlsx""#],
                ["docs/operations.md": "see /root/data\n"],
                ["bin/bench": "cd /work/yugong\n"],
            ],
            good: [["docs/operations.md": "`/var/lib/yugong` and /homework/ and a/work/b, ~/.local/state\n"]],
            inFilesWhere: { $0.isText && !$0.lies(in: "Tests/TidyTests/") }
        ) { file in
            matches("(?<![\\w.~/-])/(?:work|root|home/\\w+|Users/\\w+)(?:/[\\w.-]*)?(?![\\w/-])", in: file.text)
        },
    ]
}
