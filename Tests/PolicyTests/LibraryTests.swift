import TestBench
import Testing

@testable import Rules

@Suite("规则库", .ownThreads)
struct LibraryTests {
    @Test("随系统的政策都能加载，A1–A5 与 A7–A14 齐全")
    func shippedPoliciesLoad() {
        let policy = Shipped.beijing
        #expect(policy.rules.map(\.id) == ["A1", "A2", "A3", "A4", "A5", "A7", "A8", "A9", "A10", "A11", "A12", "A13", "A14"])
        #expect(policy.years == 2019...2023)
        #expect(policy.title == "《2019—2023年北京市工会干部教育培训规划》")
    }

    @Test("每一个数都写明条款")
    func everyLineHasItsClause() {
        for line in Shipped.beijing.lines { #expect(!line.clause.isEmpty && !line.quote.isEmpty) }
        #expect(Shipped.beijing.lines[Shipped.beijing.line(rule: "A1", category: "grassroots")!].clause == "附件 表 第1列")
    }

    @Test("词与键可以互查，全角括号也认得")
    func wordsAndKeys() {
        let words = Shipped.library.vocabulary
        #expect(words.forms.key(of: "脱产培训") == "offJob")
        #expect(words.forms.word(of: "online") == "网络培训")
        #expect(words.workforces.key(of: "社区（村）联合工会专职干事") == "communityOfficer")
        #expect(words.organizationKinds["unionCollege"]?.isCollege == true)
    }

    @Test("职务逐词读：以主席、副主席结尾的算，别的组织的、原任的、名誉的和说下去的不算", arguments: [
        ("主席", ["主席"]), ("工会主席", ["主席"]), ("常务副主席", ["副主席"]), ("兼职副主席", ["副主席"]), ("某街道总工会主席", ["主席"]),
        ("党组书记兼主席", ["主席"]), ("副主席（挂职）", ["副主席"]), ("党委书记、主席", ["主席"]), ("主席/副主席", ["主席", "副主席"]),
        ("主席助理", []), ("主席团成员", []), ("政协主席", []), ("县妇联主席", []), ("监事会主席", []), ("工商联副主席", []), ("原主席", []), ("前副主席", []),
        ("名誉主席", []), ("", []), ("部长", []), ("政协副主席、工会主席", ["主席"]),
    ])
    func titles(title: String, offices: [String]) {
        let titles = Shipped.library.vocabulary.titles
        #expect(titles.read(title).intersection(["主席", "副主席"]) == Set(offices), "\(title)")
        #expect((titles.unclearOffice(in: title) != nil) == (title.contains("主席") && offices.isEmpty), "\(title)")
    }

    @Test("三个月以后：同一天，没有这一天的取月末")
    func months() {
        for (from, to) in [("2022-03-31", "2022-06-30"), ("2021-11-30", "2022-02-28"), ("2019-11-30", "2020-02-29"), ("2022-10-01", "2023-01-01"), ("2022-12-31", "2023-03-31")] {
            #expect(CivilDate.monthsLater(day(from), 3) == day(to))
        }
    }

    @Test("天数按被问的政策折算：一天 8 学时，半天 4 学时")
    func conversion() {
        #expect(Shipped.beijing.hours(form: "offJob", halfDays: 3, hours: nil) == 1200)
        #expect(Shipped.beijing.hours(form: "online", halfDays: 3, hours: 250) == 250)
        #expect(Shipped.beijing.conversion?.hours(halfDays: 3) == 1200 && Shipped.beijing.conversion?.isBinding == true)
    }

    @Test("基准日是今天与年底中较早的一天")
    func referenceDay() {
        #expect(Shipped.beijing.referenceDay(year: 2022, today: day("2022-05-01")) == day("2022-05-01"))
        #expect(Shipped.beijing.referenceDay(year: 2022, today: day("2026-05-01")) == day("2022-12-31"))
    }

    @Test("日历：日期与天数互换，2 月 29 日的周年是 2 月 28 日")
    func calendar() {
        #expect(CivilDate.day(1970, 1, 1) == 0)
        #expect(CivilDate.day(1, 1, 1) == -719_162)
        #expect(CivilDate.day(9999, 12, 31) == 2_932_896)
        for number in stride(from: Int32(-719_162), through: 2_932_896, by: 997) {
            let parts = CivilDate.parts(number)
            #expect(CivilDate.day(parts.year, parts.month, parts.day) == number)
        }
        #expect(CivilDate.anniversary(of: day("2020-02-29"), years: 1) == day("2021-02-28"))
        #expect(CivilDate.anniversary(of: day("2019-02-28"), years: 1) == day("2020-02-28"))
        #expect(CivilDate.parse("2021-02-29") == nil)
    }

    @Test("显示到一位小数，但不把没达到的标准显示成达到了")
    func figures() {
        #expect(Figure.meanHours(Ratio(98_750, 31), missing: Ratio(4000, 1)) == "31.9")
        #expect(Figure.meanHours(Ratio(3996, 1), missing: Ratio(4000, 1)) == "39.96")
        #expect(Figure.meanHours(Ratio(3996, 1), missing: nil) == "40.0")
        #expect(Figure.percent(Ratio(9, 31), missing: nil) == "29.0")
        #expect(Figure.percent(Ratio(2999, 10_000), missing: Ratio(30, 100)) == "29.99")
        #expect(Figure.hours(230_850) == "2308.5")
        #expect(Figure.hours(5) == "0.05")
    }
}
