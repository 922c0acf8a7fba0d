import Foundation

/// The files of a tree, by their path from the root: the project's own, or a sample with bad style.
struct Tree: Sendable {
    var files: [SourceFile]

    init(_ files: [String: String]) {
        self.files = files.sorted { $0.key < $1.key }.map { SourceFile(path: $0.key, text: $0.value) }
    }

    /// Everything git keeps or would keep: neither builds nor downloads, but files that are not committed yet.
    static let project: Tree = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let git = Process()
        git.executableURL = URL(filePath: "/usr/bin/env")
        git.arguments = [
            "git", "-c", "safe.directory=*", "-c", "core.quotePath=false", "-C", root.path,
            "ls-files", "-z", "--cached", "--others", "--exclude-standard",
        ]
        let output = Pipe()
        git.standardOutput = output
        var tree = Tree([:])
        guard (try? git.run()) != nil, let listed = try? output.fileHandleForReading.readToEnd() else { return tree }
        git.waitUntilExit()
        for path in Set(listed.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }).sorted() {
            // A file that was deleted but not committed yet is still listed.
            guard let data = FileManager.default.contents(atPath: root.appending(path: path).path) else { continue }
            tree.files.append(SourceFile(path: path, text: String(data: data, encoding: .utf8), bytes: data.count))
        }
        return tree
    }()
}

/// One file; what is not UTF-8 has no text.
struct SourceFile: Sendable {
    let path: String
    let text: String
    let isText: Bool
    let bytes: Int
    /// Its code, strings and comments apart, each at the same line as in the file.
    let swift: SwiftText

    init(path: String, text: String?, bytes: Int? = nil) {
        self.path = path
        self.text = text ?? ""
        self.isText = text != nil
        self.bytes = bytes ?? self.text.utf8.count
        swift = path.hasSuffix(".swift") ? SwiftText(self.text) : SwiftText("")
    }

    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }
    /// `People` of `Sources/People/…`, nil elsewhere.
    var area: String? {
        let steps = path.split(separator: "/")
        return steps.count > 2 && steps[0] == "Sources" ? String(steps[1]) : nil
    }

    func lies(in folders: String...) -> Bool { folders.contains { path.hasPrefix($0) } }
}

/// Numbers of the lines where a pattern begins, with what its first group, or the whole, matched.
func matches(_ pattern: String, in text: String) -> [(line: Int, match: String)] {
    guard let expression = try? NSRegularExpression(pattern: pattern, options: [.anchorsMatchLines]) else {
        return [(0, pattern)]
    }
    let whole = text as NSString
    var line = 1
    var counted = 0
    return expression.matches(in: text, range: NSRange(location: 0, length: whole.length)).map { found in
        let skipped = whole.substring(with: NSRange(location: counted, length: found.range.location - counted))
        line += skipped.utf8.reduce(0) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
        counted = found.range.location
        let group =
            found.numberOfRanges > 1 && found.range(at: 1).location != NSNotFound ? found.range(at: 1) : found.range
        return (line, whole.substring(with: group))
    }
}

/// As `matches`, with the place in the text, in bytes.
func places(_ pattern: String, in text: String) -> [(at: Int, end: Int, line: Int, match: String)] {
    guard let expression = try? NSRegularExpression(pattern: pattern, options: [.anchorsMatchLines]) else { return [(0, 0, 0, pattern)] }
    let whole = text as NSString
    var line = 1, at = 0, counted = 0
    return expression.matches(in: text, range: NSRange(location: 0, length: whole.length)).map { found in
        let skipped = whole.substring(with: NSRange(location: counted, length: found.range.location - counted)).utf8
        line += skipped.count { $0 == UInt8(ascii: "\n") }
        at += skipped.count
        counted = found.range.location
        let match = whole.substring(with: found.range)
        return (at, at + match.utf8.count, line, match)
    }
}

/// What stands in braces whose opening one ends a match of the pattern, as ranges of bytes.
func bodies(after pattern: String, in text: String, _ bytes: [UInt8]) -> [Range<Int>] {
    places(pattern, in: text).map { place in
        var depth = 1, at = place.end
        while at < bytes.count, depth > 0 {
            if bytes[at] == UInt8(ascii: "{") { depth += 1 }
            if bytes[at] == UInt8(ascii: "}") { depth -= 1 }
            at += 1
        }
        return place.end..<at
    }
}
