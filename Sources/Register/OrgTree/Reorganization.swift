import Kit

/// What officers do to the tree: each decision yields the rows to write, or a named refusal. Nothing here touches a database.
extension OrgHistory {
    /// A new unit from `from` on. Its code must be free and its parent must exist on that day.
    package func founding(id: Int64, code: String, facts: OrganizationFacts, from: Day, to: Day = .open) throws -> OrganizationVersion {
        let code = try Organization.checkedCode(code)
        // Not whose: the unit may lie outside what the asker sees.
        if let other = self.id(code: code) { throw Refusal("organization.codeTaken", "单位编码 \(code) 已有单位在用；请换一个编码，或到该单位的页面更正", about: other) }
        guard from < to else { throw Refusal("organization.span", "撤销日期 \(to) 不晚于成立日期 \(from)；请核对两个日期") }
        let facts = try facts.checked()
        if let parent = facts.parentID { try requireAlive(parent, from: from, to: to) }
        return OrganizationVersion(organizationID: id, from: from, to: to, facts: facts)
    }

    /// Other facts from `day` on: a new name, another parent, other counts. The version of that day is cut in two;
    /// what was true before stays. Refused where a later change is already recorded.
    package func amending(_ id: Int64, from day: Day, _ change: (inout OrganizationFacts) -> Void) throws -> [VersionEdit] {
        let current = try lastVersion(id, on: day)
        var facts = current.facts
        change(&facts)
        facts = try facts.checked()
        guard facts != current.facts else {
            throw Refusal("organization.nothingChanged", "“\(current.facts.name)”自 \(day) 起与现在完全相同，没有要改的；请核对填写的内容")
        }
        if facts.parentID != current.facts.parentID { try checkMove(id, to: facts.parentID, from: day, until: current.to) }
        return cut(current, at: day, facts: facts)
    }

    /// Another parent from `day` on; nil makes the unit a root.
    package func moving(_ id: Int64, to parent: Int64?, from day: Day) throws -> [VersionEdit] {
        let current = try lastVersion(id, on: day)
        guard parent != current.facts.parentID else {
            let above = parent.map { "“\(name($0))”" } ?? "无上级"
            throw Refusal("organization.sameParent", "“\(current.facts.name)”的上级已是\(above)；请选另一个上级")
        }
        return try amending(id, from: day) { $0.parentID = parent }
    }

    /// The facts of one version set right in place, for its whole span: for what was entered wrongly, not for what has changed.
    package func correcting(_ id: Int64, versionFrom: Day, _ change: (inout OrganizationFacts) -> Void) throws -> [VersionEdit] {
        guard let version = versions[id]?.first(where: { $0.from == versionFrom }) else { throw Self.missing }
        var right = version
        change(&right.facts)
        right.facts = try right.facts.checked()
        guard right != version else {
            throw Refusal("organization.nothingChanged", "更正前后完全相同，没有要改的；请核对填写的内容")
        }
        if right.facts.parentID != version.facts.parentID {
            try checkMove(id, to: right.facts.parentID, from: version.from, until: version.to)
        }
        return [.update(version, to: right)]
    }

    /// The unit ends on `day`, the first day it no longer exists; `.open` takes an end back.
    /// Children that still hang under it on that day are refused unless `childrenTo` says where they go (`.some(nil)`: they become roots).
    package func closing(_ id: Int64, on day: Day, childrenTo: Int64?? = nil) throws -> [VersionEdit] {
        guard let last = versions[id]?.last else { throw Self.missing }
        guard day > last.from else {
            throw Refusal("organization.closeEarly", "“\(last.facts.name)”在 \(last.from == .always ? "更早" : "\(last.from)") 还有变更；撤销日期要晚于它，请核对日期或先撤回那次变更")
        }
        guard day <= last.to else {
            throw Refusal("organization.closed", "“\(last.facts.name)”已于 \(last.to) 撤销；若要改撤销日期，请用“更正”")
        }
        guard day < last.to else { return [] }
        var edits: [VersionEdit] = []
        let below = dependants(of: id, from: day)
        if !below.isEmpty {
            guard let target = childrenTo else { throw hasChildren(last.facts.name, below, on: day) }
            if let target { try requireAlive(target, from: day, to: .open) }
            for child in below {
                guard child.organizationID != target else {
                    throw Refusal("organization.cycle", "“\(name(child.organizationID))”就是下级单位之一，不能成为自己的上级；请另选上级")
                }
                if let target { try checkMove(child.organizationID, to: target, from: max(day, child.from), until: child.to) }
                var facts = child.facts
                facts.parentID = target
                edits += cut(child, at: max(day, child.from), facts: facts)
            }
        }
        var ended = last
        ended.to = day
        edits.append(.update(last, to: ended))
        return edits
    }

    /// The end of the unit set right or taken back, for imports and corrections: children are not asked.
    package func ending(_ id: Int64, on day: Day) throws -> [VersionEdit] {
        guard let last = versions[id]?.last else { throw Self.missing }
        guard day > last.from else {
            let since = last.from == .always ? "成立" : last.from == founded(id) ? "成立日期 \(last.from)" : "\(last.from) 的变更"
            throw Refusal("organization.span", "撤销日期 \(day) 不晚于\(since)；请核对日期")
        }
        guard day != last.to else { return [] }
        var right = last
        right.to = day
        return [.update(last, to: right)]
    }

