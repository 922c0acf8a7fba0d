import Access
import Accounts
import Kit
import Register

/// Judges a file of people against the roster: what is new, what changes, what is wrong, what is odd. Order never
/// matters, except that of two rows in conflict the later one is marked.
struct PeopleJudge {
    private let lines: [PeopleSheet.Line]
    private let hasPrimary: Bool
    private let numbers: PersonalNumbers
    private let options: ImportOptions
    private let reach: ImportReach
    private let today: Day
    private let history: OrgHistory
    private var report: ImportReport
    private var valid: [Bool]
    private var near: NearCode
    /// The lines of each number, in the order of the file.
    private var groups: [(index: [UInt8], lines: [Int])] = []
    private var bearers: [[UInt8]: Bearer] = [:]
    private var posts: [Int64: [Appointment]] = [:]
    private var codeBearers: [String: Int64] = [:]

    init(_ rows: PeopleSheet.Rows, numbers: PersonalNumbers, options: ImportOptions, reach: ImportReach, in db: Reading) throws {
        lines = rows.lines
        hasPrimary = rows.hasPrimary
        report = rows.report
        today = rows.today
        valid = rows.lines.map(\.isValid)
        self.numbers = numbers
        self.options = options
        self.reach = reach
        history = try OrganizationStore.history(in: db)
        near = NearCode(history, visible: reach.covers)
        var groupOf: [[UInt8]: Int] = [:]
        for (at, line) in lines.enumerated() where line.number != nil {
            if let group = groupOf[line.index] {
                groups[group].lines.append(at)
            } else {
                groupOf[line.index] = groups.count
                groups.append((line.index, [at]))
            }
        }
        bearers = try RosterStore.bearers(of: groups.map(\.index), in: db)
        for post in try RosterStore.appointments(of: Array(Set(bearers.values.map(\.person.id))), in: db) { posts[post.personID, default: []].append(post) }
        codeBearers = try RosterStore.bearers(ofCodes: Array(Set(lines.map(\.code).filter { !$0.isEmpty })), in: db)
    }

    mutating func judge(in db: Reading) throws -> PeopleSheet.Judgement {
        markUnits()
        for group in groups { markMany(group.lines) }
        for group in groups { markNames(group.index, group.lines) }
        for group in groups { markFacts(group.lines) }
        markCodes()
        var judgement = PeopleSheet.Judgement(report: ImportReport())
        for group in groups { try settle(group.index, Array(group.lines.prefix(Self.mostOfOne)), into: &judgement, in: db) }
        try addHints(in: db)
        report.rejected = report.wrongRows.count
        report.sort()
        judgement.report = report
        return judgement
    }

    private mutating func fault(_ at: Int, _ column: String?, _ found: String, _ sentence: String, refusal: String = "") {
        report.add([ImportReport.Note(row: lines[at].row, column: column, found: found, sentence: sentence, refusal: refusal)])
        valid[at] = false
    }

    /// What a page would refuse by the same name.
    private mutating func refuse(_ at: Int, _ column: String, _ found: String, _ refusal: Refusal) {
        fault(at, column, found, refusal.sentence, refusal: refusal.name)
    }

    private mutating func hint(_ at: Int, _ column: String, _ found: String, _ sentence: String, refusal: String = "") {
        report.addHint(ImportReport.Note(row: lines[at].row, column: column, found: found, sentence: sentence, refusal: refusal))
    }

    // MARK: - units

    private func unit(_ at: Int) -> Int64? { history.id(code: lines[at].unit) }

    private mutating func markUnits() {
        for (at, line) in lines.enumerated() where !line.unit.isEmpty {
            if let id = history.id(code: line.unit), reach.covers(id) { continue }
            fault(at, "单位编码", line.unit, near.sentence(line.unit), refusal: "unit.unknown")
        }
    }

    private func unitName(_ id: Int64) -> String { history.name(id) }

    // MARK: - who is meant

