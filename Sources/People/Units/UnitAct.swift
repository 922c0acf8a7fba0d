import Kit
import Register

/// What an officer does to a unit on its page.
enum UnitAct: String, CaseIterable, Sendable {
    case create, amend, correct, move, merge, close, undo

    var word: String {
        switch self {
        case .create: "新设下级单位"
        case .amend: "登记变更"
        case .correct: "更正"
        case .move: "划转"
        case .merge: "并入另一单位"
        case .close: "撤销单位"
        case .undo: "撤回最近一次变更"
        }
    }

    /// Acts that change the tree around the unit are the superior's: the account must keep the unit above as well.
    var isAboutPlace: Bool { [.move, .merge, .close].contains(self) }

    /// The field that a refusal is about; empty for one about the whole.
    func field(_ refusal: Refusal) -> String {
        switch refusal.name {
        case let name where name.hasPrefix("form."): String(name.dropFirst(5))
        case let name where name.hasPrefix("unit."): self == .move ? "parent" : self == .merge ? "into" : "childrenTo"
        case "organization.noName", "organization.longName", "organization.nothingChanged": "name"
        case "organization.noKind": "kind"
        case "organization.noCode", "organization.code", "organization.codeTaken": "code"
        case "organization.sameParent", "organization.cycle", "organization.parentClosed": self == .move ? "parent" : self == .close ? "childrenTo" : "day"
        case "organization.mergeSelf", "organization.mergeIntoBelow": "into"
        case "organization.hasChildren": "childrenTo"
        case "organization.count", "organization.hasPosts", "undo.dependent": ""
        case let name where name.hasPrefix("organization."): "day"
        default: ""
        }
    }

    /// Facts as the form gives them; the place in the tree stays. What is wrong is noted in `check`.
    static func facts(_ form: Form, parent: Int64?, words: RosterWords, _ check: inout FormCheck) throws -> OrganizationFacts {
        func count(_ name: String) throws -> Int? {
            let text = form.text(name).filter { !$0.isWhitespace && $0 != "," }
            if text.isEmpty { return nil }
            guard let number = Int(text) else { throw Refusal("form.\(name)", "这里要填整数；请核对") }
            guard OrganizationFacts.counts.contains(number) else { throw Refusal("form.\(name)", "不能是 \(number)；请填实有数") }
            return number
        }
        let kind = form.text("kind"), ownership = form.text("ownership")
        var facts = OrganizationFacts(parentID: parent, name: form.text("name"), kind: kind, creditCode: form.text("creditCode"), ownership: ownership)
        // Each by itself, so that all faults are told; the whole is checked by the same function.
        try check.ask { _ = try OrganizationFacts(parentID: nil, name: facts.name, kind: "-").checked() }
        if kind.isEmpty { check.fault(Refusal("organization.noKind", "单位类型没有选；请从列出的类型中选一个")) }
        if !kind.isEmpty, !words.organizationKinds.has(kind) { check.fault(Refusal("form.kind", "没有这个单位类型；请从列出的类型中选")) }
        if !ownership.isEmpty, !words.ownerships.has(ownership) { check.fault(Refusal("form.ownership", "没有这种所有制；请从列出的里面选")) }
        facts.employees = try check.take(or: nil) { try count("employees") }
        facts.members = try check.take(or: nil) { try count("members") }
        facts.enterprises = try check.take(or: nil) { try count("enterprises") }
        return check.isGood ? try facts.checked() : facts
    }

    /// The day from which the act holds.
    static func day(_ form: Form, _ check: inout FormCheck) -> Day { check.day(form, "day", Refusal("form.day", "生效日期没有填或不存在；请\(Day.howToEnter)")) }
}
