import Access
import Kit
import Register

/// Judges a file of organisations against the history: what is new, what changes, what is wrong. Order never matters.
struct OrganizationJudge {
    private let lines: [OrganizationSheet.Line]
    private let history: OrgHistory
    private let options: ImportOptions
    private let reach: ImportReach
    private var report: ImportReport
    private var valid: [Bool]
    private var near: NearCode
    /// Line of a code of the file; of two with the same code the first.
    private var lineOf: [String: Int] = [:]

    init(_ rows: OrganizationSheet.Rows, history: OrgHistory, options: ImportOptions, reach: ImportReach) {
        lines = rows.lines
        report = rows.report
        valid = rows.lines.map(\.isValid)
        self.history = history
        self.options = options
        self.reach = reach
        near = NearCode(history, visible: reach.covers)
    }

    /// What a line does to the history.
    private enum Outcome {
        case founding(Organization, OrganizationVersion)
        case edits([VersionEdit])
    }

    mutating func judge(in db: Reading) throws -> OrganizationSheet.Judgement {
        markDoubles()
        markParents()
        var outcomes = outcomes()
        // A unit whose parent's row is wrong is not wrong itself; but it cannot go in without its parent.
        while try markCycles(outcomes) || (options.partial && markOrphans()) || markClosings(outcomes, in: db) { outcomes = self.outcomes() }
        var founded: [(organization: Organization, version: OrganizationVersion)] = []
        var edits: [VersionEdit] = []
        for (index, outcome) in outcomes.enumerated() where valid[index] {
            switch outcome {
            case .founding(let organization, let version)?:
                founded.append((organization, version))
                report.new += 1
            case .edits(let some)?:
                edits += some
                if some.isEmpty { report.unchanged += 1 } else { report.changed += 1 }
            case nil: break
            }
        }
        addHints(outcomes)
        report.rejected = report.wrongRows.count
        report.sort()
        return OrganizationSheet.Judgement(report: report, founded: founded, edits: edits)
    }

    private mutating func fault(_ index: Int, _ column: String, _ found: String, _ sentence: String, refusal: String = "") {
        report.add([ImportReport.Note(row: lines[index].row, column: column, found: found, sentence: sentence, refusal: refusal)])
        valid[index] = false
    }

    /// What a page would refuse by the same name.
    private mutating func refuse(_ index: Int, _ column: String, _ found: String, _ refusal: Refusal) {
        report.add([ImportReport.Note(row: lines[index].row, column: column, found: found, sentence: refusal.sentence, refusal: refusal.name)])
        valid[index] = false
    }

    private mutating func markDoubles() {
        for (index, line) in lines.enumerated() where !line.code.isEmpty {
            if let first = lineOf[line.code] {
                fault(index, "单位编码", line.code, "与第 \(lines[first].row) 行的单位编码相同；同一单位只留一行")
            } else {
                lineOf[line.code] = index
            }
        }
    }

    /// A temporary id of a unit that the file founds: below zero, one per line.
    private func temporaryID(_ index: Int) -> Int64 { -Int64(index) - 1 }

    /// The unit a code means: one of the database that may be seen, or one of the file.
    private func unit(_ code: String) -> Int64? {
        if let id = history.id(code: code) { return reach.covers(id) ? id : nil }
        return lineOf[code].map(temporaryID)
    }

