// The names, units, trainings and vacancies behind lines that do not ask what each head of a primary post has.
extension Cube {
    // MARK: Terms of office

    func termHead(_ person: Int, _ term: Assessment.TermHead, _ index: Int, _ facts: [Int], _ sums: Slab<Int64>) -> Explanation.Head {
        assessment.gather(term, of: person, columns, into: sums.base)
        return Explanation.Head(
            person: Int32(truncatingIfNeeded: person), appointment: Int32(truncatingIfNeeded: term.number), organization: term.held.organization,
            isNew: assessment.yearStart <= term.held.from && term.held.from <= assessment.yearEnd, isMet: isMet(index, sums),
            amounts: facts.map { sums[$0] }, hoursLacking: hoursLacking(index, sums), due: term.held.due, from: term.held.from)
    }

    func entries(of person: Int, _ term: Assessment.TermHead, _ asked: UInt32) -> [Int32] {
        entries(of: person, unit: term.unit, asked: asked) { _ in assessment.window(of: term.held).map { ($0.lowerBound, $0.upperBound) } }
    }

    func explainTerms(_ index: Int, unit: Int32, _ span: Range<Int32>, subtree isSubtree: Bool) -> Explanation {
        let line = assessment.lines[index], facts = assessment.facts(ofLine: index)
        let asked = facts.reduce(UInt32(0)) { $0 | 1 << UInt32(truncatingIfNeeded: $1) }
        let sums = Slab<Int64>(count: 32, repeating: 0)
        var numerator: [Explanation.Share] = [], denominator: [Explanation.Head] = []
        for person in columns.holdings.keys.sorted() {
            for term in assessment.termHeads(of: Int(person), columns, roster.tree) where term.group == line.group && span.contains(term.unit) {
                let head = termHead(Int(person), term, index, facts, sums)
                denominator.append(head)
                let amount = line.shape == .share ? (head.isMet ? 1 : 0) : sums[line.fact]
                if amount != 0 {
                    numerator.append(Explanation.Share(
                        person: person, amount: amount, entries: entries(of: Int(person), term, asked), appointment: head.appointment))
                }
            }
        }
        return Explanation(
            finding: finding(index, unit: unit, subtree: isSubtree), facts: facts, numerator: numerator, denominator: denominator, outside: [], running: [])
    }

    // MARK: Records, units, vacancies

    func explainBeyond(_ index: Int, unit: Int32, _ span: Range<Int32>, subtree isSubtree: Bool) -> Explanation {
        let found = finding(index, unit: unit, subtree: isSubtree), facts = assessment.facts(ofLine: index), here = span.lowerBound
        var numerator: [Explanation.Share] = [], denominator: [Explanation.Head] = []
        if let counted = (assessment.beyond.times + assessment.beyond.hosted).first(where: { $0.line == index }) {
            for person in 0..<columns.peopleCount {
                guard let (head, share) = counts(counted, of: person, here, span, subtree: isSubtree) else { continue }
                denominator.append(head)
                if let share { numerator.append(share) }
            }
        }
        var told = Explanation(finding: found, facts: facts, numerator: numerator, denominator: denominator, outside: [], running: [])
        if let norm = assessment.beyond.norms.first(where: { $0.line == index }) {
            told.units = span.compactMap { unit in
                judge(norm, at: Int(unit)).map {
                    Explanation.Unit(
                        organization: roster.tree.organization[Int(unit)], filled: $0.filled, required: $0.required, most: $0.most, verdict: $0.verdict,
                        isOver: $0.isOver)
                }
            }
        }
        if let vacancy = assessment.beyond.vacancies.first(where: { $0.line == index }) { told.vacancies = vacancies(vacancy, in: span) }
        told.trainings = trainings.filter { $0.key.line == index && Int(here) == $0.key.host }.map {
            Explanation.Training(title: $0.key.title, from: $0.key.from, to: $0.key.to, records: Int($0.value))
        }.sorted { ($0.from, $0.to, $0.title) < ($1.from, $1.to, $1.title) }
        return told
    }

