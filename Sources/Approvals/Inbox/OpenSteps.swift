import Access
import Kit

/// How many steps are open for whom, kept in memory: the menu of every page says how much waits.
package final class OpenSteps: Sendable {
    struct Counts: Sendable {
        var steps: [(kind: Approval.Key, decider: ApprovalStep.Decider, count: Int)]
        var returned: [(kind: Approval.Key, organization: Int64, count: Int)]
        var isEmpty: Bool { steps.isEmpty && returned.isEmpty }
    }

    private let live = LiveValue<Counts>(of: [ApprovalStore.subject])

    package init() {}

    func counts(in db: Reading) throws -> Counts {
        try live.value(in: db) { Counts(steps: try ApprovalStore.counts(in: db), returned: try ApprovalStore.returned(in: db)) }
    }
}

extension House {
    var openSteps: OpenSteps { part() }
}
