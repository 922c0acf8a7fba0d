import Access
import Kit

/// 代理, for whoever decides anything, and for the superiors of those who do.
enum SubstituteRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database
        routes.get("/substitutes") { request, signedIn in
            .page(SubstitutePages.page(try await shown(request.query.text("for"), signedIn, database), FilledForm(), signedIn))
        }

        routes.post("/substitutes") { form, _, signedIn in
            let shown = try await shown(form.text("for"), signedIn, database)
            return try await FilledForm.answer(form, field: { $0.substituteField }, again: { SubstitutePages.page(shown, $0, signedIn) }) {
                var check = FormCheck()
                let chosen: Int64 = try check.take(or: 0) {
                    guard let chosen = Int64(form.text("substitute")), shown.candidates.contains(where: { $0.account.id == chosen }) else {
                        throw Refusal("substitute.who", "还没有选代理人，或者所选的人不能代理；请从列出的人里选。")
                    }
                    return chosen
                }
                let from = check.day(form, "from", Refusal("form.from", "第一天没有填或不存在；请\(Day.howToEnter)"))
                let until = check.day(form, "until", Refusal("form.until", "最后一天没有填或不存在；请\(Day.howToEnter)")), why = try check.why(form)
                try check.end()
                try await database.write(signedIn.act("substitute.choose", why: why)) { db in
                    // Judged again where it is written: a duty may have ended since the page was made.
                    guard try shown.isOwn || isSuperior(of: shown.absent.id, signedIn, in: db) else { throw WebProblem.missing }
                    try SubstituteStore.choose(chosen, for: shown.absent.id, from: from, to: until + 1, today: signedIn.today, in: db)
                }
                return .redirect(shown.isOwn ? "/substitutes" : "/substitutes?for=\(shown.absent.id)")
            }
        }

        routes.post("/substitutes/:substitute/end") { _, request, signedIn in
            let id = try request.id("substitute")
            try await database.write(signedIn.act("substitute.end")) { db in
                guard let one = try SubstituteStore.substitute(id, in: db), try mayEnd(one, signedIn, in: db) else { throw WebProblem.missing }
                try SubstituteStore.end(id, on: signedIn.today, in: db)
            }
            return .redirect("/substitutes")
        }
    }

    /// The one who is away, the one who stands in, and superiors.
    private static func mayEnd(_ one: Substitute, _ signedIn: SignedIn, in db: Reading) throws -> Bool {
        try [one.absentID, one.substituteID].contains(signedIn.account.id) || isSuperior(of: one.absentID, signedIn, in: db)
    }

    /// Whether everything that an account does for units is done below one's own: above its units, not beside.
    private static func isSuperior(of account: Int64, _ signedIn: SignedIn, in db: Reading) throws -> Bool {
        isSuperior(try GrantStore.grants(of: account, in: db).filter { $0.covers(signedIn.today) }, signedIn)
    }

    private static func isSuperior(_ grants: [Grant], _ signedIn: SignedIn) -> Bool {
        !grants.isEmpty && grants.allSatisfy { Substitute.mayChoose(for: $0, signedIn.scope) }
    }

    private static func shown(_ typed: String, _ signedIn: SignedIn, _ database: Database) async throws -> SubstitutePages.Shown {
        try await database.read { db in
            let other = typed.isEmpty ? nil : Int64(typed)
            guard typed.isEmpty || other != nil else { throw WebProblem.missing }
            let isOwn = other == nil || other == signedIn.account.id, id = other ?? signedIn.account.id
            guard let absent = try AccountStore.account(id, in: db), try isOwn || isSuperior(of: id, signedIn, in: db) else { throw WebProblem.missing }
            let grants = try isOwn ? signedIn.grants : GrantStore.grants(of: id, in: db)
            let rows = try SubstituteStore.those(of: id, in: db)
            let names = try Dictionary(
                Set(rows.flatMap { [$0.absentID, $0.substituteID, $0.chosenByID ?? $0.absentID] }).compactMap { id in try AccountStore.account(id, in: db).map { (id, $0.displayName) } },
                uniquingKeysWith: { first, _ in first })
            return SubstitutePages.Shown(
                absent: absent, isOwn: isOwn, candidates: try SubstituteStore.candidates(for: absent, grants, signedIn.scope.tree, in: db),
                rows: try rows.map { one in
                    SubstitutePages.Shown.Row(
                        substitute: one, absent: names[one.absentID] ?? "", other: names[one.substituteID] ?? "",
                        chosenBy: one.chosenByID.flatMap { $0 == one.absentID ? nil : names[$0] }, mayEnd: try mayEnd(one, signedIn, in: db))
                },
                below: try isOwn ? below(signedIn, in: db) : [])
        }
    }

    /// Those below who decide something, of the units directly below one's own.
    private static func below(_ signedIn: SignedIn, in db: Reading) throws -> [(account: Account, note: String)] {
        let tree = signedIn.scope.tree
        let units = signedIn.scope.topUnits(for: .keeping).flatMap { tree.children(of: $0.id) }.prefix(500)
        let held = try SubstituteStore.holders(at: units.map(\.id), on: signedIn.today, in: db)
        return held.filter { $0.account.id != signedIn.account.id && isSuperior($0.grants, signedIn) }.map { one in
            (one.account, one.grants.map { "\(tree.unit($0.organizationID)?.name ?? "")\($0.role.word)" }.joined(separator: "、"))
        }
    }
}

extension Refusal {
    fileprivate var substituteField: String {
        switch name {
        case "substitute.span", "substitute.past", "substitute.long": "until"
        case let name where name.hasPrefix("substitute."): "substitute"
        default: formField
        }
    }
}
