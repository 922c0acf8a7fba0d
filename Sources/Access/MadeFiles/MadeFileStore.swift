import Foundation
import Kit

/// Files that were asked for, and their content; what was asked, what came of it and the content are enciphered here.
enum MadeFileStore {
    static let partBytes = 1 << 20
    private static let batch = 20
    private static func askedContext(_ id: Int64) -> String { "made_file.asked \(id)" }
    private static func outcomeContext(_ id: Int64) -> String { "made_file.outcome \(id)" }
    private static func partContext(_ id: Int64, _ part: Int) -> String { "made_file_part \(id) \(part)" }
    private static let columns: SQL = "id, account_id, kind, state, asked_cipher, outcome_cipher, asked_ms, expires_ms, fetched_ms FROM made_file"

    private static func read(_ row: Row, _ numbers: PersonalNumbers) throws -> MadeFile? {
        guard let state = MadeFile.State(rawValue: row.text(3)) else { return nil }
        let id = row.int(0)
        func opened<Value: Decodable>(_ cipher: [UInt8]?, _ context: String) throws -> Value? {
            try cipher.map { try JSONDecoder().decode(Value.self, from: Data(try numbers.openBytes($0, context: context))) }
        }
        return MadeFile(
            id: id, accountID: row.int(1), kind: row.text(2), state: state, order: try opened(row.blobOrNil(4), askedContext(id)),
            outcome: try opened(row.blobOrNil(5), outcomeContext(id)), askedMilliseconds: row.moment(6), expiresMilliseconds: row.moment(7),
            isFetched: row.intOrNil(8) != nil)
    }

    /// One, for whoever works on it.
    static func file(_ id: Int64, _ numbers: PersonalNumbers, in db: Reading) throws -> MadeFile? {
        try db.first(SQL("SELECT \(columns) WHERE id = \(id)")) { try read($0, numbers) } ?? nil
    }

    /// One of this account; nil for one of another just as for none.
    static func file(_ id: Int64, of account: Int64, _ numbers: PersonalNumbers, in db: Reading) throws -> MadeFile? {
        try db.first(SQL("SELECT \(columns) WHERE id = \(id) AND account_id = \(account)")) { try read($0, numbers) } ?? nil
    }

    /// Those of an account, the latest first.
    static func files(of account: Int64, _ numbers: PersonalNumbers, in db: Reading) throws -> [MadeFile] {
        try db.rows(SQL("SELECT \(columns) WHERE account_id = \(account) ORDER BY id DESC LIMIT \(MadeFile.mostKept + MadeFile.mostMaking)")) { try read($0, numbers) }
            .compactMap(\.self)
    }

    /// Notes that a file is asked for; gives the id of the one that is made already where the same is. Refusal `made.many`.
    static func add(_ kind: MadeFileKind, _ order: MadeFile.Order, by signedIn: SignedIn, _ numbers: PersonalNumbers, in db: Writing) throws -> Int64 {
        let account = signedIn.account.id
        let making = try db.rows(SQL("SELECT \(columns) WHERE account_id = \(account) AND state = 'making' ORDER BY id")) { try read($0, numbers) }.compactMap(\.self)
        if let same = making.first(where: { $0.kind == kind.key && $0.order?.asked == order.asked && $0.order?.grants == order.grants }) { return same.id }
        guard making.count < MadeFile.mostMaking else {
            throw Refusal("made.many", "您要的 \(making.count) 份文件还在制作，这一份没有排上；请等前面的做好再要。")
        }
        // The oldest make room.
        try remove(try db.rows(SQL("SELECT id FROM made_file WHERE account_id = \(account) AND state <> 'making' ORDER BY id DESC LIMIT 1000")) { $0.int(0) }
            .dropFirst(MadeFile.mostKept - 1), in: db)
        let id = db.nextID(), cipher = try numbers.sealBytes(JSONEncoder().encode(order), context: askedContext(id))
        try db.run(SQL("""
            INSERT INTO made_file (id, account_id, kind, state, asked_cipher, asked_ms, expires_ms, act_id)
            VALUES (\(id), \(account), \(kind.key), 'making', \(cipher), \(signedIn.now), \(signedIn.now + hours(kind)), \(db.actID))
            """))
        return id
    }

    private static func hours(_ kind: MadeFileKind) -> Int64 { Int64(kind.keptHours) * 3_600_000 }

    // MARK: Content

    /// A piece of the content as it is kept; made before anything is written.
    static func sealed(_ piece: Data, _ part: Int, of id: Int64, _ numbers: PersonalNumbers) throws -> [UInt8] {
        try numbers.sealBytes(piece, context: partContext(id, part))
    }

    /// Keeps pieces from `first` on; what an attempt that was broken off has left makes room for them. Refusal `made.gone` where it is
    /// not being made any more.
    static func keep(_ pieces: [[UInt8]], from first: Int, of id: Int64, in db: Writing) throws {
        guard try db.first(SQL("SELECT 1 FROM made_file WHERE id = \(id) AND state = 'making'"), { _ in true }) ?? false else { throw MadeFile.gone }
        if first == 0 { try db.run(SQL("DELETE FROM made_file_part WHERE file_id = \(id)")) }
        for (offset, cipher) in pieces.enumerated() {
            try db.run(SQL("INSERT INTO made_file_part (file_id, part, cipher) VALUES (\(id), \(first + offset), \(cipher))"))
        }
    }

