// A second computation of B4–B8, C1–C11 and D1, written straight from the clauses and readings of the rules. Slow on purpose.

@testable import Rules

extension Oracle {
    typealias Finding = OracleFinding

    // MARK: B, worker representatives

    /// The first day no longer in office, and whether the holder left before the term was due: 离任日期, or the election of
    /// another 届 of that kind in that unit, whichever comes first.
    static func end(_ term: OracleWorld.Term, _ world: OracleWorld) -> (day: Int, leftEarly: Bool) {
        var end = term.left ?? OracleWorld.open
        var isLeft = term.left != nil
        for person in world.people {
            for other in person.terms where other.unit == term.unit && other.kind == term.kind && other.session != term.session && other.elected > term.elected {
                if other.elected < end { (end, isLeft) = (other.elected, false) }
            }
        }
        return (end, isLeft && end < term.expires)
    }

    func isOfDuty(_ r: OracleWorld.Record) -> Bool { r.purpose == "履职" || r.purpose == "民主管理" }

    func representatives(_ unit: Int, _ subtree: Bool) -> [String: Finding] {
        var all: [String: Finding] = [:]
        let periodFrom = OracleDate(2019, 1, 1).number, periodTo = OracleDate(2023, 12, 31).number
        let isProvince = kind(unit) == "省级总工会" && subtree
        func count(_ had: Int, _ needed: Int?, until: Int) -> Finding {
            Finding(had: (had, 1), needed: needed.map { ($0, 1) }, verdict: needed.map { had >= $0 ? "met" : day < until ? "pending" : "unmet" })
        }
        var demonstrations = 0, times = 0
        var trainings: Set<String> = []
        for person in world.people {
            for r in counted(person) {
                if r.purpose == "民主管理", let host = r.host {
                    if r.to >= periodFrom, r.to <= periodTo, r.to <= last,
                        host == unit || subtree && kind(host) == "地市总工会" && isAbove(unit, host) { demonstrations += 1 }
                    if host == unit, endsInYear(r), person.posts.contains(where: { $0.from <= r.to && r.to < $0.to && $0.category != "" }) {
                        trainings.insert("\(r.title) \(r.from) \(r.to)")
                    }
                }
                if isOfDuty(r), endsInYear(r), person.terms.contains(where: {
                    within($0.unit, unit, subtree) && $0.elected <= r.to && r.to < Oracle.end($0, world).day
                }) { times += 1 }
            }
        }
        all["B4/null"] = count(demonstrations, isProvince ? 4000 : nil, until: periodTo)
        all["B5/null"] = count(trainings.count, ["省级总工会", "地市总工会"].contains(kind(unit)) ? 1 : nil, until: december)
        all["B6/null"] = count(times, isProvince ? 50_000 : nil, until: december)
        all["B7/null"] = terms(unit, subtree, "职工代表", hours: 800)
        all["B8/workerDirector"] = terms(unit, subtree, "职工董事", hours: 1600)
        all["B8/workerSupervisor"] = terms(unit, subtree, "职工监事", hours: 1600)
        return all
    }

    func terms(_ unit: Int, _ subtree: Bool, _ kind: String, hours: Int) -> Finding {
        var had = 0, count = 0, mayAllStillBeMet = true
        for person in world.people {
            for term in person.terms where term.kind == kind && within(term.unit, unit, subtree) {
                let (end, leftEarly) = Oracle.end(term, world)
                guard term.elected <= day, end > january, !(leftEarly && end <= day) else { continue }
                count += 1
                let records = counted(person).filter(isOfDuty)
                let sum = records.reduce(0) { $0 + accrued($1, term.elected, min(end - 1, last)) }
                if sum >= hours, records.contains(where: { $0.to >= term.elected && $0.to < end && $0.to <= last }) {
                    had += 1
                } else if !(day < end && term.expires > day) {
                    mayAllStillBeMet = false
                }
            }
        }
        return Finding(
            had: (had, count), needed: (1, 1),
            verdict: count == 0 ? "notApplicable" : had == count ? "met" : mayAllStillBeMet ? "pending" : "unmet")
    }

    // MARK: C, workforce

