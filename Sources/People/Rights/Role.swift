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

    /// What the role may do with the business data of its subtree. The three administrators see none of it.
    package var rights: Set<Right> {
        switch self {
        case .personnelOfficer: [.seeing, .keeping]
        case .leader: [.seeing]
        case .programmeLead, .classAdviser, .lecturer, .supervisor, .finance: []
        case .systemAdmin, .securityAdmin, .auditor: []
        }
    }
}

/// What may be done with the business data of a unit.
package enum Right: Sendable {
    /// Roster, ledger, figures: reading and exporting.
    case seeing
    /// Changing roster and ledger, importing.
    case keeping
}