    private mutating func markParents() {
        for (index, line) in lines.enumerated() where valid[index] {
            let known = history.id(code: line.code)
            if let known, !reach.covers(known) {
                fault(index, "单位编码", line.code, "这个编码不在您管理的单位之内；请核对单位编码，新单位请换一个编码", refusal: "organization.missing")
                continue
            }
            guard let parent = line.parent else {
                if known == nil, reach.units != nil { fault(index, "单位编码", line.code, "新单位要写明上级单位编码；请补上这一列") }
                continue
            }
            let current = known.flatMap(history.latest)?.facts.parentID
            // The unit's own parents, present and former, may stand above what the importer may see: an export names them again.
            // Whether the unit may go there is asked where it would.
            if let known, let own = current, history.organizations[own]?.code == parent, history.latest(known) != nil { continue }
            if let known, (history.versions[known] ?? []).contains(where: { $0.facts.parentID.flatMap { history.organizations[$0]?.code } == parent }) { continue }
            if parent.isEmpty {
                if reach.units != nil, known == nil || current != nil {
                    fault(index, "上级单位编码", "", "新单位要有上级；请填您管理的单位中的一个")
                }
            } else if unit(parent) == nil {
                fault(index, "上级单位编码", parent, near.sentence(parent), refusal: "unit.unknown")
            }
        }
    }

    private mutating func outcomes() -> [Outcome?] {
        lines.indices.map { index in
            guard valid[index] else { return nil }
            do {
                return try outcome(index)
            } catch let refusal as Refusal {
                let column = refusal.name == "organization.span" || refusal.name == "organization.closeEarly" ? "撤销日期" : "单位编码"
                refuse(index, column, column == "撤销日期" ? shown(lines[index].closed) : lines[index].code, refusal)
            } catch {
                fault(index, "单位编码", lines[index].code, "这一行无法处理；请核对后重填")
            }
            return nil
        }
    }

    private mutating func outcome(_ index: Int) throws -> Outcome {
        guard let id = history.id(code: lines[index].code) else { return try founding(index) }
        guard let last = history.latest(id), let first = history.versions[id]?.first else { throw OrgHistory.missing }
        // Where the unit stands and how long it is there is the superior's to say; what changes nothing is not asked.
        let elsewhere = reach.units == nil ? nil : history.refusalOfPlace(id, keeps: reach.covers)
        var present = last
        guard let edits = try spanEdits(index, id, first, &present, elsewhere) else { return .edits([]) }
        let facts = try facts(index, present)
        guard facts != present.facts else { return .edits(edits) }
        // What an export of an earlier day says again is recorded already; it neither undoes nor repeats what came after.
        if options.effective == nil, (history.versions[id] ?? []).dropLast().contains(where: { $0.facts == facts }) { return .edits(edits) }
        guard try mayMove(index, to: facts.parentID, present, elsewhere) else { return .edits([]) }
        var right = present
        right.facts = facts
        guard let day = options.effective, day > present.from else { return .edits(edits + [.update(present, to: right)]) }
        var before = present
        before.to = day
        return .edits(edits + [.update(present, to: before), .insert(OrganizationVersion(organizationID: id, from: day, to: present.to, facts: facts))])
    }

    /// A unit that is not there yet.
    private func founding(_ index: Int) throws -> Outcome {
        let line = lines[index]
        let facts = try OrganizationFacts(
            parentID: (line.parent ?? "").isEmpty ? nil : unit(line.parent ?? ""), name: line.name, kind: line.kind,
            creditCode: line.credit ?? "", ownership: line.ownership ?? "", employees: line.employees ?? nil, members: line.members ?? nil,
            enterprises: line.enterprises ?? nil
        ).checked()
        let organization = Organization(id: temporaryID(index), code: line.code)
        return .founding(organization, OrganizationVersion(organizationID: organization.id, from: line.founded ?? .always, to: line.closed ?? .open, facts: facts))
    }

