import Foundation

/// What the latest check of everything came to, kept beside the anchor and sealed under the audit key: a check writes
/// nothing into what it checks.
package struct CheckNote: Hashable, Sendable {
    package let atMilliseconds: Int64
    /// Who asked for it, as acts name somebody.
    package let who: String
    /// The last act it has read.
    package let lastID: Int64
    package let acts: Int64
    package let findings: Int
    /// Where the chains stood then: a second anchor.
    package let heads: [ChainHead]
    /// Findings that an auditor can say to know, the first of them.
    package let loose: [Break]

    /// Of those that can be said to be known.
    package static let mostLoose = 200

    package init(atMilliseconds: Int64, who: String, lastID: Int64, acts: Int64, findings: Int, heads: [ChainHead] = [], loose: [Break] = []) {
        self.loose = loose
        self.atMilliseconds = atMilliseconds
        self.who = who
        self.lastID = lastID
        self.acts = acts
        self.findings = findings
        self.heads = heads
    }

    private static let title = "yugong-check 1"

    func text(_ key: AuditKey) -> String {
        let name = who.split(whereSeparator: \.isNewline).joined(separator: " ")
        let lines = [Self.title, "at \(atMilliseconds)", "last \(lastID)", "acts \(acts)", "findings \(findings)", "who \(name)"] + heads.map { "head \($0.text)" }
            + loose.map { "open \($0.key)\t\($0.sentence)" }
        let body = lines.joined(separator: "\n") + "\n"
        return body + "mac \(key.mac(ofNote: body).hex)\n"
    }

    init?(text: String, _ key: AuditKey) {
        guard let cut = text.range(of: "mac ", options: .backwards) else { return nil }
        let body = String(text[..<cut.lowerBound]), lines = body.split(separator: "\n")
        guard text[cut.upperBound...] == key.mac(ofNote: body).hex + "\n", lines.count >= 6, lines[0] == Self.title, let at = Int64(lines[1].dropFirst(3)),
            let last = Int64(lines[2].dropFirst(5)), let acts = Int64(lines[3].dropFirst(5)), let findings = Int(lines[4].dropFirst(9))
        else { return nil }
        self.init(atMilliseconds: at, who: String(lines[5].dropFirst(4)), lastID: last, acts: acts, findings: findings,
            heads: lines.dropFirst(6).compactMap { $0.hasPrefix("head ") ? ChainHead(text: $0.dropFirst("head ".count)) : nil },
            loose: lines.dropFirst(6).compactMap { line in
                let parts = line.hasPrefix("open ") ? line.dropFirst("open ".count).split(separator: "\t", maxSplits: 1) : []
                return parts.count == 2 ? Break(key: String(parts[0]), sentence: String(parts[1])) : nil
            })
    }
}

extension KeyFile {
    /// Where the latest check of everything is noted: beside the anchor.
    package var checkNote: CheckNoteFile { CheckNoteFile(path: path + ".verified") }
}

/// The file that holds it.
package struct CheckNoteFile: Sendable, Hashable {
    package let path: String
    package init(path: String) { self.path = path }

    /// Nil where there is none, or one that the key did not seal.
    package func read(_ key: AuditKey) -> CheckNote? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return key.opened(reaching: \.lastID) { CheckNote(text: text, $0) }
    }

    package var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// There is one, and it is not as it was written.
    package func isBroken(_ key: AuditKey) -> Bool { exists && read(key) == nil }

    /// Whether it could be written.
    @discardableResult
    package func write(_ note: CheckNote, _ key: AuditKey) -> Bool { (try? DurableFile.replace(path, with: note.text(key))) != nil }
}
