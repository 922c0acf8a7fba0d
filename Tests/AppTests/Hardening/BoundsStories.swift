@testable import App
@testable import Figures
import Foundation
import Kit
import Register
import Ledger
import Rules
@testable import Standing
import TestBench
import Testing
import World

@Suite("One range for each number, whichever way it comes", .ownThreads)
struct BoundsStories {
    /// Takes away what keeps such an entry out, as an older version had nothing of it.
    static func unbound(_ url: String) throws {
        try Bench.byHand(url, url.hasPrefix("sqlite:") ? "SELECT 1" : "ALTER TABLE hour_entry DROP CONSTRAINT hour_entry_range")
    }

    static let columns = """
        person_id, source_key, revision, sign, prior_revision, prior_sign, source_code, title, form, is_selected, purpose, content, host_id,
        institution, from_day, to_day, half_days, hours, is_completed, act_id
        """

    /// An entry like another one but for some columns.
    static func copy(_ entry: Int64, as id: Int64, _ changes: [String: String]) -> String {
        let names = columns.split { ", \n".contains($0) }.map(String.init)
        let values = names.map { changes[$0] ?? ($0 == "source_key" ? "source_key % 1000000 + \(id)" : $0) }
        return "INSERT INTO hour_entry (id, \(names.joined(separator: ", "))) SELECT \(id), \(values.joined(separator: ", ")) FROM hour_entry WHERE id = \(entry)"
    }

    @Test("The schema refuses what is out of any range, at both ends, and takes the ends themselves; the ranges are the program's")
    func schema() async throws {
        try await servedOnBothEngines { app, _ in
            _ = try await Subjects.make(app)
            try await app.database.write(Bench.act) { db in
                try db.run("INSERT INTO setting (one, announced_from, announced_to, act_id) VALUES (1, 0, 0, \(db.actID))")
                for check in Features.all.ranges {
                    #expect(try check.findings(in: db) == [], "\(check.table)")
                    #expect(try db.count(SQL(stringLiteral: "SELECT count(*) FROM \(check.table)")) > 0, "\(check.table) has a row to try with")
                    for column in check.columns {
                        func write(_ value: Int64) throws {
                            try db.attempt {
                                if check.table == "hour_entry" {
                                    let entry = try db.count("SELECT min(id) FROM hour_entry WHERE sign = 1 AND revision = 0")
                                    var changes = [column.name: "\(value)"]
                                    // As the next after a reversal, so that nothing else is wrong with it.
                                    if column.name == "revision" { changes.merge(["prior_revision": "\(value - 1)", "prior_sign": "-1"]) { first, _ in first } }
                                    try db.run(SQL(stringLiteral: Self.copy(entry, as: db.nextID(), changes)))
                                } else {
                                    try db.run(SQL(stringLiteral: "UPDATE \(check.table) SET \(column.name) = \(value) WHERE \(check.key) = (SELECT min(\(check.key)) FROM \(check.table))"))
                                }
                            }
                        }
                        var refusals: [ConstraintBroken] = []
                        for value in [column.range.lowerBound - 1, column.range.upperBound + 1] {
                            do {
                                try write(value)
                                Issue.record("\(check.table).\(column.name) takes \(value)")
                            } catch let broken as ConstraintBroken { refusals.append(broken) }
                        }
                        // A refresher lies between two days that have the range themselves: that is what PostgreSQL names.
                        let isImplied = column.name == "refresher_due" && refusals.allSatisfy { $0.kind == .check }
                        #expect(isImplied || refusals.contains(ConstraintBroken(kind: .check, name: "\(check.table)_range")), "\(check.table).\(column.name)")
                    }
                }
            }
        }
    }

