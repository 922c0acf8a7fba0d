import Kit
import Rules

/// A unit's decision to be held to a policy from a day on. What lies below inherits it, unless it adopts its own of the same subject.
package struct Adoption: Hashable, Sendable, Identifiable {
    package let id: Int64
    package let organizationID: Int64
    /// What the policy was about when it was adopted.
    package let subject: String
    /// The id of the policy.
    package let policy: String
    package let from: Day
    /// The first day on which it no longer holds.
    package var to: Day

    package init(id: Int64, organizationID: Int64, subject: String, policy: String, from: Day, to: Day) {
        self.id = id
        self.organizationID = organizationID
        self.subject = subject
        self.policy = policy
        self.from = from
        self.to = to
    }

    package func covers(_ day: Day) -> Bool { from <= day && day < to }

    /// `2019-01-01 起`, `2019-01-01 至 2021-12-31`.
    package var spanInWords: String { to == .open ? "\(from) 起" : "\(from) 至 \(to - 1)" }

    /// What adopting a policy comes to beside what the unit has adopted already: which adoption ends on that day, and until when the new
    /// one holds. Refusals `adoption.period`, `adoption.sameDay`, `adoption.same`.
    package static func adopt(_ policy: Policy, from: Day, besides others: [Adoption]) throws(Refusal) -> (ended: Adoption?, to: Day) {
        guard policy.speaks(of: from.number) else {
            throw Refusal("adoption.period", "\(policy.title)的期间是 \(Day(number: policy.periodStart)) 至 \(Day(number: policy.periodEnd))，不含 \(from)；请换一个日期。")
        }
        let same = others.filter { $0.subject == policy.subject }
        guard !same.contains(where: { $0.from == from }) else {
            throw Refusal("adoption.sameDay", "从 \(from) 起已经采用了一份“\(policy.subjectWord)”的政策；采用错了的请先撤回，要换的请换一个日期。")
        }
        var ended = same.first { $0.covers(from) }
        guard ended?.policy != policy.id else { throw Refusal("adoption.same", "\(from) 这一天本来就采用着\(policy.title)；不用再采用。") }
        ended?.to = from
        return (ended, same.map(\.from).filter { $0 > from }.min() ?? .open)
    }

    /// The same ended from a day on. Refusals `adoption.over`, `adoption.notBegun`.
    package func ending(on day: Day) throws(Refusal) -> Adoption {
        guard day < to else { throw Refusal("adoption.over", "这次采用到 \(to - 1) 为止，已经早于所填的日期；请核对。") }
        guard day > from else { throw Refusal("adoption.notBegun", "结束的日期要晚于采用的第一天 \(from)；采用错了的请用“撤回”。") }
        var ended = self
        ended.to = day
        return ended
    }
}
