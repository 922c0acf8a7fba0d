import Foundation

/// Where all chains stood at a moment, kept outside the database and sealed under the audit key.
package struct Anchor: Hashable, Sendable {
    package let atMilliseconds: Int64
    /// The last id given out then.
    package let lastID: Int64
    /// Entries that the database had then. Those of chains that have ended are named by later chains' first entries.
    package let heads: [ChainHead]
    /// The act that put another key in the place of the one that sealed this; nil where it is today's.
    package fileprivate(set) var sealedBefore: Int64?

    package init(atMilliseconds: Int64, lastID: Int64, heads: [ChainHead]) {
        self.atMilliseconds = atMilliseconds
        self.lastID = lastID
        self.heads = heads
    }

    private static let title = "yugong-anchor 1"

    package func text(_ key: AuditKey) -> String {
        let body = ([Self.title, "at \(atMilliseconds)", "last \(lastID)"] + heads.map { "head \($0.text)" }).joined(separator: "\n") + "\n"
        return body + "mac \(key.mac(ofAnchor: body).hex)\n"
    }

    /// Nil where a single character differs from what the key sealed.
    package init?(text: String, _ key: AuditKey) {
        guard let cut = text.range(of: "mac ", options: .backwards) else { return nil }
        let body = String(text[..<cut.lowerBound])
        guard text[cut.upperBound...] == key.mac(ofAnchor: body).hex + "\n" else { return nil }
        let lines = body.split(separator: "\n")
        guard lines.count >= 3, lines[0] == Self.title, let at = Int64(lines[1].dropFirst(3)), let last = Int64(lines[2].dropFirst(5)) else { return nil }
        self.init(atMilliseconds: at, lastID: last, heads: lines.dropFirst(3).compactMap { ChainHead(text: $0.dropFirst(5)) })
    }
}

extension Anchor {
    /// One that the key has sealed, or a former key within its time.
    package static func opened(_ text: String, _ key: AuditKey) -> Anchor? {
        key.opened(reaching: \.lastID) { sealer in
            guard var anchor = Anchor(text: text, sealer) else { return nil }
            anchor.sealedBefore = key.former.first { $0.key.bytes == sealer.bytes }?.last
            return anchor
        }
    }

    /// Whether a former key has sealed it and the act that replaced that key is not in the database: so it can only be where a
    /// database of before was put in the place of today's, by somebody who has the former key.
    package func isOfAnotherTime(in db: Reading) throws -> Bool { try sealedBefore.map { try ActStore.act($0, in: db) == nil } ?? false }
}

extension KeyFile {
    /// Where the chains' anchor lies: beside the key.
    package var anchor: AnchorFile { AnchorFile(path: path + ".anchor") }
}

/// The file that holds the anchor, beside the key.
package struct AnchorFile: Sendable, Hashable {
    package let path: String
    package init(path: String) { self.path = path }

    package enum Content: Hashable, Sendable {
        case missing
        case broken
        case anchor(Anchor)
    }

    package var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// As it stands there, to be sent elsewhere.
    package var text: String? { try? String(contentsOfFile: path, encoding: .utf8) }

    package func read(_ key: AuditKey) -> Content {
        guard exists else { return .missing }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return .broken }
        // The key may have been replaced between the last anchor and now.
        return Anchor.opened(text, key).map { .anchor($0) } ?? .broken
    }

    /// Refusal `anchor.unwritable` where an anchor could not be put here: asked before what must not be done without one.
    package func checkWritable() throws(Refusal) {
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw unwritable }
        close(lock)
        let trial = path + ".trial"
        defer { unlink(trial) }
        guard (try? DurableFile.replace(trial, with: "")) != nil else { throw unwritable }
    }

    /// Writes an anchor that names nothing, where there is no file, before the first act is chained: so there is no
    /// moment at which chains are there and their anchor is not. Refusal `anchor.unwritable`.
    package func begin(_ key: AuditKey, now: Int64) throws {
        guard !exists else { return }
        do { try DurableFile.replace(path, with: Anchor(atMilliseconds: now, lastID: 0, heads: []).text(key)) } catch { throw unwritable }
    }

    private var broken: Refusal { Refusal("anchor.broken", "锚点文件 \(path) 被改动过，没有覆盖它。请保留原件，运行 yugong verify 查明原因。") }
    private var unwritable: Refusal { Refusal("anchor.unwritable", "不能写锚点文件 \(path)，审计链暂时没有外部凭据。请检查所在目录的权限和空间。") }

    /// Notes where the chains stand now. An entry of the old anchor that the database no longer has, or that nothing now noted
    /// reaches, stays in the new one: anchoring cannot hide a loss, nor forget what could be lost next. Refusals `anchor.broken`, `anchor.unwritable`.
    package func renew(_ database: Database, _ key: AuditKey, now: Int64) throws {
        // One process at a time: the older of two anchors must not come out on top.
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else { throw unwritable }
        defer { close(lock) }
        let old: Anchor? = switch read(key) {
        case .missing: nil
        case .broken: throw broken
        case .anchor(let anchor): anchor
        }
        let anchor = try database.readNow { db in
            if let old, try old.isOfAnotherTime(in: db) { throw broken }
            // The table of heads can be written to; the links cannot. What has no link says nothing.
            let tips = try ChainStore.tips(in: db).filter { try ChainStore.entry($0.sequence, of: $0.chain, in: db) == $0 }
            let lost = try (old?.heads ?? []).filter { try ChainStore.entry($0.sequence, of: $0.chain, in: db) != $0 }
            let kept = try lost + ChainStore.unreached((old?.heads ?? []).filter { !lost.contains($0) }, from: tips, in: db)
            return Anchor(atMilliseconds: now, lastID: max(try db.lastID(), old?.lastID ?? 0), heads: kept + tips.filter { !kept.contains($0) })
        }
        do { try DurableFile.replace(path, with: anchor.text(key)) } catch { throw unwritable }
    }

    /// Puts the anchor of a backup where none is, for the database that was restored from it. Refusal `anchor.unwritable`.
    package func begin(with anchor: Anchor, _ key: AuditKey) throws {
        do { try DurableFile.replace(path, with: anchor.text(key)) } catch { throw unwritable }
    }
}