    /// 张伟（1979-03-02，机床集团工会）
    private func chip(_ person: Person) -> String {
        let own = posts[person.id] ?? []
        let post = own.last { $0.covers(today) && $0.isPrimary } ?? own.last
        return "“\(person.name)”（\(person.birthDay) 出生\(post.map { "，\(unitName($0.organizationID))" } ?? "")）"
    }

    /// Posts of one person that one file may hold: each is held against all others.
    static let mostOfOne = 200

    private mutating func markMany(_ group: [Int]) {
        for at in group.dropFirst(Self.mostOfOne) {
            fault(at, "证件号码", lines[at].number?.text ?? "", "同一个证件号码在一份表里超过 \(Self.mostOfOne) 行；请核对证件号码")
        }
    }

    private mutating func markNames(_ index: [UInt8], _ group: [Int]) {
        let known = bearers[index]
        var first: Int?
        for at in group where !lines[at].name.isEmpty {
            if let known {
                guard !known.borne.contains(lines[at].name) else { continue }
                fault(at, "证件号码", lines[at].number?.text ?? "", takenSentence(known.person))
            } else if let first {
                guard lines[at].name != lines[first].name else { continue }
                fault(at, "证件号码", lines[at].number?.text ?? "", "与第 \(lines[first].row) 行“\(lines[first].name)”的证件号码相同而姓名不同；请核对证件号码和姓名")
            } else {
                first = at
            }
        }
    }

    private func takenSentence(_ person: Person) -> String {
        // Of somebody of whom only the past is seen, present name and unit are not told.
        guard reach.units == nil || reach.sight(of: posts[person.id] ?? [], on: today)?.isWhole == true else {
            let unit = (posts[person.id] ?? []).last?.organizationID
            let ask = unit.flatMap { reach.whomToAsk($0) }
            return "这个证件号码已登记在别的单位；\(ask.map { "请向\($0)核实" } ?? "请先核对证件号码，再向上级工会的组织人事管理员核实")"
        }
        return "这个证件号码已是\(chip(person))的；若是同一人，请把姓名改为一致，若不是，请核对证件号码"
    }

    /// Rows of one person must not contradict each other; an empty cell says nothing.
    private mutating func markFacts(_ group: [Int]) {
        guard group.count > 1 else { return }
        var said: [String: (at: Int, value: String)] = [:]
        for at in group where valid[at] {
            let values = zip(PeopleSheet.factTitles, lines[at].facts) + [("手机号", lines[at].phone), ("人员编号", lines[at].code)]
            for (title, value) in values where !value.isEmpty {
                if let earlier = said[title], earlier.value != value {
                    fault(at, title, value, "与第 \(lines[earlier.at].row) 行同一人的\(title)不一致；请改为一致")
                } else if said[title] == nil, valid[at] {
                    said[title] = (at, value)
                }
            }
        }
    }

    /// 人员编号 is unique: judged on what stands after the whole file.
    private mutating func markCodes() {
        // Who lets a code go because the file gives another one.
        var released: Set<String> = []
        for group in groups {
            guard let person = bearers[group.index]?.person, let old = person.code else { continue }
            guard reach.refusal(.keepingFacts, posts[person.id] ?? [], on: today) == nil else { continue }
            if group.lines.contains(where: { valid[$0] && !lines[$0].code.isEmpty && lines[$0].code != old && codeBearers[lines[$0].code] != person.id }) {
                released.insert(old)
            }
        }
        var taken: [String: Int] = [:]
        for (at, line) in lines.enumerated() where !line.code.isEmpty && valid[at] {
            if let first = taken[line.code], lines[first].index != line.index {
                fault(at, "人员编号", line.code, "与第 \(lines[first].row) 行“\(lines[first].name)”的人员编号相同；每人的编号不能重复，请改正或留空")
                continue
            }
            if let owner = codeBearers[line.code], owner != bearers[line.index]?.person.id, !released.contains(line.code) {
                fault(at, "人员编号", line.code, "已是别人的人员编号；请核对，没有编号的请留空", refusal: "person.codeTaken")
                continue
            }
            if taken[line.code] == nil { taken[line.code] = at }
        }
    }

