import Access
import Approvals
import Kit
import People

/// 我的档案: one's own only; what belongs to somebody else looks as if it did not exist.
package enum ArchiveRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database, numbers = house.numbers
        @Sendable func own(_ signedIn: SignedIn) async throws -> Archive {
            try await database.read { db in try Archive.of(try signedIn.own(in: db), signedIn, house.library, numbers, in: db) }
        }
        /// With the name of the officer who keeps it.
        @Sendable func kept(_ signedIn: SignedIn) async throws -> (archive: Archive, officer: String?) {
            try await database.read { db in
                let archive = try Archive.of(try signedIn.own(in: db), signedIn, house.library, numbers, in: db)
                return (archive, try DuesRoutes.officer(of: archive.post?.organizationID, signedIn, in: db))
            }
        }

        routes.get("/me/archive") { request, signedIn in
            .page(ArchivePages.archive(try await own(signedIn), year: request.query.year("year")))
        }
        routes.get("/me/records/:entry") { request, signedIn in
            let archive = try await own(signedIn), id = try request.id("entry")
            guard let line = archive.statement.lines.first(where: { $0.entry.id == id }) else { throw WebProblem.missing }
            return .page(ArchivePages.record(archive, line))
        }

        routes.get("/me/objections") { request, signedIn in
            let (own, objections) = try await database.read { db in
                let own = try signedIn.own(in: db).id
                return (own, try ObjectionStore.objections(of: own, in: db))
            }
            try await MessageRoutes.markSeen("/me/objections", signedIn, database)
            return .page(ArchivePages.objections(objections, of: own, sent: request.query["sent"] != nil, signedIn))
        }
        routes.get("/me/objections/new") { request, signedIn in
            let (archive, officer) = try await kept(signedIn), what = request.query.text("what")
            let target = try target(what, request.query["id"].flatMap { Int64($0) }, archive)
            return .page(ArchivePages.newObjection(target, what: what, officer: officer, FilledForm(), signedIn))
        }
        routes.post("/me/objections") { form, _, signedIn in
            let (archive, officer) = try await kept(signedIn), what = form.text("what")
            let target = try target(what, Int64(form.text("id")), archive)
            // The unit that answers for the person.
            let unit = archive.post.flatMap { signedIn.scope.tree.unit($0.organizationID)?.id }
            return try await FilledForm.answer(
                form, field: { $0.name == "objection.empty" || $0.name == "objection.long" ? "text" : "" },
                again: { ArchivePages.newObjection(target, what: what, officer: officer, $0, signedIn) }
            ) {
                try await database.write(signedIn.act("objection.ask")) { db in
                    try ObjectionStore.ask(target, of: archive.person, text: form.text("text"), at: unit, house, by: ApprovalEye(signedIn, house, in: db), in: db)
                }
                return .redirect("/me/objections?sent=1")
            }
        }
        routes.post("/me/objections/:objection/withdraw") { _, request, signedIn in
            let id = try request.id("objection")
            let objection = try await database.read { db in
                let person = try signedIn.own(in: db)
                return try ObjectionStore.objections(of: person.id, in: db).first { $0.approval.id == id }
            }
            guard let objection else { throw WebProblem.missing }
            try await database.write(signedIn.act("objection.withdraw")) { db in try Deciding.withdraw(objection.approval.id, Form(), ApprovalEye(signedIn, house, in: db), in: db) }
            return .redirect("/me/objections")
        }
    }

    /// The thing of one's own that is said to be wrong. Throws `WebProblem.missing` for what is not one's own.
    private static func target(_ what: String, _ id: Int64?, _ archive: Archive) throws -> ObjectionStore.Target {
        let person = archive.person
        switch what {
        case "person" where id == person.id: return .init(id: person.id, about: "个人信息", link: "/people/\(person.id)")
        // Of one's own that is not there yet; it has no id, and is told from the file by its sign.
        case "missing" where id == person.id: return .init(id: -person.id, about: Objection.missing, link: "/training/new?person=\(person.id)")
        case "record":
            guard let record = archive.statement.lines.first(where: { $0.entry.id == id && $0.stands })?.entry else { break }
            return .init(id: record.id, about: "培训“\(record.record.title)”（\(record.record.spanInWords)）", link: "/records/\(record.id)")
        case "post":
            guard let post = archive.posts.first(where: { $0.id == id }) else { break }
            return .init(id: post.id, about: "任职“\(archive.unit(post.organizationID))\(post.title.isEmpty ? "" : " " + post.title)”（\(post.spanInWords)）", link: "/people/\(person.id)")
        case "certificate":
            guard let one = archive.certificates.first(where: { $0.id == id }) else { break }
            return .init(id: one.id, about: "证书“\(one.title)”（编号 \(one.number)）", link: "/people/\(person.id)/certificates/\(one.id)")
        default: break
        }
        throw WebProblem.missing
    }
}