    /// Why a unit does not end on a day while units stand below it.
    package func hasChildren(_ unit: String, _ below: [OrganizationVersion], on day: Day) -> Refusal {
        let names = below.prefix(3).map { "“\(name($0.organizationID))”" }.joined(separator: "、"), ids = Set(below.map(\.organizationID))
        return Refusal(
            "organization.hasChildren",
            "“\(unit)”在 \(day) 还有 \(ids.count) 个下级单位（\(names)\(ids.count > 3 ? "等" : "")）；请先把它们划转或撤销，或在撤销时一并划转到另一上级")
    }

    /// `absorbed` ends on `day` and its children go to `survivor`. Posts are moved by the roster.
    package func merging(_ absorbed: Int64, into survivor: Int64, from day: Day) throws -> [VersionEdit] {
        guard absorbed != survivor else { throw Refusal("organization.mergeSelf", "不能把单位并入它自己；请选另一个单位") }
        _ = try lastVersion(absorbed, on: day)
        try requireAlive(survivor, from: day, to: .open)
        guard !isAbove(absorbed, survivor, from: day, until: .open) else {
            throw Refusal(
                "organization.mergeIntoBelow",
                "“\(name(survivor))”是“\(name(absorbed))”的下级，不能反过来并入它；请先把“\(name(survivor))”划转到别的上级")
        }
        return try closing(absorbed, on: day, childrenTo: .some(survivor))
    }

    // MARK: - who may

    /// Where a unit stands and how long it is there is the superior's to say: nil for whoever keeps the unit above as well,
    /// or the unit itself where none is above. Pages and workbooks ask here.
    package func refusalOfPlace(_ id: Int64, keeps: (Int64) -> Bool) -> Refusal? {
        guard keeps(id), latest(id)?.facts.parentID.map(keeps) ?? true else {
            return Refusal("organization.place", "单位的设立、隶属和撤销由上级单位办理，没有改动；请与上级单位的组织人事管理员联系，这一格照现在的填写")
        }
        return nil
    }

    // MARK: - what stands behind

    package static var missing: Refusal { Refusal("organization.missing", "没有这个单位；请从单位列表中选") }

    /// The version of `day`, which must be the last one: later facts would otherwise be overtaken silently.
    func lastVersion(_ id: Int64, on day: Day) throws -> OrganizationVersion {
        guard let last = versions[id]?.last, let first = versions[id]?.first else { throw Self.missing }
        guard day >= first.from else {
            throw Refusal("organization.beforeFounding", "“\(last.facts.name)”在 \(day) 还没有成立（成立日期 \(first.from)）；请核对生效日期")
        }
        guard day < last.to else {
            throw Refusal("organization.closed", "“\(last.facts.name)”已于 \(last.to) 撤销；请核对生效日期")
        }
        guard last.covers(day) else {
            throw Refusal(
                "organization.laterChange",
                "“\(last.facts.name)”在 \(last.from) 已有一次更晚的变更；请先撤回那次变更，或把生效日期定在它之后")
        }
        return last
    }

    package func requireAlive(_ parent: Int64, from: Day, to: Day) throws {
        guard let first = founded(parent), let end = closed(parent) else { throw Self.missing }
        if from < first, from != .always {
            throw Refusal("organization.parentUnborn", "上级“\(name(parent))”在 \(from) 还没有成立（成立日期 \(first)）；请核对日期或另选上级")
        }
        if end < to, end != .open {
            throw parentClosed(parent, end)
        }
    }

    package func parentClosed(_ parent: Int64, _ end: Day) -> Refusal {
        Refusal("organization.parentClosed", "上级“\(name(parent))”自 \(end) 起撤销；请另选上级")
    }

    private func checkMove(_ id: Int64, to parent: Int64?, from day: Day, until end: Day) throws {
        guard let parent else { return }
        try requireAlive(parent, from: day, to: end)
        guard parent != id, !isAbove(id, parent, from: day, until: end) else {
            throw Refusal(
                "organization.cycle",
                "“\(name(parent))”是“\(name(id))”自己或它的下级，不能成为它的上级；请另选上级")
        }
    }

    /// Whether `upper` stands above `lower` on any day of the span.
    func isAbove(_ upper: Int64, _ lower: Int64, from: Day, until end: Day) -> Bool {
        // First over the parents of all days together, which is cheap; then day by day.
        var reached: Set<Int64> = [lower], work = [lower], met = false
        var days: Set<Day> = [from]
        while let id = work.popLast() {
            for version in versions[id] ?? [] where version.to > from && version.from < end {
                if version.from > from { days.insert(version.from) }
                guard let parent = version.facts.parentID else { continue }
                if parent == upper { met = true }
                if reached.insert(parent).inserted { work.append(parent) }
            }
        }
        guard met else { return false }
        return days.contains { day in
            var current = version(lower, on: day)?.facts.parentID
            var steps = 0
            while let id = current, steps < 1000 {
                if id == upper { return true }
                current = version(id, on: day)?.facts.parentID
                steps += 1
            }
            return false
        }
    }

    /// The versions of other units that name `id` as their parent on `day` or later.
    func dependants(of id: Int64, from day: Day) -> [OrganizationVersion] {
        versions.values.flatMap { $0 }
            .filter { $0.facts.parentID == id && $0.to > day }
            .sorted { (organizations[$0.organizationID]?.code ?? "", $0.from) < (organizations[$1.organizationID]?.code ?? "", $1.from) }
    }

    private func cut(_ version: OrganizationVersion, at day: Day, facts: OrganizationFacts) -> [VersionEdit] {
        guard day > version.from else {
            var changed = version
            changed.facts = facts
            return [.update(version, to: changed)]
        }
        var before = version
        before.to = day
        return [
            .update(version, to: before),
            .insert(OrganizationVersion(organizationID: version.organizationID, from: day, to: version.to, facts: facts)),
        ]
    }
}