    // MARK: - posts

    /// The appointment a line means, with what an absent column leaves to the existing one.
    private func appointment(_ at: Int, person: Int64, old: Appointment?, isPrimary: Bool) -> Appointment {
        let line = lines[at], post = line.post
        return Appointment(
            id: old?.id ?? 0, personID: person, organizationID: unit(at) ?? 0, from: post.from ?? .always, to: post.to ?? old?.to ?? .open,
            isPrimary: isPrimary, category: post.category ?? old?.category ?? "", workforce: post.workforce ?? old?.workforce ?? "",
            engagement: post.engagement ?? old?.engagement ?? "", title: line.title, isLeadership: post.isLeadership ?? old?.isLeadership ?? false)
    }

    private mutating func settle(_ index: [UInt8], _ group: [Int], into judgement: inout PeopleSheet.Judgement, in db: Reading) throws {
        let person = bearers[index]?.person
        let own = person.flatMap { posts[$0.id] } ?? []
        let personID = person?.id ?? -Int64(group[0]) - 1
        markTwins(group)
        let settled = try settled(group, of: person, personID, own, in: db)
        guard let first = settled.first else { return }
        let said = said(in: settled)
        let isChanged: Bool
        if let person {
            let kept = own.filter { old in !settled.contains { $0.old?.id == old.id } } + settled.map(\.post)
            isChanged = change(person, kept, code: said.code, facts: said.facts, phone: said.phone, at: first.at, into: &judgement)
        } else if let number = lines[first.at].number {
            isChanged = false
            judgement.newPeople.append((
                personID,
                PersonFacts(
                    code: said.code.isEmpty ? nil : said.code, name: lines[first.at].name, idNumber: number, gender: said.facts[0], ethnicity: said.facts[1],
                    politics: said.facts[2], education: said.facts[3], degree: said.facts[4], phone: said.phone.isEmpty ? nil : said.phone)
            ))
        } else {
            return
        }
        note(settled, isKnown: person != nil, own, isChanged: isChanged, into: &judgement)
    }

    /// A row whose post can be as it says, with what there was before; `isSaid` where the row itself says whether it is the primary one.
    private typealias Settled = (at: Int, post: Appointment, old: Appointment?, isSaid: Bool)

    /// Twice the same post: by what stands in the rows, wrong ones included.
    private mutating func markTwins(_ group: [Int]) {
        var seen: [Int] = []
        for at in group where unit(at) != nil && lines[at].post.from != nil {
            if let first = seen.first(where: { isSamePost($0, at) }) {
                fault(at, nil, "", "与第 \(lines[first].row) 行是同一人的同一条任职（单位、任职日期、职务都相同）；请只留一行")
            } else {
                seen.append(at)
            }
        }
    }