    /// What a person brings to person-times of terms, or to records by their host; nil for somebody it does not concern.
    private func counts(
        _ counted: Beyond.Counted, of person: Int, _ here: Int32, _ span: Range<Int32>, subtree isSubtree: Bool
    ) -> (Explanation.Head, Explanation.Share?)? {
        guard let window = assessment.window(of: counted.fact) else { return nil }
        let bit: UInt32 = 1 << UInt32(truncatingIfNeeded: counted.fact)
        let isOfTerms = assessment.beyond.times.contains { $0.line == counted.line }
        let holdings = isOfTerms ? columns.holdings(of: person) : []
        func counts(_ row: Columns.Row) -> Bool {
            guard assessment.facts(of: row, unit: -1, asked: bit) != 0, window.contains(row.to) else { return false }
            if isOfTerms {
                return assessment.unitsInTerm(counted.group, holdings, on: row.to, columns, roster.tree).contains(where: span.contains)
            }
            guard let host = assessment.host(of: row) else { return false }
            return host == Int(here) || isSubtree && span.contains(Int32(truncatingIfNeeded: host)) && counted.below.contains(roster.tree.kind[host])
        }
        var amount: Int64 = 0, isConcerned = false
        columns.forEachRow(of: person) { row in
            if counts(row) {
                amount += row.isReversal ? -1 : 1
                isConcerned = true
            }
        }
        // Person-times are told beside everyone who was in a term of the group then.
        let terms = policy.groups[counted.group].terms ?? []
        let term = holdings.enumerated().first { _, held in
            terms.contains(columns.holdingKeys.values[Int(held.key)]) && held.from <= window.upperBound && held.to > window.lowerBound
                && span.contains(roster.tree.position[Int(held.organization)])
        }
        guard isConcerned || term != nil else { return nil }
        let primary = roster.unit[person]
        let head = Explanation.Head(
            person: Int32(truncatingIfNeeded: person), appointment: Int32(truncatingIfNeeded: term?.offset ?? -1),
            organization: term?.element.organization ?? (primary < 0 ? roster.tree.organization[Int(here)] : roster.tree.organization[Int(primary)]),
            isNew: false, isMet: amount > 0, amounts: [amount], hoursLacking: 0, due: term?.element.due, from: term?.element.from ?? window.lowerBound)
        guard amount != 0 else { return (head, nil) }
        return (head, Explanation.Share(person: head.person, amount: amount, entries: entries(of: person, counts), appointment: nil))
    }

    /// The vacancies of a rule in some units: those that fall due in the year and not after the day, and those that run
    /// on the day (rules.md C, reading 4).
    func vacancies(_ line: Beyond.VacancyLine, in span: Range<Int32>) -> [Explanation.Vacancy] {
        guard let rule = assessment.beyond.vacancies.firstIndex(where: { $0.line == line.line }) else { return [] }
        var found: [Explanation.Vacancy] = []
        for (organization, spans) in self.spans[rule] {
            let unit = roster.tree.position[Int(organization)]
            guard span.contains(unit), assessment.beyond.isOf(line.units, Int(unit)) else { continue }
            var end: Int32?
            for next in spans.sorted(by: { $0.from < $1.from }) {
                if let empty = end, empty < next.from { add(empty, next.from) }
                end = max(end ?? next.to, next.to)
            }
            if let end { add(end, nil) }

            func add(_ from: Int32, _ filled: Int32?) {
                guard from <= day else { return }
                let due = CivilDate.monthsLater(from, line.vacancy.months)
                // A unit closed before the due day has no post to fill.
                guard due < roster.tree.closed[Int(organization)] else { return }
                let isCounted = assessment.yearStart <= due && due <= assessment.lastDay
                guard isCounted || day < filled ?? .max else { return }
                found.append(Explanation.Vacancy(
                    organization: organization, from: from, due: due, filled: filled.flatMap { $0 <= day ? $0 : nil }, isCounted: isCounted, unit: unit))
            }
        }
        return found.sorted { ($0.due, $0.unit, $0.from) < ($1.due, $1.unit, $1.from) }
    }
}
