// A second computation of A1–A5 and A7–A14, written straight from the clauses and readings 1–15 of the rules.
// It shares no code with the engine: its own days, its own structs, one loop after another. Slow on purpose.

struct OracleDate: Comparable {
    var year: Int, month: Int, day: Int

    static func < (a: OracleDate, b: OracleDate) -> Bool { (a.year, a.month, a.day) < (b.year, b.month, b.day) }
    static func leap(_ y: Int) -> Bool { (y % 4 == 0 && y % 100 != 0) || y % 400 == 0 }
    static func length(_ y: Int, _ m: Int) -> Int { m == 2 ? (leap(y) ? 29 : 28) : [4, 6, 9, 11].contains(m) ? 30 : 31 }

    /// Days since 1970-01-01, counted by walking.
    var number: Int {
        var n = 0
        if year >= 1970 {
            for y in 1970..<year { n += OracleDate.leap(y) ? 366 : 365 }
        } else {
            for y in year..<1970 { n -= OracleDate.leap(y) ? 366 : 365 }
        }
        for m in 1..<month { n += OracleDate.length(year, m) }
        return n + day - 1
    }

    init(_ y: Int, _ m: Int, _ d: Int) { (year, month, day) = (y, m, d) }

    init(number: Int) {
        var n = number, y = 1970, m = 1
        while n < 0 { y -= 1; n += OracleDate.leap(y) ? 366 : 365 }
        while n >= (OracleDate.leap(y) ? 366 : 365) { n -= OracleDate.leap(y) ? 366 : 365; y += 1 }
        while n >= OracleDate.length(y, m) { n -= OracleDate.length(y, m); m += 1 }
        (year, month, day) = (y, m, n + 1)
    }
}

/// A small world in the words of the workbooks. Days are numbers since 1970-01-01.
struct OracleWorld {
    struct Version {
        var from: Int, to: Int, parent: Int?, kind: String
        /// 职工人数, 会员人数, 企业数, where they were recorded.
        var employees: Int?, members: Int?, enterprises: Int?
    }
    struct Unit { var versions: [Version] }
    /// As the register of terms has it: `left` is 离任日期.
    struct Term { var unit: Int, kind: String, session: String, elected: Int, expires: Int, left: Int? }
    struct Post {
        var unit: Int, from: Int, to: Int, primary: Bool
        var category: String, workforce: String, title: String, leader: Bool
        /// 专兼挂
        var engagement = ""
    }
    struct Record {
        var form: String, selected: Bool, purpose: String, host: Int?, institution: String
        var from: Int, to: Int, halfDays: Int?, hours: Int?, completed: Bool
        /// Taken back later by a reversal: it counts nowhere.
        var reversed = false
        var title = ""
    }
    struct Person {
        var posts: [Post], records: [Record]
        var terms: [Term] = []
    }

    var units: [Unit]
    var people: [Person]
    static let unrecognised = "未认可的公司"
}

struct OracleFinding: Equatable {
    var had: (Int, Int)
    var needed: (Int, Int)?
    var verdict: String?

    static func == (a: OracleFinding, b: OracleFinding) -> Bool {
        a.had == b.had && a.needed?.0 == b.needed?.0 && a.needed?.1 == b.needed?.1 && a.verdict == b.verdict
    }
}

struct Oracle {
    let world: OracleWorld
    let year: Int
    let day: Int

    var january: Int { OracleDate(year, 1, 1).number }
    var december: Int { OracleDate(year, 12, 31).number }
    /// A day beyond the year's end moves the roster only.
    var last: Int { min(day, december) }

    // MARK: The tree of the day

    func version(_ unit: Int) -> OracleWorld.Version? { world.units[unit].versions.first { $0.from <= day && day < $0.to } }

    func kind(_ unit: Int) -> String {
        if let now = version(unit) { return now.kind }
        return nearest(unit)?.kind ?? ""
    }

    /// Of a unit that does not exist on the day: what it was last, else what it will be first.
    func nearest(_ unit: Int) -> OracleWorld.Version? {
        let past = world.units[unit].versions.filter { $0.to <= day }
        return past.max { $0.to < $1.to } ?? world.units[unit].versions.min { $0.from < $1.from }
    }

