/// One thing wrong with a policy, vocabulary or cases file: where it stands, what is wrong and what to write instead.
package struct PolicyProblem: Error, Sendable, Hashable, CustomStringConvertible {
    package let file: String
    /// Counted from 1; 0 where the file as a whole is meant.
    package let line: Int
    /// The path of keys, e.g. `rules.A2.findings[1].at-least`.
    package let key: String
    package let message: String

    package init(file: String, line: Int, key: String, message: String) {
        self.file = file
        self.line = line
        self.key = key
        self.message = message
    }

    /// `文件:行: 键: 句子`, one line.
    package var description: String {
        let place = line > 0 ? "\(file):\(line)" : file
        return key.isEmpty ? "\(place): \(message)" : "\(place): \(key): \(message)"
    }
}

/// Everything wrong with the files that were to be loaded, in the order of files and lines.
package struct PolicyProblems: Error, Sendable, CustomStringConvertible {
    package let problems: [PolicyProblem]

    package init(_ problems: [PolicyProblem]) {
        var seen: Set<PolicyProblem> = []
        self.problems = problems.filter { seen.insert($0).inserted }
            .sorted { ($0.file, $0.line) < ($1.file, $1.line) }
    }

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
