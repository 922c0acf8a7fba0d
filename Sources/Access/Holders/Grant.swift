import Kit

/// A role at an organisation, from a day to a day; it covers the subtree. As it is read the span is the one in which it
/// holds: cut to the appointment it rests on.
package struct Grant: Sendable, Hashable {
    /// 0 until the store has written it.
    package var id: Int64
    package var role: Role
    package var organizationID: Int64
    package var from: Day
    package var to: Day
    /// The appointment with which it ends.
    package var appointmentID: Int64?

    package init(id: Int64 = 0, role: Role, organizationID: Int64, from: Day, to: Day, restingOn appointmentID: Int64? = nil) {
        self.id = id
        self.role = role
        self.organizationID = organizationID
        self.from = from
        self.to = to
        self.appointmentID = appointmentID
    }

    package func covers(_ day: Day) -> Bool { from <= day && day < to }

    package func overlaps(_ other: Grant) -> Bool { max(from, other.from) < min(to, other.to) }
}

/// 分权: system, security and audit are three people's duties, and none of them is anybody's who does the daily business.
package enum Separation {
    /// Whether nobody may have both at a time.
    package static func excludes(_ a: Role, _ b: Role) -> Bool { a != b && (a.isAdministrator || b.isAdministrator) }

    /// Refusals `grant.duties` and `grant.business`. `others` are all grants of the person, whatever the account.
    package static func judge(_ grant: Grant, besides others: [Grant]) throws(Refusal) {
        guard let other = others.first(where: { $0.overlaps(grant) && excludes($0.role, grant.role) }) else { return }
        let pair = "“\(grant.role.word)”和“\(other.role.word)”"
        guard grant.role.isAdministrator, other.role.isAdministrator else {
            throw Refusal("grant.business", "同一个人不能既是管理员又办业务：\(pair)不能兼任，换一个账号也不行，没有授权。请另选一人，或先结束另一项授权。")
        }
        throw Refusal("grant.duties", "系统、安全、审计三员必须分给三个人：\(pair)不能由同一个人担任，换一个账号也不行，没有授权。请另选一人，或先结束另一项授权。")
    }
}

extension Role {
    /// One of the three separated duties.
    package var isAdministrator: Bool {
        switch self {
        case .systemAdmin, .securityAdmin, .auditor: true
        case .personnelOfficer, .programmeLead, .classAdviser, .lecturer, .supervisor, .finance, .leader: false
        }
    }

    /// Whether it speaks for its unit, so that only somebody of that unit or of one above it may have it. The others work
    /// in a class or on an inspection, and may be lent by another unit.
    package var speaksForUnit: Bool {
        switch self {
        case .personnelOfficer, .leader, .finance: true
        case .programmeLead, .classAdviser, .lecturer, .supervisor: false
        case .systemAdmin, .securityAdmin, .auditor: false
        }
    }
}