    func staff(_ units: [Int], _ workforce: String, engagement: String? = nil) -> Int {
        world.people.filter { person in
            person.posts.contains {
                units.contains($0.unit) && $0.from <= day && day < $0.to && $0.workforce == workforce && (engagement == nil || $0.engagement == engagement)
            }
        }.count
    }

    func exists(_ unit: Int) -> Bool { version(unit) != nil }

    /// A unit's norm: nil least is unknown.
    typealias Norm = (filled: Int, least: Int?, most: Int?)

    /// `norm` gives nil for a unit that nothing is asked of.
    func norms(_ unit: Int, _ subtree: Bool, _ norm: (Int) -> Norm?) -> (Finding, over: Int) {
        var kept = 0, failed = 0, unknown = 0, over = 0
        for other in world.units.indices where within(other, unit, subtree) && exists(other) {
            guard let (filled, least, most) = norm(other) else { continue }
            guard let least else {
                unknown += 1
                continue
            }
            if filled >= least { kept += 1 } else { failed += 1 }
            if filled >= least, let most, filled > most { over += 1 }
        }
        let count = kept + failed + unknown
        return (Finding(
            had: (kept, count), needed: (1, 1),
            verdict: count == 0 ? "notApplicable" : failed > 0 ? "unmet" : unknown > 0 ? "unknown" : "met"), over)
    }

    func workforce(_ unit: Int, _ subtree: Bool) -> (findings: [String: Finding], over: [String: Int]) {
        var all: [String: Finding] = [:], over: [String: Int] = [:]
        func set(_ key: String, hasMost: Bool = false, _ norm: (Int) -> Norm?) {
            let (finding, above) = norms(unit, subtree, norm)
            all[key] = finding
            if hasMost { over[key] = above }
        }
        func upwards(_ number: Int, _ by: Int) -> Int { number / by + (number % by > 0 ? 1 : 0) }
        let social = "专职工会社会工作者", guide = "工资集体协商指导员", lawyer = "工会专职律师", supervisor = "工会劳动法律监督员"

        set("C1/null") { u in
            guard ["企业工会", "机关事业单位工会"].contains(kind(u)) else { return nil }
            return (staff([u], "专兼职工会干部", engagement: "专职"), version(u)!.employees.map { upwards($0 * 3, 1000) }, nil)
        }
        set("C3/null", hasMost: true) { u in kind(u) == "职工服务中心" ? (staff([u], social), 7, 10) : nil }
        set("C4/null") { u in
            kind(u) == "工会服务站" ? (staff([u], social), version(u)!.members.map { $0 >= 2000 ? 5 : 3 }, nil) : nil
        }
        set("C5/null", hasMost: true) { u in
            guard kind(u) == "行业工会联合会", let above = parent(u), ["地市总工会", "省级总工会"].contains(kind(above)), staff([u], social) > 0 else { return nil }
            return (staff([u], social), 2, 3)
        }
        set("C6/null", hasMost: true) { u in
            guard kind(u) == "社区村联合工会" else { return nil }
            let asked = version(u)!.enterprises.map { $0 < 100 ? 1 : 2 }
            return (staff([u], "社区(村)联合工会专职干事"), asked, asked)
        }
        set("C7/industryGuides") { u in kind(u) == "产业工会" ? (staff([u], guide), 2, nil) : nil }
        set("C7/districtGuides", hasMost: true) { u in kind(u) == "区县总工会" ? (staff([u], guide), 10, 20) : nil }
        set("C7/stationGuides") { u in
            kind(u) == "工会服务站" && parent(u).map { kind($0) == "街道乡镇总工会" } ?? false ? (staff([u], guide), 3, nil) : nil
        }
        set("C8/districtLawyers") { u in kind(u) == "区县总工会" ? (staff([u], lawyer), 2, nil) : nil }
        set("C8/stationLawyers", hasMost: true) { u in
            let stations = world.units.indices.filter { kind($0) == "工会服务站" && exists($0) && isAbove(u, $0) }
            guard kind(u) == "区县总工会", !stations.isEmpty else { return nil }
            return (staff(stations, lawyer), upwards(stations.count, 5), upwards(stations.count, 3))
        }
        func large(_ u: Int, _ filled: String, _ posts: Int) -> Norm? {
            guard kind(u) == "企业工会" else { return nil }
            guard let employees = version(u)!.employees else { return (staff([u], filled), nil, nil) }
            return employees >= 100 ? (staff([u], filled), posts, nil) : nil
        }
        set("C8/enterpriseLawyers") { large($0, lawyer, 1) }
        set("C9/districtSupervisors", hasMost: true) { u in kind(u) == "区县总工会" ? (staff([u], supervisor), 3, 5) : nil }
        set("C9/townSupervisors") { u in kind(u) == "街道乡镇总工会" ? (staff([u], supervisor), 1, nil) : nil }
        set("C9/enterpriseSupervisors") { large($0, supervisor, 2) }

        all["C2/null"] = vacancies(unit, subtree)
        all["C10/newGrassrootsChairs"] = prePost(unit, subtree) { post in
            ["企业工会", "机关事业单位工会", "社区村联合工会"].contains(kind(post.unit)) && Oracle.isFullChair(post.title)
        }
        for (key, word) in [
            ("newSocialWorkers", social), ("newCommunityOfficers", "社区(村)联合工会专职干事"), ("newNegotiationGuides", guide), ("newLabourLawSupervisors", supervisor),
        ] { all["C10/\(key)"] = prePost(unit, subtree) { $0.workforce == word } }
        for (key, word) in [("socialWorkers", social), ("communityOfficers", "社区(村)联合工会专职干事")] {
            all["C11/\(key)"] = share(heads(unit, subtree) { $0.workforce == word }, needed: (1, 1), periodEnd: december) { head in
                counted(head.person).filter { ["岗位", "专门业务"].contains($0.purpose) }.reduce(0) { $0 + accrued($1, january, last) } >= 3200
            }
        }
        return (all, over)
    }

