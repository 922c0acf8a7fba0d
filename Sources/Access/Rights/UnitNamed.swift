import Kit
import Register

extension Scope {
    /// The unit that somebody typed by code or full name. Throws `unit.unknown` for one that is not there or not theirs,
    /// `unit.twice` for a name that several bear.
    package func unit(typed: String, for right: Right) throws -> OrgTree.Unit {
        let typed = typed.filter { !$0.isWhitespace }
        guard !typed.isEmpty else { throw Refusal("unit.unknown", "单位没有填；请填单位编码或全称") }
        if let unit = tree.unit(code: typed), covers(unit.id, for: right) { return unit }
        let named = units(for: right).filter { $0.name == typed }
        guard named.count < 2 else {
            throw Refusal("unit.twice", "叫“\(typed)”的单位有 \(named.count) 个；请改填单位编码")
        }
        guard let unit = named.first else { throw Refusal("unit.unknown", "在您管理的单位里没有找到“\(typed)”；请填单位编码或全称") }
        return unit.subject
    }
}
