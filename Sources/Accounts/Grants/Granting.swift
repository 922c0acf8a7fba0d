import Access
import Kit
import Register

/// What one account may give and end: downwards only, nothing to itself, and nothing more than it has.
package struct Granting: Sendable {
    /// Who gives, and the files of that account's person, merged ones included.
    let account: Int64
    let files: Set<Int64>
    /// Held today.
    let grants: [Grant]
    let tree: OrgTree
    /// Units that are not there today, with what is above them.

    init(account: Int64, files: Set<Int64>, grants: [Grant], tree: OrgTree) {
        self.account = account
        self.files = files
        self.grants = grants.filter { $0.covers(tree.day) }
        self.tree = tree
    }

    /// Whom a grant is given to.
    struct Receiver: Sendable {
        let account: Account
        /// The account's person, merged files followed and included; empty for an account without one.
        let files: Set<Int64>
        let posts: [Appointment]
        /// What the person has already, whatever the account.
        let grants: [Grant]
        /// What else than grants the giver brought about of it lately.
        var madeByGiver: Independence.Deed?
        /// Whether the giver came from the receiver, or the key to both from somebody else.
        var isTied = false
    }

    // MARK: Where

    /// Whether a role may be given, and a grant of it ended, at a unit. Refusals `grant.outside`, `grant.onlySecurity`,
    /// `grant.onlyRoot`, `grant.level`.
    func judge(_ role: Role, at unit: Int64) throws(Refusal) {
        let over = grants.filter { isInside(unit, $0.organizationID) }
        guard over.contains(where: { $0.role.rights.contains(.granting) }) else {
            throw Refusal("grant.outside", "这个单位不在您的授权范围内，没有授权。请选您单位或下级单位，或者找上级工会办理。")
        }
        if role.isAdministrator {
            guard over.contains(where: { $0.role == .securityAdmin && isRoot($0.organizationID) }) else {
                throw Refusal("grant.onlySecurity", "“\(role.word)”只能由\(rootName)的安全管理员授予和收回。请与其联系办理。")
            }
            guard role == .securityAdmin || isRoot(unit) else {
                throw Refusal("grant.onlyRoot", "“\(role.word)”管的是整个系统，只能授在\(rootName)。请把单位改为\(rootName)。")
            }
            return
        }
        // A security administrator gives what he has not: whom he gives it to is another, and the record shows both.
        if over.contains(where: { $0.role == .securityAdmin }) { return }
        let isBelow = over.contains { $0.organizationID != unit && role.rights.isSubset(of: $0.role.rights) && $0.role.rights.contains(.granting) }
        let isLess = over.contains { role.rights.isStrictSubset(of: $0.role.rights) && $0.role.rights.contains(.granting) }
        guard isBelow || isLess else {
            let name = tree.unit(unit)?.name ?? "这个单位"
            throw Refusal("grant.level", "“\(role.word)”在\(name)与您平级，不能由您授予或收回。请找上一级工会的组织人事管理员或安全管理员办理。")
        }
    }

    func may(_ role: Role, at unit: Int64) -> Bool { (try? judge(role, at: unit)) != nil }

    /// The roles that may be given somewhere, in their order.
    var roles: [Role] {
        let units = grants.filter { $0.role.rights.contains(.granting) }.flatMap { [$0.organizationID] + (tree.children(of: $0.organizationID).first.map { [$0.id] } ?? []) }
        return Role.allCases.filter { role in units.contains { may(role, at: $0) } }
    }

    // MARK: To whom

    /// Whether a grant may be given to somebody. Besides those of the place, refusals `grant.self`, `grant.closed`,
    /// `grant.made`, `grant.tied`, `grant.past`, `grant.span`, `grant.noAppointment`, `grant.appointment`, `grant.twice`, `grant.duties`, `grant.business`.
    func judge(_ grant: Grant, to receiver: Receiver) throws(Refusal) {
        try judge(grant.role, at: grant.organizationID)
        guard !isOwn(receiver.account.id, receiver.files) else {
            throw Refusal("grant.self", "不能给自己授权，换一个本人的账号也不行。请由上级工会的组织人事管理员或安全管理员办理。")
        }
        guard receiver.account.state != .closed else {
            throw Refusal("grant.closed", "账号“\(receiver.account.name)”已经停用，不能授权。请先让本人重新激活账号，或另选账号。")
        }
        // What the giver has not, another must have: not an account that the giver holds the key to.
        let hasIt = grants.contains {
            tree.isInside(grant.organizationID, subtreeOf: $0.organizationID) && grant.role.rights.isSubset(of: $0.role.rights) && $0.role.rights.contains(.granting)
        }
        if let deed = receiver.madeByGiver, !hasIt {
            throw Refusal(
                "grant.made", "账号“\(receiver.account.name)”的\(deed.word)是您或您办理的人在最近 \(Independence.days) 天里办的，“\(grant.role.word)”不能再由您授予。请由另一位安全管理员或上级工会的组织人事管理员授权。")
        }
        guard hasIt || !receiver.isTied else {
            throw Refusal(
                "grant.tied", "您和账号“\(receiver.account.name)”不是互不相干的两个人：最近 \(Independence.days) 天里，其中一方的账号、码或授权是另一方办的，或者双方的是同一个人办的，“\(grant.role.word)”不能由您授予。请由另一位安全管理员或上级工会的组织人事管理员授权。")
        }
        guard grant.from >= tree.day else { throw Refusal("grant.past", "开始日期已经过去，授权不能补到以前。请填今天或以后的日期。") }
        guard grant.from < grant.to else { throw Refusal("grant.span", "结束日期应在开始日期之后，这里正好相反或是同一天。请改正日期，长期有效的把结束日期空着。") }
        if let id = grant.appointmentID {
            guard let post = receiver.posts.first(where: { $0.id == id }), post.to > tree.day, max(post.from, grant.from) < min(post.to, grant.to) else {
                throw Refusal("grant.appointment", "所选的任职不是本人在这段时间内的任职。请重新选择任职，或改正日期。")
            }
            guard grants.contains(where: { $0.role.rights.contains(.granting) && tree.isInside(post.organizationID, subtreeOf: $0.organizationID) }) else {
                throw Refusal("grant.appointment", "所选的任职不在您管理的单位里，不能依托它授权。请选本人在您单位或下级单位的任职。")
            }
            guard !grant.role.speaksForUnit || tree.isInside(grant.organizationID, subtreeOf: post.organizationID) else {
                throw Refusal("grant.appointment", "“\(grant.role.word)”应由本单位或上级单位的人担任，所选的任职不在那里。请改选单位，或选另一任职。")
            }
        } else if !grant.role.isAdministrator {
            throw Refusal(
                "grant.noAppointment",
                receiver.files.isEmpty
                    ? "账号“\(receiver.account.name)”没有对应名册里的人，不能授予“\(grant.role.word)”。请改选本人的账号；还没有的，先为其制作激活码。"
                    : "“\(grant.role.word)”必须依托本人的一个现任职，离任时随之结束。请选一个任职；名册里没有的，请先登记任职。")
        }
        let name = tree.unit(grant.organizationID)?.name ?? ""
        guard !receiver.grants.contains(where: { $0.role == grant.role && $0.organizationID == grant.organizationID && $0.overlaps(grant) }) else {
            throw Refusal("grant.twice", "本人在这段时间内已经是\(name)的“\(grant.role.word)”，不用再授。请核对日期；要改期限的，先结束原来的授权。")
        }
        try Separation.judge(grant, besides: receiver.grants)
    }

    /// Whether a grant may be ended. Refusals of the place, and `grant.self`.
    func judgeEnding(_ grant: Grant, of account: Int64, files: Set<Int64>) throws(Refusal) {
        guard !isOwn(account, files) else {
            throw Refusal("grant.self", "不能结束自己的授权。请由上级工会的组织人事管理员或安全管理员办理。")
        }
        try judge(grant.role, at: grant.organizationID)
    }

    /// A unit that is no more stands where it stood last.
    private func isInside(_ unit: Int64, _ top: Int64) -> Bool {
        var unit = unit, steps = 0
        while tree.unit(unit) == nil, let parent = tree.absent[unit]?.facts.parentID, steps < 64 {
            unit = parent
            steps += 1
        }
        return tree.isInside(unit, subtreeOf: top)
    }

    private func isOwn(_ other: Int64, _ otherFiles: Set<Int64>) -> Bool { other == account || !files.isDisjoint(with: otherFiles) }
    private func isRoot(_ unit: Int64) -> Bool { tree.unit(unit)?.depth == 0 }
    private var rootName: String { tree.roots.first?.name ?? "最上级单位" }
}