    /// Day by day: who was chair, and since when nobody is.
    func vacancies(_ unit: Int, _ subtree: Bool) -> Finding {
        var had = 0, count = 0
        for other in world.units.indices where within(other, unit, subtree) {
            let posts = world.people.flatMap(\.posts).filter { $0.unit == other && Oracle.isFullChair($0.title) }
            // Nothing changes on other days.
            let turns = Set(posts.flatMap { [$0.from, $0.to] }).sorted()
            var empty: Int?, hadOne = false
            func judge(_ from: Int, _ filled: Int?) {
                let begun = OracleDate(number: from)
                var year = begun.year, month = begun.month + 3
                if month > 12 { (year, month) = (year + 1, month - 12) }
                let due = OracleDate(year, month, min(begun.day, OracleDate.length(year, month))).number
                guard year == self.year, due <= day, world.units[other].versions.last!.to > due else { return }
                count += 1
                if let filled, filled <= due { had += 1 }
            }
            for turn in turns {
                let isFilled = posts.contains { $0.from <= turn && turn < $0.to }
                if isFilled, let from = empty { judge(from, turn) }
                if isFilled { (empty, hadOne) = (nil, true) } else if hadOne, empty == nil { empty = turn }
            }
            if let from = empty { judge(from, nil) }
        }
        return Finding(had: (had, count), needed: (1, 1), verdict: count == 0 ? "notApplicable" : had == count ? "met" : "unmet")
    }

    /// First appointments of a kind whose first anniversary falls in the year.
    func prePost(_ unit: Int, _ subtree: Bool, _ isOfKind: (OracleWorld.Post) -> Bool) -> Finding {
        var had = 0, count = 0
        for person in world.people {
            var first: OracleWorld.Post?
            for post in person.posts where isOfKind(post) && (first == nil || post.from < first!.from) { first = post }
            guard let first, within(first.unit, unit, subtree) else { continue }
            var end = first.to
            while let next = person.posts.first(where: {
                $0.unit == first.unit && $0.title == first.title && isOfKind($0) && $0.from >= first.from && $0.from <= end + 1 && $0.to > end
            }) { end = next.to }
            let began = OracleDate(number: first.from)
            func anniversary(_ years: Int) -> Int {
                OracleDate(began.year + years, began.month, min(began.day, OracleDate.length(began.year + years, began.month))).number
            }
            let due = anniversary(1)
            guard OracleDate(number: due).year == year, due <= day, end > due else { continue }
            count += 1
            let hours = counted(person).filter { $0.purpose == "岗前" }.reduce(0) { $0 + accrued($1, anniversary(-1), due) }
            if hours >= 1600 { had += 1 }
        }
        return Finding(had: (had, count), needed: (1, 1), verdict: count == 0 ? "notApplicable" : had == count ? "met" : "unmet")
    }

