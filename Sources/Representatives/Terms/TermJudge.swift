import Access
import Kit
import People
import Register
import Rules

/// Judges a file of terms against roster, tree and the terms that are there: what is new, what changes, what is wrong, what is odd.
/// Order never matters, except that of two rows in conflict the later one is marked.
struct TermJudge {
    private var lines: [TermSheet.Line]
    private let vocabulary: Vocabulary
    private let reach: ImportReach
    private let today: Day
    private let isPartial: Bool
    private let history: OrgHistory
    private var report: ImportReport
    private var valid: [Bool]
    private var near: NearCode
    private let bearers: [[UInt8]: Bearer]
    private let posts: [Int64: [Appointment]]
    private let terms: [Int64: [TermOfOffice]]
    /// The 届次 of the units that the file names, with the day on which each was first elected.
    private let sessions: [(unit: Int64, kind: String, session: String, first: Day)]
    /// The rows of each person, in the order of the file.
    private var groups: [(person: Int64, rows: [Int])] = []

    init(_ rows: TermSheet.Rows, _ setting: SheetSetting, in db: Reading) throws {
        lines = rows.lines
        vocabulary = rows.vocabulary
        report = rows.report
        valid = rows.lines.map(\.isValid)
        reach = setting.reach
        today = setting.today
        isPartial = setting.options.partial
        let history = try OrganizationStore.history(in: db)
        self.history = history
        near = NearCode(history, visible: reach.covers)
        bearers = try RosterStore.bearers(of: Array(Set(lines.map(\.index).filter { !$0.isEmpty })), in: db)
        let people = Array(Set(bearers.values.map(\.person.id)))
        posts = Dictionary(grouping: try RosterStore.appointments(of: people, in: db), by: \.personID)
        terms = Dictionary(grouping: try TermStore.terms(of: people, in: db), by: \.personID)
        sessions = try TermStore.sessions(in: Array(Set(lines.compactMap { history.id(code: $0.unit) })), in: db)
        var groupOf: [Int64: Int] = [:]
        for (at, line) in lines.enumerated() {
            guard let person = bearers[line.index]?.person.id else { continue }
            if let group = groupOf[person] {
                groups[group].rows.append(at)
            } else {
                groupOf[person] = groups.count
                groups.append((person, [at]))
            }
        }
    }

    mutating func judge() -> TermSheet.Judgement {
        markUnits()
        markPeople()
        alignSessions()
        var judgement = TermSheet.Judgement(report: ImportReport())
        var noted: [(at: Int, term: TermOfOffice)] = []
        for group in groups {
            for at in group.rows.dropFirst(Self.mostOfOne) { fault(at, "证件号码", "", "同一个人在一份表里超过 \(Self.mostOfOne) 行；请核对证件号码") }
            for (at, term, old) in settled(Array(group.rows.prefix(Self.mostOfOne)), of: group.person) {
                if old == term {
                    report.unchanged += 1
                    continue
                }
                noted.append((at, term))
                if let old {
                    judgement.changed.append((old, term))
                    report.changed += 1
                } else {
                    judgement.new.append(term)
                    report.new += 1
                }
            }
        }
        addHints(noted)
        report.rejected = report.wrongRows.count
        report.sort()
        judgement.report = report
        return judgement
    }

    /// Terms of one person that one file may hold: each is held against all others.
    static let mostOfOne = 200

    private mutating func fault(_ at: Int, _ column: String?, _ found: String, _ sentence: String, refusal: String = "") {
        report.add([ImportReport.Note(row: lines[at].row, column: column, found: found, sentence: sentence, refusal: refusal)])
        valid[at] = false
    }

    private mutating func hint(_ at: Int, _ column: String, _ found: String, _ sentence: String) {
        report.addHint(ImportReport.Note(row: lines[at].row, column: column, found: found, sentence: sentence))
    }

    // MARK: - what is named

    private func unit(_ at: Int) -> Int64? { history.id(code: lines[at].unit) }

    /// A term is its unit's: whoever keeps the unit keeps its terms.
    private mutating func markUnits() {
        for (at, line) in lines.enumerated() where !line.unit.isEmpty {
            if let id = history.id(code: line.unit), reach.covers(id) { continue }
            fault(at, "单位编码", line.unit, near.sentence(line.unit), refusal: "unit.unknown")
        }
    }

