import Kit
import Rules

/// Which policies bind which units, and when: what a unit has adopted, else what the nearest unit above it has, else the only loaded file of
/// the subject whose period holds the day. Every page, clock and export asks here. A value: asked often, from any thread.
package struct Bindings: Sendable {
    /// A policy that binds, and through whom: nil where nobody has adopted any of its subject.
    package struct Binding: Sendable {
        package let policy: Policy
        package let adoption: Adoption?
    }

    /// What binds of one subject.
    package enum Answer: Sendable {
        case one(Binding)
        case none
        /// Nobody has adopted any of them, and the files alone do not decide.
        case several([Policy])
        /// The file of what was adopted is not loaded.
        case missing(Adoption)
    }

    package let adoptions: [Adoption]
    private let library: PolicyLibrary
    private let history: OrgHistory
    private let own: [Place: [Adoption]]
    /// By subject the files that bind whoever has adopted none: not those that say only what differs from another.
    private let usual: [String: [Policy]]
    /// In the order in which pages name them.
    package let subjects: [String]

    private struct Place: Hashable { let unit: Int64, subject: String }

    package init(_ adoptions: [Adoption], _ library: PolicyLibrary, _ history: OrgHistory) {
        self.adoptions = adoptions
        self.library = library
        self.history = history
        own = Dictionary(grouping: adoptions) { Place(unit: $0.organizationID, subject: $0.subject) }
        usual = Dictionary(grouping: library.policies.filter { !$0.isException }, by: \.subject)
        let known = library.vocabulary.subjects.keys, told = Set(library.policies.map(\.subject) + adoptions.map(\.subject))
        subjects = known.filter(told.contains) + told.subtracting(known).sorted()
    }

    // MARK: - on a day

    /// What binds a unit of one subject on a day. Without a unit, what binds where nobody has adopted anything. What was adopted binds no
    /// longer than its own period.
    package func answer(_ subject: String, at unit: Int64?, on day: Day) -> Answer {
        if !adoptions.isEmpty, let unit {
            for above in history.line(of: unit, on: day) {
                guard let adoption = own[Place(unit: above, subject: subject)]?.first(where: { $0.covers(day) }) else { continue }
                guard let policy = library[adoption.policy] else { return .missing(adoption) }
                if policy.speaks(of: day.number) { return .one(Binding(policy: policy, adoption: adoption)) }
            }
        }
        let speaking = (usual[subject] ?? []).filter { $0.speaks(of: day.number) }
        guard let policy = speaking.first else { return .none }
        return speaking.count == 1 ? .one(Binding(policy: policy, adoption: nil)) : .several(speaking)
    }

    /// The policies that bind a unit on a day, and through whom.
    package func bindings(at unit: Int64?, on day: Day) -> [Binding] {
        subjects.compactMap { if case .one(let binding) = answer($0, at: unit, on: day) { binding } else { nil } }
    }

    /// The policies that bind a unit on a day.
    package func policies(at unit: Int64?, on day: Day) -> [Policy] { bindings(at: unit, on: day).map(\.policy) }

    /// The policies that bind a unit or any below it on a day.
    package func policies(inSubtreeOf unit: Int64, on day: Day, _ tree: OrgTree) -> [Policy] {
        let below = Set(adoptions.filter { $0.covers(day) && tree.isInside($0.organizationID, subtreeOf: unit) }.map(\.organizationID))
        let bound = Set(([unit] + below).flatMap { policies(at: $0, on: day).map(\.id) })
        return library.policies.filter { bound.contains($0.id) }
    }

    /// How records of a unit's people are held against each other that say days and hours both; nil where no policy says it.
    package func conversion(at unit: Int64?, on day: Day) -> Policy.Conversion? {
        policies(at: unit, on: day).first { $0.conversion?.isBinding == true }?.conversion
    }

    // MARK: - about a day

    /// Of each subject the policy that binds a unit on a day, else the one that did last, else the one that will first: what pages tell of
    /// when they were asked for nothing else.
    package func nearest(at unit: Int64?, on day: Day) -> [Policy] {
        subjects.compactMap { subject in
            let files = library.policies.filter { $0.subject == subject }, mine = adoptions.filter { $0.subject == subject }
            let ends = Set(files.map { Day(number: $0.periodEnd) } + mine.map { $0.to - 1 }).filter { $0 < day }.sorted(by: >)
            let starts = Set(files.map { Day(number: $0.periodStart) } + mine.map(\.from)).filter { $0 > day }.sorted()
            for day in [day] + ends + starts {
                switch answer(subject, at: unit, on: day) {
                case .one(let binding): return binding.policy
                case .none: continue
                case .several, .missing: return nil
                }
            }
            return nil
        }
    }

    /// The years on whose last day a policy of the subject binds a unit.
    package func years(of subject: String, at unit: Int64?) -> [Int] {
        let files = library.policies.filter { $0.subject == subject }
        guard let first = files.map(\.years.lowerBound).min(), let last = files.map(\.years.upperBound).max() else { return [] }
        return (first...last).filter { if case .one = answer(subject, at: unit, on: .lastDay(of: $0)) { true } else { false } }
    }

    /// The policy by which an account of hours is kept of somebody of a unit. Refusal `policy.none`.
    package func account(at unit: Int64?, on day: Day) throws(Refusal) -> Policy {
        let all = nearest(at: unit, on: day).filter { $0.conversion != nil }
        guard let policy = all.first(where: { $0.conversion?.isBinding == true }) ?? all.first else { throw noPolicy(at: unit, on: day, undecided(at: unit, on: day)) }
        return policy
    }

    // MARK: - one of them

    /// The policy by which a question about a unit's figures in a year is answered that names none: what binds on the year's last day; what
    /// was adopted before what only is loaded. Refusals `policy.none`, `policy.several`.
    package func only(at unit: Int64, year: Int, where fits: (Policy) -> Bool) throws(Refusal) -> Policy {
        let day = Day.lastDay(of: year), bound = bindings(at: unit, on: day).filter { fits($0.policy) }
        let adopted = bound.filter { $0.adoption != nil }.map(\.policy)
        let found = adopted.isEmpty ? bound.map(\.policy) + undecided(at: unit, on: day).filter(fits) : adopted
        guard let policy = found.first else { throw noPolicy(at: unit, on: day, []) }
        guard found.count == 1 else { throw Self.several(found, at: history.name(unit), on: day) }
        return policy
    }

    /// The policy with which pages of a unit's figures open that were asked for none, and the year; where a year is asked, only what binds in
    /// it. Refusals `policy.none`, `policy.several`.
    package func opening(at unit: Int64, year: Int?, today: Day) throws(Refusal) -> (policy: Policy, year: Int) {
        let day = Day.lastDay(of: year ?? today.year)
        let found = (year == nil ? nearest(at: unit, on: day) : policies(at: unit, on: day)).first { !$0.lines.isEmpty }
        guard let policy = found else { throw noPolicy(at: unit, on: day, undecided(at: unit, on: day)) }
        return (policy, year ?? min(max(today.year, policy.years.lowerBound), policy.years.upperBound))
    }

    /// Files among which nobody has decided.
    private func undecided(at unit: Int64?, on day: Day) -> [Policy] {
        subjects.flatMap { subject -> [Policy] in
            if case .several(let files) = answer(subject, at: unit, on: day) { return files }
            return []
        }
    }

    private func noPolicy(at unit: Int64?, on day: Day, _ undecided: [Policy]) -> Refusal {
        let name = unit.map { history.name($0) } ?? "这里"
        if !undecided.isEmpty { return Self.several(undecided, at: name, on: day) }
        for subject in subjects {
            if case .missing(let adoption) = answer(subject, at: unit, on: day) {
                return Refusal("policy.none", "\(history.name(adoption.organizationID))采用的政策“\(adoption.policy)”没有加载；请系统管理员放回它的文件。")
            }
        }
        return Refusal("policy.none", "\(day) 这一天没有约束\(name)的政策；请换一个年份，或先在“政策”里采用。")
    }

    private static func several(_ found: [Policy], at name: String, on day: Day) -> Refusal {
        Refusal("policy.several", "\(day) 这一天，\(name)可用的政策有 \(found.count) 份：\(found.map { "\($0.id)（\($0.title)）" }.joined(separator: "、"))；请指明是哪一份，或先在“政策”里采用其中一份。")
    }
}
