import Access
import Kit
import Register

/// 上岗证书 in the database.
package enum CertificateStore {
    private static let columns: SQL = "id, person_id, number, title, issuer, issued_day, valid_until, refresher_due, ended_day"

    /// Those of a person, and of files merged into theirs, the latest first.
    package static func certificates(of personID: Int64, in db: Reading) throws -> [PostCertificate] {
        try db.rows(
            SQL("""
                SELECT \(columns) FROM post_certificate WHERE person_id IN (SELECT p.id FROM person p WHERE p.id = \(personID) OR p.merged_into = \(personID))
                ORDER BY issued_day DESC, id DESC
                """), read)
    }

    /// Writes a new certificate. Refusal `certificate.taken` where the issuer's number stands already.
    @discardableResult
    package static func add(_ certificate: PostCertificate, in db: Writing) throws -> Int64 {
        try requireFree(certificate, in: db)
        var new = certificate
        new.id = db.nextID()
        try db.run(SQL("""
            INSERT INTO post_certificate (\(columns), act_id) VALUES (\(new.id), \(new.personID), \(new.number), \(new.title), \(new.issuer),
                \(new.issued), \(new.validUntil), \(new.refresherDue), \(new.ended), \(db.actID))
            """))
        try db.change("post_certificate", new.id, before: nil, after: image(new).json, of: new.personID)
        return new.id
    }

    /// Replaces what a certificate says. Refusals `certificate.taken`, `certificate.nothingChanged`.
    package static func change(_ old: PostCertificate, to new: PostCertificate, in db: Writing) throws {
        guard old != new else { throw Refusal("certificate.nothingChanged", "更正前后完全相同，没有要改的；请核对填写的内容。") }
        if (old.issuer, old.number) != (new.issuer, new.number) { try requireFree(new, in: db) }
        try db.run(SQL("""
            UPDATE post_certificate SET number = \(new.number), title = \(new.title), issuer = \(new.issuer), issued_day = \(new.issued),
                valid_until = \(new.validUntil), refresher_due = \(new.refresherDue), ended_day = \(new.ended), act_id = \(db.actID)
            WHERE id = \(old.id)
            """))
        try db.change("post_certificate", old.id, before: image(old).json, after: image(new).json, of: new.personID)
    }

    /// Certificates of files that an import has made.
    static func standing(on unmaking: Unmaking, in db: Reading) throws -> [Dependent] {
        guard !unmaking.people.isEmpty else { return [] }
        return try db.rows(
            SQL("SELECT person_id, title FROM post_certificate WHERE person_id IN (\(list: unmaking.people)) ORDER BY id LIMIT \(Dependent.most)")
        ) { Dependent(.person($0.int(0)), "后来登记了证书“\($0.text(1))”", link: "/people/\($0.int(0))/certificates", isForGood: true) }
    }

    static func count(of people: [Int64], in db: Reading) throws -> Int64 {
        try db.count(SQL("SELECT count(*) FROM post_certificate WHERE person_id IN (\(list: people))"))
    }

    /// Certificates of deleted files keep their days, which count; number, title and issuer go.
    static func forget(of people: [Int64], in db: Writing) throws {
        for old in try db.rows(SQL("SELECT \(columns) FROM post_certificate WHERE person_id IN (\(list: people)) ORDER BY id"), read) {
            var new = old
            (new.number, new.title, new.issuer) = ("\(old.id)", "证书", Person.erasedName)
            try db.run(SQL("UPDATE post_certificate SET number = \(new.number), title = \(new.title), issuer = \(new.issuer), act_id = \(db.actID) WHERE id = \(old.id)"))
            try db.change("post_certificate", old.id, before: RowImage.erased.json, after: image(new).json)
        }
    }

    private static func requireFree(_ certificate: PostCertificate, in db: Reading) throws {
        let isTaken = try db.first(
            SQL("SELECT 1 FROM post_certificate WHERE issuer = \(certificate.issuer) AND number = \(certificate.number)"), { _ in true }) ?? false
        guard !isTaken else {
            throw Refusal("certificate.taken", "“\(certificate.issuer)”编号为“\(certificate.number)”的证书已经登记过；请核对编号，若登错了人，请先在那份档案里更正。")
        }
    }

    private static func image(_ certificate: PostCertificate) -> RowImage {
        RowImage([
            "id": .int(certificate.id), "person_id": .int(certificate.personID), "number": .text(certificate.number), "title": .text(certificate.title),
            "issuer": .text(certificate.issuer), "issued_day": .day(certificate.issued), "valid_until": .day(certificate.validUntil),
            "refresher_due": .int(certificate.refresherDue.map { Int($0.number) }), "ended_day": .int(certificate.ended.map { Int($0.number) }),
        ])
    }

    private static func read(_ row: Row) -> PostCertificate {
        PostCertificate(
            id: row.int(0), personID: row.int(1), number: row.text(2), title: row.text(3), issuer: row.text(4), issued: row.day(5),
            validUntil: row.day(6), refresherDue: row.dayOrNil(7), ended: row.dayOrNil(8))
    }
}
