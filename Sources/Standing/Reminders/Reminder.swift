import Figures
import Kit
import Rules

/// 提醒: what one of the people behind a figure still lacks, and until when: as that person is told.
struct Reminder: Hashable, Sendable {
    let person: Int64
    /// `26 学时脱产培训`.
    let lacking: String
    /// The last day on which training counts.
    let deadline: Day
    /// The whole sentence.
    let text: String

    /// Of somebody whom a figure's list has, with the head there, or whose clock runs. Nil for whoever lacks nothing that could still be done; of what is over nobody is told.
    init?(_ number: Int32, _ head: Explanation.Head?, _ told: UnitExplanation, _ cube: Cube, _ view: Facts.View, today: Day) {
        let index = told.explanation.finding.line, policy = told.frame.policy, title = told.rule.title
        guard told.isOpen(today: today) else { return nil }
        person = view.personID(number)
        switch told.line.shape {
        case .share:
            // Several clocks of one person: the one that runs out first is told.
            let open = cube.standing(of: number).filter { $0.line == index && $0.verdict != .met && $0.deadline >= today.number }
            guard let first = open.min(by: { $0.deadline < $1.deadline }) else { return nil }
            let words = Dues.lackingInWords(Dues.nearestFirst(cube.needs(of: first).map { $0.map { Dues.Need($0, policy) } }))
            guard !words.isEmpty else { return nil }
            lacking = words
            deadline = Day(number: first.deadline)
            text = first.isOwed ? "“\(title)”您还需\(words)，截止 \(deadline)。" : "“\(title)”按人数计算，您还差\(words)，截止 \(deadline)。"
        case .mean:
            guard let head, head.hoursLacking > 0, let first = told.explanation.facts.first else { return nil }
            let fact = policy.facts[first], had = Int(head.amounts.first ?? 0)
            let need = Dues.Need(fact: fact.key, account: fact.account, measure: fact.measure, had: had, needed: had + Int(head.hoursLacking))
            lacking = "\(need.words(need.lacking))\(need.account)"
            deadline = fact.window == .period ? Day(number: policy.periodEnd) : .lastDay(of: told.frame.year)
            text = "“\(title)”要求人均 \(need.words(need.needed))，您还差\(need.words(need.lacking))，截止 \(deadline)。"
        case .total, .times, .norm, .vacancy, .hosted, .trainings: return nil
        }
    }
}

/// Who is reminded and who is not: decided in the same way for the preview and in the act.
struct ReminderPlan: Sendable {
    /// Why somebody is not told anything.
    enum Reason: CaseIterable, Sendable {
        case done, unreachable, today, notKept

        var words: String {
            switch self {
            case .done: "没有还差的，不用提醒"
            case .unreachable: "没有可用的账号，收不到"
            case .today: "今天已经提醒过"
            case .notKept: "现在不归您管理"
            }
        }
    }

    struct One: Sendable {
        let person: Int64
        let name: String
        let unit: String
    }

    var told: [(one: One, reminder: Reminder)] = []
    var left: [(one: One, reason: Reason)] = []

    /// Stands for what was previewed.
    var digest: String { Fingerprint.text(of: told.map { "\($0.one.person) \($0.reminder.text)" }.joined(separator: "\n")) }
}
