import Kit
import Register

/// What has happened to a unit, act by act, in words.
struct UnitHistory: Sendable {
    struct Event: Sendable {
        let act: ActRecord
        let what: [String]
    }

    let words: RosterWords
    let unit: @Sendable (Int64) -> String

    /// The acts, newest first as the changes are.
    func events(_ changes: [ChangeRecord]) -> [Event] {
        var acts: [ActRecord] = []
        for change in changes where !acts.contains(change.act) { acts.append(change.act) }
        return acts.map { act in Event(act: act, what: sentences(changes.filter { $0.act.id == act.id })) }
    }

    private func sentences(_ changes: [ChangeRecord]) -> [String] {
        let versions = changes.filter { $0.subject == "organization_version" }
            .map { (old: $0.before.map(OrganizationStore.version), new: $0.after.map(OrganizationStore.version)) }
        var said = changes.filter { $0.subject == "organization" }.compactMap { change -> String? in
            guard let old = change.before?.text("code"), let new = change.after?.text("code") else { return nil }
            return "单位编码由 \(old) 改为 \(new)"
        }
        for (old, new) in versions {
            switch (old, new) {
            case (nil, let new?):
                // A version cut off another one says what is different from its day on.
                if let cut = versions.compactMap({ $0.old }).first(where: { $0.covers(new.from) }) {
                    said.append("自 \(new.from) 起，" + differences(cut.facts, new.facts))
                } else {
                    said.append("\(new.from == .always ? "登记" : "\(new.from) 成立")“\(new.facts.name)”")
                }
            case (let old?, nil): said.append("取消自 \(old.from) 起的“\(old.facts.name)”")
            case (let old?, let new?):
                if old.facts != new.facts { said.append("更正：" + differences(old.facts, new.facts)) }
                if old.from != new.from { said.append("成立日期改为 \(new.from == .always ? "不详" : new.from.description)") }
                let isCut = versions.contains { ($0.old == nil && $0.new?.from == new.to) || ($0.new == nil && $0.old?.from == old.to) }
                if old.to != new.to, !isCut { said.append(new.to == .open ? "取消撤销" : "\(new.to) 撤销") }
            case (nil, nil): break
            }
        }
        return said
    }

    private func differences(_ old: OrganizationFacts, _ new: OrganizationFacts) -> String {
        func name(_ id: Int64?) -> String { id.map(unit) ?? "" }
        func count(_ number: Int?) -> String { number.map(String.init) ?? "" }
        let pairs = [
            ("名称", old.name, new.name), ("上级", name(old.parentID), name(new.parentID)),
            ("类型", words.organizationKinds.word(of: old.kind), words.organizationKinds.word(of: new.kind)),
            ("统一社会信用代码", old.creditCode, new.creditCode), ("所有制", words.ownerships.word(of: old.ownership), words.ownerships.word(of: new.ownership)), ("职工人数", count(old.employees), count(new.employees)),
            ("会员人数", count(old.members), count(new.members)), ("企业数", count(old.enterprises), count(new.enterprises)),
        ]
        func shown(_ text: String) -> String { text.isEmpty ? "未填" : "“\(text)”" }
        return pairs.filter { $0.1 != $0.2 }.map { "\($0.0)由\(shown($0.1))改为\(shown($0.2))" }.joined(separator: "，")
    }
}
