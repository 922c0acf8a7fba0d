/// What an account may be at an organisation. Learner is none: an account sees its own person only.
package enum Role: String, CaseIterable, Sendable {
    case personnelOfficer, programmeLead, classAdviser, lecturer, supervisor, finance, leader
    case systemAdmin, securityAdmin, auditor

    package var word: String {
        switch self {
        case .personnelOfficer: "组织人事管理员"
        case .programmeLead: "项目负责人"
        case .classAdviser: "班主任"
        case .lecturer: "讲师"
        case .supervisor: "督导员"
        case .finance: "财务"
        case .leader: "领导"
        case .systemAdmin: "系统管理员"
        case .securityAdmin: "安全管理员"
        case .auditor: "审计员"
        }
    }

    /// What the role may do in its subtree. The three administrators see nothing of the business data.
    package var rights: Set<Right> {
        switch self {
        case .personnelOfficer: [.seeing, .keeping, .granting]
        case .leader: [.seeing]
        case .programmeLead, .classAdviser, .lecturer, .supervisor, .finance: []
        case .securityAdmin: [.granting, .administering]
        case .systemAdmin, .auditor: []
        }
    }
}

/// What may be done at a unit.
package enum Right: Sendable {
    /// Roster, ledger, figures: reading and exporting.
    case seeing
    /// Changing roster and ledger, importing.
    case keeping
    /// Giving and ending grants. It shows and changes nothing of the business data.
    case granting
    /// Locking, unlocking and closing accounts, ending their sessions. It shows and changes nothing of the business data.
    case administering
}