    /// The rows whose posts can stand beside each other and beside those that are there; the others are told what is wrong.
    private mutating func settled(_ group: [Int], of person: Person?, _ personID: Int64, _ own: [Appointment], in db: Reading) throws -> [Settled] {
        func old(_ at: Int) -> Appointment? {
            guard let unit = unit(at) else { return nil }
            return own.first { $0.organizationID == unit && $0.from == lines[at].post.from && $0.title == lines[at].title }
        }
        // Primary posts never overlap. A row that turns out wrong leaves its post as it is, which may make another wrong: until nothing changes.
        var settled: [Settled] = []
        var isStable = false
        while !isStable {
            isStable = true
            settled = []
            let candidates = group.filter { valid[$0] }
            let replaced = Set(candidates.compactMap { old($0)?.id })
            let standing = own.filter { !replaced.contains($0.id) }
            for at in candidates {
                let before = old(at)
                // Without the column an existing post keeps what it is.
                let said = lines[at].post.isPrimary ?? (hasPrimary ? nil : before?.isPrimary)
                let post = appointment(at, person: personID, old: before, isPrimary: said ?? true)
                if let refusal = try refusal(of: post, before: before, of: person, own, in: db) {
                    let (column, found) = cell(of: refusal, at)
                    refuse(at, column, found, refusal)
                } else if post.from >= post.to {
                    fault(at, "任职日期", "\(post.from)", "任职日期不早于已登记的离任日期 \(post.to)；请核对")
                } else if let other = settled.first(where: { $0.post.overlaps(post) && (said == nil || !$0.isSaid) }) {
                    fault(at, "主任职", word(lines[at].post.isPrimary), "与第 \(lines[other.at].row) 行的任职期间重叠，分不出哪一条是主任职；请在两行都写明主任职 是 或 否")
                } else if let other = settled.first(where: { $0.post.isPrimary && post.isPrimary && $0.post.overlaps(post) }) {
                    fault(at, "主任职", word(lines[at].post.isPrimary), "与第 \(lines[other.at].row) 行的主任职期间重叠；若是调动，请填那一行的离任日期，若是兼任，请把主任职填为 否")
                } else if post.isPrimary, let other = standing.first(where: { $0.isPrimary && $0.overlaps(post) }) {
                    // Where the other post's own row is wrong, that row is the one to set right.
                    if !options.partial, group.contains(where: { !valid[$0] && old($0)?.id == other.id && lines[$0].isValid == false }) {
                        settled.append((at, post, before, said != nil))
                        continue
                    }
                    fault(at, "主任职", word(lines[at].post.isPrimary), overlapSentence(other))
                } else {
                    settled.append((at, post, before, said != nil))
                    continue
                }
                if before != nil { isStable = false }
            }
            // Who a person is belongs to the unit of the primary post, as it is after all good rows of the file.
            if isStable, let person {
                let after = standing + settled.map(\.post)
                if !refuseFacts(of: person, settled.map(\.at), own, after) { isStable = false }
            }
        }
        return settled
    }

    /// What all good rows say of the person together.
    private func said(in settled: [Settled]) -> (facts: [String], phone: String, code: String) {
        var facts = [String](repeating: "", count: PeopleSheet.factTitles.count), phone = "", code = ""
        for (at, _, _, _) in settled {
            for (n, value) in lines[at].facts.enumerated() where facts[n].isEmpty { facts[n] = value }
            if phone.isEmpty { phone = lines[at].phone }
            if code.isEmpty { code = lines[at].code }
        }
        return (facts, phone, code)
    }

    /// Puts the posts of one person into the judgement and counts the rows. `isKnown`: the person has a file already.
    private mutating func note(_ settled: [Settled], isKnown: Bool, _ own: [Appointment], isChanged: Bool, into judgement: inout PeopleSheet.Judgement) {
        for (n, (_, post, before, _)) in settled.enumerated() {
            if let before {
                if before != post { judgement.changedPosts.append((before, post)) }
                if post.isPrimary, !before.isPrimary,
                    let former = Transfer.former(before: post, posts: own.filter({ $0.id != before.id }), today: today, mayKeep: reach.covers)
                { judgement.returns.append((post, former)) }
                if before != post || (isChanged && n == 0) { report.changed += 1 } else { report.unchanged += 1 }
            } else {
                judgement.newPosts.append(post)
                if isKnown, post.isSideways(from: own, on: today) { judgement.sidePosts.append(post) }
                if isKnown, let former = Transfer.former(before: post, posts: own, today: today, mayKeep: reach.covers) { judgement.returns.append((post, former)) }
                report.new += 1
            }
        }
    }

    private func isSamePost(_ a: Int, _ b: Int) -> Bool {
        unit(a) == unit(b) && lines[a].post.from == lines[b].post.from && lines[a].title == lines[b].title
    }

    private func word(_ flag: Bool?) -> String { flag.map { $0 ? "是" : "否" } ?? "" }

