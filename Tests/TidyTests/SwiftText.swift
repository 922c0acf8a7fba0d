/// Swift source taken apart into code, string literals and comments. Each part is as long as the source, with blanks
/// where the other two stand, so that lines agree. The quotes of a literal stand in both code and strings.
struct SwiftText: Sendable {
    let code: String
    let strings: String
    let comments: String

    private enum Inside {
        case code(parentheses: Int)
        case string(hashes: Int, quotes: Int)
    }

    init(_ source: String) {
        let text = Array(source.utf8)
        let blank = text.map { $0 == UInt8(ascii: "\n") ? $0 : UInt8(ascii: " ") }
        var code = blank
        var strings = blank
        var comments = blank
        // Code within a string within code …: an interpolation opens a new level.
        var levels: [Inside] = [.code(parentheses: 0)]
        var at = 0

        func starts(_ word: String, _ offset: Int = 0) -> Bool {
            let bytes = word.utf8
            return at + offset + bytes.count <= text.count && zip(text[(at + offset)...], bytes).allSatisfy { $0 == $1 }
        }

        while at < text.count {
            switch levels[levels.count - 1] {
            case .code(let parentheses):
                if starts("//") {
                    while at < text.count, text[at] != UInt8(ascii: "\n") {
                        comments[at] = text[at]
                        at += 1
                    }
                    continue
                }
                if starts("/*") {
                    var depth = 0
                    repeat {
                        let step = starts("/*") || starts("*/") ? 2 : 1
                        depth += starts("/*") ? 1 : starts("*/") ? -1 : 0
                        for index in at..<min(at + step, text.count) { comments[index] = text[index] }
                        at += step
                    } while at < text.count && depth > 0
                    continue
                }
                var hashes = 0
                while starts("#", hashes) { hashes += 1 }
                if starts("\"", hashes) {
                    let quotes = starts("\"\"\"", hashes) ? 3 : 1
                    for index in at..<(at + hashes + quotes) {
                        code[index] = text[index]
                        strings[index] = text[index]
                    }
                    at += hashes + quotes
                    levels.append(.string(hashes: hashes, quotes: quotes))
                    continue
                }
                if text[at] == UInt8(ascii: "(") {
                    levels[levels.count - 1] = .code(parentheses: parentheses + 1)
                } else if text[at] == UInt8(ascii: ")") {
                    if levels.count > 1, parentheses == 0 {
                        levels.removeLast()
                    } else {
                        levels[levels.count - 1] = .code(parentheses: parentheses - 1)
                    }
                }
                code[at] = text[at]
                at += 1

            case .string(let hashes, let quotes):
                let end = String(repeating: "\"", count: quotes) + String(repeating: "#", count: hashes)
                let escape = "\\" + String(repeating: "#", count: hashes)
                if starts(end) {
                    for index in at..<(at + end.utf8.count) {
                        code[index] = text[index]
                        strings[index] = text[index]
                    }
                    at += end.utf8.count
                    levels.removeLast()
                } else if starts(escape + "(") {
                    at += escape.utf8.count + 1
                    levels.append(.code(parentheses: 0))
                } else if starts(escape), at + escape.utf8.count < text.count {
                    for index in at...(at + escape.utf8.count) { strings[index] = text[index] }
                    at += escape.utf8.count + 1
                } else {
                    // A one-line literal that is still open at the end of its line was none (a regex, perhaps).
                    if text[at] == UInt8(ascii: "\n"), quotes == 1 { levels.removeLast() }
                    strings[at] = text[at]
                    at += 1
                }
            }
        }
        self.code = String(decoding: code, as: UTF8.self)
        self.strings = String(decoding: strings, as: UTF8.self)
        self.comments = String(decoding: comments, as: UTF8.self)
    }
}