    @Test("Page and workbook refuse the same amounts and days of a record, with a sentence, and nothing is written")
    func ways() async throws {
        try await servedOnBothEngines { app, port in
            let subjects = try await Subjects.make(app)
            let liu = try #require(subjects.named.people["刘芳"])
            let entry = try await app.database.read { db in try #require(try HourEntryStore.entries(of: liu, from: db).first) }
            let officer = try #require(try await Caller.all(app, port, subjects).first { $0.role == .personnelOfficer && $0.place == .own })
            let before = try await app.database.read { try $0.count("SELECT count(*) FROM hour_entry") }
            let check = TrainingRecordCheck(vocabulary: app.library.vocabulary)
            for (days, hours, from, to) in [
                ("", "99999999", "2022-03-01", "2022-03-05"), ("", "200000", "2022-03-01", "2022-03-05"), ("10000", "", "2022-03-01", "2022-03-05"),
                ("2", "", "1899-12-31", "2022-03-05"), ("2", "", "2022-03-01", "2200-01-01"), ("2", "", "2022-03-05", "2022-03-01"),
            ] {
                let fields = [("title", "一个班"), ("from", from), ("to", to), ("days", days), ("hours", hours), ("completed", "on"), ("why", "登错了")]
                let answer = try await officer.browser.post("/records/\(entry.id)/correct", fields, token: Caller.token)
                #expect(answer.status == 200 || answer.status == 422, "\(fields): \(answer.status)")
                var record = entry.record
                (record.from, record.to) = (try #require(Day(iso: from)), try #require(Day(iso: to)))
                record.halfDays = Int(days).map { $0 * 2 }
                record.hours = Int(hours).map { $0 * 100 }
                #expect(!check.faults(of: record).isEmpty)
                let impossible = record
                await #expect(throws: Refusal.self) { try await app.database.write(Bench.act) { db in try HourEntryStore.post(impossible, to: liu, db) } }
            }
            #expect(try await app.database.read { try $0.count("SELECT count(*) FROM hour_entry") } == before)
        }
    }

    @Test("A database that holds what cannot be opens, counts without it, says so where it is shown, lets it be taken back, and verify names it")
    func held() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let folder = NSTemporaryDirectory() + "/yugong-bounds-\(UUID().uuidString)"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(atPath: folder) }
                let settings = try Settings(home: Settings.fromEnvironment().home, keyFile: folder + "/the.key")
                let app = try App(database: database, databaseURL: url, settings: settings)
                let named = try await Named.fill(database, numbers: app.numbers), library = app.library
                let liu = try #require(named.people["刘芳"]), policy = try #require(library["beijing-cadres-2019-2023"])
                func figures(_ facts: Facts) async throws -> [Finding] {
                    let view = try await facts.view(), unit = try #require(view.number(ofOrganization: named.units["HX"] ?? 0))
                    return view.cube(policy, year: 2022, day: .lastDay(of: 2022)).findings(unit: unit, subtree: true)
                }
                let followed = Facts(database: database, shelf: PolicyShelf(library)), before = try await figures(followed)
                let entry = try await database.read { db in
                    let all = try HourEntryStore.entries(of: liu, from: db)
                    return try #require(all.first { $0.sign == .posting && $0.record.form == "offJob" && $0.record.from.year == 2022 } ?? all.first)
                }
                try Self.unbound(url)
                var broken = [["hours": "99999999"], ["hours": "20000000"], ["half_days": "40000000"], ["to_day": "2000000"], ["from_day": "-900000"]]
                // PostgreSQL's columns hold nothing else.
                if engine == .sqlite { broken += [["hours": "9223372036854775807"], ["hours": "'abc'"], ["to_day": "'morgen'"], ["to_day": "99999.5"]] }
                let kinds = broken
                let ids = try await database.write(Bench.act) { db in
                    try kinds.map { changes in
                        let id = db.nextID()
                        try db.run(SQL(stringLiteral: Self.copy(entry.id, as: id, changes)))
                        return id
                    }
                }
                #expect(try await figures(followed) == before, "followed")
                #expect(try await figures(Facts(database: database, shelf: PolicyShelf(library))) == before, "read anew")

                try app.anchor()
                let findings = try await onThread { try Verification.run(database, databaseURL: url, settings: settings).findings }
                for (id, changes) in zip(ids, kinds) {
                    let name = changes.keys.first ?? ""
                    #expect(findings.contains { $0.hasPrefix("学时 \(id)：\(name) 是 ") }, "\(changes): \(findings)")
                }
                // What the page itself once took can be taken back there.
                let shown = try await database.read { db in try HourEntryStore.entries(of: liu, from: db).filter { ids.contains($0.id) } }
                #expect(shown.count == (engine == .sqlite ? 6 : 5))
                let statement = try await database.read { try StatementStore.statement(of: liu, under: policy, through: .lastDay(of: 2023), from: $0) { _ in true } }
                #expect(statement.lines.filter { ids.contains($0.entry.id) && $0.entry.record.outOfBounds != nil }.allSatisfy { $0.hours.isEmpty })
                try await database.write(Bench.act) { db in try HourEntryStore.reverse(ids[0], why: "登错了", db) }
                let after = try await onThread { try Verification.run(database, databaseURL: url, settings: settings).findings }
                #expect(!after.contains { $0.contains("\(ids[0])：hours 是") } && after.contains { $0.contains("\(ids[1])：hours 是") })
                #expect(try await figures(followed) == before)
            }
        }
    }

    @Test("A database from before the ranges that holds an entry out of them takes the migration")
    func older() async throws {
        for engine in Bench.engines {
            let url = try Bench.makeEmpty(engine)
            defer { Bench.remove(url) }
            let database = try Database(url: url, readers: 1)
            defer { database.close() }
            try database.migrate(Migrations.all.filter { $0.name < "0028" })
            let none = engine == .sqlite ? "x'00'" : "'\\x00'"
            try Bench.byHand(url, """
                INSERT INTO act (id, at_ms, who, origin, kind, why) VALUES (1, 0, '', '', 'test', '');
                INSERT INTO person (id, name, pinyin, initials, id_cipher, id_index, id_part_index, birth_day, act_id)
                VALUES (1, '张三', '', '', \(none), \(none), \(none), 0, 1);
                INSERT INTO hour_entry (id, person_id, source_key, title, form, is_selected, from_day, to_day, hours, is_completed, act_id)
                VALUES (5, 1, 1, 'x', 'offJob', 0, 19000, 19001, 99999999, 1, 1)
                """)
            #expect(try database.migrate(Migrations.all).contains("0028-ranges"))
            #expect(try database.readNow { try HourEntryStore.range.findings(in: $0) } == ["学时 5：hours 是 99999999，应在 0 到 9999999 之间"])
            try database.writeNow(Bench.act) { try HourEntryStore.reverse(5, why: "登错了", $0) }
            #expect(try database.readNow { try HourEntryStore.range.findings(in: $0) } == [], "what was taken back is as it should be")
        }
    }

    @Test("What is out of a range is restored nowhere without a reason on record")
    func restore() async throws {
        try await CommandLineUser.onBothEngines { user in
            try user.fill()
            try user.write("t.csv", "证件号码,姓名,培训名称,培训形式,开始日期,结束日期,天数", "11010519491231002X,张三,主席班,脱产培训,2022-03-07,2022-03-11,5")
            #expect(try await user.command("import", "training-records", "t.csv").status == 0)
            try user.write("much.csv", "证件号码,姓名,培训名称,培训形式,开始日期,结束日期,学时", "11010519491231002X,张三,另一班,脱产培训,2022-03-07,2022-03-11,200000")
            let refused = try await user.command("import", "training-records", "much.csv")
            #expect(refused.status == 65 && (refused.said + refused.noted).contains("99999.99"), "\(refused.said) \(refused.noted)")
            try Self.unbound(user.database)
            try Bench.byHand(user.database, Self.copy(0, as: 7, ["hours": "99999999"]).replacing("WHERE id = 0", with: "WHERE id = (SELECT min(id) FROM hour_entry)"))
            let found = try await user.command("verify")
            #expect(found.status == 65 && found.said.contains("学时 7：hours 是 99999999"), "\(found.said)")
            #expect(try await user.command("backup", "a.backup").status == 0)
            for engine in Bench.engines {
                let url = engine == .sqlite ? "sqlite:\(user.folder)/restored-\(UUID().uuidString).db" : try Bench.makeEmpty(engine)
                defer { Bench.remove(url) }
                let restored = try await onThread { try user.run("restore", "a.backup", database: url) }
                #expect(restored.status == 65 && restored.noted.contains("核对出 2 个问题"), "\(restored.said) \(restored.noted)")
            }
        }
    }
}