    /// Whether a page would refuse what the row asks: a post begun, changed or ended. Nothing is asked of a row that changes nothing.
    private func refusal(of post: Appointment, before: Appointment?, of person: Person?, _ own: [Appointment], in db: Reading) throws -> Refusal? {
        guard before != post else { return nil }
        if before.map({ ($0.organizationID, $0.from, $0.to) != (post.organizationID, post.from, post.to) }) ?? true, let refusal = history.refusal(of: post) { return refusal }
        guard reach.units != nil, person != nil else { return nil }
        guard let before else {
            guard case .ask(let holder) = Transfer.way(to: post, posts: own, today: today, mayKeep: reach.covers) else { return nil }
            return Transfer.consentNeeded(for: post, ask: reach.whomToAsk(holder.organizationID))
        }
        if let refusal = reach.refusal(.keeping, own, on: today) { return refusal }
        // Asked again when it is written; here it is told on its row.
        if let account = reach.account, let refusal = try GrantedPost.refusal(of: account, changing: before.id, from: before, to: post, on: today, in: db) { return refusal }
        do {
            try Transfer.checkChange(of: before, to: post, posts: own, today: today, mayKeep: reach.covers, ask: reach.whomToAsk)
        } catch {
            return error
        }
        return nil
    }

    /// The cell that a refusal of a post is about.
    private func cell(of refusal: Refusal, _ at: Int) -> (column: String, found: String) {
        switch refusal.name {
        case "transfer.consent": ("主任职", word(lines[at].post.isPrimary))
        case "appointment.unitClosed", "appointment.own", "appointment.granted": ("离任日期", lines[at].post.to.map { $0 == .open ? "" : "\($0)" } ?? "")
        case "appointment.unitUnborn": ("任职日期", lines[at].post.from.map { "\($0)" } ?? "")
        default: ("单位编码", lines[at].unit)
        }
    }

    private func overlapSentence(_ other: Appointment) -> String {
        guard reach.covers(other.organizationID) else {
            var post = other
            post.isPrimary = true
            return Transfer.consentNeeded(for: post, ask: reach.whomToAsk(other.organizationID)).sentence
        }
        return "与\(unitName(other.organizationID))的主任职（\(other.spanInWords)）重叠；若是调动，请在那条任职填离任日期（可在同一份表里），若是兼任，请把主任职填为 否"
    }

    /// What the cells would change about a known person.
    private func changes(_ person: Person, code: String, facts: [String], phone: String) -> PeopleSheet.ChangedFacts {
        let present = [person.gender, person.ethnicity, person.politics, person.education, person.degree]
        var changed = PeopleSheet.ChangedFacts(code: nil, facts: facts, phone: "")
        for (n, value) in facts.enumerated() where value == present[n] { changed.facts[n] = "" }
        if !phone.isEmpty, numbers.index(phone: phone) != person.phoneIndex { changed.phone = phone }
        // A code that came with a merged file still means this person.
        if !code.isEmpty, code != person.code, codeBearers[code] != person.id { changed.code = code }
        return changed
    }

    /// Marks the rows that would change what identifies somebody whose primary post is not the importer's, where the file
    /// is seen whole; false where there were any.
    private mutating func refuseFacts(of person: Person, _ rows: [Int], _ own: [Appointment], _ after: [Appointment]) -> Bool {
        guard let refusal = reach.refusal(.keepingFacts, after, on: today), reach.sight(of: own, on: today)?.isWhole == true else { return true }
        var isGood = true
        for at in rows {
            let line = lines[at], changed = changes(person, code: line.code, facts: line.facts, phone: line.phone)
            let cells = zip(PeopleSheet.factTitles, changed.facts) + [("手机号", changed.phone), ("人员编号", changed.code ?? "")]
            for (title, value) in cells where !value.isEmpty {
                refuse(at, title, value, refusal)
                isGood = false
            }
        }
        return isGood
    }

