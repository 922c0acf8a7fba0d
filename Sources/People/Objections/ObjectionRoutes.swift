import Access
import Kit
import Register

/// 有误反映 for the officers who answer: those who keep the unit of the person.
package enum ObjectionRoutes {
    package static func add(to routes: Routes<SignedIn>, _ database: Database) {
        @Sendable func found(_ request: WebRequest, _ signedIn: SignedIn) async throws -> (Objection, Person, isOwn: Bool) {
            let id = try request.id("objection")
            return try await database.read { db in
                guard let objection = try ObjectionStore.objection(id, in: db), signedIn.scope.covers(objection.request.deciderID, for: .keeping),
                    let person = try RosterStore.living(objection.personID, in: db)
                else { throw WebProblem.missing }
                if !person.isErased { signedIn.looks.add(person.id) }
                return (objection, person, try signedIn.isOwn(person.id, in: db))
            }
        }

        routes.get("/objections") { _, signedIn in
            let found = try await database.read { db -> [(Objection, String)] in
                let objections = try ObjectionStore.objections(in: db) { signedIn.scope.covers($0, for: .keeping) }
                let people = try RosterStore.people(objections.map(\.personID), in: db)
                return objections.map { ($0, people[$0.personID]?.name ?? "") }
            }
            return .page(ObjectionPages.list(found))
        }
        routes.get("/objections/:objection") { request, signedIn in
            let (objection, person, isOwn) = try await found(request, signedIn)
            try await MessageRoutes.markSeen(request.path, signedIn, database)
            return .page(ObjectionPages.one(objection, person: person, isOwn: isOwn, FilledForm(), signedIn))
        }
        routes.post("/objections/:objection") { form, request, signedIn in
            let (objection, person, isOwn) = try await found(request, signedIn)
            return try await FilledForm.answer(
                form, field: { $0.name == "objection.noAnswer" ? "why" : $0.name == "objection.noResult" ? "result" : "" },
                again: { ObjectionPages.one(objection, person: person, isOwn: isOwn, $0, signedIn) }
            ) {
                guard !isOwn else {
                    throw Refusal("objection.own", "这是您自己提出的，不能由您自己答复；请由上级单位的组织人事管理员办理。")
                }
                guard ["right", "wrong"].contains(form.text("result")) else {
                    throw Refusal("objection.noResult", "还没有选核对的结果；请选一项。")
                }
                let isRight = form.text("result") == "right"
                try await database.write(signedIn.act("objection.answer", why: form.text("why"))) { db in
                    try ObjectionStore.checkAnswerer(objection, signedIn, in: db)
                    try ObjectionStore.answer(objection, isRight: isRight, in: db)
                }
                return .redirect("/objections/\(objection.request.id)")
            }
        }
    }
}
