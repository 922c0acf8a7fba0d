extension StyleRule {
    static let all: [StyleRule] = vocabulary + naming + structure + cleanliness + threads + traps + own + areas

    // MARK: What a file may speak of

    static let vocabulary: [StyleRule] = [
        StyleRule(
            "SQL stands in XStore.swift only.",
            instead: "Move the query to the store of the feature that owns the table and call it from here.",
            bad: [
                ["Sources/Register/Roster/RosterPages.swift": #"let q = "SELECT id FROM person""#],
                [
                    "Sources/Register/Roster/RosterRoutes.swift":
                        #"try db.run(SQL("DELETE FROM person WHERE id = \(id)"))"#
                ],
                ["Sources/Register/Roster/Roster.swift": "let q = \"\"\"\n    INSERT INTO person (id)\n    \"\"\""],
            ],
            good: [
                ["Sources/Register/Roster/RosterStore.swift": #"let q = SQL("SELECT id FROM person")"#],
                [
                    "Sources/Register/Roster/RosterPages.swift": #"let p: HTML = "<select name=\"unit\">""#
                        + " // SELECT id FROM person"
                ],
            ],
            inFilesWhere: {
                $0.area != nil && !$0.name.hasSuffix("Store.swift")
                    && !$0.lies(in: "Sources/Kit/Database/", "Sources/Kit/Acts/")
            }
        ) { file in
            matches(sqlPattern, in: file.swift.strings) + matches("\\bSQL\\(", in: file.swift.code)
        },

        StyleRule(
            "A table is written by one store.",
            instead: "Call the store that already writes this table, or move the table with all its writes.",
            bad: [
                [
                    "Sources/Register/Roster/RosterStore.swift": #"SQL("UPDATE person SET name = \(name)")"#,
                    "Sources/Ledger/Claims/ClaimStore.swift": #"SQL("DELETE FROM person WHERE id = \(id)")"#,
                ]
            ],
            good: [
                [
                    "Sources/Register/Roster/RosterStore.swift":
                        #"SQL("INSERT INTO person (id) VALUES (\(id)) ON CONFLICT (id) DO UPDATE SET name = \(name)")"#,
                    "Sources/Ledger/Claims/ClaimStore.swift": #"SQL("SELECT id FROM person FOR UPDATE")"#,
                ]
            ]
        ) { tree in
            var owner: [String: String] = [:]
            return tree.files.filter { $0.area != nil && $0.area != "World" }.flatMap { file in
                let writes =
                    matches("\\b(?:INSERT\\s+INTO|DELETE\\s+FROM)\\s+(\\w+)", in: file.swift.strings)
                    + matches("\\bUPDATE\\s+(\\w+)\\s+SET\\b", in: file.swift.strings)
                    + matches("\\bbulk\\(into:\\s*\"(\\w+)\"", in: file.text)
                return writes.compactMap { write -> Offence? in
                    let first = owner[write.match] ?? file.path
                    owner[write.match] = first
                    return first == file.path
                        ? nil : Offence(path: file.path, line: write.line, found: "\(write.match) belongs to \(first)")
                }
            }
        },

        StyleRule(
            "HTML stands in XPages.swift and in the shared look only.",
            instead: "Give the value back and let the page write the markup.",
            bad: [
                ["Sources/Register/Roster/RosterStore.swift": #"let cell = "<td>\(name)</td>""#],
                ["Sources/Register/Roster/RosterRoutes.swift": #"return "<p class=\"x\">""#],
                ["Sources/Register/Roster/Roster.swift": "let s = \"\"\"\n    <div>\n    \"\"\""],
            ],
            good: [
                ["Sources/Register/Roster/RosterPages.swift": #"let cell: HTML = "<td>\(name)</td>""#],
                ["Sources/Kit/Look/Table.swift": #"let cell: HTML = "<td>\(name)</td>""#],
                ["Sources/Register/Roster/Roster.swift": "/// Shown as `<td>`.\nlet less = a <b && c> d"],
            ],
            inFilesWhere: {
                $0.area != nil && !$0.name.hasSuffix("Pages.swift") && !$0.path.contains("/Look/")
                    && !$0.lies(in: "Sources/Kit/Web/", "Sources/Kit/Files/")
            }
        ) { file in
            matches(
                "</?(?:div|span|p|a|table|thead|tbody|tr|td|th|ul|ol|li|dl|dt|dd|form|input|button|h[1-6]|main|section|nav|select|option|label|svg|br|b|strong|em|small|body|head|html)(?=[\\s>/])",
                in: file.swift.strings)
        },

        StyleRule(
            "Markup carries no inline style, handler or script: the content security policy forbids them.",
            instead: "Use a class of app.css, an SVG attribute for a width, or a file under Public/.",
            bad: [
                ["Sources/Kit/Look/Bar.swift": #"let bar: HTML = "<div style=\"width: 3px\">""#],
                [
                    "Sources/Kit/Look/Bar.swift":
                        "let bar: HTML = \"\"\"\n    <a class=\"x\" onclick=\"go()\">\n    \"\"\""
                ],
                ["Sources/Kit/Look/Bar.swift": #"let bar: HTML = "<script>go()</script>""#],
                ["Sources/Kit/Look/Bar.swift": #"let bar: HTML = "<a href=\"javascript:go()\">""#],
                ["Sources/Kit/Look/Bar.swift": #"let bar: HTML = "<a hx-on:click=\"go()\">""#],
            ],
            good: [
                [
                    "Sources/Kit/Look/Bar.swift":
                        #"let head: HTML = "<script src=\"/app.js\" defer></script><link rel=\"stylesheet\">""#
                ],
                ["Sources/Kit/Look/Bar.swift": #"let bar: HTML = "<rect width=\"\(w)\" data-position=\"3\"/>""#],
            ],
            inFilesWhere: { $0.area != nil }
        ) { file in
            matches(
                "\\sstyle\\s*=\\s*\\\\?[\"']|<style\\b|\\son[a-z]+\\s*=\\s*\\\\?[\"']|\\shx-on[:\\w-]*\\s*=|<script(?![^>]*\\bsrc=)|javascript:",
                in: file.swift.strings)
        },

        StyleRule(
            "An interpolated attribute stands in quotes: escaping does not help outside them.",
            instead: "Write name=\\\"\\\\(value)\\\".",
            bad: [["Sources/Register/Roster/RosterPages.swift": #"let a: HTML = "<a class=\"x\" href=\(link)>""#]],
            good: [
                [
                    "Sources/Register/Roster/RosterPages.swift":
                        #"let a: HTML = "<a href=\"\(link)\" class=\"a\(b)\">a=\(b)</a>""#
                ]
            ],
            inFilesWhere: {
                $0.area != nil
                    && ($0.name.hasSuffix("Pages.swift") || $0.path.contains("/Look/")
                        || $0.lies(in: "Sources/Kit/Web/"))
            }
        ) { file in
            matches("<[a-z][^<>\\n]*\\s[\\w-]+=\\\\\\(", in: file.text)
        },

        StyleRule(
            "Only Kit/Time reads the clock.",
            instead: "Take the day or the moment as an argument; the caller has it from its request or its act.",
            bad: [
                ["Sources/Register/Roster/Roster.swift": "let now = Date()"],
                ["Sources/Kit/Security/Token.swift": "let now = ContinuousClock.now"],
                ["Sources/App/Frame.swift": "clock_gettime(CLOCK_REALTIME, &time)"],
            ],
            good: [
                ["Sources/Kit/Time/Clock.swift": "clock_gettime(CLOCK_REALTIME, &time)"],
                ["Sources/Register/Roster/Roster.swift": "func isOld(on day: Day) -> Bool // not Date()"],
            ],
            inFilesWhere: { $0.area != nil && !$0.lies(in: "Sources/Kit/Time/", "Sources/yugong-bench/") }
        ) { file in
            matches(
                "\\bDate\\(\\)|\\bDate\\.now\\b|\\btimeIntervalSinceNow\\b|\\bclock_gettime\\b|\\bgettimeofday\\b|\\bContinuousClock\\b|\\bSuspendingClock\\b|\\bDispatchTime\\.now\\b|\\bsystemUptime\\b|\\btime\\(nil\\)",
                in: file.swift.code)
        },

        StyleRule(
            "Decisions are given the time: Clock is asked only where an act or a request begins.",
            instead: "Take `today: Day` or `now` (milliseconds) as an argument.",
            bad: [["Sources/Ledger/Statement/Statement.swift": "let day = Clock.today"]],
            good: [
                ["Sources/App/App.swift": "let day = Clock.today"],
                ["Sources/Kit/Database/Database.swift": "let at = Clock.nowMilliseconds"],
                ["Sources/Ledger/Statement/Statement.swift": "let day = Clock.day(ofMilliseconds: now)"],
            ],
            inFilesWhere: {
                $0.area != nil
                    && !$0.lies(
                        in: "Sources/Kit/Time/", "Sources/Kit/Database/", "Sources/Kit/Acts/", "Sources/Kit/Web/",
                        "Sources/App/",
                        "Sources/World/", "Sources/yugong")
            }
        ) { file in
            matches("\\bClock\\.(?:now\\w*|today)\\b", in: file.swift.code)
        },

        StyleRule(
            "Only App and the command line read the environment.",
            instead: "Take the setting as an argument.",
            bad: [
                [
                    "Sources/Kit/Security/Key.swift":
                        #"let path = ProcessInfo.processInfo.environment["YUGONG_KEY_FILE"]"#
                ],
                ["Sources/Accounts/Administration/Account.swift": #"getenv("HOME")"#],
            ],
            good: [["Sources/App/Settings.swift": "ProcessInfo.processInfo.environment"]],
            inFilesWhere: { $0.area != nil && !$0.lies(in: "Sources/App/", "Sources/yugong") }
        ) { file in
            matches("\\bprocessInfo\\s*\\.environment\\b|\\b(?:secure_)?getenv\\(|\\bsetenv\\(", in: file.swift.code)
        },

        StyleRule(
            "The rules of a policy are data: Swift names none of them.",
            instead: "Put the rule in its policy file and use what the file says of it.",
            bad: [["Sources/Standing/Indicators/IndicatorPages.swift": #"if rule == "A12" { star() }"#]],
            good: [
                [
                    "Sources/Standing/Indicators/Indicator.swift":
                        "/// Readings 3 and 4 decide (A2, A3).\nlet title = \"按 A2 计算\""
                ],
                ["Sources/Rules/Policy/PolicyFile.swift": #"let id = text("id", example: "A1")"#],
                ["Tests/StandingTests/A2Tests.swift": #"let rule = "A2""#],
                ["Sources/Kit/Files/Sheet.swift": #"let corner = "A1""#],
            ],
            inFilesWhere: { $0.area != nil && $0.area != "Kit" }
        ) { file in
            // An example in a message to the author of a policy file decides nothing.
            let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
            return matches("\"[A-E][0-9]{1,2}\"", in: file.swift.strings).filter { !lines[$0.line - 1].contains("example: \"") }
        },

        StyleRule(
            "Hours and rates are exact: no floating point where they are made.",
            instead: "Count hours in Int hundredths and compare fractions by multiplying.",
            bad: [["Sources/Ledger/HourEntry/HourEntry.swift": "let hours: Double = 1.5"]],
            good: [["Sources/Rules/Ratio.swift": "// not a Double\nlet hours = 150"]],
            inFilesWhere: { $0.lies(in: "Sources/Rules/", "Sources/Ledger/") }
        ) { file in
            matches("\\b(?:Double|Float|CGFloat)\\b", in: file.swift.code)
        },

        StyleRule(
            "Sentences are calm and name whom to ask.",
            instead: "Leave the exclamation mark out; instead of 请联系管理员 give name and unit of the responsible officer.",
            bad: [
                ["Sources/Accounts/Administration/Accounts.swift": #"let s = "保存成功！""#],
                ["Sources/Accounts/Administration/Accounts.swift": #"let s = "请联系管理员""#],
            ],
            good: [["Sources/Accounts/Administration/Accounts.swift": #"let s = "已保存。""# + " // ！"]],
            inFilesWhere: { $0.area != nil }
        ) { file in
            matches("！|请联系(?:系统)?管理员", in: file.swift.strings)
        },
    ]

    static let sqlPattern =
        "\\bSELECT\\s|\\bINSERT\\s+INTO\\b|\\bUPDATE\\s+\\w+\\s+SET\\b|\\bDELETE\\s+FROM\\b|\\bCREATE\\s+(?:TABLE|INDEX|UNIQUE|VIEW|TEMP)|\\bALTER\\s+TABLE\\b|\\bDROP\\s+TABLE\\b|\\bWITH\\s+RECURSIVE\\b"

    // MARK: Names and documentation

    static let naming: [StyleRule] = [
        StyleRule(
            "Names say what a thing is: no Manager, Service, Helper, Utils, Common, Base, V2.",
            instead: "Name it after what it holds or does, with a word of docs/glossary.md.",
            bad: [
                ["Sources/Register/Roster/RosterManager.swift": ""],
                ["Sources/Register/Roster/Roster.swift": "package struct ImportService {}"],
                ["Sources/Kit/Utils/Text.swift": ""],
                ["Tests/KitTests/BaseTests.swift": "final class DatabaseTestBase {}"],
                ["Sources/Rules/EngineV2.swift": ""],
            ],
            good: [["Sources/Kit/Database/Database.swift": "package final class Database {}  // struct Helper {}"]]
        ) { tree in
            let banned =
                "^(?:Manager|Managers|Service|Services|Helper|Helpers|Util|Utils|Utilities|Utility|Common|Base|V[0-9]+)$"
            func parts(_ name: String) -> [String] {
                matches("[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+", in: name).map {
                    $0.match.prefix(1).uppercased() + $0.match.dropFirst()
                }
            }
            func isBanned(_ name: String) -> Bool { parts(name).contains { !matches(banned, in: $0).isEmpty } }
            return tree.files.filter { $0.path.hasSuffix(".swift") || $0.path.hasSuffix(".py") }.flatMap { file in
                let steps = file.path.split(separator: "/").dropFirst().map { String($0.prefix { $0 != "." }) }
                let ofPath = steps.filter(isBanned).map { Offence(path: file.path, line: 1, found: $0) }
                let ofTypes = matches(
                    "\\b(?:struct|class|enum|actor|protocol|typealias)\\s+(\\w+)", in: file.swift.code
                )
                .filter { isBanned($0.match) }.map { Offence(path: file.path, line: $0.line, found: $0.match) }
                return ofPath + ofTypes
            }
        },

        StyleRule(
            "Every type that other areas see has a docstring.",
            instead: "Write `///` above it; the first sentence is the promise.",
            bad: [
                ["Sources/Register/Roster/Roster.swift": "package struct Person {}"],
                ["Sources/Register/Roster/Roster.swift": "// A person.\n@frozen\npackage final class Roster {}"],
            ],
            good: [
                [
                    "Sources/Register/Roster/Roster.swift":
                        "/// A person.\n@frozen\npackage struct Person {\n    package struct Part {}\n}"
                ],
                ["Sources/Register/Roster/Roster.swift": "struct Inner {}"],
            ],
            inFilesWhere: { $0.area != nil }
        ) { file in
            let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
            return matches(
                "^(?:package|public) (?:final |indirect )*(?:struct|enum|class|actor|protocol) (\\w+)",
                in: file.swift.code
            ).filter { found in
                let above = lines[..<(found.line - 1)].last { !$0.hasPrefix("@") && !$0.hasPrefix("#if") }
                return above?.hasPrefix("///") != true
            }
        },

        StyleRule(
            "What the compiler cannot check has its reason beside it.",
            instead: "Write a comment above that says why it is safe, or do without.",
            bad: [
                ["Sources/Kit/Database/Pool.swift": "final class Pool: @unchecked Sendable {}"],
                ["Sources/Kit/Database/Pool.swift": "\nnonisolated(unsafe) var last = 0"],
            ],
            good: [
                [
                    "Sources/Kit/Database/Pool.swift":
                        "// All state is behind `lock`.\nfinal class Pool: @unchecked Sendable {}"
                ],
                [
                    "Sources/Kit/Database/Pool.swift":
                        "nonisolated(unsafe) var last = 0  // Only its own thread sees it."
                ],
            ],
            inFilesWhere: { $0.area != nil }
        ) { file in
            let comments = file.swift.comments.split(separator: "\n", omittingEmptySubsequences: false)
            return matches("@unchecked\\s+Sendable|nonisolated\\(unsafe\\)", in: file.swift.code).filter { found in
                let near = comments[max(0, found.line - 3)..<min(found.line, comments.count)]
                return near.allSatisfy { $0.allSatisfy(\.isWhitespace) }
            }
        },
    ]
}
