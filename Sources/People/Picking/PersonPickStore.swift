import Access
import Kit
import Register

/// Who is meant by what a form says, among those whose posts and records the account keeps.
package enum PersonPickStore {
    /// People that are listed to be ticked.
    package static let mostListed = 300

    /// Reads both fields of the picker. Of namesakes none is taken: the line says so.
    package static func read(_ form: Form, _ signedIn: SignedIn, _ numbers: PersonalNumbers, in db: Reading) throws -> PersonPick {
        try pick(PersonPick.lines(form.text(PersonPick.written)), ticked: form.all(PersonPick.ticked).compactMap { Int64($0) }, signedIn, numbers, in: db)
    }

    /// The one whom a field means that takes one alone, whose file the account keeps; of several namesakes `self` is not meant.
    /// The refusal `name` says that nobody was found, or why it cannot tell who is meant.
    package static func one(_ typed: String, but own: Int64, refusal name: String, _ signedIn: SignedIn, _ numbers: PersonalNumbers, in db: Reading) throws -> Int64 {
        let pick = try pick(PersonPick.lines(typed), ticked: [], but: own, need: \.mayKeepFacts, signedIn, numbers, in: db)
        if pick.faults.isEmpty, pick.ids.count == 1, let only = pick.ids.first { return only }
        throw Refusal(
            name, pick.isAmbiguous ? pick.faults[0] + "。" : pick.ids.isEmpty ? "在您管理的单位里没有找到这个人；请核对姓名、人员编号或证件号码。" : "这里只能写一个人。")
    }

    private static func pick(
        _ lines: [String], ticked: [Int64], but own: Int64? = nil, need: (PersonSight) -> Bool = \.mayKeep, _ signedIn: SignedIn, _ numbers: PersonalNumbers, in db: Reading
    ) throws -> PersonPick {
        // Before anybody is looked for: a list may be as long as a form.
        guard lines.count <= PersonPick.most else { return PersonPick(ids: [], faults: ["名单有 \(Numbers.count(lines.count)) 行，一次最多 \(PersonPick.most) 人；请分几次办"]) }
        var byNumber: [String: Int64] = [:], names: [String] = []
        for line in Set(lines).sorted() {
            if let number = try? IDNumber(line, today: signedIn.today) { byNumber[line] = try RosterStore.bearer(of: number, numbers: numbers, in: db)?.id } else { names.append(line) }
        }
        let byCode = try RosterStore.bearers(ofCodes: names, in: db), byName = try named(names.filter { byCode[$0] == nil }, in: db)
        let all = Set(ticked).union(byNumber.values).union(byCode.values).union(byName.values.joined())
        let kept = try kept(Array(all), need, signedIn, in: db)
        var ids = ticked.filter(kept.contains), faults: [String] = [], isAmbiguous = false
        if ids.count < ticked.count { faults.append("勾选的人里有的现在不归您管理") }
        for line in lines {
            let found = [byNumber[line], byCode[line]].compactMap { $0 }.filter(kept.contains)
            var meant = found.isEmpty ? (byName[line] ?? []).filter(kept.contains) : found
            if meant.count > 1 { meant.removeAll { $0 == own } }
            switch meant.count {
            case 1: ids += meant
            case 0: faults.append("在您管理的单位里没有找到“\(line.count == 18 ? "证件号码 …\(line.suffix(4))" : String(line.prefix(30)))”")
            default:
                isAmbiguous = true
                faults.append("叫“\(line.prefix(30))”的有 \(meant.count) 人，请改写人员编号或证件号码")
            }
        }
        return PersonPick(ids: ids, faults: faults, isAmbiguous: isAmbiguous)
    }

    /// Those in post in a unit and below, by the sound of their names; nil where there are more than are listed.
    package static func people(in unit: Int64, _ signedIn: SignedIn, in db: Reading) throws -> [PersonFile]? {
        var ask = PersonListStore.Ask(today: signedIn.today)
        ask.units = signedIn.scope.tree.subtree(of: unit).map(\.id)
        ask.limit = mostListed + 1
        let found = try PersonListStore.people(ask, in: db).map(\.id)
        guard found.count <= mostListed else { return nil }
        return try PersonFile.seen(found, signedIn, ScopeOverTime(signedIn.scope), in: db).filter(\.sight.mayKeep)
    }

    private static func named(_ names: [String], in db: Reading) throws -> [String: [Int64]] {
        var found: [String: [Int64]] = [:]
        for some in RosterStore.chunks(names) {
            for (name, id) in try db.rows(SQL("SELECT name, id FROM person WHERE merged_into IS NULL AND name IN (\(list: some)) ORDER BY id"), { ($0.text(0), $0.int(1)) }) {
                found[name, default: []].append(id)
            }
        }
        return found
    }

    private static func kept(_ people: [Int64], _ need: (PersonSight) -> Bool, _ signedIn: SignedIn, in db: Reading) throws -> Set<Int64> {
        let posts = Dictionary(grouping: try RosterStore.appointments(of: people, in: db), by: \.personID), scope = ScopeOverTime(signedIn.scope)
        return Set(people.filter { PersonSight(posts[$0] ?? [], scope, today: signedIn.today).map(need) == true })
    }
}
