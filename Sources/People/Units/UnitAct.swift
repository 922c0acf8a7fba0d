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

    /// Facts as the form gives them; the place in the tree stays.
    static func facts(_ form: Form, parent: Int64?, words: RosterWords) throws -> OrganizationFacts {
        func count(_ name: String) throws -> Int? {
            let text = form.text(name).filter { !$0.isWhitespace && $0 != "," }
            if text.isEmpty { return nil }
            guard let number = Int(text) else { throw Refusal("form.\(name)", "这里要填整数；请核对") }
            return number
        }
        guard form.text("kind").isEmpty || words.organizationKinds.has(form.text("kind")) else { throw Refusal("form.kind", "没有这个单位类型；请从列出的类型中选") }
        guard form.text("ownership").isEmpty || words.ownerships.has(form.text("ownership")) else { throw Refusal("form.ownership", "没有这种所有制；请从列出的里面选") }
        return try OrganizationFacts(
            parentID: parent, name: form.text("name"), kind: form.text("kind"), creditCode: form.text("creditCode"), ownership: form.text("ownership"),
            employees: count("employees"), members: count("members"), enterprises: count("enterprises")).checked()
    }

    /// The day from which the act holds. Throws `form.day`.
    static func day(_ form: Form) throws -> Day {
        guard let day = form.day("day") else { throw Refusal("form.day", "生效日期没有填或不存在；请\(Day.howToEnter)") }
        return day
    }
}