    /// Says what came of a file that is being made; false where it is not any more. `until` is when it goes.
    static func end(_ id: Int64, as state: MadeFile.State, _ outcome: MadeFile.Outcome, until: Int64, _ numbers: PersonalNumbers, in db: Writing) throws -> Bool {
        let cipher = try numbers.sealBytes(JSONEncoder().encode(outcome), context: outcomeContext(id))
        if state == .failed { try db.run(SQL("DELETE FROM made_file_part WHERE file_id = \(id)")) }
        return try db.run(SQL("""
            UPDATE made_file SET state = \(state.rawValue), outcome_cipher = \(cipher), expires_ms = \(until), act_id = \(db.actID) WHERE id = \(id) AND state = 'making'
            """)) == 1
    }

    /// Writes the content to a path. Refusals `made.gone`, `made.broken`, `Refusal.cannotWrite`.
    static func write(_ file: MadeFile, to path: String, _ numbers: PersonalNumbers, in db: Reading) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]), let handle = FileHandle(forWritingAtPath: path) else {
            throw Refusal.cannotWrite(path)
        }
        defer { try? handle.close() }
        var part = 0, bytes = 0
        while let cipher = try db.first(SQL("SELECT cipher FROM made_file_part WHERE file_id = \(file.id) AND part = \(part)"), { $0.blob(0) }) {
            guard let piece = try? numbers.openBytes(cipher, context: partContext(file.id, part)) else { throw MadeFile.broken }
            try handle.write(contentsOf: piece)
            bytes += piece.count
            part += 1
        }
        guard part > 0 || file.outcome?.bytes == 0 else { throw MadeFile.gone }
        guard bytes == file.outcome?.bytes else { throw MadeFile.broken }
    }

    /// Notes that it was handed out, and when last.
    static func noteFetched(_ id: Int64, now: Int64, in db: Writing) throws {
        try db.run(SQL("UPDATE made_file SET fetched_ms = \(now), act_id = \(db.actID) WHERE id = \(id)"))
    }

    // MARK: Leaving

    private static func expired(_ now: Int64) -> SQL { SQL("SELECT id FROM made_file WHERE expires_ms < \(now) AND state <> 'making' ORDER BY expires_ms LIMIT \(batch)") }

    static func isAnyExpired(now: Int64, in db: Reading) throws -> Bool { try db.first(expired(now)) { _ in true } ?? false }

    /// Takes away some whose time is over.
    static func forgetExpired(now: Int64, in db: Writing) throws { try remove(try db.rows(expired(now)) { $0.int(0) }, in: db) }

    private static func remove(_ ids: some Collection<Int64>, in db: Writing) throws {
        guard !ids.isEmpty else { return }
        try db.run(SQL("DELETE FROM made_file_part WHERE file_id IN (\(list: Array(ids)))"))
        try db.run(SQL("DELETE FROM made_file WHERE id IN (\(list: Array(ids)))"))
    }

    /// Takes away the content of all: somebody whose file is deleted may stand in any of them. What is being made ends without effect.
    static func withdrawAll(in db: Writing) throws {
        try db.run("DELETE FROM made_file_part")
        try db.run(SQL("UPDATE made_file SET state = 'withdrawn', asked_cipher = NULL, outcome_cipher = NULL, act_id = \(db.actID) WHERE state <> 'withdrawn'"))
    }

    // MARK: Under another data key

    static let rekeyed = RekeyedTable(
        "要来的文件", columns: ["made_file.asked_cipher", "made_file.outcome_cipher"], count: { try $0.count("SELECT count(*) FROM made_file WHERE asked_cipher IS NOT NULL") }
    ) { after, rekeying, db in
        let rows = try db.rows(SQL("SELECT id, asked_cipher, outcome_cipher FROM made_file WHERE asked_cipher IS NOT NULL AND id > \(after) ORDER BY id LIMIT \(100)")) {
            ($0.int(0), $0.blob(1), $0.blobOrNil(2))
        }
        guard let last = rows.last?.0 else { return nil }
        for (id, asked, outcome) in rows {
            if let sealed = try rekeying.seal(asked, context: askedContext(id), of: "made_file \(id)") {
                try db.run(SQL("UPDATE made_file SET asked_cipher = \(sealed) WHERE id = \(id)"))
            }
            if let outcome, let sealed = try rekeying.seal(outcome, context: outcomeContext(id), of: "made_file \(id)") {
                try db.run(SQL("UPDATE made_file SET outcome_cipher = \(sealed) WHERE id = \(id)"))
            }
        }
        return (last, rows.count)
    }

    static let rekeyedParts = RekeyedTable(
        "要来的文件的内容", columns: ["made_file_part.cipher"], count: { try $0.count("SELECT count(DISTINCT file_id) FROM made_file_part") }
    ) { after, rekeying, db in
        guard let id = try db.first(SQL("SELECT file_id FROM made_file_part WHERE file_id > \(after) ORDER BY file_id LIMIT 1"), { $0.int(0) }) else { return nil }
        for part in try db.rows(SQL("SELECT part FROM made_file_part WHERE file_id = \(id) ORDER BY part"), { Int($0.int(0)) }) {
            let cipher = try db.first(SQL("SELECT cipher FROM made_file_part WHERE file_id = \(id) AND part = \(part)")) { $0.blob(0) } ?? []
            guard let sealed = try rekeying.seal(cipher, context: partContext(id, part), of: "made_file_part \(id)") else { continue }
            try db.run(SQL("UPDATE made_file_part SET cipher = \(sealed) WHERE file_id = \(id) AND part = \(part)"))
        }
        return (id, 1)
    }
}
