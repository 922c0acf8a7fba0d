extension StyleRule {
    // MARK: What ends the process

    /// A number, a text or a row that somebody else wrote must not end the process: one who finds such a place stops the service
    /// for everybody, and what was stored stops it again at each start.
    static let traps: [StyleRule] = [
        StyleRule(
            "A conversion that may not fit says what becomes of what does not.",
            instead: "Write exactly:, clamping: or truncatingIfNeeded:; where it must trap, say why it cannot on that line or the one before: // cannot trap: …",
            bad: [
                ["Sources/Figures/Facts/FactsStore.swift": "let hours = Int32(row.int(3))"],
                ["Sources/Kit/Time/Day.swift": "number = Int32(days)\nlet byte = UInt8(48 + n)"],
                ["Sources/Rules/Cube/Cube.swift": "let bit = 1 << UInt64(group)"],
                ["Sources/Kit/Time/Day.swift": "// cannot trap:\nnumber = Int32(days)"],
            ],
            good: [
                [
                    "Sources/Kit/Time/Day.swift":
                        "number = Int32(clamping: days)\nlet a = UInt8(ascii: \"a\"), b = UInt64(0), c: [Int32]\nguard let d = Int32(text) else { return nil }"
                ],
                ["Sources/Kit/Time/Day.swift": "// cannot trap: the serial is held against both ends above.\nlet serial = Int32(value)"],
                ["Sources/World/City/City.swift": "let part = Int32(number)"],
            ],
            inFilesWhere: holdsForeignValues
        ) { file in
            unreasoned(
                file, "(?<![\\w.])(?:U?Int(?:8|16|32)|UInt64|UInt)\\((?!exactly:|clamping:|truncatingIfNeeded:|bitPattern:|ascii:|\\d+\\)|String\\()",
                // Reading a number out of a text answers nil, and is unwrapped where it is read.
                but: "(?:guard|if|,)\\s+(?:case\\s+)?(?:let|var)\\s+\\w+\\s*=\\s*$")
        },

        StyleRule(
            "Nothing is unwrapped by force.",
            instead: "Unwrap it by guard or ??; where it must be, say why it is there on that line or the one before: // cannot trap: …",
            bad: [
                ["Sources/App/App.swift": "let page = pages[name]!"], ["Sources/App/App.swift": "let page = try! read()"],
                ["Sources/App/App.swift": "let page = value as! Page"], ["Sources/App/App.swift": "let page = make()!.body"],
                ["Sources/App/App.swift": "Task { [unowned self] in go() }"], ["Sources/App/App.swift": "let p = next.unsafelyUnwrapped"],
            ],
            good: [
                ["Sources/App/App.swift": "if a != b, !c { say(\"no!\") }\nlet header = HTTPField.Name(\"X-Form-Token\")!"],
                ["Sources/App/App.swift": "// cannot trap: the table was checked at start.\nlet page = pages[name]!"],
            ],
            inFilesWhere: holdsForeignValues
        ) { file in
            unreasoned(file, "[\\w)\\]>]!(?![=\\w])|\\bunowned\\b|\\bunsafelyUnwrapped\\b", but: "HTTPField\\.Name\\(\"[^\"]*\"\\)?$")
        },

        StyleRule(
            "No value of somebody else's is asserted.",
            instead: "Refuse it by name, or leave it out and say so; where the program's own mistake ends it, say when on that line or the one before: // may trap: …",
            bad: [
                ["Sources/App/App.swift": "precondition(number > 0)"], ["Sources/App/App.swift": "fatalError(\"no row\")"],
                ["Sources/App/App.swift": "let map = Dictionary(uniqueKeysWithValues: rows)"],
                ["Sources/App/App.swift": "let at = text.index(text.startIndex, offsetBy: place)"],
            ],
            good: [
                ["Sources/App/App.swift": "let map = Dictionary(rows, uniquingKeysWith: { first, _ in first })"],
                ["Sources/App/App.swift": "let at = text.index(text.startIndex, offsetBy: place, limitedBy: text.endIndex)"],
                ["Sources/App/App.swift": "// may trap: at start, before anything is served.\nfatalError(\"no row\")"],
            ],
            inFilesWhere: holdsForeignValues
        ) { file in
            unreasoned(
                file,
                "\\b(?:fatalError|precondition|preconditionFailure|assert|assertionFailure)\\(|\\buniqueKeysWithValues:|\\boffsetBy:(?![^\\n]*\\blimitedBy:)", but: nil)
        },
    ]

    /// All but the made world, whose numbers are its own.
    @Sendable private static func holdsForeignValues(_ file: SourceFile) -> Bool { file.area.map { $0 != "World" } ?? false }

    /// Places of a pattern beside which no reason stands; `exception` is a pattern of what stands before a place that is none.
    private static func unreasoned(_ file: SourceFile, _ pattern: String, but exception: String?) -> [(line: Int, match: String)] {
        let code = file.swift.code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let comments = file.swift.comments.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        func isReasoned(_ line: Int) -> Bool { comments.indices.contains(line) && !matches("\\b(?:cannot|may) trap: \\S.{7,}", in: comments[line]).isEmpty }
        return code.indices.flatMap { line -> [(line: Int, match: String)] in
            places(pattern, in: code[line]).compactMap { place in
                let before = String(decoding: Array(code[line].utf8)[..<place.at], as: UTF8.self) + String(place.match.prefix(1))
                if let exception, !matches(exception, in: String(before.dropLast())).isEmpty || !matches(exception, in: before).isEmpty { return nil }
                return isReasoned(line) || isReasoned(line - 1) ? nil : (line + 1, code[line].trimmingPrefix(while: \.isWhitespace).description)
            }
        }
    }
}
