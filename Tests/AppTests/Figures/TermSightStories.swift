import Access
import App
import Foundation
import Kit
import Ledger
@testable import Register
@testable import Representatives
import TestBench
import Testing
import World

@Suite("职工代表的指标只叫得出自己看得到的人", .ownThreads) struct TermSightStories {
    private static let query = "policy=national-worker-representatives-2019-2023&year=2022&subtree=1"

    @Test("A term counts in its unit wherever its holder's file is kept; name, records and workbook stay with those who see the file")
    func terms() async throws {
        try await servedOnBothEngines(today: Day(2023, 6, 1)!) { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            let (liu, wu, zheng) = (named.people["刘芳"]!, named.people["吴静"]!, named.people["郑强"]!), bh = named.units["HX-LJ-BH"]!
            // 吴静 is of 机床 and holds a term at 滨河; 郑强 left 滨河 in June 2022 and holds one still.
            try await app.database.write(Bench.act) { db in
                try TermStore.insert([liu, wu, zheng].map { person in
                    TermOfOffice(
                        personID: person, organizationID: bh, kind: "workerRepresentative", session: "第一届", elected: Day(2020, 3, 1)!, expiry: Day(2025, 3, 1)!)
                }, in: db)
                for person in [liu, wu, zheng] {
                    for (title, from) in [("早先的履职培训", Day(2022, 3, 7)!), ("后来的履职培训", Day(2022, 9, 5)!)] {
                        let record = TrainingRecord(sourceCode: "\(title)\(person)", title: title, form: "offJob", purpose: "duty", from: from, to: from + 1, halfDays: 4)
                        _ = try HourEntryStore.post(record, to: person, db)
                    }
                }
            }
            let street = try await PolicyReader(app, port, named, .personnelOfficer, at: "HX-LJ-BH"), city = try await PolicyReader(app, port, named, .personnelOfficer, at: "HX")
            let list = "/figures/\(bh)/B7?\(Self.query)", ours = try await street.get(list), theirs = try await city.get(list)
            #expect(ours.status == 200 && ours.body.contains("刘芳") && ours.body.contains("郑强") && !ours.body.contains("吴静") && ours.body.contains("（档案在别的单位）"))
            #expect(theirs.body.contains("吴静") && !theirs.body.contains("（档案在别的单位）"))
            func one(_ person: Int64) -> String { "/figures/\(bh)/B7/people/\(person)?\(Self.query)" }
            #expect(try await street.get(one(wu)).status == 404)
            #expect(try await city.get(one(wu)).body.contains("后来的履职培训"))
            // Of whom only the past is seen the later record is not told.
            let past = try await street.get(one(zheng))
            #expect(past.status == 200 && past.body.contains("早先的履职培训") && !past.body.contains("后来的履职培训"))
            #expect(try await street.get(one(liu)).body.contains("后来的履职培训"))
            // The workbook knows no more than the page.
            func sheet(_ reader: PolicyReader) async throws -> String {
                let file = try await reader.browser.take("/figures/\(bh)/B7/people.xlsx?\(Self.query)", [], token: Caller.token), path = NSTemporaryDirectory() + "/\(UUID().uuidString).xlsx"
                try file.bytes.write(to: URL(filePath: path))
                defer { try? FileManager.default.removeItem(atPath: path) }
                var text = ""
                let sheet = try TableReader(file: path, columns: ["人员编号", "姓名", "依据的记录"].map { SheetColumn(key: $0, title: $0) })
                while var row = try sheet.next() { text += ["人员编号", "姓名", "依据的记录"].map { row.text($0) ?? "" }.joined(separator: ",") + "\n" }
                return text
            }
            let (own, whole) = (try await sheet(street), try await sheet(city))
            #expect(own.contains("刘芳") && !own.contains("吴静") && !own.contains("后来的履职培训\(wu)") && !own.contains("后来的履职培训\(zheng)"))
            #expect(whole.contains("吴静") && whole.contains("后来的履职培训\(wu)"))
        }
    }
}
