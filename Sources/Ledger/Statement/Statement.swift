import Access
import Kit
import Rules

/// A person's account of hours under one policy: every entry with where it comes from, and the sums by year and account.
///
/// The accounts are what the policy adds up in hours within a year (脱产培训学时, 网络培训学时 …); a form that none of them
/// names stands under 其他. Only completed training counts, and hours accrue by calendar day (rules.md, reading 6).
package struct Statement: Sendable {
    package struct Account: Hashable, Sendable {
        /// Key of the policy's fact; empty for 其他.
        package let key: String
        package let word: String
    }

    /// How an entry came into the ledger.
    package struct Origin: Hashable, Sendable {
        package let atMilliseconds: Int64
        package let who: String
        /// Kind of the act, for example `import.training-records`.
        package let kind: String
        package let why: String

        package init(atMilliseconds: Int64, who: String, kind: String, why: String) {
            self.atMilliseconds = atMilliseconds
            self.who = who
            self.kind = kind
            self.why = why
        }
    }

    package struct Line: Sendable {
        package let entry: HourEntry
        package let account: Account
        /// 1/100 hour by year; negative for a reversal, nothing where the training was not completed.
        package let hours: [Int: Int]
        /// Of a posting the entry that took it back, of a reversal the posting it took back.
        package let counterpart: Int64?
        package let origin: Origin?
        /// Whether the posting still counts.
        package let stands: Bool
    }

    package let accounts: [Account]
    /// By the training's days, then as entered.
    package let lines: [Line]
    /// 1/100 hour by year and account; reversals are taken off.
    package let sums: [Int: [Account: Int]]
    package var years: [Int] { sums.keys.sorted() }

    package static let other = Account(key: "", word: "其他")

    /// Makes the account up to and including `day`. `origins` are by act.
    package init(_ entries: [HourEntry], under policy: Policy, through day: Day, origins: [Int64: Origin] = [:]) {
        let facts = policy.facts.filter { $0.measure == .hours && $0.window == .year }
        let accounts = facts.map { Account(key: $0.key, word: $0.word) }
        func account(_ form: String) -> Account {
            facts.firstIndex { $0.forms?.contains(form) ?? false }.map { accounts[$0] } ?? Self.other
        }
        struct Step: Hashable { let personID: Int64, key: Int64, revision: Int, sign: HourEntry.Sign }
        let byStep = Dictionary(
            entries.map { (Step(personID: $0.personID, key: $0.sourceKey, revision: $0.revision, sign: $0.sign), $0.id) },
            uniquingKeysWith: { first, _ in first })
        var sums: [Int: [Account: Int]] = [:]
        lines = entries.map { entry in
            let record = entry.record, own = account(record.form)
            let opposite = byStep[Step(
                personID: entry.personID, key: entry.sourceKey, revision: entry.revision, sign: entry.sign == .posting ? .reversal : .posting)]
            var hours: [Int: Int] = [:]
            if record.isCompleted, record.from <= day, record.outOfBounds == nil {
                let whole = Int(policy.hours(form: record.form, halfDays: record.halfDays.map(Int64.init), hours: record.hours.map(Int64.init)))
                for year in record.from.year...min(record.to, day).year {
                    let window = Day.firstDay(of: year)...min(day, Day.lastDay(of: year))
                    hours[year] = entry.sign.rawValue * Accrual.hours(whole, from: record.from, to: record.to, within: window)
                }
            }
            for (year, amount) in hours { sums[year, default: [:]][own, default: 0] += amount }
            return Line(
                entry: entry, account: own, hours: hours, counterpart: opposite, origin: origins[entry.actID],
                stands: entry.sign == .posting && opposite == nil)
        }.sorted { ($0.entry.record.from, $0.entry.record.to, $0.entry.id) < ($1.entry.record.from, $1.entry.record.to, $1.entry.id) }
        self.sums = sums
        self.accounts = accounts + (lines.contains { $0.account == Self.other } ? [Self.other] : [])
    }

    package func sum(_ year: Int, _ account: Account) -> Int { sums[year]?[account] ?? 0 }
}