    /// What the row says of the days on which the unit begins and ends; `present` becomes its latest version with them. Nil where
    /// that is not the importer's to say: the row is told.
    private mutating func spanEdits(
        _ index: Int, _ id: Int64, _ first: OrganizationVersion, _ present: inout OrganizationVersion, _ elsewhere: Refusal?
    ) throws -> [VersionEdit]? {
        let line = lines[index], last = present
        var edits: [VersionEdit] = []
        if let closed = line.closed, closed != last.to {
            if let elsewhere {
                refuse(index, "撤销日期", shown(closed), elsewhere)
                return nil
            }
            edits += try history.ending(id, on: closed)
            present.to = closed
        }
        if let founded = line.founded, founded != first.from {
            if let elsewhere {
                refuse(index, "成立日期", shown(founded), elsewhere)
                return nil
            }
            let isOnly = first.from == last.from
            guard founded < (isOnly ? present.to : first.to) else {
                throw Refusal("organization.span", "成立日期 \(founded) 不早于\(isOnly ? "撤销日期" : "") \(isOnly ? present.to : first.to) \(isOnly ? "" : "的变更")；请核对日期")
            }
            let old = isOnly ? present : first
            var right = old
            right.from = founded
            edits.append(.update(old, to: right))
            if isOnly { present = right }
        }
        return edits
    }

    /// What the unit is by the row; a column that the file does not have leaves it as it is.
    private func facts(_ index: Int, _ present: OrganizationVersion) throws -> OrganizationFacts {
        let line = lines[index]
        var facts = present.facts
        if let parent = line.parent { facts.parentID = parent.isEmpty ? nil : history.id(code: parent) ?? unit(parent) }
        facts.name = line.name
        facts.kind = line.kind
        if let credit = line.credit { facts.creditCode = credit }
        if let ownership = line.ownership { facts.ownership = ownership }
        if let employees = line.employees { facts.employees = employees }
        if let members = line.members { facts.members = members }
        if let enterprises = line.enterprises { facts.enterprises = enterprises }
        return try facts.checked()
    }

    /// Whether the change can be made on the day it takes effect, and the unit can go where the row says; else the row is told.
    /// Refusal `organization.effective`.
    private mutating func mayMove(_ index: Int, to parent: Int64?, _ present: OrganizationVersion, _ elsewhere: Refusal?) throws -> Bool {
        let typed = lines[index].parent ?? ""
        guard let day = options.effective else {
            guard parent != present.facts.parentID else { return true }
            let now = present.facts.parentID.map { "\(history.organizations[$0]?.code ?? "") \(history.name($0))" } ?? "空（没有上级）"
            fault(index, "上级单位编码", typed, "现在的上级是 \(now)；若已划转，请注明自哪天起（导入时填生效日期），若没有，请改回")
            return false
        }
        if parent != present.facts.parentID {
            if let elsewhere {
                refuse(index, "上级单位编码", typed, elsewhere)
                return false
            }
            // A former parent may be named, but not gone back to by whoever does not keep it.
            guard parent.map({ $0 < 0 || reach.covers($0) }) ?? true else {
                fault(index, "上级单位编码", typed, near.sentence(typed), refusal: "unit.unknown")
                return false
            }
        }
        guard day >= present.from, day < present.to else {
            throw Refusal(
                "organization.effective",
                day < present.from
                    ? "生效日期 \(day) 早于该单位 \(present.from) 的变更或成立日期；请另定生效日期" : "该单位自 \(present.to) 起撤销，生效日期 \(day) 不能更晚；请核对日期")
        }
        return true
    }

    /// The history as it is with all good rows of the file.
    private func after(_ outcomes: [Outcome?]) -> OrgHistory {
        var after = history
        var all: [VersionEdit] = []
        for (index, outcome) in outcomes.enumerated() where valid[index] {
            switch outcome {
            case .founding(let organization, let version)?:
                after.add(organization)
                all.append(.insert(version))
            case .edits(let edits)?: all += edits
            case nil: break
            }
        }
        after.apply(all)
        return after
    }

