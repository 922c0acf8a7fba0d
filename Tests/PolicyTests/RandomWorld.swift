import Register
@testable import Rules
import World

/// SplitMix64: the same world for the same seed on every machine.
struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
    mutating func roll(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
    mutating func chance(_ percent: Int) -> Bool { roll(1...100) <= percent }
    mutating func pick<T>(_ values: [T]) -> T { values[roll(0...values.count - 1)] }
}

extension OracleWorld {
    static let always = OracleDate(1, 1, 1).number, open = OracleDate(9999, 12, 31).number
    private static func n(_ y: Int, _ m: Int, _ d: Int) -> Int { OracleDate(y, m, d).number }

    /// Units move, merge and close; people move, hold several posts or none; classes cross New Year, are unfinished
    /// or taken back. Days, hours and hosts are drawn so that bounds are often just met and just missed.
    static func random(_ dice: inout Dice) -> OracleWorld {
        let low = n(2018, 10, 1), high = n(2024, 3, 31)
        let turning = [n(2019, 12, 31), n(2020, 2, 29), n(2021, 1, 1), n(2021, 6, 30), n(2022, 7, 1), n(2022, 12, 31), n(2023, 1, 1)]
        func date(_ dice: inout Dice) -> Int { dice.chance(35) ? dice.pick(turning) + dice.roll(-1...1) : dice.roll(low...high) }

        let upper = ["全国总工会", "省级总工会", "地市总工会", "区县总工会", "地市总工会", "区县总工会"]
        let lower = ["产业工会", "局集团高校工会", "街道乡镇总工会", "工会服务站", "社区村联合工会", "行业工会联合会", "企业工会", "机关事业单位工会",
            "所属事业单位", "工会院校", "企业工会", "街道乡镇总工会", "所属事业单位"]
        var units: [Unit] = []
        for index in 0..<dice.roll(1...9) {
            func parent(_ dice: inout Dice) -> Int? { index == 0 || dice.chance(12) ? nil : dice.roll(0...index - 1) }
            func kind(_ dice: inout Dice) -> String { dice.pick(index < 3 || dice.chance(15) ? upper : lower) }
            let first = kind(&dice)
            var versions: [Version] = []
            var from = dice.chance(10) ? date(&dice) : always
            while dice.chance(25) && versions.count < 2 {
                let to = date(&dice)
                if to <= from { continue }
                versions.append(Version(from: from, to: to, parent: parent(&dice), kind: dice.chance(80) ? first : kind(&dice)))
                from = to
            }
            var end = open
            if dice.chance(8) { end = max(from + 1, date(&dice)) }
            versions.append(Version(from: from, to: end, parent: parent(&dice), kind: first))
            units.append(Unit(versions: versions))
        }

        let titles = ["主席", "副主席", "主席", "副主席", "党委书记、主席", "副主席（挂职）", "常务副主席", "主席助理", "工会主席", "", "部长", "委员/副主席", "主席，书记",
            "党组书记兼主席", "兼职副主席", "政协主席", "原主席", "名誉副主席", "某街道总工会主席"]
        let hours = [5000, 2500, 9000, 8999, 4000, 3999, 11_000, 10_999, 55_000, 1, 0, 333, 1234, 800, 27_500, 100]
        var people: [Person] = []
        for _ in 0..<dice.roll(0...8) {
            var posts: [Post] = []
            func post(_ dice: inout Dice, _ from: Int, _ to: Int, primary: Bool) -> Post {
                Post(
                    unit: dice.roll(0...units.count - 1), from: from, to: to, primary: primary,
                    category: dice.pick(["处级及以上", "科级及以下", "基层", "基层", "处级及以上", ""]),
                    workforce: dice.pick(["", "专兼职工会干部", "专职工会社会工作者", "工会专职律师"]), title: dice.pick(titles), leader: dice.chance(40))
            }
            var from = dice.chance(35) ? n(2015, 3, 1) : date(&dice)
            for _ in 0..<dice.roll(0...3) {
                let to = dice.chance(60) ? open : date(&dice)
                guard to > from else { continue }
                var next = post(&dice, from, to, primary: true)
                // The same post again, with or without a day between.
                if dice.chance(40), let last = posts.last { (next.unit, next.title) = (last.unit, last.title) }
                posts.append(next)
                if to == open { break }
                from = to + dice.pick([0, 0, 1, 2, 30])
            }
            for _ in 0..<dice.pick([0, 0, 1, 2]) {
                let from = date(&dice)
                var next = post(&dice, from, dice.chance(50) ? open : from + dice.pick([1, 364, 365, 366, 367, 800]), primary: false)
                if dice.chance(30), let last = posts.last { (next.unit, next.title) = (last.unit, last.title) }
                if !posts.contains(where: { $0.unit == next.unit && $0.from == next.from && $0.title == next.title }) { posts.append(next) }
            }
            var records: [Record] = []
            for _ in 0..<dice.roll(0...6) {
                let form = dice.pick(["脱产培训", "脱产培训", "脱产培训", "专题讲座", "网络培训", "网上专题班", "以岗代训", "在职自学", "学历教育"])
                var from = date(&dice), length = dice.pick([1, 1, 2, 3, 5, 12, 30, 45, 89, 90, 91])
                if let start = posts.first?.from, start > low, dice.chance(30) {
                    // Around taking office and its anniversary.
                    from = start + dice.pick([-1, 0, 1, 363, 364, 365, 366])
                    length = 1
                }
                let converts = ["脱产培训", "专题讲座", "以岗代训"].contains(form)
                let halves = dice.roll(0...length * 2)
                let byDays = converts && dice.chance(60)
                let both = !byDays || dice.chance(20)
                records.append(Record(
                    form: form, selected: dice.chance(60), purpose: dice.pick(["", "岗位", "专门业务", "初任"]),
                    host: dice.chance(75) ? dice.roll(0...units.count - 1) : nil, institution: dice.pick(["", "市委党校", unrecognised]),
                    from: from, to: from + length - 1, halfDays: byDays || dice.chance(10) ? halves : nil,
                    hours: both ? (byDays ? halves * 400 : dice.pick(hours)) : nil, completed: dice.chance(85), reversed: dice.chance(12)))
            }
            // New chairs, trained by the union above near the bounds of their first year.
            for post in posts where post.from > low && dice.chance(60) {
                let host = units[post.unit].versions.last!.parent ?? 0
                let to = post.from + dice.pick([-1, 0, 1, 90, 363, 364, 365, 366])
                records.append(Record(
                    form: dice.pick(["脱产培训", "专题讲座"]), selected: true, purpose: "任职", host: host, institution: "", from: to - dice.roll(0...3),
                    to: to, halfDays: 2, hours: nil, completed: dice.chance(90), reversed: dice.chance(10)))
            }
            people.append(Person(posts: posts, records: records))
        }
        return OracleWorld(units: units, people: people)
    }