    // MARK: D, development zone

    static let zoneCategories = [
        ("sectionLevel", "科级干部"), ("officeStaff", "机关干部职工"), ("villageCommittee", "村两委班子成员"), ("graduateVillageOfficial", "大学生村官"),
        ("enterpriseHead", "企业负责人"), ("enterprisePartyWorker", "企业党务工作者"), ("schoolHead", "中小学校长"), ("keyTeacher", "中小学业务骨干"),
    ]

    func zone(_ unit: Int, _ subtree: Bool) -> [String: Finding] {
        let from = OracleDate(2015, 1, 1).number, to = OracleDate(2019, 12, 31).number
        var all: [String: Finding] = [:]
        for (key, word) in Oracle.zoneCategories {
            all["D1/\(key)"] = share(heads(unit, subtree) { $0.category == word }, needed: (1, 1), periodEnd: to) { head in
                counted(head.person).contains { offJob($0) && $0.to >= from && $0.to <= to && $0.to <= last }
            }
        }
        return all
    }
}

extension OracleWorld {
    /// A random world with terms of office, and training in performing one's duty around their bounds.
    static func representatives(_ dice: inout Dice) -> OracleWorld {
        var world = random(&dice)
        for index in world.units.indices where dice.chance(40) {
            for version in world.units[index].versions.indices { world.units[index].versions[version].kind = dice.pick(["省级总工会", "地市总工会", "区县总工会"]) }
        }
        for person in world.people.indices {
            for _ in 0..<dice.roll(0...3) {
                let elected = OracleDate(dice.roll(2017...2023), dice.pick([1, 3, 6, 12]), dice.pick([1, 15, 31, 28].filter { $0 < 31 })).number
                let expires = elected + dice.pick([365, 1095, 1461])
                let left = dice.chance(30) ? elected + dice.pick([1, 200, expires - elected - 1, expires - elected, expires - elected + 40]) : nil
                world.people[person].terms.append(Term(
                    unit: dice.roll(0...world.units.count - 1), kind: dice.pick(["职工代表", "职工代表", "职工董事", "职工监事"]), session: dice.pick(["一", "二"]),
                    elected: elected, expires: expires, left: left))
            }
            for index in world.people[person].records.indices where dice.chance(60) {
                world.people[person].records[index].purpose = dice.pick(["履职", "民主管理", "民主管理"])
                world.people[person].records[index].title = dice.pick(["甲班", "乙班"])
            }
            for term in world.people[person].terms where dice.chance(80) {
                let at = dice.pick([term.elected, term.elected - 1, (term.left ?? term.expires) - 1, term.left ?? term.expires, term.elected + 30])
                world.people[person].records.append(Record(
                    form: dice.pick(["脱产培训", "网络培训"]), selected: false, purpose: dice.pick(["履职", "民主管理"]), host: dice.chance(60) ? term.unit : nil,
                    institution: "", from: at - dice.pick([0, 0, 1]), to: at, halfDays: nil, hours: dice.pick([800, 799, 1600, 1599, 400]), completed: true,
                    reversed: dice.chance(8), title: dice.pick(["甲班", "乙班"])))
            }
        }
        return world
    }