    /// Marks the rows by which a unit ends earlier than before while units or people are still there after the whole file,
    /// and those by which one begins or goes under a unit that has ended; true where there were any.
    private mutating func markClosings(_ outcomes: [Outcome?], in db: Reading) throws -> Bool {
        let after = after(outcomes)
        // Who stands below whom, once for all rows.
        var below: [Int64: [OrganizationVersion]] = [:]
        var isAsked = false
        for (index, outcome) in outcomes.enumerated() where valid[index] {
            if case .edits(let edits)? = outcome, !edits.isEmpty { isAsked = true }
            if case .founding? = outcome { isAsked = true }
        }
        guard isAsked else { return false }
        for version in after.versions.values.joined() { if let parent = version.facts.parentID { below[parent, default: []].append(version) } }
        var found = false
        // A row that is wrong leaves its unit as it was, and so makes others wrong: above it those that would end before it, below
        // it those that would outlast it. In the order of the tree both are met in one pass.
        let upward = upward(outcomes, after)
        var stays: [Int64: [OrganizationVersion]] = [:], ended: [Int64: Day] = [:]
        for index in upward where valid[index] {
            switch outcomes[index] {
            case .edits(let edits)? where !edits.isEmpty:
                guard let id = history.id(code: lines[index].code), let was = history.latest(id), let isNow = after.latest(id) else { continue }
                if isNow.to < was.to {
                    let left = ((below[id] ?? []) + (stays[id] ?? [])).filter { $0.to > isNow.to }
                    let posts = left.isEmpty ? try RosterStore.posts(in: [id], endingAfter: isNow.to, in: db) : []
                    let refusal = !left.isEmpty
                        ? after.hasChildren(was.facts.name, left, on: isNow.to)
                        : posts.isEmpty ? nil : OrganizationStore.hasPosts(was.facts.name, posts, on: isNow.to)
                    if let refusal {
                        refuse(index, "撤销日期", shown(isNow.to), refusal)
                        found = true
                        if let parent = was.facts.parentID { stays[parent, default: []].append(was) }
                    }
                }
            default: break
            }
        }
        for index in upward.reversed() where valid[index] {
            switch outcomes[index] {
            case .edits(let edits)? where !edits.isEmpty:
                guard let id = history.id(code: lines[index].code), let was = history.latest(id), let isNow = after.latest(id) else { continue }
                if isNow.to > was.to || isNow.facts.parentID != was.facts.parentID, refuseClosedParent(of: isNow, index, after, ended) {
                    found = true
                    if was.to < isNow.to { ended[id] = was.to }
                }
            case .founding(_, let version)?:
                if refuseClosedParent(of: version, index, after, ended) { found = true }
            default: break
            }
        }
        return found
    }

    /// The rows by how deep their units stand after the file, the deepest first.
    private func upward(_ outcomes: [Outcome?], _ after: OrgHistory) -> [Int] {
        var depths: [Int64: Int] = [:]
        func depth(_ unit: Int64) -> Int {
            var path: [Int64] = [], open: Set<Int64> = [], next: Int64? = unit
            while let id = next, depths[id] == nil, open.insert(id).inserted {
                path.append(id)
                next = after.latest(id)?.facts.parentID
            }
            var depth = next.flatMap { depths[$0] } ?? 0
            for id in path.reversed() {
                depth += 1
                depths[id] = depth
            }
            return depth
        }
        var rows: [(index: Int, depth: Int)] = []
        for (index, outcome) in outcomes.enumerated() where valid[index] {
            switch outcome {
            case .edits(let edits)? where !edits.isEmpty: if let id = history.id(code: lines[index].code) { rows.append((index, depth(id))) }
            case .founding(let organization, _)?: rows.append((index, depth(organization.id)))
            default: break
            }
        }
        return rows.sorted { ($1.depth, $0.index) < ($0.depth, $1.index) }.map(\.index)
    }

    /// Marks a row whose unit would outlast the unit above; true where it does. `ended`: units that end after all, by a wrong row.
    private mutating func refuseClosedParent(of version: OrganizationVersion, _ index: Int, _ after: OrgHistory, _ ended: [Int64: Day]) -> Bool {
        guard let parent = version.facts.parentID, let end = ended[parent] ?? after.closed(parent), end < version.to else { return false }
        refuse(index, "上级单位编码", lines[index].parent ?? "", after.parentClosed(parent, end))
        return true
    }

