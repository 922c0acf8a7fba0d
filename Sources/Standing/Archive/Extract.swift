import Access
import Certificates
import Foundation
import Kit
import Ledger
import People
import Register

/// Everything that is held on one person, for the person to take away: as JSON, and as the data of the PDF.
/// docs/extract.md describes the format; what a field means changes only with `version`.
package struct Extract: Sendable {
    package static let version = 1
    package static let fileName = "extract.json"

    package let archive: Archive
    /// Who answers for the record: the unit, and its officer where there is one.
    package let responsible: (unit: String, officer: String?)
    package let accounts: [(account: Account, grants: [Grant])]
    package let messages: [Message]
    /// How the account sees its lists.
    package let savedViews: [SavedView]
    package let events: [PersonHistory.Event]
    /// Who looked at the file or at whole numbers.
    package let views: [FileView]
    /// Names of units that grants are at.
    package let places: [Int64: String]
    /// Whether personal numbers are masked, for showing the extract to others.
    package let isMasked: Bool

    package static func of(_ archive: Archive, masked isMasked: Bool, _ features: FeatureSet, _ signedIn: SignedIn, in db: Reading) throws -> Extract {
        let person = archive.person, scope = ScopeOverTime(signedIn.scope)
        let changes = try RosterStore.changes(of: person.id, in: db)
        let named = try RosterStore.people(
            Array(Set(changes.flatMap { [$0.before, $0.after] }.flatMap { [$0?.int("merged_into"), $0?.int("person_id")] }.compactMap { $0 })), in: db)
        let accounts = try AccountStore.accounts(of: person.id, in: db)
        let path = archive.post.map { signedIn.scope.tree.path(to: $0.organizationID) } ?? []
        let officers = try GrantStore.officers(along: path.map(\.id), on: archive.today, in: db)
        let unit = officers.flatMap { found in path.first { $0.id == found.unit }?.name } ?? path.last?.name ?? "单位未登记"
        return Extract(
            archive: archive, responsible: (unit, officers?.officers.first?.displayName), accounts: accounts,
            messages: try MessageStore.all(of: signedIn.account, in: db), savedViews: try SavedViewStore.views(of: accounts.map(\.account.id), in: db),
            events: PersonHistory(words: archive.roster, unit: { scope.name($0) }, name: { named[$0]?.name ?? "" }).events(changes),
            views: try FileViewStore.views(of: person.id, now: signedIn.now, features, signedIn.scope.tree.history, in: db),
            places: Dictionary(accounts.flatMap(\.grants).map { ($0.organizationID, scope.name($0.organizationID)) }, uniquingKeysWith: { first, _ in first }),
            isMasked: isMasked)
    }

    /// The JSON: UTF-8, keys in order, the same for the same record on the same day.
    package func json() throws -> String {
        let fields: [String: Any] = [
            "format": "yugong-person-extract", "version": Self.version, "madeOn": archive.today.description, "numbersMasked": isMasked,
            "responsible": ["unit": responsible.unit, "officer": optional(responsible.officer)],
            "policy": ["id": archive.policy.id, "title": archive.policy.title, "digest": archive.policy.digest],
            "person": person, "posts": archive.posts.map(post), "trainings": archive.statement.lines.map(training), "totals": totals,
            "certificates": archive.certificates.map(certificate), "accounts": accounts.map { account($0.account, $0.grants) },
            "objections": archive.objections.map(objection), "changes": events.map(change),
            "views": views.map { ["day": $0.day.description, "by": $0.who, "what": $0.what, "times": $0.times] as [String: Any] },
            "messages": messages.map { ["at": moment($0.sentMilliseconds), "by": $0.who, "text": $0.text, "read": $0.isRead] as [String: Any] },
            "savedViews": savedViews.map { ["name": $0.name, "list": $0.address.link] as [String: Any] },
        ]
        return String(decoding: try JSONSerialization.data(withJSONObject: fields, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]), as: UTF8.self)
    }

    // MARK: Parts

    private var person: [String: Any] {
        let person = archive.person
        return [
            "id": "\(person.id)", "code": optional(person.code), "name": person.name, "gender": person.gender, "ethnicity": person.ethnicity,
            "birthDate": person.birthDay.description, "politics": person.politics, "education": person.education, "degree": person.degree,
            "idNumber": isMasked ? masked(idNumber: archive.idNumber) : archive.idNumber,
            "phone": optional(archive.phone.map { isMasked ? masked(phone: $0) : $0 }),
        ]
    }

    private func post(_ post: Appointment) -> [String: Any] {
        [
            "unit": archive.unit(post.organizationID), "title": post.title, "from": post.from.description,
            "to": optional(post.to == .open ? nil : (post.to - 1).description), "primary": post.isPrimary,
            "category": archive.roster.categories.word(of: post.category), "workforce": archive.roster.workforces.word(of: post.workforce),
            "engagement": archive.roster.engagements.word(of: post.engagement), "leadership": post.isLeadership,
        ]
    }

    private func training(_ line: Statement.Line) -> [String: Any] {
        let record = line.entry.record, words = archive.vocabulary
        func word(_ key: String, _ of: (String) -> String) -> String { key.isEmpty ? "" : of(key) }
        return [
            "id": "\(line.entry.id)", "sourceCode": record.sourceCode, "title": record.title, "form": words.forms.word(of: record.form),
            "purpose": word(record.purpose, words.purposes.word), "content": word(record.content, words.contents.word),
            "selected": record.isSelected, "completed": record.isCompleted, "host": archive.unit(record.hostID), "institution": record.institution,
            "from": record.from.description, "to": record.to.description, "days": optional(record.halfDays.map { hundredths($0 * 50) }),
            "hours": optional(record.hours.map(hundredths)), "account": archive.account(of: line).word,
            "counted": line.hours.keys.sorted().map { ["year": $0, "hours": hundredths(line.hours[$0] ?? 0)] as [String: Any] },
            "state": line.entry.sign == .reversal ? "reversal" : line.stands ? "stands" : "reversed",
            "entered": [
                "at": line.origin.map { moment($0.atMilliseconds) } ?? "", "by": line.origin?.who ?? "", "how": line.origin?.way ?? "",
            ],
        ]
    }

    private var totals: [[String: Any]] {
        archive.totals.keys.sorted().flatMap { year in
            archive.accounts.compactMap { account in
                archive.totals[year]?[account].map { ["year": year, "account": account.word, "counts": account.counts, "hours": hundredths($0)] }
            }
        }
    }

    private func certificate(_ one: PostCertificate) -> [String: Any] {
        [
            "title": one.title, "number": one.number, "issuer": one.issuer, "issued": one.issued.description,
            "validUntil": optional(one.validUntil == .open ? nil : one.validUntil.description), "refresherDue": optional(one.refresherDue?.description),
            "ended": optional(one.ended?.description), "state": one.state(on: archive.today, reminder: archive.vocabulary.certificateReminder).word,
        ]
    }

    private func account(_ account: Account, _ grants: [Grant]) -> [String: Any] {
        [
            "name": account.name, "displayName": account.displayName,
            "grants": grants.map { grant -> [String: Any] in
                [
                    "role": grant.role.word, "unit": places[grant.organizationID] ?? "", "from": optional(grant.from == .always ? nil : grant.from.description),
                    "to": optional(grant.to == .open ? nil : (grant.to - 1).description),
                ]
            },
        ]
    }

    private func objection(_ one: Objection) -> [String: Any] {
        [
            "about": one.about, "text": one.text, "asked": one.asked.map { moment($0) } ?? "", "state": one.state, "answer": optional(one.answer?.act.why),
            "answeredBy": optional(one.answer?.act.who),
        ]
    }

    private func change(_ event: PersonHistory.Event) -> [String: Any] {
        ["at": moment(event.act), "by": event.act.who, "why": event.act.why, "what": event.what]
    }

    // MARK: Values

    /// Every field is always there; what is not recorded is null.
    private func optional(_ value: Any?) -> Any { value ?? NSNull() }

    /// Exact decimals: 7.88 stays 7.88.
    private func hundredths(_ amount: Int) -> NSDecimalNumber { NSDecimalNumber(decimal: Decimal(amount) / 100) }

    private func moment(_ act: ActRecord) -> String { moment(act.atMilliseconds) }
    private func moment(_ milliseconds: Int64) -> String { Clock.minute(ofMilliseconds: milliseconds) }
}