    /// A random world of units with norms: numbers around their bounds, posts of the six workforces, chairs that come and go.
    static func workforce(_ dice: inout Dice) -> OracleWorld {
        var world = random(&dice)
        let kinds = [
            "区县总工会", "区县总工会", "街道乡镇总工会", "工会服务站", "工会服务站", "职工服务中心", "行业工会联合会", "社区村联合工会", "产业工会", "企业工会", "企业工会",
            "机关事业单位工会", "地市总工会",
        ]
        for unit in world.units.indices {
            for version in world.units[unit].versions.indices {
                if unit > 0 || dice.chance(30) { world.units[unit].versions[version].kind = dice.pick(kinds) }
                if dice.chance(80) { world.units[unit].versions[version].employees = dice.pick([0, 99, 100, 333, 334, 1000, 1001, 40]) }
                if dice.chance(80) { world.units[unit].versions[version].members = dice.pick([0, 1999, 2000, 2001]) }
                if dice.chance(80) { world.units[unit].versions[version].enterprises = dice.pick([0, 99, 100, 101]) }
            }
        }
        let workforces = ["专兼职工会干部", "专职工会社会工作者", "社区(村)联合工会专职干事", "工资集体协商指导员", "工会专职律师", "工会劳动法律监督员"]
        // Many in one place, so that norms of several posts are reached.
        let crowded = dice.roll(0...world.units.count - 1), crowd = dice.pick(workforces)
        if dice.chance(40) {
            let kind = crowd == "专职工会社会工作者" ? "职工服务中心" : crowd == "工资集体协商指导员" && dice.chance(50) ? "工会服务站" : "区县总工会"
            for version in world.units[crowded].versions.indices {
                world.units[crowded].versions[version].kind = kind
                guard kind == "工会服务站", let above = world.units[crowded].versions[version].parent else { continue }
                for one in world.units[above].versions.indices { world.units[above].versions[one].kind = "街道乡镇总工会" }
            }
        }
        for _ in 0..<dice.pick([0, 2, 3, 4, 8, 11, 21]) {
            world.people.append(Person(
                posts: [Post(unit: crowded, from: always, to: open, primary: true, category: "", workforce: crowd, title: "", leader: false, engagement: "专职")], records: []))
        }
        for person in world.people.indices {
            for post in world.people[person].posts.indices where dice.chance(75) {
                world.people[person].posts[post].workforce = dice.pick(workforces)
                world.people[person].posts[post].engagement = dice.pick(["", "专职", "专职", "兼职"])
            }
            for index in world.people[person].records.indices where dice.chance(40) {
                world.people[person].records[index].purpose = dice.pick(["岗前", "岗前", "岗位"])
                if dice.chance(50) {
                    (world.people[person].records[index].halfDays, world.people[person].records[index].hours) = (nil, dice.pick([1600, 1599, 3200, 3199, 800]))
                }
            }
        }
        return world
    }

    static func zone(_ dice: inout Dice) -> OracleWorld {
        var world = random(&dice)
        // The zone's years lie before those of the world.
        let back = OracleDate(2019, 1, 1).number - OracleDate(2015, 1, 1).number
        func shift(_ day: inout Int) { if day != always && day != open { day -= back } }
        for unit in world.units.indices {
            for version in world.units[unit].versions.indices {
                shift(&world.units[unit].versions[version].from)
                shift(&world.units[unit].versions[version].to)
                world.units[unit].versions[version].kind = dice.pick(["开发区管委会", "机关部门", "村", "企业", "学校"])
            }
        }
        for person in world.people.indices {
            for post in world.people[person].posts.indices {
                shift(&world.people[person].posts[post].from)
                shift(&world.people[person].posts[post].to)
                world.people[person].posts[post].category = dice.chance(85) ? dice.pick(Oracle.zoneCategories).1 : ""
            }
            for record in world.people[person].records.indices {
                shift(&world.people[person].records[record].from)
                shift(&world.people[person].records[record].to)
            }
        }
        return world
    }

    // MARK: Into columns

    func counts() -> [Columns.Count] {
        units.enumerated().flatMap { index, unit in
            unit.versions.flatMap { version in
                [("employees", version.employees), ("members", version.members), ("enterprises", version.enterprises)].compactMap { key, value in
                    value.map { Columns.Count(organization: Int32(index), key: key, from: Int32(version.from), to: Int32(version.to), value: Int64($0)) }
                }
            }
        }
    }

    func holdings(_ person: Person, _ vocabulary: Vocabulary) -> [Columns.Holding] {
        person.terms.map { term in
            let end = Oracle.end(term, self)
            return Columns.Holding(
                organization: Int32(term.unit), key: vocabulary.representativeKinds.key(of: term.kind)!, from: Int32(term.elected), to: Int32(end.day),
                due: Int32(term.expires), isLeftEarly: end.leftEarly)
        }
    }
}