    /// Notes what changes about a known person, whose posts are these after the file; true where something does.
    private mutating func change(
        _ person: Person, _ after: [Appointment], code: String, facts: [String], phone: String, at: Int, into judgement: inout PeopleSheet.Judgement
    ) -> Bool {
        if let refusal = reach.refusal(.keepingFacts, after, on: today) {
            // Of somebody who is elsewhere now it is not even told whether the cells agree.
            if !code.isEmpty || !phone.isEmpty || facts.contains(where: { !$0.isEmpty }), reach.sight(of: after, on: today)?.isWhole != true {
                hint(at, "姓名", lines[at].name, "此人的档案在别的单位，个人信息没有核对，也没有改动", refusal: refusal.name)
            }
            return false
        }
        let changed = changes(person, code: code, facts: facts, phone: phone)
        guard changed.code != nil || !changed.phone.isEmpty || changed.facts.contains(where: { !$0.isEmpty }) else { return false }
        judgement.changedPeople.append((person.id, person.code, changed))
        return true
    }

    // MARK: - oddities

    private mutating func addHints(in db: Reading) throws {
        var firstOfName: [String: Int] = [:]
        var firstOfPhone: [String: Int] = [:]
        var newcomers: [(at: Int, name: String, born: Day)] = []
        var phones: [(at: Int, index: [UInt8])] = []
        for group in groups {
            guard let at = group.lines.first(where: { valid[$0] }), let number = lines[at].number else { continue }
            let key = "\(lines[at].name)\u{1F}\(number.birthDay.number)"
            if let other = firstOfName[key] {
                hint(at, "姓名", lines[at].name, "与第 \(lines[other].row) 行同名且出生日期相同；若是同一人，请核对证件号码")
            } else {
                firstOfName[key] = at
            }
            if bearers[group.index] == nil { newcomers.append((at, lines[at].name, number.birthDay)) }
            if let withPhone = group.lines.first(where: { valid[$0] && !lines[$0].phone.isEmpty }) {
                let phone = lines[withPhone].phone
                if let other = firstOfPhone[phone] {
                    hint(withPhone, "手机号", phone, "与第 \(lines[other].row) 行“\(lines[other].name)”的手机号相同；请核对")
                } else {
                    firstOfPhone[phone] = withPhone
                    let index = numbers.index(phone: phone)
                    if bearers[group.index]?.person.phoneIndex != index { phones.append((withPhone, index)) }
                }
            }
        }
        let twins = try RosterStore.twinFiles(newcomers.map { ($0.name, $0.born) }, in: db)
        for newcomer in newcomers {
            guard let twin = twins["\(newcomer.name)\u{1F}\(newcomer.born.number)"] else { continue }
            let isSeen = try reach.refusal(.seeing, RosterStore.appointments(of: [twin], in: db), on: today) == nil
            hint(
                newcomer.at, "姓名", newcomer.name,
                isSeen ? "名册里已有同名且出生日期相同的人；若是同一人，请核对证件号码" : "别的单位已有同名且出生日期相同的人；若是同一人，请核对证件号码")
        }
        let shared = try RosterStore.phoneBearers(phones.map(\.index), in: db)
        for (at, index) in phones {
            guard let bearer = shared[index], bearer != bearers[lines[at].index]?.person.id else { continue }
            hint(at, "手机号", lines[at].phone, "名册里已有别人用这个手机号；请核对")
        }
        for (at, line) in lines.enumerated() where valid[at] {
            guard let unit = unit(at), let from = line.post.from, let founded = history.founded(unit), let closed = history.closed(unit) else { continue }
            // Said of what stands in the roster already; what is new or changed is refused.
            if from < founded { hint(at, "任职日期", "\(from)", "早于单位的成立日期 \(founded)；请核对") }
            if let to = line.post.to, to > closed { hint(at, "离任日期", to == .open ? "" : "\(to)", "单位自 \(closed) 起撤销，任职却没有在此之前结束；请核对") }
        }
    }
}
