import Yams

/// A piece of a YAML file that remembers its file, line and key.
package struct Passage: Sendable {
    package enum Content: Sendable {
        case empty
        case scalar(String)
        case list([Passage])
        case map([(key: String, value: Passage)])
    }

    package let file: String
    package let line: Int
    package let key: String
    package let content: Content

    /// A policy document has some forty thousand bytes with its cases.
    static let mostBytes = 512 << 10

    /// The passage a whole file holds; throws the problem where the text is no YAML, or more than a policy needs.
    package static func compose(_ text: String, file: String) throws(PolicyProblem) -> Passage {
        guard text.utf8.count <= mostBytes else {
            throw PolicyProblem(file: file, line: 0, key: "", message: "文件超过 \(mostBytes >> 10) KB，没有读取，请分成几份。")
        }
        // A piece that stands for another, which stands for others, makes a few lines into more than any machine holds.
        if let line = aliasLine(in: text) {
            throw PolicyProblem(file: file, line: line, key: "", message: "这里像是 YAML 的别名（* 后面接字母或数字），政策文件不用别名，请把内容写全；文字里的星号请改用“＊”。")
        }
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw PolicyProblem(file: file, line: 0, key: "", message: "文件是空的，请写入内容。")
            }
            return Passage(node, file: file, key: "", line: 1)
        } catch let problem as PolicyProblem {
            throw problem
        } catch let error as YamlError {
            throw PolicyProblem(error, file: file, text: text)
        } catch {
            throw PolicyProblem(file: file, line: 0, key: "", message: "无法读取：\(error)。")
        }
    }

    /// The first line in which `*` stands before what may be a name; nil where no alias can be.
    private static func aliasLine(in text: String) -> Int? {
        var line = 1, isAfterStar = false
        for byte in text.utf8 {
            let isName = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 95
            if isAfterStar, isName { return line }
            isAfterStar = byte == 42
            if byte == 10 { line += 1 }
        }
        return nil
    }

    private init(_ node: Node, file: String, key: String, line: Int) {
        self.file = file
        self.key = key
        self.line = node.mark?.line ?? line
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            content = isPlain && ["", "~", "null"].contains(scalar.string) ? .empty : .scalar(scalar.string)
        case .sequence(let sequence):
            content = .list(sequence.enumerated().map { index, item in
                // An item with an id is named by it: `rules.A2` says more than `rules[1]`.
                let id = item.mapping?["id"]?.scalar?.string
                return Passage(item, file: file, key: id.map { "\(key).\($0)" } ?? "\(key)[\(index)]", line: line)
            })
        case .mapping(let mapping):
            content = .map(mapping.map { pair in
                let name = pair.key.scalar?.string ?? "?"
                return (name, Passage(pair.value, file: file, key: key.isEmpty ? name : "\(key).\(name)",
                    line: pair.key.mark?.line ?? line, keyLine: pair.key.mark?.line))
            })
        case .alias:
            content = .empty
        }
    }

    /// A mapped value is where its key stands: that is the line one looks for.
    private init(_ node: Node, file: String, key: String, line: Int, keyLine: Int?) {
        let plain = Passage(node, file: file, key: key, line: line)
        self.init(file: file, line: keyLine ?? plain.line, key: key, content: plain.content)
    }

    init(file: String, line: Int, key: String, content: Content) {
        self.file = file
        self.line = line
        self.key = key
        self.content = content
    }

    package func problem(_ message: String) -> PolicyProblem {
        PolicyProblem(file: file, line: line, key: key, message: message)
    }

    package subscript(_ name: String) -> Passage? {
        guard case .map(let pairs) = content else { return nil }
        return pairs.first { $0.key == name }?.value
    }

    package var isEmpty: Bool {
        if case .empty = content { return true }
        return false
    }

    /// This passage with what another says on top of it: maps key by key, lists of maps with an id item by item,
    /// anything else replaced. So a local exception names only what differs (`overrides`).
    package func overridden(by other: Passage) -> Passage {
        switch (content, other.content) {
        case (.map(let mine), .map(let theirs)):
            var pairs = mine, places = Dictionary(mine.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
            for (name, value) in theirs {
                if let index = places[name] {
                    pairs[index].value = pairs[index].value.overridden(by: value)
                } else {
                    places[name] = pairs.count
                    pairs.append((name, value))
                }
            }
            return Passage(file: other.file, line: other.line, key: other.key, content: .map(pairs))
        case (.list(let mine), .list(let theirs)) where theirs.allSatisfy { $0["id"] != nil } && !theirs.isEmpty:
            var items = mine, places = Dictionary(mine.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
            for item in theirs {
                if let index = places[item.id] {
                    items[index] = items[index].overridden(by: item)
                } else {
                    places[item.id] = items.count
                    items.append(item)
                }
            }
            return Passage(file: other.file, line: other.line, key: other.key, content: .list(items))
        default:
            return other
        }
    }

    private var id: String? {
        if case .scalar(let text)? = self["id"]?.content { return text }
        return nil
    }
}

extension PolicyProblem {
    init(_ error: YamlError, file: String, text: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            self.init(file: file, line: mark.line, key: "", message: "不是合法的 YAML（\(problem)），请检查这一行的缩进、冒号和引号。")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let name = duplicates.first ?? ""
            self.init(file: file, line: PolicyProblem.secondLine(of: name, from: context.mark.line, in: text), key: name,
                message: "键“\(name)”写了两次，请只留一处。")
        default:
            self.init(file: file, line: 0, key: "", message: "不是合法的 YAML（\(error)），请检查文件。")
        }
    }

    /// The line where a key stands for the second time with the indentation of its first; the parser does not say.
    private static func secondLine(of key: String, from start: Int, in text: String) -> Int {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var indent: Int?
        for number in max(1, start)...max(1, max(start, lines.count)) where number <= lines.count {
            let line = lines[number - 1]
            let bare = line.drop { $0 == " " || $0 == "-" }
            guard bare.hasPrefix("\(key):") else { continue }
            let width = line.count - bare.count
            if let first = indent, first == width { return number }
            if indent == nil { indent = width }
        }
        return start
    }
}

