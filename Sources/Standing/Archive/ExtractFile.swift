import Access
import Kit

/// How the extract is asked for.
struct ExtractOrder: Codable, Sendable {
    let isMasked: Bool, isJSON: Bool
}

extension MadeFileKind {
    /// One's own extract. What leaves the house is on record with its digest, so that a copy can be held against it later.
    static let extract = MadeFileKind(
        "extract", "培训教育档案摘录", of: ExtractOrder.self, as: .document,
        judge: { _, _, signedIn, db in _ = try signedIn.own(in: db) },
        make: { house, order, signedIn, _ in
            let extract = try await house.database.read { db in
                let archive = try Archive.of(try signedIn.own(in: db), signedIn, house.library, house.numbers, in: db)
                return try Extract.of(archive, masked: order.isMasked, house.features, signedIn, in: db)
            }
            let person = extract.archive.person, json = try extract.json(), digest = Fingerprint.text(of: json), stem = "培训教育档案摘录 \(person.name) \(signedIn.today)"
            let note: @Sendable (Writing) throws -> Void = { db in
                try db.change("extract", person.id, before: nil, after: RowImage(["digest": .text(digest), "masked": .bool(order.isMasked)]).json)
            }
            guard !order.isJSON else { return try Made("\(stem).json", type: "application/json", Array(json.utf8), by: signedIn.act("extract.json", why: digest), also: note) }
            let pdf = try await house.typesetting.pdf("extract.typ", [
                "extract": json, "digest": String(digest.drop { $0 != ":" }.dropFirst()), "file": Extract.fileName,
            ])
            return try Made("\(stem).pdf", type: Reply.pdf, pdf, by: signedIn.act("extract.pdf", why: digest), also: note)
        })
}