    private mutating func markPeople() {
        // Outside the scope and not there at all look the same.
        let unknown = reach.units == nil ? "人员名册中没有这个证件号码；请核对号码，或先导入人员" : "您所管单位的人员名册中没有这个证件号码；请核对号码，或先登记人员"
        for (at, line) in lines.enumerated() where !line.index.isEmpty {
            guard let bearer = bearers[line.index], reach.refusal(.seeing, posts[bearer.person.id] ?? [], on: today) == nil else {
                fault(at, "证件号码", "", unknown, refusal: "person.unseen")
                continue
            }
            guard !line.name.isEmpty, !bearer.borne.contains(where: { PersonName.isSame($0, line.name) }) else { continue }
            let isWhole = reach.units == nil || reach.sight(of: posts[bearer.person.id] ?? [], on: today)?.isWhole == true
            fault(
                at, "姓名", line.name,
                // Of somebody of whom only the past is seen the present name is not told.
                isWhole ? "名册中这个证件号码的姓名是“\(bearer.person.name)”，这里填的是“\(line.name)”；请核对证件号码和姓名" : "与名册中这个证件号码的姓名不同；请核对证件号码和姓名")
        }
    }

    /// Where a unit writes one 届次 in two ways (第七届, 第7届), the way that was there first holds: two of them would be two 届次, and the
    /// later election would end the terms of the earlier one.
    private mutating func alignSessions() {
        var first: [Body: [String: String]] = [:], exact: [Body: Set<String>] = [:]
        for (unit, kind, session, _) in sessions {
            let body = Body(unit: unit, kind: kind)
            exact[body, default: []].insert(session)
            if first[body]?[TermOfOffice.plain(session: session)] == nil { first[body, default: [:]][TermOfOffice.plain(session: session)] = session }
        }
        for (at, line) in lines.enumerated() where valid[at] {
            guard let unit = unit(at) else { continue }
            let body = Body(unit: unit, kind: line.kind), plain = TermOfOffice.plain(session: line.session)
            guard let known = first[body]?[plain] else {
                first[body, default: [:]][plain] = line.session
                continue
            }
            guard known != line.session, exact[body]?.contains(line.session) != true else { continue }
            hint(at, "届次", line.session, "这个单位的这一届写作“\(known)”，按它登记；请统一写法")
            lines[at].session = known
        }
    }

    // MARK: - the terms of one person

    /// A row whose term can be as it says, with what there was before.
    private typealias Settled = (at: Int, term: TermOfOffice, old: TermOfOffice?)