/// Reads passages into values and gathers every problem on the way, so that one check shows them all.
package final class PassageReader {
    package private(set) var problems: [PolicyProblem] = []

    package init() {}

    package func report(_ problem: PolicyProblem) { problems.append(problem) }
    package func report(_ passage: Passage, _ message: String) { problems.append(passage.problem(message)) }

    /// The pairs of a map whose keys are all known; others are reported with the nearest known key.
    package func pairs(_ passage: Passage, known: [String]? = nil) -> [(key: String, value: Passage)] {
        guard case .map(let pairs) = passage.content else {
            report(passage, "这里应是“键: 值”的一组。")
            return []
        }
        if let known {
            for (name, value) in pairs where !known.contains(name) {
                report(value, "没有“\(name)”这个键。\(PassageReader.hint(name, among: known))")
            }
        }
        return pairs
    }

    package func items(_ passage: Passage) -> [Passage] {
        if case .list(let items) = passage.content { return items }
        report(passage, "这里应是一个列表，例如 [甲, 乙]。")
        return []
    }

    package func text(_ passage: Passage) -> String? {
        if case .scalar(let text) = passage.content, !text.isEmpty { return text }
        report(passage, "这里应是一段文字。")
        return nil
    }

    package func required(_ name: String, of passage: Passage, example: String) -> Passage? {
        if let value = passage[name], !value.isEmpty { return value }
        problems.append(PolicyProblem(file: passage.file, line: passage[name]?.line ?? passage.line,
            key: passage.key.isEmpty ? name : "\(passage.key).\(name)", message: "缺少“\(name)”，请写明，例如 \(name): \(example)。"))
        return nil
    }

    package func requiredText(_ name: String, of passage: Passage, example: String) -> String {
        required(name, of: passage, example: example).flatMap(text) ?? ""
    }

    package func optionalText(_ name: String, of passage: Passage) -> String? {
        guard let value = passage[name], !value.isEmpty else { return nil }
        return text(value)
    }

    package func flag(_ passage: Passage) -> Bool? {
        if case .scalar(let text) = passage.content, text == "true" || text == "false" { return text == "true" }
        report(passage, "这里应写 true 或 false。")
        return nil
    }

    package func integer(_ passage: Passage) -> Int? {
        if case .scalar(let text) = passage.content, let number = Int(text) { return number }
        report(passage, "这里应是一个整数。")
        return nil
    }

    package func day(_ passage: Passage) -> Int32? {
        if case .scalar(let text) = passage.content, let day = CivilDate.parse(text) { return day }
        report(passage, "这里应是日期，例如 2019-01-01。")
        return nil
    }

    /// A decimal with at most two places in hundredths.
    static func hundredths(_ text: Substring) -> Int64? {
        let pieces = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(pieces.count), pieces.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            pieces[0].utf8.count <= 12, let whole = Int64(pieces[0])
        else { return nil }
        guard pieces.count == 2 else { return whole * 100 }
        guard pieces[1].utf8.count <= 2, let fraction = Int64(pieces[1]) else { return nil }
        return whole * 100 + (pieces[1].utf8.count == 1 ? fraction * 10 : fraction)
    }

    /// Words of a list, each one of the known where these are given; a single word stands for a list of one.
    package func words(_ passage: Passage, known: [String]? = nil, what: String = "") -> [String] {
        let items: [Passage]
        if case .scalar = passage.content { items = [passage] } else { items = self.items(passage) }
        if items.isEmpty, case .list = passage.content { report(passage, "列表是空的，请至少写一项，或去掉这个键。") }
        var result: [String] = [], taken: Set<String> = []
        for item in items {
            guard let word = text(item) else { continue }
            if let known, !known.contains(word) {
                report(item, "没有“\(word)”这个\(what)。\(PassageReader.hint(word, among: known))")
            } else if !taken.insert(word).inserted {
                report(item, "“\(word)”写了两次，请只留一处。")
            } else {
                result.append(word)
            }
        }
        return result
    }

    /// What may have been meant.
    package static func hint(_ word: String, among known: [String]) -> String {
        guard !known.isEmpty else { return "这里还没有可用的名称。" }
        guard word.utf8.count <= 200, known.count <= 200 else { return "" }
        let nearest = known.map { ($0, distance(word.lowercased(), $0.lowercased())) }.min { $0.1 < $1.1 }!
        if nearest.1 <= max(2, word.count / 3) { return "是否想写“\(nearest.0)”？" }
        return "可用的有：\(known.joined(separator: "、"))。"
    }

    private static func distance(_ a: String, _ b: String) -> Int {
        let a = Array(a), b = Array(b)
        var row = Array(0...b.count)
        for i in 0..<a.count {
            var diagonal = row[0]
            row[0] = i + 1
            for j in 0..<b.count {
                let substituted = diagonal + (a[i] == b[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
            }
        }
        return row[b.count]
    }
}
