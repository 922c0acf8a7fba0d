import Access
import Kit
import Rules

/// 取走我的全部资料: one's own, as PDF or JSON, each time an act with the digest of what was taken.
package enum ExtractRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database, library = house.library, numbers = house.numbers, typesetting = house.typesetting
        routes.get("/me/extract") { _, signedIn in
            let person = try await database.read { try signedIn.own(in: $0) }
            return .page(ExtractPages.choose(person, problem: nil, signedIn))
        }
        routes.post("/me/extract") { form, _, signedIn in
            let isMasked = form.isTicked("masked")
            let extract = try await database.read { db in
                let archive = try Archive.of(try signedIn.own(in: db), signedIn, library, numbers, in: db)
                return try Extract.of(archive, masked: isMasked, house.features, signedIn, in: db)
            }
            let person = extract.archive.person, json = try extract.json(), digest = Fingerprint.text(of: json), stem = "培训教育档案摘录 \(person.name) \(signedIn.today)"
            var pdf: [UInt8]?
            if form.text("format") != "json" {
                do {
                    pdf = try await typesetting.pdf("extract.typ", [
                        "extract": json, "digest": String(digest.drop { $0 != ":" }.dropFirst()), "file": Extract.fileName,
                    ], for: signedIn.account.id)
                } catch let refusal as Refusal {
                    return .page(ExtractPages.choose(person, problem: refusal.sentence, signedIn))
                }
            }
            // What leaves the house is on record with its digest, so that a copy can be held against it later.
            try await database.write(signedIn.act(pdf == nil ? "extract.json" : "extract.pdf", why: digest)) { db in
                try db.change("extract", person.id, before: nil, after: RowImage(["digest": .text(digest), "masked": .bool(isMasked)]).json)
            }
            return pdf.map { .download("\(stem).pdf", type: "application/pdf", $0) } ?? .download("\(stem).json", type: "application/json", Array(json.utf8))
        }
    }
}