    private func shown(_ day: Day?) -> String { day.map { $0 == .open || $0 == .always ? "" : "\($0)" } ?? "" }

    /// Marks the rows that stand in a circle; true where there were any.
    private mutating func markCycles(_ outcomes: [Outcome?]) -> Bool {
        let after = after(outcomes)
        let cycles = after.cycles()
        guard !cycles.isEmpty else { return false }
        var found = false
        let rowsOf = Dictionary(grouping: lines.indices.filter { valid[$0] }) { history.id(code: lines[$0].code) ?? temporaryID($0) }
        for (members, _) in cycles {
            let rows = members.flatMap { rowsOf[$0] ?? [] }.filter { valid[$0] }.sorted()
            // Two rows of one unit have one code; of three others each sees some among the first few.
            let codes = rows.prefix(8).map { lines[$0].code }
            for index in rows {
                let others = codes.filter { $0 != lines[index].code }.prefix(3).joined(separator: "、")
                fault(
                    index, "上级单位编码", lines[index].parent ?? "",
                    others.isEmpty ? "上级又是自己的下级，成了循环；请改正上级单位编码" : "与 \(others) 互为上下级，成了循环；请改正上级单位编码")
                found = true
            }
        }
        return found
    }

    private mutating func markOrphans() -> Bool {
        // From each wrong row down to whatever stands below it in the file, level by level.
        var below: [Int: [Int]] = [:]
        for (index, line) in lines.enumerated() where valid[index] {
            guard let parent = line.parent, !parent.isEmpty, history.id(code: parent) == nil, let above = lineOf[parent] else { continue }
            below[above, default: []].append(index)
        }
        var wrong = lines.indices.filter { !valid[$0] && below[$0] != nil }, found = false
        while let above = wrong.popLast() {
            for index in below[above] ?? [] where valid[index] {
                fault(index, "上级单位编码", lines[index].parent ?? "", "上级单位在第 \(lines[above].row) 行，那一行有误没有导入；请先改好那一行")
                wrong.append(index)
                found = true
            }
        }
        return found
    }

    private mutating func addHints(_ outcomes: [Outcome?]) {
        var places: [String: Int] = [:]
        for (index, outcome) in outcomes.enumerated() where valid[index] {
            let line = lines[index]
            func hint(_ column: String, _ found: String, _ sentence: String) {
                report.addHint(ImportReport.Note(row: line.row, column: column, found: found, sentence: sentence))
            }
            if case .founding(_, let version)? = outcome {
                let place = "\(version.facts.parentID ?? 0)\u{1F}\(version.facts.name)"
                if let other = places[place] {
                    hint("单位名称", line.name, "与第 \(lines[other].row) 行同名，上级也相同；若是同一单位，请只留一行")
                }
                places[place] = index
            }
            if case .edits(let edits)? = outcome, edits.isEmpty, options.effective == nil, let id = history.id(code: line.code),
                let last = history.latest(id), last.facts.name != line.name || line.parent.map({ $0 != (last.facts.parentID.flatMap { history.organizations[$0]?.code } ?? "") }) ?? false {
                hint("单位编码", line.code, "这一行说的是 \(last.from) 之前的情况，已有记录，没有改动；若要改回，请注明生效日期")
            }
            if let parent = line.parent, !parent.isEmpty {
                let closed = history.id(code: parent).flatMap(history.closed) ?? lineOf[parent].flatMap { lines[$0].closed } ?? .open
                let inFile = lineOf[parent].flatMap { valid[$0] ? lines[$0].closed : nil }
                let end = inFile ?? closed
                // Said of what is so already; what begins, comes back or goes there is refused.
                if end < (line.closed ?? .open) { hint("上级单位编码", parent, "上级单位自 \(end) 起撤销，本单位还在；请核对，若已划转请注明新的上级") }
            }
        }
    }
}
