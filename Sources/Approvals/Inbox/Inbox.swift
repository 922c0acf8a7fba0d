import Access
import Kit

/// What waits for somebody: open steps that are their turn, and what was sent back to them.
package enum Inbox {
    /// What a list is of.
    enum View: String, CaseIterable, Sendable {
        case waiting, asked, decided

        var word: String {
            switch self {
            case .waiting: "待我办理"
            case .asked: "我方提出"
            case .decided: "已办结"
            }
        }
    }

    /// A row of a list.
    struct Row: Sendable {
        let approval: Approval
        let line: ApprovalLine
        /// The open step that is the reader's turn; nil where it is not.
        let step: ApprovalStep?
        /// The name of the one in whose absence it would be decided.
        let standsFor: String?
        let askedMilliseconds: Int64?
        let isTogether: Bool
        /// What would be consented to on the spot.
        let parts: [ApprovalPart]

        var due: Day? { step?.due }
    }

    /// Where a page of the waiting list begins: after a due day, an approval and a step.
    static func cursor(_ after: String?) -> (due: Int64, id: Int64, place: Int64)? {
        let parts = (after ?? "").split(separator: "~").compactMap { Int64($0) }
        return parts.count == 3 ? (parts[0], parts[1], parts[2]) : nil
    }

    static func key(_ waiting: ApprovalStore.Waiting) -> String {
        "\(waiting.step.due?.number ?? Day.open.number)~\(waiting.approvalID)~\(waiting.step.place)"
    }

    /// Until when, as one reads it.
    static func due(_ day: Day, _ today: Day) -> String {
        switch day - today {
        case 0: "今天到期"
        case 1: "明天到期"
        case ..<0: "\(day) 已过期"
        default: "\(day) 到期"
        }
    }

    // MARK: - counts

    /// How many wait for somebody, by kind.
    static func counts(_ turns: ApprovalTurns, _ house: House, in db: Reading) throws -> [Approval.Key: Int] {
        let open = try house.openSteps.counts(in: db)
        var found: [Approval.Key: Int] = [:]
        for (kind, decider, count) in open.steps where turns.turn(of: decider) != nil { found[kind, default: 0] += count }
        guard turns.signedIn.scope.isAnywhere(.keeping) else { return found }
        for (kind, unit, count) in open.returned where turns.scope.covers(unit, for: .keeping) { found[kind, default: 0] += count }
        return found
    }

    /// All together, for the menu; nil where nothing does.
    package static func count(_ signedIn: SignedIn, _ house: House, in db: Reading) throws -> Int? {
        // Whose turn it is is read only where anything waits for anybody.
        guard try !house.openSteps.counts(in: db).isEmpty else { return nil }
        let count = try counts(ApprovalTurns(signedIn, in: db), house, in: db).values.reduce(0, +)
        return count == 0 ? nil : count
    }

    // MARK: - lists

    /// Things on a page: each takes three lines, and is read before it is decided.
    static let pageSize = 50

    /// What is somebody's turn, by due day, one more than a page where there is more.
    static func waiting(_ kind: Approval.Key?, after: String?, limit: Int, _ eye: ApprovalEye, in db: Reading) throws -> [ApprovalStore.Waiting] {
        var found: [ApprovalStore.Waiting] = [], next = cursor(after), size = limit
        // Often all is their turn; where it is not, more is read at once.
        while found.count < limit {
            let some = try ApprovalStore.waiting(after: next, limit: size, in: db)
            found += some.filter { (kind == nil || $0.kind == kind) && eye.turns.turn(of: $0.step.decider) != nil }
            guard some.count == size, let last = some.last else { break }
            (next, size) = (cursor(key(last)), 500)
        }
        return Array(found.prefix(limit))
    }

    /// What was sent back to those for whom somebody speaks.
    static func returned(_ kind: Approval.Key?, _ eye: ApprovalEye, in db: Reading) throws -> [Approval] {
        try ApprovalStore.returned(kind, in: db) { eye.scope.covers($0, for: .keeping) }
    }

    /// Rows in the order of these approvals, each kind's lines read at once. What a kind has no line for is left out.
    static func rows(_ approvals: [(approval: Approval, step: ApprovalStep?)], _ eye: ApprovalEye, in db: Reading) throws -> [Row] {
        var lines: [Int64: ApprovalLine] = [:], together: [Approval.Key: ApprovalKind] = [:]
        for (key, some) in Dictionary(grouping: approvals.map(\.approval), by: \.kind) {
            guard let kind = some.first.flatMap(eye.house.features.kind) else { continue }
            if kind.isTogether { together[key] = kind }
            for (one, line) in zip(some, try kind.lines(some, eye, db)) { lines[one.id] = line }
        }
        let asked = try ApprovalStore.asked(approvals.map(\.approval.id), in: db)
        return try approvals.compactMap { approval, step in
            let kind = step == nil ? nil : together[approval.kind]
            return try lines[approval.id].map { line in
                Row(
                    approval: approval, line: line, step: step, standsFor: step.flatMap { eye.turn(of: $0)?.standsFor?.account.displayName },
                    askedMilliseconds: asked[approval.id], isTogether: kind != nil, parts: try kind?.parts(approval, eye, db) ?? [])
            }
        }
    }
}
