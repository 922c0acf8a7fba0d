import Access
import Certificates
import Kit
import Ledger
import People
import Register
import Rules

/// 培训教育档案 (rules E1, E2): who somebody is, the posts over time, the trainings with their hours, the certificates;
/// as pages, the extract on paper and the extract as data tell it.
package struct Archive: Sendable {
    package let person: Person
    /// Whole; pages mask them.
    package let idNumber: String
    package let phone: String?
    /// By their first day.
    package let posts: [Appointment]
    package let certificates: [PostCertificate]
    package let statement: Statement
    /// The policy by which days become hours and accounts are told apart.
    package let policy: Policy
    package let vocabulary: Vocabulary
    package let roster: RosterWords
    /// Names of the units of posts and hosts.
    package let units: [Int64: String]
    package let objections: [Objection]
    package let today: Day

    package static func of(_ person: Person, _ signedIn: SignedIn, _ library: PolicyLibrary, _ numbers: PersonalNumbers, in db: Reading) throws -> Archive {
        let posts = try RosterStore.appointments(of: [person.id], in: db).sorted { ($0.from, $0.id) < ($1.from, $1.id) }
        let policy = try AdoptionStore.bindings(library, signedIn.scope.tree.history, in: db).account(at: posts.home(on: signedIn.today)?.organizationID, on: signedIn.today)
        let statement = try StatementStore.statement(of: person.id, under: policy, through: signedIn.today, from: db)
        let scope = ScopeOverTime(signedIn.scope)
        let ids = Set(posts.map(\.organizationID) + statement.lines.compactMap(\.entry.record.hostID))
        return Archive(
            person: person, idNumber: try RosterStore.idNumber(of: person, numbers: numbers).text,
            phone: try RosterStore.phone(of: person, numbers: numbers), posts: posts,
            certificates: try CertificateStore.certificates(of: person.id, in: db), statement: statement, policy: policy,
            vocabulary: library.vocabulary, roster: RosterWords(library),
            units: Dictionary(ids.map { ($0, scope.name($0)) }, uniquingKeysWith: { first, _ in first }),
            objections: try ObjectionStore.objections(of: person.id, in: db), today: signedIn.today)
    }

    /// An account of hours as the archive tells them apart: those the policy adds up, and each other form by itself.
    package struct Account: Hashable, Sendable {
        package let key: String
        package let word: String
        /// 计入什么.
        package let counts: String
    }

    package func account(of line: Statement.Line) -> Account {
        guard line.account == Statement.other else {
            let fact = policy.facts.first { $0.key == line.account.key }
            return Account(key: line.account.key, word: fact?.account ?? line.account.word, counts: "计入年度\(line.account.word)")
        }
        let form = line.entry.record.form
        return Account(key: form, word: vocabulary.forms.word(of: form), counts: "单独登记，不计入年度学时要求")
    }

    /// The accounts that hold anything, those of the policy first.
    package var accounts: [Account] {
        var found: [Account] = []
        for line in statement.lines {
            let account = account(of: line)
            if !found.contains(account) { found.append(account) }
        }
        let order = policy.facts.map(\.key) + vocabulary.forms.keys
        return found.sorted { (order.firstIndex(of: $0.key) ?? .max) < (order.firstIndex(of: $1.key) ?? .max) }
    }

    /// 1/100 hour by year and account; reversals are taken off.
    package var totals: [Int: [Account: Int]] {
        var totals: [Int: [Account: Int]] = [:]
        for line in statement.lines {
            for (year, hours) in line.hours { totals[year, default: [:]][account(of: line), default: 0] += hours }
        }
        return totals
    }

    /// Trainings that stand, by their last day, the latest first.
    package var trainings: [Statement.Line] {
        statement.lines.filter(\.stands).sorted { ($0.entry.record.to, $0.entry.id) > ($1.entry.record.to, $1.entry.id) }
    }

    /// All steps of the source that a line belongs to, as entered.
    package func chain(of line: Statement.Line) -> [Statement.Line] {
        statement.lines.filter { $0.entry.personID == line.entry.personID && $0.entry.sourceKey == line.entry.sourceKey }.sorted { $0.entry.id < $1.entry.id }
    }

    /// Lines whose source has more than one step.
    package var corrected: Set<Int64> {
        struct Source: Hashable { let person: Int64, key: Int64 }
        let chains = Dictionary(grouping: statement.lines) { Source(person: $0.entry.personID, key: $0.entry.sourceKey) }
        return Set(chains.values.filter { $0.count > 1 }.joined().map(\.entry.id))
    }

    package func unit(_ id: Int64?) -> String { id.flatMap { units[$0] } ?? "" }

    /// Who held a training: the host, and the institution where it is another.
    package func host(_ record: TrainingRecord) -> String {
        let host = unit(record.hostID)
        return [host, record.institution == host ? "" : record.institution].filter { !$0.isEmpty }.joined(separator: " · ")
    }

    /// The post that says where the person is, or last was.
    package var post: Appointment? { posts.home(on: today) }

    /// The objection to a thing that still waits for an answer.
    package func open(about id: Int64) -> Objection? { objections.first { $0.approval.subjectID == id && $0.approval.state.isOpen } }
}

extension TrainingRecord {
    /// `2022-03-05`, `2022-03-05 至 2022-03-09`.
    package var spanInWords: String { from == to ? "\(from)" : "\(from) 至 \(to)" }

    /// 天数 and 学时 as they were written.
    package var amountInWords: String {
        [halfDays.map { Numbers.hours($0 * 50) + " 天" }, hours.map { Numbers.hours($0) + " 学时" }].compactMap { $0 }.joined(separator: "，")
    }
}

extension Statement.Origin {
    /// How it came in, in words: 导入“名册.xlsx”.
    package var way: String {
        switch kind {
        case Unmaking.act, Unmaking.entered: "撤回：\(why)"
        case let kind where kind.hasPrefix("import."): why.isEmpty ? "导入" : "导入“\(why)”"
        case "demo.fill", "demo.live": why
        case "entry.correct": "更正：\(why)"
        case "entry.reverse": "撤销：\(why)"
        case "person.merge": "合并重复档案：\(why)"
        default: why.isEmpty ? "登记" : why
        }
    }
}
