/// What `policy check` tells of one file.
package struct PolicyCheck: Sendable {
    package let file: String
    /// The id of a policy that could be read.
    package let policy: String?
    /// Cases that were run.
    package let cases: Int
    package let problems: [PolicyProblem]

    package var isPassed: Bool { problems.isEmpty }

    /// Of a file that is no policy, by whoever reads it.
    package init(file: String, problems: [PolicyProblem]) {
        (self.file, policy, cases) = (file, nil, 0)
        self.problems = problems
    }

    private init(file: String, policy: String?, cases: Int, problems: [PolicyProblem]) {
        self.file = file
        self.policy = policy
        self.cases = cases
        self.problems = problems
    }

    /// Checks policy, vocabulary and cases files against the files they rest on.
    ///
    /// `files` are those asked for; `others` what is loaded anyway (vocabulary, base policies, cases beside a policy).
    /// A policy is checked with the cases that name it. Every problem says file, line, key and what to write instead.
    package static func run(_ files: [PolicyText], with others: [PolicyText]) -> [PolicyCheck] {
        let asked = Set(files.map(\.file))
        let beside = others.filter { !asked.contains($0.file) }
        return files.map { check($0, among: files + beside) }
    }

    private static func check(_ text: PolicyText, among all: [PolicyText]) -> PolicyCheck {
        do throws(PolicyProblems) {
            if text.file.hasSuffix("vocabulary.yaml") {
                _ = try Vocabulary(text: text.text, file: text.file)
                return PolicyCheck(file: text.file, policy: nil, cases: 0, problems: [])
            }
            guard let words = all.last(where: { $0.file.hasSuffix("vocabulary.yaml") }) else {
                throw PolicyProblems([PolicyProblem(file: text.file, line: 0, key: "", message: "找不到词表 vocabulary.yaml，请放在规则目录里。")])
            }
            if text.file.hasSuffix(".cases.yaml") {
                // Of two files with one id the first asked for stands; a loaded one of which it is a copy does not count.
                var ids: Set<String> = []
                let policies = all.filter { !$0.file.hasSuffix("vocabulary.yaml") && !$0.file.hasSuffix(".cases.yaml") }
                    .filter { text in
                        guard let root = try? Passage.compose(text.text, file: text.file), let id = word(root["id"]) else { return true }
                        return ids.insert(id).inserted
                    }
                let library = try PolicyLibrary([words] + policies) { _ in "" }
                let cases = try PolicyCases(text, library: library)
                return PolicyCheck(file: text.file, policy: cases.policy, cases: cases.count, problems: library[cases.policy].map { cases.run($0) } ?? [])
            }
            // A base that the file overrides, by the id it names; a copy of a loaded policy stands in for it.
            let root: Passage
            do { root = try Passage.compose(text.text, file: text.file) } catch { throw PolicyProblems([error]) }
            let base = word(root["overrides"]).flatMap { id in all.last { $0.file != text.file && isPolicy($0, id: id) } }
            let library = try PolicyLibrary([words, text] + (base.map { [$0] } ?? [])) { _ in "" }
            let policy = library.policies.first { $0.file == text.file }
            var count = 0, problems: [PolicyProblem] = []
            if let policy {
                for other in all where other.file.hasSuffix(".cases.yaml") && isCases(other, of: policy.id) {
                    let cases = try PolicyCases(other, library: library)
                    count += cases.count
                    problems += cases.run(policy)
                }
            }
            return PolicyCheck(file: text.file, policy: policy?.id, cases: count, problems: problems)
        } catch {
            return PolicyCheck(file: text.file, policy: nil, cases: 0, problems: error.problems)
        }
    }

    private static func word(_ passage: Passage?) -> String? {
        if case .scalar(let text)? = passage?.content { return text }
        return nil
    }

    private static func isPolicy(_ text: PolicyText, id: String) -> Bool {
        guard !text.file.hasSuffix("vocabulary.yaml"), !text.file.hasSuffix(".cases.yaml") else { return false }
        return word((try? Passage.compose(text.text, file: text.file))?["id"]) == id
    }

    private static func isCases(_ text: PolicyText, of id: String) -> Bool {
        word((try? Passage.compose(text.text, file: text.file))?["policy"]) == id
    }
}