    /// The nearest ancestor that exists on the day, through the last known parents of those that do not.
    func parent(_ unit: Int) -> Int? {
        var parent = (version(unit) ?? nearest(unit))?.parent
        while let here = parent, version(here) == nil { parent = nearest(here)?.parent }
        return parent
    }

    func isAbove(_ upper: Int, _ unit: Int) -> Bool {
        var at = parent(unit)
        while let here = at {
            if here == upper { return true }
            at = parent(here)
        }
        return false
    }

    func within(_ unit: Int, _ asked: Int, _ subtree: Bool) -> Bool { unit == asked || (subtree && isAbove(asked, unit)) }

    // MARK: Heads

    func primary(_ person: OracleWorld.Person) -> OracleWorld.Post? {
        person.posts.first { $0.primary && $0.from <= day && $0.to > day }
    }

    typealias Head = (person: OracleWorld.Person, post: OracleWorld.Post)

    func heads(_ unit: Int, _ subtree: Bool, _ isCounted: (OracleWorld.Post) -> Bool) -> [Head] {
        var result: [Head] = []
        for person in world.people {
            if let post = primary(person), within(post.unit, unit, subtree), isCounted(post) { result.append((person, post)) }
        }
        return result
    }

    /// The words of a 职务, divided by signs, blanks, brackets and 兼.
    static func words(_ title: String) -> [String] {
        var words: [String] = [], word = ""
        for c in title {
            if "、，,/／；; （）()兼".contains(c) {
                words.append(word)
                word = ""
            } else {
                word.append(c)
            }
        }
        return words + [word]
    }

    /// "chair", "vice" or "" for one word: how it ends decides, unless it is another body's, a former or an honorary one.
    static func office(_ word: String) -> String {
        for body in ["政协", "妇联", "人大", "文联", "科协", "残联", "侨联", "作协", "工商联", "董事会", "监事会"] where word.contains(body) { return "" }
        if word.hasPrefix("原") || word.hasPrefix("前") || word.hasPrefix("名誉") { return "" }
        return word.hasSuffix("副主席") ? "vice" : word.hasSuffix("主席") ? "chair" : ""
    }

    static func isChair(_ post: OracleWorld.Post) -> Bool { words(post.title).contains { office($0) != "" } }
    static func isFullChair(_ title: String) -> Bool { words(title).contains { office($0) == "chair" } }

    // MARK: Hours and records

    func counted(_ person: OracleWorld.Person) -> [OracleWorld.Record] { person.records.filter { $0.completed && !$0.reversed } }

    /// Hours in hundredths: 8 a day, 4 half a day for the forms that convert, else 学时.
    func hours(_ r: OracleWorld.Record) -> Int {
        if ["脱产培训", "专题讲座", "以岗代训"].contains(r.form), let halves = r.halfDays { return halves * 400 }
        return r.hours ?? 0
    }

    /// Day by day, each day the hours by which the rounded-down running total grows.
    func accrued(_ r: OracleWorld.Record, _ from: Int, _ to: Int) -> Int {
        let h = hours(r), count = r.to - r.from + 1
        var sum = 0
        for n in 1...count {
            let date = r.from + n - 1
            if date >= from && date <= to { sum += h * n / count - h * (n - 1) / count }
        }
        return sum
    }

    func offJob(_ r: OracleWorld.Record) -> Bool { r.form == "脱产培训" || r.form == "专题讲座" }

    func offJobHours(_ person: OracleWorld.Person) -> Int {
        counted(person).filter(offJob).reduce(0) { $0 + accrued($1, january, last) }
    }

    func endsInYear(_ r: OracleWorld.Record) -> Bool { r.to >= january && r.to <= last }

    // MARK: Verdicts

    func verdict(_ had: (Int, Int), _ needed: (Int, Int), heads: Int, periodEnd: Int?) -> String {
        if heads == 0 { return "notApplicable" }
        if had.0 * needed.1 >= needed.0 * had.1 { return "met" }
        // Reading 9 asks the reference day itself, also where training counts only up to the year's end.
        if let periodEnd, day < periodEnd { return "pending" }
        return "unmet"
    }

