import Access
import Accounts
import Kit

/// What is missing in the files of those in post: the check list of the daily page.
package struct Completeness: Sendable {
    package struct Gap: Sendable, Hashable {
        /// 人员类别, 手机号, 学历, 账号.
        package let word: String
        package let people: Int
        /// Nobody counted on: there are this many or more.
        package let isMore: Bool
        package let link: String
        package let isAccount: Bool
    }

    package let gaps: [Gap]

    /// Counts go no further than this: who has so many to fill in needs no exact number.
    static let most = 1000

    package static func read(_ signedIn: SignedIn, in db: Reading) throws -> Completeness {
        let units = PersonListAsk.units(of: nil, signedIn, ScopeOverTime(signedIn.scope))
        var gaps = try PersonListStore.Missing.allCases.map { missing in
            let count = try PersonListStore.count(PersonListStore.Ask(units: units, missing: missing, today: signedIn.today), most: most, in: db)
            return Gap(word: missing.word, people: count, isMore: count == most, link: "/people?missing=\(missing.rawValue)", isAccount: false)
        }
        let without = try ActivationStore.count(ActivationStore.Ask(units: ActivationRoutes.units(nil, signedIn), today: signedIn.today, now: signedIn.now), most: most, in: db)
        gaps.append(Gap(word: "账号", people: without, isMore: without == most, link: "/activation", isAccount: true))
        return Completeness(gaps: gaps.filter { $0.people > 0 })
    }

    /// What there is to fill in, for the page of the day.
    var tasks: [DayTask] {
        gaps.map { gap in
            let count = Numbers.count(gap.people) + (gap.isMore ? " 以上" : "")
            return gap.isAccount
                ? DayTask(count: count, words: "名在任人员还没有可用的账号", link: gap.link)
                : DayTask(count: count, words: "名在任人员没有填\(gap.word)", link: gap.link, note: gap.word == "人员类别" ? "不计入指标人数" : "")
        }
    }
}
