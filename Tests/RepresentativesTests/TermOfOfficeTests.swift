import Kit
@testable import Representatives
import TestBench
import Testing

@Suite("When a term of office ends", .ownThreads) struct TermOfOfficeTests {
    private func day(_ text: String) -> Day { Day(iso: text)! }

    /// A term of somebody of the one unit and kind: 届次, 当选日期, 届满日期, 离任日期.
    private func term(_ session: String, _ elected: String, _ expiry: String = "2099-01-01", left: String? = nil, unit: Int64 = 1, kind: String = "workerRepresentative", person: Int64 = 9) -> TermOfOffice {
        TermOfOffice(
            personID: person, organizationID: unit, kind: kind, session: session, elected: day(elected), expiry: day(expiry), left: left.map(day) ?? .open)
    }

    private func end(_ day: String?, leaving: Bool = false, early: Bool = false) -> TermOfOffice.End {
        TermOfOffice.End(day: day.map(self.day) ?? .open, isByLeaving: leaving, isEarly: early)
    }

    @Test("Nothing ends a term that nobody left and no other 届次 followed, however long ago it was 届满")
    func alone() {
        #expect(TermOfOffice.ends(of: [term("第一届", "2001-01-01", "2004-01-01")]) == [end(nil)])
        #expect(TermOfOffice.ends(of: []) == [])
    }

    @Test("A term of another 届次 that was elected later ends it on that day; one of the same 届次 does not, nor one elected on the same day")
    func followed() {
        let first = term("第一届", "2014-03-01", "2019-03-01")
        #expect(TermOfOffice.ends(of: [first, term("第二届", "2019-03-05")]) == [end("2019-03-05"), end(nil)])
        #expect(TermOfOffice.ends(of: [first, term("第一届", "2019-03-05")]) == [end(nil), end(nil)], "a by-election")
        #expect(TermOfOffice.ends(of: [first, term("第二届", "2014-03-01")]) == [end(nil), end(nil)], "not later")
        #expect(TermOfOffice.ends(of: [first, term("第二届", "2014-03-02")]) == [end("2014-03-02"), end(nil)], "just later")
    }

    @Test("The earliest later election of another 届次 counts, and by-elections end with their 届次")
    func earliest() {
        let terms = [
            term("第三届", "2020-06-01"), term("第一届", "2010-06-01"), term("第二届", "2015-06-02"), term("第二届", "2015-06-01"), term("第一届", "2012-01-01"),
            term("第二届", "2018-01-01"),
        ]
        #expect(TermOfOffice.ends(of: terms) == [end(nil), end("2015-06-01"), end("2020-06-01"), end("2020-06-01"), end("2015-06-01"), end("2020-06-01")])
    }

    @Test("A 离任日期 ends it where it comes first: on the day of 换届 it is leaving, a day later it is none")
    func left() {
        func ends(_ left: String) -> TermOfOffice.End { TermOfOffice.ends(of: [term("第一届", "2014-03-01", "2019-03-01", left: left), term("第二届", "2019-03-05")])[0] }
        #expect(ends("2019-03-04") == end("2019-03-04", leaving: true))
        #expect(ends("2019-03-05") == end("2019-03-05", leaving: true))
        #expect(ends("2019-03-06") == end("2019-03-05"))
    }

    @Test("It ends early by a 离任日期 before the 届满日期; on that day, or by 换届 before it, it does not")
    func early() {
        func ends(_ left: String?, _ next: String) -> TermOfOffice.End { TermOfOffice.ends(of: [term("第一届", "2014-03-01", "2019-03-01", left: left), term("第二届", next)])[0] }
        #expect(ends("2019-02-28", "2019-03-05") == end("2019-02-28", leaving: true, early: true))
        #expect(ends("2019-03-01", "2019-03-05") == end("2019-03-01", leaving: true))
        #expect(ends(nil, "2018-03-05") == end("2018-03-05"))
        #expect(ends("2018-06-01", "2018-03-05") == end("2018-03-05"), "what was ended by 换届 was not left")
    }

    @Test("It agrees with looking at every pair, for many made lists, several units and kinds at once")
    func pairs() {
        var state: UInt64 = 7
        func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
        for _ in 0..<2000 {
            let terms = (0..<below(9)).map { number -> TermOfOffice in
                let elected = day("2020-01-01") + below(12)
                return TermOfOffice(
                    id: Int64(number + 1), personID: Int64(number), organizationID: Int64(below(2)), kind: ["workerRepresentative", "workerDirector"][below(2)],
                    session: ["一", "二", "三"][below(3)], elected: elected, expiry: elected + 1 + below(9), left: below(2) == 0 ? .open : elected + 1 + below(9))
            }
            let ends = TermOfOffice.endsByID(of: terms)
            for term in terms {
                let later = terms.filter { $0.organizationID == term.organizationID && $0.kind == term.kind && $0.session != term.session && $0.elected > term.elected }
                let congress = later.map(\.elected).min() ?? .open, isLeft = term.left < .open && term.left <= congress
                #expect(ends[term.id] == TermOfOffice.End(day: min(congress, term.left), isByLeaving: isLeft, isEarly: isLeft && term.left < term.expiry), "\(terms)")
            }
        }
    }

    @Test("On a day it is to come, in office, so many days overdue, left or followed; each changes on its very day")
    func states() {
        let term = term("第一届", "2014-03-01", "2019-03-01"), open = end(nil)
        func state(_ text: String, _ end: TermOfOffice.End) -> TermOfOffice.State { term.state(on: day(text), end) }
        #expect(state("2014-02-28", open) == .coming && state("2014-03-01", open) == .inOffice)
        #expect(state("2019-03-01", open) == .inOffice && state("2019-03-02", open) == .overdue(days: 1) && state("2020-03-01", open) == .overdue(days: 366))
        #expect(state("2019-03-04", end("2019-03-05")) == .overdue(days: 3) && state("2019-03-05", end("2019-03-05")) == .followed)
        #expect(state("2016-01-01", end("2016-01-02", leaving: true)) == .inOffice && state("2016-01-02", end("2016-01-02", leaving: true)) == .left)
    }

    @Test("Two terms of one person overlap within a 届次 until the first is left, and of two 届次 only on one day; other units and kinds are no matter")
    func overlaps() {
        let first = term("第一届", "2014-03-01", left: "2016-01-02")
        #expect(first.overlaps(term("第一届", "2016-01-01")) && !first.overlaps(term("第一届", "2016-01-02")))
        #expect(term("第一届", "2016-01-01").overlaps(first) && !term("第一届", "2016-01-02").overlaps(first))
        #expect(first.overlaps(term("第二届", "2014-03-01")) && !first.overlaps(term("第二届", "2014-03-02")))
        #expect(!first.overlaps(term("第一届", "2014-03-01", unit: 2)) && !first.overlaps(term("第一届", "2014-03-01", kind: "workerDirector")))
    }

    @Test("The ways to write one 届次 are told to be one, and others are not")
    func sessions() {
        for (one, other) in [("第七届", "第7届"), ("第七届", "七届"), ("第七届", "7"), ("第十届", "第10届"), ("第十二届", "12届"), ("第二十届", "第20届"), ("第二十一届", "第 21 届")] {
            #expect(TermOfOffice.plain(session: one) == TermOfOffice.plain(session: other), "\(one) \(other)")
        }
        let all = ["第七届", "第八届", "第十届", "第一届", "首届", "2019届", "第七届一次", "第百届", "第十十届", "第届", "届", ""]
        #expect(Set(all.map(TermOfOffice.plain(session:))).count == all.count)
    }
}
