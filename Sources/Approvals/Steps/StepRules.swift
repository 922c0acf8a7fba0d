import Access
import Kit

/// Who decides what is asked for, in which order and until when: `Policies/approvals.yaml`.
package struct StepRules: Sendable {
    /// A unit as the rules name it, from the one that asks and the one that is asked.
    package enum Place: String, CaseIterable, Sendable {
        case own, asked, above, common, root
    }

    package enum Decider: Hashable, Sendable {
        case role(Role, Place)
        /// Whom a column of the content names.
        case person(column: String)
    }

    package struct Step: Hashable, Sendable {
        package let decider: Decider
        /// Days for it from the day its turn comes; nil where no rule sets any.
        package let within: Int?
        /// Days before the end on which those who are to decide are told again.
        package let remind: [Int]

        package init(_ decider: Decider, within: Int? = nil, remind: [Int] = []) {
            self.decider = decider
            self.within = within
            self.remind = remind
        }
    }

    /// One turn after the other; the steps of a turn go on beside each other.
    package typealias Course = [[Step]]

    struct Exception: Sendable {
        let unit: String
        let from: Day
        let course: Course
    }

    struct Kind: Sendable {
        var course: Course
        /// For a unit and everything below it, from a day on.
        var exceptions: [Exception] = []
    }

    private let kinds: [String: Kind]

    init(_ kinds: [String: Kind]) { self.kinds = kinds }

    /// The steps for what a unit asks on a day: `path` holds the codes of the units from the root to it, of which the nearest
    /// with an exception in force rules. Empty for a kind that has none.
    package func course(of kind: String, along path: [String], on day: Day) -> Course {
        guard let rules = kinds[kind] else { return [] }
        for code in path.reversed() {
            if let exception = rules.exceptions.filter({ $0.unit == code && $0.from <= day }).max(by: { $0.from < $1.from }) { return exception.course }
        }
        return rules.course
    }
}
