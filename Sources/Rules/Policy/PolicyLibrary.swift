import Foundation

/// The text of one YAML file and the name its problems are told under.
package struct PolicyText: Sendable {
    package let file: String
    package let text: String

    package init(file: String, text: String) {
        self.file = file
        self.text = text
    }
}

/// All policies that are loaded, with the vocabulary they are written in.
package struct PolicyLibrary: Sendable {
    package let vocabulary: Vocabulary
    /// Of the vocabulary's file: policies of one digest say the same only in the same words.
    package let vocabularyDigest: String
    /// In the order of their ids.
    package let policies: [Policy]

    package subscript(_ id: String) -> Policy? { policies.first { $0.id == id } }

    /// 培训目的 of which some policy counts distinct trainings: their records are told apart by name.
    package var namedPurposes: Set<String> {
        Set(policies.flatMap(\.facts).filter { $0.measure == .trainings }.flatMap { $0.purposes ?? vocabulary.purposes.keys + [""] })
    }

    /// Every category of every policy once, in their order.
    package var categories: [Policy.Category] {
        var result: [Policy.Category] = []
        for category in policies.flatMap(\.categories) where !result.contains(where: { $0.key == category.key }) { result.append(category) }
        return result
    }

    /// Ends of the names of files that stand beside policies and are none.
    private static let besides = ["vocabulary.yaml", "approvals.yaml", ".cases.yaml"]

    /// Loads texts: files named `vocabulary.yaml` (the last one rules), policies, and cases files, which are left out here.
    ///
    /// `digest` gives a file's digest as findings carry it, e.g. `sha256:…`. Throws every problem of every file.
    package init(_ texts: [PolicyText], digest: (String) -> String) throws(PolicyProblems) {
        guard let words = texts.last(where: { $0.file.hasSuffix("vocabulary.yaml") }) else {
            throw PolicyProblems([PolicyProblem(file: "vocabulary.yaml", line: 0, key: "", message: "找不到词表 vocabulary.yaml，请放在规则目录里。")])
        }
        let vocabulary = try Vocabulary(text: words.text, file: words.file)
        let reader = PassageReader()
        var roots: [(passage: Passage, text: String)] = []
        for text in texts where !PolicyLibrary.besides.contains(where: text.file.hasSuffix) {
            do { roots.append((try Passage.compose(text.text, file: text.file), text.text)) } catch { reader.report(error) }
        }
        func id(_ passage: Passage?) -> String? {
            if case .scalar(let text)? = passage?.content { return text }
            return nil
        }
        var policies: [Policy] = []
        for (passage, text) in roots {
            var whole = passage
            var digested = text
            if let overrides = passage["overrides"] {
                guard let base = roots.first(where: { id($0.passage["id"]) == id(overrides) && $0.passage["overrides"] == nil }) else {
                    reader.report(overrides, "没有加载“\(id(overrides) ?? "")”这份政策，无法在它上面作局部例外。\(PassageReader.hint(id(overrides) ?? "", among: roots.compactMap { id($0.passage["id"]) }))")
                    continue
                }
                whole = base.passage.overridden(by: passage)
                digested = base.text + text
            }
            guard let policy = Policy.read(whole, vocabulary: vocabulary, digest: digest(digested), reader: reader) else { continue }
            if let other = policies.first(where: { $0.id == policy.id }) {
                reader.report(passage["id"] ?? passage, "“\(policy.id)”已是 \(other.file) 的编号，请改用别的。")
            }
            policies.append(policy)
        }
        if !reader.problems.isEmpty { throw PolicyProblems(reader.problems) }
        (self.vocabulary, vocabularyDigest) = (vocabulary, digest(words.text))
        self.policies = policies.sorted { $0.id < $1.id }
    }

    /// Loads all `*.yaml` of the folders, in their order.
    package init(folders: [String], digest: (String) -> String) throws(PolicyProblems) {
        var texts: [PolicyText] = []
        for folder in folders { texts += try PolicyLibrary.texts(folder: folder) }
        try self.init(texts, digest: digest)
    }

    /// The texts of all `*.yaml` of a folder, by name.
    package static func texts(folder: String) throws(PolicyProblems) -> [PolicyText] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw PolicyProblems([PolicyProblem(file: folder, line: 0, key: "", message: "读不到这个规则目录，请检查路径和权限。")])
        }
        var texts: [PolicyText] = []
        for name in names.sorted() where name.hasSuffix(".yaml") { texts.append(try text(file: "\(folder)/\(name)")) }
        return texts
    }

    package static func text(file: String) throws(PolicyProblems) -> PolicyText {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw PolicyProblems([PolicyProblem(file: file, line: 0, key: "", message: "读不到这个文件，请检查路径和权限。")])
        }
        guard let text = String(bytes: data, encoding: .utf8) else {
            throw PolicyProblems([PolicyProblem(file: file, line: 0, key: "", message: "文件不是 UTF-8 编码，请另存为 UTF-8。")])
        }
        return PolicyText(file: file, text: text)
    }
}
