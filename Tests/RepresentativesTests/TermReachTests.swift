import Access
import Kit
import People
import Register
@testable import Representatives
import TestBench
import Testing

@Suite("Whose terms somebody may bring in", .ownThreads) struct TermReachTests {
    @Test("Outside one's units people look as if they were not there, and so do units")
    func outside() async throws {
        try await TermWorld.onBothEngines { world in
            let reach = try world.reach(of: "HX-LJ-BH")
            let report = try world.take(
                [
                    TermWorld.row(), TermWorld.row("吴静"), TermWorld.row("吴静", id: "11010519491231002X"), TermWorld.row(unit: "HX-JC"), TermWorld.row("王建国"),
                ], reach: reach)
            #expect(report.errors.map(\.row) == [3, 4, 5, 6] && report.new == 1 && !report.applied)
            #expect(report.errors[0].sentence == report.errors[1].sentence && report.errors[0].sentence == report.errors[3].sentence)
            #expect(report.errors.map(\.refusal) == ["person.unseen", "person.unseen", "unit.unknown", "person.unseen"])
        }
    }

    @Test("Of somebody who moved away the terms that began before stay the unit's to keep; what begins later is not, and the present name is not told")
    func gone() async throws {
        try await TermWorld.onBothEngines { world in
            // 郑强 was at 滨河 until 2022-06-01.
            let reach = try world.reach(of: "HX-LJ-BH")
            func row(_ elected: String, left: String = "", name: String = "郑强", session: String = "第一届") -> String {
                TermWorld.row(name, id: TermWorld.idNumber("郑强"), unit: "HX-LJ-BH", session: session, elected: elected, left: left)
            }
            #expect(try world.take([row("2022-05-31")], reach: reach).new == 1)
            #expect(try world.take([row("2022-05-31", left: "2022-09-01")], reach: reach).changed == 1)
            let later = try world.take([row("2022-06-01", session: "第二届")], reach: reach)
            #expect(later.errors.map(\.refusal) == ["person.elsewhere"] && later.errors[0].column == "当选日期")
            let named = try world.take([row("2022-05-30", name: "郑弱")], reach: reach)
            #expect(named.errors.map(\.column) == ["姓名"] && !named.errors[0].sentence.contains("郑强"))
            // The command line reaches everything, and who brings nothing new is asked nothing.
            #expect(try world.take([row("2022-06-01", session: "第二届")]).new == 1)
            #expect(try world.take([row("2022-06-01", session: "第二届")], reach: reach).unchanged == 1)
        }
    }

    @Test("Two files made one have their terms together: one that both have once, with what either says; what would overlap is refused, and it can be taken back")
    func merging() async throws {
        try await TermWorld.onBothEngines { world in
            let huang = world.named.people["黄磊"]!, database = world.database
            func merge(_ absorbed: Int64, into survivor: Int64) async throws -> Int64 {
                try await database.write(Act(who: .system, origin: "", kind: "person.merge", why: "")) { db in
                    try RosterStore.merge(absorbed, into: survivor, primary: .survivor, in: db)
                    for rows in [Feature.representatives].compactMap(\.merging) { try rows.merged(absorbed, survivor, db) }
                    return db.actID
                }
            }
            try world.take([
                TermWorld.row(constituency: "一车间"), TermWorld.row("陈杰", left: "2023-01-01", constituency: "二车间", composition: "一线职工"),
                TermWorld.row("陈杰", kind: "职工董事"), TermWorld.row("刘芳", elected: "2021-01-01"),
            ])
            let chen = world.named.people["陈杰"]!, before = try world.terms(of: "黄磊") + world.terms(of: "陈杰")
            let act = try await merge(chen, into: huang)
            let merged = try world.terms(of: "黄磊"), rest = try world.terms(of: "陈杰")
            #expect(merged.count == 2 && rest == [])
            let kept = try #require(merged.first { $0.kind == "workerRepresentative" })
            #expect((kept.left, kept.constituency, kept.composition) == (Day(2023, 1, 1)!, "一车间", "frontLine"))
            try await database.write(Bench.act) { try TakingBack.undo(act: act, RosterStore.keepers + [TermStore.keeper], in: $0) }
            #expect(try world.terms(of: "黄磊") + world.terms(of: "陈杰") == before)

            let tables = try await EveryTable(database)
            await #expect(throws: Refusal.self) { _ = try await merge(world.named.people["刘芳"]!, into: huang) }
            #expect(try await tables.differences(database) == [])
        }
    }

    @Test("Of a deleted file the terms keep unit and days; where and from among whom it was elected is gone")
    func erasing() async throws {
        try await TermWorld.onBothEngines { world in
            try world.take([TermWorld.row(constituency: "一车间", composition: "一线职工")])
            let huang = world.named.people["黄磊"]!, old = try #require(try world.terms(of: "黄磊").first), erasing = try #require(Feature.representatives.erasing)
            let held = try await world.database.read { try erasing.held(Erased(files: [huang], accounts: []), $0) }
            #expect(held.goes.count == 1 && held.stays.count == 1)
            try await world.database.write(Bench.act) { try erasing.forget(Erased(files: [huang], accounts: []), $0) }
            var left = old
            (left.constituency, left.composition) = ("", "")
            #expect(try world.terms(of: "黄磊") == [left])
        }
    }

    @Test("The schema refuses what the workbook refuses: overlapping terms, days in the wrong order, words that are none")
    func schema() async throws {
        try await TermWorld.onBothEngines { world in
            try world.take([TermWorld.row(left: "2022-05-01")])
            let term = try #require(try world.terms(of: "黄磊").first)
            func refused(_ change: (inout TermOfOffice) -> Void) async throws -> Bool {
                var other = term
                change(&other)
                let new = other
                do {
                    try await world.database.write(Bench.act) { try TermStore.insert([new], in: $0) }
                    return false
                } catch is ConstraintBroken { return true }
            }
            let last = term.left - 1
            #expect(try await refused { $0.elected = last; $0.left = .open })
            #expect(try await refused { $0.session = "第二届" })
            #expect(try await refused { $0.kind = "other" })
            #expect(try await refused { $0.composition = "other"; $0.elected = $0.left })
            #expect(try await refused { $0.elected = $0.left; $0.expiry = $0.left; $0.left = .open })
            #expect(try await refused { $0.elected = $0.left; $0.expiry = .open })
            #expect(try await refused { $0.session = ""; $0.elected = $0.left; $0.left = .open })
            #expect(try await !refused { $0.elected = $0.left; $0.left = .open })
        }
    }
}