    /// The rows whose terms can stand beside each other and beside those that are there; the others are told what is wrong.
    private mutating func settled(_ group: [Int], of person: Int64) -> [Settled] {
        let own = terms[person] ?? [], ownByKey = Dictionary(own.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        var candidates: [Int: (term: TermOfOffice, old: TermOfOffice?)] = [:], seen: [TermOfOffice.Key: Int] = [:]
        for at in group {
            guard let term = term(at, of: person, ownByKey) else { continue }
            if let first = seen[term.key] {
                fault(at, nil, "", "与第 \(lines[first].row) 行是同一人的同一个任期（单位、代表类型、届次、当选日期都相同）；请只留一行")
            } else {
                seen[term.key] = at
                candidates[at] = (term, ownByKey[term.key])
            }
        }
        // A row that turns out wrong leaves its term as it is, which may make another wrong: until nothing changes.
        var settled: [Settled] = [], isStable = false
        while !isStable {
            isStable = true
            settled = []
            let good = group.filter { valid[$0] && candidates[$0] != nil }
            let replaced = Set(good.compactMap { candidates[$0]?.old?.id }), standing = own.filter { !replaced.contains($0.id) }
            for at in good {
                guard let (term, old) = candidates[at] else { continue }
                if old != term, let (column, refusal) = refusal(of: term, at) {
                    fault(at, column, cell(column, at), refusal.sentence, refusal: refusal.name)
                } else if let other = settled.first(where: { $0.term.overlaps(term) }) {
                    fault(at, "当选日期", "\(term.elected)", overlapSentence(term, other.term, "第 \(lines[other.at].row) 行的任期"))
                } else if let other = standing.first(where: { $0.overlaps(term) }), isPartial || !isBeingMended(other, group, candidates) {
                    fault(at, "当选日期", "\(term.elected)", overlapSentence(term, other, "已登记的任期"))
                } else {
                    settled.append((at, term, old))
                    continue
                }
                if old != nil { isStable = false }
            }
        }
        return settled
    }

    /// Where a row about that very term is wrong, that row is the one to set right.
    private func isBeingMended(_ other: TermOfOffice, _ group: [Int], _ candidates: [Int: (term: TermOfOffice, old: TermOfOffice?)]) -> Bool {
        group.contains { !valid[$0] && candidates[$0]?.old?.id == other.id }
    }

    /// The term a row means; nil where the row does not say which. A column that the file does not have leaves what is there.
    private func term(_ at: Int, of person: Int64, _ own: [TermOfOffice.Key: TermOfOffice]) -> TermOfOffice? {
        let line = lines[at]
        guard let unit = unit(at), !line.kind.isEmpty, !line.session.isEmpty, let elected = line.elected else { return nil }
        var term = TermOfOffice(
            personID: person, organizationID: unit, kind: line.kind, session: line.session, elected: elected, expiry: line.expiry ?? .open, left: line.left ?? .open,
            constituency: line.constituency ?? "", composition: line.composition ?? "")
        if let old = own[term.key] {
            term.id = old.id
            if line.left == nil { term.left = old.left }
            if line.constituency == nil { term.constituency = old.constituency }
            if line.composition == nil { term.composition = old.composition }
        }
        return term
    }

    /// Why a term that is new or changes cannot be so, with the title of the column.
    private func refusal(of term: TermOfOffice, _ at: Int) -> (column: String, refusal: Refusal)? {
        if let (key, refusal) = history.refusal(of: term) {
            return (key == "unit" ? "单位编码" : key == "left" ? "离任日期" : "当选日期", refusal)
        }
        // Whoever sees somebody up to a day keeps what began before it.
        let own = posts[term.personID] ?? []
        guard reach.units != nil, reach.sight(of: own, on: today)?.shows(from: term.elected) != true, let refusal = reach.refusal(.keeping, own, on: today) else { return nil }
        return ("当选日期", refusal)
    }

    private func cell(_ column: String, _ at: Int) -> String {
        switch column {
        case "单位编码": lines[at].unit
        case "离任日期": lines[at].left.map { $0 == .open ? "" : "\($0)" } ?? ""
        default: lines[at].elected.map { "\($0)" } ?? ""
        }
    }

    private func overlapSentence(_ term: TermOfOffice, _ other: TermOfOffice, _ which: String) -> String {
        let unit = history.name(term.organizationID), kind = vocabulary.representativeKinds.word(of: term.kind)
        return term.session == other.session
            ? "与\(which)\(other.called)重叠：同一人在\(unit)的同一届\(kind)只能有一个任期；确是离任后补选的，请填前一个任期的离任日期，是换届当选的，请核对届次"
            : "与\(which)\(other.called)同一天当选，届次却不同：同一人在\(unit)的\(kind)任期不能重叠；请核对届次和当选日期"
    }

    // MARK: - oddities

    private struct Body: Hashable { let unit: Int64, kind: String }

    private mutating func addHints(_ noted: [(at: Int, term: TermOfOffice)]) {
        var firsts: [Body: [String: Day]] = [:]
        func elect(_ unit: Int64, _ kind: String, _ session: String, _ day: Day) {
            let body = Body(unit: unit, kind: kind)
            firsts[body, default: [:]][session] = min(firsts[body]?[session] ?? .open, day)
        }
        for (unit, kind, session, first) in sessions { elect(unit, kind, session, first) }
        for (_, term) in noted { elect(term.organizationID, term.kind, term.session, term.elected) }
        let followers = firsts.mapValues(Self.followers)
        for (at, term) in noted {
            if term.elected > today { hint(at, "当选日期", "\(term.elected)", "当选日期在今天以后；如属实不必处理") }
            // A by-election into a 届次 that was followed already would end the terms of the present one.
            guard let next = followers[Body(unit: term.organizationID, kind: term.kind)]?[term.session], next.day < term.elected else { continue }
            hint(at, "届次", term.session, "“\(next.session)”已于 \(next.day) 换届当选，这里的当选日期更晚而届次是“\(term.session)”，会使“\(next.session)”的任期到此为止；请核对届次和当选日期")
        }
    }

    /// The 届次 that was first elected next after each, with the day.
    private static func followers(_ firsts: [String: Day]) -> [String: (session: String, day: Day)] {
        var followers: [String: (session: String, day: Day)] = [:], next: (session: String, day: Day)?, present: (session: String, day: Day)?
        for (session, day) in firsts.sorted(by: { ($0.value, $0.key) > ($1.value, $1.key) }) {
            // Those of one day follow each other in nothing.
            if present?.day != day { (next, present) = (present, (session, day)) }
            followers[session] = next
        }
        return followers
    }
}
