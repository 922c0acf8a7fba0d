import Access
import Kit
import Register

/// 上岗证书 of a person: seen by whoever sees the person, kept by the officer over a present post.
package enum CertificateRoutes {
    package static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database
        @Sendable func shown(_ request: WebRequest, _ signedIn: SignedIn, keeping: Bool = false) async throws -> CertificatePages.Shown {
            let id = try request.id("person")
            return try await database.read { db in
                let file = try PersonFile.seen(id, signedIn, for: keeping ? .keeping : .seeing, in: db)
                let certificates = try CertificateStore.certificates(of: file.person.id, in: db).filter { file.sight.shows(from: $0.issued) }
                return CertificatePages.Shown(person: file.person, certificates: certificates, mayKeep: file.sight.mayKeep, reminder: house.library.vocabulary.certificateReminder)
            }
        }
        @Sendable func one(_ request: WebRequest, _ signedIn: SignedIn) async throws -> (CertificatePages.Shown, PostCertificate) {
            let found = try await shown(request, signedIn, keeping: true), id = try request.id("certificate")
            guard let certificate = found.certificates.first(where: { $0.id == id }) else { throw WebProblem.missing }
            return (found, certificate)
        }

        routes.get("/people/:person/certificates") { request, signedIn in
            .page(CertificatePages.list(try await shown(request, signedIn), FilledForm(), signedIn))
        }
        routes.post("/people/:person/certificates") { form, request, signedIn in
            let found = try await shown(request, signedIn, keeping: true)
            return try await FilledForm.answer(form, field: field, again: { CertificatePages.list(found, $0, signedIn) }) {
                var check = FormCheck()
                let certificate = try read(form, person: found.person.id, today: signedIn.today, &check)
                try check.end()
                try await database.write(signedIn.act("certificate.add")) { db in
                    try CertificateStore.add(certificate, in: db)
                    try MessageStore.send(
                        to: .person(certificate.personID), kind: "certificate.add", "您的档案里登记了证书“\(certificate.title)”（编号 \(certificate.number)）。",
                        link: "/me/archive#certificates", in: db)
                }
                return .redirect("/people/\(found.person.id)/certificates")
            }
        }
        routes.get("/people/:person/certificates/:certificate") { request, signedIn in
            let (shown, certificate) = try await one(request, signedIn)
            return .page(CertificatePages.one(certificate, in: shown, FilledForm(), ending: FilledForm(), signedIn))
        }
        routes.post("/people/:person/certificates/:certificate") { form, request, signedIn in
            let (shown, old) = try await one(request, signedIn)
            return try await FilledForm.answer(
                form, field: field, again: { CertificatePages.one(old, in: shown, $0, ending: FilledForm(), signedIn) }
            ) {
                let why = form.text("why")
                var check = FormCheck()
                var new = try read(form, person: old.personID, today: signedIn.today, &check)
                if why.isEmpty { check.fault(Refusal("certificate.why", "更正要写明理由，本人会看到；请填写后再提交。")) }
                try check.end()
                new.id = old.id
                new.ended = old.ended
                try await change(old, to: new, "certificate.correct", why, "更正了证书“\(new.title)”", signedIn, database)
                return .redirect("/people/\(shown.person.id)/certificates")
            }
        }
        routes.post("/people/:person/certificates/:certificate/end") { form, request, signedIn in
            let (shown, old) = try await one(request, signedIn)
            return try await FilledForm.answer(
                form, field: { $0.name == "certificate.noReason" ? "reason" : $0.name == "certificate.endDay" ? "day" : "" },
                again: { CertificatePages.one(old, in: shown, FilledForm(), ending: $0, signedIn) }
            ) {
                let why = form.text("reason")
                var check = FormCheck()
                let day = check.day(form, "day", Refusal("certificate.endDay", "注销日期读不懂；请\(Day.howToEnter)。"))
                if why.isEmpty { check.fault(Refusal("certificate.noReason", "注销要写明理由，本人会看到；请填写后再提交。")) }
                try check.end()
                try await change(old, to: try old.ending(on: day, why: why), "certificate.end", why, "注销了证书“\(old.title)”", signedIn, database)
                return .redirect("/people/\(shown.person.id)/certificates")
            }
        }
    }

    private static func change(
        _ old: PostCertificate, to new: PostCertificate, _ kind: String, _ why: String, _ told: String, _ signedIn: SignedIn, _ database: Database
    ) async throws {
        try await database.write(signedIn.act(kind, why: why)) { db in
            try CertificateStore.change(old, to: new, in: db)
            try MessageStore.send(
                to: .person(new.personID), kind: kind, "您的档案里\(told)（编号 \(new.number)）：\(why)", link: "/me/archive#certificates", in: db)
        }
    }

    /// The field a refusal belongs to.
    @Sendable private static func field(_ refusal: Refusal) -> String {
        switch refusal.name {
        case "certificate.number", "certificate.taken": "number"
        case "certificate.title": "title"
        case "certificate.issuer": "issuer"
        case "certificate.future", "certificate.issued": "issued"
        case "certificate.span", "certificate.until": "until"
        case "certificate.refresher": "refresher"
        case "certificate.why": "why"
        default: ""
        }
    }

    private static func read(_ form: Form, person: Int64, today: Day, _ check: inout FormCheck) throws -> PostCertificate {
        func unread(_ name: String, _ word: String) -> Refusal { Refusal("certificate.\(name)", "\(word)读不懂；请\(Day.howToEnter)。") }
        let issued = check.day(form, "issued", Refusal("certificate.issued", "发证日期没有填或读不懂；请\(Day.howToEnter)。"))
        let until = check.dayOrNil(form, "until", unread("until", "有效期")), refresher = check.dayOrNil(form, "refresher", unread("refresher", "复训日期"))
        let areDaysRead = check.isGood
        let certificate = PostCertificate(
            personID: person, number: form.text("number"), title: form.text("title"), issuer: form.text("issuer"), issued: issued, validUntil: until ?? .open,
            refresherDue: refresher)
        // Days that could not be read are not held against each other.
        for fault in certificate.faults(today: today) where areDaysRead || !["certificate.future", "certificate.span", "certificate.refresher"].contains(fault.name) {
            check.fault(fault)
        }
        return certificate
    }
}