    // MARK: Into columns

    func columns(_ vocabulary: Vocabulary, _ policy: Policy, shuffledBy dice: inout Dice) -> Columns {
        var builder = ColumnsBuilder(vocabulary: vocabulary, people: people.count, organizations: units.count, versions: versions(vocabulary), counts: counts())
        for index in people.indices.shuffled(using: &dice) {
            for post in people[index].posts { builder.append(appointment(post, vocabulary, policy), of: Int32(index)) }
            for entry in entries(people[index], vocabulary) { builder.append(entry, of: Int32(index)) }
            for holding in holdings(people[index], vocabulary) { builder.append(holding, of: Int32(index)) }
        }
        return builder.build()
    }

    func versions(_ vocabulary: Vocabulary) -> [Columns.Version] {
        units.enumerated().flatMap { index, unit in
            unit.versions.map {
                Columns.Version(
                    organization: Int32(index), from: Int32($0.from), to: Int32($0.to), parent: Int32($0.parent ?? -1),
                    kind: vocabulary.organizationKinds.key(of: $0.kind)!)
            }
        }
    }

    func appointment(_ post: Post, _ vocabulary: Vocabulary, _ policy: Policy) -> Columns.Appointment {
        Columns.Appointment(
            organization: Int32(post.unit), from: Int32(post.from), to: Int32(post.to), isPrimary: post.primary,
            category: policy.categories.first { $0.word == post.category }?.key ?? (policy.categories.isEmpty ? post.category : ""),
            workforce: vocabulary.workforces.key(of: post.workforce) ?? "", engagement: vocabulary.engagements.key(of: post.engagement) ?? "", title: post.title, isLeadership: post.leader)
    }

    /// Postings first, then the reversals of those that were taken back.
    func entries(_ person: Person, _ vocabulary: Vocabulary) -> [Columns.Entry] {
        var entries: [Columns.Entry] = []
        for record in person.records {
            entries.append(Columns.Entry(
                kind: Columns.Kind(
                    form: vocabulary.forms.key(of: record.form)!, isSelected: record.selected,
                    purpose: vocabulary.purposes.key(of: record.purpose) ?? "", isCompleted: record.completed,
                    institution: record.institution.isEmpty ? .unnamed : record.institution == OracleWorld.unrecognised ? .unrecognised : .recognised,
                    host: Int32(record.host ?? -1), title: record.title),
                from: Int32(record.from), to: Int32(record.to), halfDays: record.halfDays.map(Int32.init), hours: record.hours.map(Int32.init)))
        }
        for (index, record) in person.records.enumerated() where record.reversed {
            var reversal = entries[index]
            reversal.isReversal = true
            entries.append(reversal)
        }
        return entries
    }
}