    func share(_ heads: [Head], needed: (Int, Int)?, periodEnd: Int?, _ meets: (Head) -> Bool) -> OracleFinding {
        var had = 0
        for head in heads where meets(head) { had += 1 }
        return OracleFinding(
            had: (had, heads.count), needed: needed,
            verdict: needed.map { verdict((had, heads.count), $0, heads: heads.count, periodEnd: periodEnd) })
    }

    // MARK: The rules

    func findings(_ unit: Int, _ subtree: Bool) -> [String: OracleFinding] {
        var all: [String: OracleFinding] = [:]
        let categories = [("divisionAndAbove", "处级及以上"), ("sectionAndBelow", "科级及以下"), ("grassroots", "基层")]
        let quota = ["处级及以上": 11_000, "科级及以下": 9000, "基层": 4000]
        let selection = ["处级及以上": 30, "科级及以下": 25, "基层": 25]
        let participation = ["处级及以上": 50, "科级及以下": 40, "基层": 40]
        let periodFrom = OracleDate(2019, 1, 1).number, periodTo = OracleDate(2023, 12, 31).number
        let city = ["全国总工会", "省级总工会", "地市总工会"]

        func selected(_ p: OracleWorld.Person) -> Bool {
            counted(p).contains { $0.form == "脱产培训" && $0.selected && endsInYear($0) }
        }
        func participated(_ p: OracleWorld.Person) -> Bool {
            counted(p).contains { (offJob($0) || $0.form == "网上专题班") && endsInYear($0) }
        }

        for (key, word) in categories {
            let heads = heads(unit, subtree) { $0.category == word }
            let sum = heads.reduce(0) { $0 + offJobHours($1.person) }
            all["A1/\(key)"] = OracleFinding(
                had: (sum, heads.count), needed: (quota[word]!, 1),
                verdict: verdict((sum, heads.count), (quota[word]!, 1), heads: heads.count, periodEnd: december))
            all["A2/\(key)"] = share(heads, needed: (selection[word]!, 100), periodEnd: december) { selected($0.person) }
            all["A3/\(key)"] = share(heads, needed: (participation[word]!, 100), periodEnd: december) { participated($0.person) }
            all["A4/\(key)"] = share(heads, needed: (1, 1), periodEnd: december) { head in
                counted(head.person).filter { $0.form == "网络培训" || $0.form == "网上专题班" }
                    .reduce(0) { $0 + accrued($1, january, last) } >= 5000
            }
        }
        let cadres = heads(unit, subtree) { quota[$0.category] != nil }
        all["A2/null"] = share(cadres, needed: nil, periodEnd: nil) { selected($0.person) }
        all["A3/null"] = share(cadres, needed: nil, periodEnd: nil) { participated($0.person) }

        let total = cadres.reduce(0) { $0 + offJobHours($1.person) }
        let owed = cadres.reduce(0) { $0 + quota[$1.post.category]! }
        all["A5/null"] = OracleFinding(
            had: (total, 1), needed: (owed, 1), verdict: verdict((total, 1), (owed, 1), heads: cadres.count, periodEnd: december))

        all["A7/divisionAndAbove"] = share(heads(unit, subtree) { $0.category == "处级及以上" }, needed: (1, 1), periodEnd: periodTo) { head in
            let records = counted(head.person).filter {
                offJob($0) && $0.institution != "" && $0.institution != OracleWorld.unrecognised
            }
            let hours = records.reduce(0) { $0 + accrued($1, periodFrom, min(last, periodTo)) }
            var days = 0
            for r in records { for d in r.from...r.to where d >= periodFrom && d <= periodTo && d <= last { days += 1 } }
            return hours >= 55_000 || days >= 90
        }
        all["A8/sectionAndBelow"] = share(heads(unit, subtree) { $0.category == "科级及以下" }, needed: (1, 1), periodEnd: december) {
            offJobHours($0.person) >= 9000
        }
        all["A9/grassroots"] = share(heads(unit, subtree) { $0.category == "基层" }, needed: (1, 1), periodEnd: december) {
            offJobHours($0.person) >= 4000
        }
        all["A10/null"] = share(cadres, needed: (1, 1), periodEnd: periodTo) { head in
            counted(head.person).contains {
                (offJob($0) || $0.form == "网上专题班") && $0.to >= periodFrom && $0.to <= periodTo && $0.to <= last
            }
        }

        func cityTrained(_ head: Head) -> Bool {
            counted(head.person).contains { r in
                guard offJob(r), endsInYear(r), let host = r.host else { return false }
                return kind(host) == "工会院校" || (city.contains(kind(host)) && isAbove(host, head.post.unit))
            }
        }
        all["A11/districtLeadership"] = share(
            heads(unit, subtree) { kind($0.unit) == "区县总工会" && $0.leader }, needed: (1, 5), periodEnd: december, cityTrained)
        all["A11/industryLeadership"] = share(
            heads(unit, subtree) { ["产业工会", "局集团高校工会"].contains(kind($0.unit)) && Oracle.isChair($0) }, needed: (1, 5),
            periodEnd: december, cityTrained)
        all["A11/townLeadership"] = share(
            heads(unit, subtree) { kind($0.unit) == "街道乡镇总工会" && Oracle.isChair($0) }, needed: (1, 5), periodEnd: december, cityTrained)
        let federations = city + ["区县总工会", "街道乡镇总工会", "产业工会", "行业工会联合会"]
        all["A11/institutionLeadership"] = share(
            heads(unit, subtree) { kind($0.unit) == "所属事业单位" && $0.leader }, needed: (1, 5), periodEnd: december
        ) { head in
            counted(head.person).contains { r in
                guard offJob(r), endsInYear(r), let host = r.host else { return false }
                return kind(host) == "工会院校" || (federations.contains(kind(host)) && isAbove(host, head.post.unit))
            }
        }
        all["A12/null"] = share(
            heads(unit, subtree) {
                ["省级总工会", "地市总工会", "区县总工会"].contains(kind($0.unit)) && ["处级及以上", "科级及以下"].contains($0.category)
            }, needed: (1, 5), periodEnd: december
        ) { head in counted(head.person).contains { offJob($0) && endsInYear($0) } }

        let social = heads(unit, subtree) { $0.workforce == "专职工会社会工作者" }
        all["A13/socialWorkersCity"] = share(social, needed: (1, 5), periodEnd: december, cityTrained)
        all["A13/socialWorkersDistrict"] = share(social, needed: (1, 1), periodEnd: december) { head in
            counted(head.person).contains { r in
                guard ["岗位", "专门业务"].contains(r.purpose), endsInYear(r), let host = r.host else { return false }
                return (city + ["区县总工会"]).contains(kind(host))
            }
        }
        all["A14/null"] = newChairs(unit, subtree)
        return all
    }

