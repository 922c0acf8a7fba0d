import Access
import Figures
import Kit
import Rules

/// 提醒 in the database: who may be told, and telling them.
enum ReminderStore {
    static let act = "figures.remind"

    /// Refusals `remind.none`, `remind.many`.
    static func check(count: Int) throws {
        guard count > 0 else { throw Refusal("remind.none", "还没有选人；请在名单里打勾，或提醒列出的全部。") }
        guard count <= ExplanationPages.mostReminded else {
            throw Refusal("remind.many", "一次最多提醒 \(Numbers.count(ExplanationPages.mostReminded)) 人；请先按单位筛选，再分几次办。")
        }
    }

    /// The plan for those of a figure, in their order. Of whom nothing is seen is left out.
    static func plan(_ numbers: [Int32], _ told: UnitExplanation, _ cube: Cube, _ view: Facts.View, _ signedIn: SignedIn, in db: Reading) throws -> ReminderPlan {
        let scope = ScopeOverTime(signedIn.scope)
        let files = try PersonFile.seen(numbers.map { view.personID($0) }, signedIn, scope, in: db).filter { !$0.person.isErased && $0.person.mergedInto == nil }
        let kept = files.filter { $0.sight.isWhole && $0.sight.mayKeep && $0.present(on: signedIn.today) != nil }.map(\.person.id)
        let accounts = try AccountStore.accounts(of: kept, in: db), before = try MessageStore.told(kept, kind: act, since: signedIn.today, in: db), mayTell = Set(kept)
        let wanted = Set(numbers), heads = Dictionary(
            told.explanation.denominator.filter { wanted.contains($0.person) }.map { ($0.person, $0) }, uniquingKeysWith: { first, _ in first })
        var plan = ReminderPlan()
        for file in files {
            let id = file.person.id
            let one = ReminderPlan.One(person: id, name: file.person.name, unit: file.present(on: signedIn.today).map { file.unit($0) } ?? "")
            guard mayTell.contains(id) else {
                plan.left.append((one, .notKept))
                continue
            }
            guard let reminder = view.number(ofPerson: id).flatMap({ Reminder($0, heads[$0], told, cube, view, today: signedIn.today) }) else {
                plan.left.append((one, .done))
                continue
            }
            if accounts[id]?.contains(where: { $0.state == .active }) != true {
                plan.left.append((one, .unreachable))
            } else if before.contains(id) {
                plan.left.append((one, .today))
            } else {
                plan.told.append((one, reminder))
            }
        }
        return plan
    }

    /// Tells those whom the plan says. Refusals `remind.nothing`, and `remind.changed` where it is not the plan that was previewed.
    static func send(_ plan: ReminderPlan, digest: String, in db: Writing) throws {
        guard !plan.told.isEmpty else { throw Refusal("remind.nothing", "没有可以提醒的人，什么也没有发出。") }
        guard plan.digest == digest else { throw Refusal("remind.changed", "您预览以后情况有了变动，没有发出；请看过现在的预览再确定。") }
        for (one, reminder) in plan.told { try MessageStore.send(to: .person(one.person), kind: act, reminder.text, link: "/me", in: db) }
    }
}
