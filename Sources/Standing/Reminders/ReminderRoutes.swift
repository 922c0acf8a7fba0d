import Access
import Figures
import Kit
import Rules

/// 提醒 of those who are ticked on the list behind a figure, or of all who are listed.
enum ReminderRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database

        @Sendable func asked(_ request: WebRequest, _ signedIn: SignedIn) async throws -> (IndicatorsRoutes.Asked, UnitExplanation, Cube, Facts.View) {
            _ = try signedIn.scope.unit(request.id("unit"), for: .keeping)
            let view = try await house.facts.view(), asked = try IndicatorsRoutes.Asked(request, signedIn, view, house.library)
            let told = try await IndicatorsRoutes.explained(asked, request, view)
            return (asked, told, try await onThread { view.cube(asked.frame.policy, year: asked.frame.year, day: asked.frame.asOf) }, view)
        }
        @Sendable func preview(_ form: Form, _ request: WebRequest, _ signedIn: SignedIn, problem: String? = nil) async throws -> Page {
            let (asked, told, cube, view) = try await asked(request, signedIn), back = list(asked, told, request)
            let crumbs = asked.crumbs + [Page.Crumb("\(asked.frame.year) 年指标", asked.links.page)]
            let numbers = try await database.read { db in try chosen(form, request, told, signedIn, view, in: db) }
            do {
                try ReminderStore.check(count: numbers.count)
            } catch let refusal as Refusal {
                return ReminderPages.refused(refusal, told, back: back.link, crumbs: crumbs)
            }
            let plan = try await database.read { db in try ReminderStore.plan(numbers, told, cube, view, signedIn, in: db) }
            try await house.lists.note([ListView(.figures, unit: asked.frame.unitID, subtree: asked.frame.subtree, on: asked.frame.asOf)], by: signedIn)
            return ReminderPages.preview(
                ReminderPages.Preview(
                    told: told, plan: plan, address: asked.links.reminder(told.explanation.finding.line, request.query, isSure: true), back: back.link,
                    chosen: carried(form), problem: problem),
                crumbs: crumbs, signedIn.token)
        }

        routes.post("/figures/:unit/:rule/remind") { form, request, signedIn in .page(try await preview(form, request, signedIn)) }
        routes.post("/figures/:unit/:rule/remind/do") { form, request, signedIn in
            let (asked, told, cube, view) = try await asked(request, signedIn)
            do {
                try house.lists.keepPace(signedIn)
                let count = try await database.write(signedIn.act(ReminderStore.act, why: told.rule.title)) { db in
                    let numbers = try chosen(form, request, told, signedIn, view, in: db)
                    try ReminderStore.check(count: numbers.count)
                    let plan = try ReminderStore.plan(numbers, told, cube, view, signedIn, in: db)
                    try ReminderStore.send(plan, digest: form.text("digest"), in: db)
                    return plan.told.count
                }
                return .redirect(list(asked, told, request).with("reminded", "\(count)").link)
            } catch let refusal as Refusal {
                return .page(try await preview(form, request, signedIn, problem: refusal.sentence))
            }
        }
    }

    /// The list the people were chosen on.
    private static func list(_ asked: IndicatorsRoutes.Asked, _ told: UnitExplanation, _ request: WebRequest) -> PageAddress {
        PageAddress("/figures/\(asked.frame.unitID)/\(told.rule.id)", request.query)
    }

    /// Whom a form is about: of the figure alone, each once.
    private static func chosen(
        _ form: Form, _ request: WebRequest, _ told: UnitExplanation, _ signedIn: SignedIn, _ view: Facts.View, in db: Reading
    ) throws -> [Int32] {
        var seen: Set<Int32> = []
        if form.text("whom") == "all" {
            return try NamesList(told, request.list, through: .max, signedIn, view, in: db).heads.map(\.person).filter { seen.insert($0).inserted }
        }
        let behind = Set((told.explanation.denominator + told.explanation.running).map(\.person))
        return form.all("person").compactMap { Int64($0).flatMap { view.number(ofPerson: $0) } }.filter { behind.contains($0) && seen.insert($0).inserted }
    }

    private static func carried(_ form: Form) -> [(String, String)] {
        form.text("whom") == "all" ? [("whom", "all")] : [("whom", "ticked")] + form.all("person").map { ("person", $0) }
    }
}