    func newChairs(_ unit: Int, _ subtree: Bool) -> OracleFinding {
        var had = 0, count = 0
        for person in world.people {
            for post in person.posts {
                guard within(post.unit, unit, subtree), Oracle.isChair(post),
                    ["企业工会", "机关事业单位工会", "社区村联合工会"].contains(kind(post.unit))
                else { continue }
                // Taken up again in the same unit and 职务: goes on, does not begin.
                let same = person.posts.filter { $0.unit == post.unit && $0.title == post.title }
                if same.contains(where: { $0.from < post.from && reaches(same, $0, post.from) }) { continue }
                var end = post.to
                while let next = same.first(where: { $0.from >= post.from && $0.from <= end + 1 && $0.to > end }) { end = next.to }
                let began = OracleDate(number: post.from)
                var due = OracleDate(began.year + 1, began.month, began.day)
                if began.month == 2 && began.day == 29 { due.day = 28 }
                guard due.year == year, due.number <= day, end > due.number else { continue }
                count += 1
                if counted(person).contains(where: { r in
                    guard offJob(r), r.to >= post.from, r.to <= due.number, let host = r.host else { return false }
                    return kind(host) == "工会院校" || isAbove(host, post.unit)
                }) { had += 1 }
            }
        }
        return OracleFinding(
            had: (had, count), needed: (1, 1), verdict: verdict((had, count), (1, 1), heads: count, periodEnd: nil))
    }

    /// Whether a chain of posts without a gap of more than a day leads from one post to a day.
    func reaches(_ posts: [OracleWorld.Post], _ first: OracleWorld.Post, _ start: Int) -> Bool {
        var end = first.to
        while end + 1 < start {
            guard let next = posts.first(where: { $0.from >= first.from && $0.from <= end + 1 && $0.to > end }) else { return false }
            end = next.to
        }
        return true
    }
}
