import Access
import Accounts
@testable import App
@testable import Approvals
import Foundation
import Kit
import People
@testable import Register
import TestBench
import Testing
import World

@Suite("Requests from before there were steps", .ownThreads) struct FormerRequestStories {
    /// As the program wrote one then: an image of its own name, and a step for each state.
    private static func write(
        _ id: Int64, _ kind: String, about subject: Int64, from unit: Int64, to decider: Int64, _ content: RowImage, _ state: String, before: String? = nil, in db: Writing
    ) throws {
        func image(_ state: String) -> RowImage {
            RowImage([
                "id": .int(id), "kind": .text(kind), "subject_id": .int(subject), "organization_id": .int(unit), "decider_id": .int(decider),
                "content": .text(content.sorted.json), "state": .text(state),
            ])
        }
        if before == nil {
            try db.run(SQL("""
                INSERT INTO request (id, kind, subject_id, organization_id, decider_id, content, state, act_id)
                VALUES (\(id), \(kind), \(subject), \(unit), \(decider), \(content.json), \(state), \(db.actID))
                """))
        } else { try db.run(SQL("UPDATE request SET state = \(state), act_id = \(db.actID) WHERE id = \(id)")) }
        try db.change("request", id, before: before.map { image($0).json }, after: image(state).json)
        try db.run(SQL("INSERT INTO request_step (request_id, act_id, state, account_id) VALUES (\(id), \(db.actID), \(state), \(db.act.accountID))"))
    }

    /// A database of the version before, with one request that was declined, one that moved somebody, and one that is open; then the program of today on it.
    private static func upgraded(_ body: (App, Named, _ officer: Int64, _ ids: [Int64], _ begins: Day) async throws -> Void) async throws {
        for engine in Bench.engines {
            let url = try Bench.makeEmpty(engine), key = NSTemporaryDirectory() + "/\(UUID().uuidString).key"
            defer {
                Bench.remove(url)
                try? FileManager.default.removeItem(atPath: key)
            }
            let database = try Database(url: url, readers: 2)
            defer { database.close() }
            func app(_ migrations: [Migration]) throws -> App {
                try App(database: database, databaseURL: url, settings: Settings(home: Study.home, keyFile: key), passwords: .least, migrations: migrations)
            }
            let former = try app(Migrations.all.filter { $0.name < "0040" }), named = try await Named.fill(database, numbers: former.numbers)
            let begins = Clock.today + 20, (wu, bh, jc) = (named.people["吴静"]!, named.units["HX-LJ-BH"]!, named.units["HX-JC"]!)
            let (asker, officer, ids) = try await database.write(Bench.act) { db -> (Int64, Int64, [Int64]) in
                let asker = try AccountStore.add("街道", displayName: "街道", hash: "-", in: db), officer = try AccountStore.add("市里", displayName: "市里", hash: "-", in: db)
                try GrantStore.give(Grant(role: .personnelOfficer, organizationID: bh, from: .always, to: .open), to: asker, in: db)
                try GrantStore.give(Grant(role: .personnelOfficer, organizationID: named.units["HX"]!, from: .always, to: .open), to: officer, in: db)
                return (asker, officer, [db.nextID(), db.nextID(), db.nextID()])
            }
            let by = { (account: Int64, why: String) in Act(who: .account(account, "某"), origin: "", kind: "test", why: why) }
            let moved = Appointment(personID: wu, organizationID: bh, from: Clock.today - 3, isPrimary: true, category: "grassroots", title: "副主席")
            let asked = Appointment(personID: named.people["欧阳修文"]!, organizationID: bh, from: begins, isPrimary: true, category: "grassroots", title: "顾问")
            try await database.write(by(asker, "缺人")) { db in
                let objection = RowImage(["person_id": .int(named.people["刘芳"]!), "about": .text("职务"), "text": .text("不对"), "link": .text("")])
                try write(ids[0], "record.objection", about: named.people["刘芳"]!, from: bh, to: bh, objection, "asked", in: db)
                try write(ids[1], "transfer", about: wu, from: bh, to: jc, RosterStore.image(moved), "asked", in: db)
                try write(ids[2], "transfer", about: asked.personID, from: bh, to: jc, RosterStore.image(asked), "asked", in: db)
            }
            try await database.write(by(officer, "没有错")) { db in
                let objection = RowImage(["person_id": .int(named.people["刘芳"]!), "about": .text("职务"), "text": .text("不对"), "link": .text("")])
                try write(ids[0], "record.objection", about: named.people["刘芳"]!, from: bh, to: bh, objection, "declined", before: "asked", in: db)
            }
            try await database.write(by(officer, "")) { db in
                try RosterStore.transfer(to: moved, in: db)
                try write(ids[1], "transfer", about: wu, from: bh, to: jc, RosterStore.image(moved), "consented", before: "asked", in: db)
            }
            do { try await body(app(Migrations.all), named, officer, ids, begins) } catch {
                Issue.record("on \(engine.rawValue)")
                throw error
            }
        }
    }

    private static func act<T: Sendable>(_ account: Int64, _ app: App, why: String = "看错了", _ body: @escaping @Sendable (ApprovalEye, Writing) throws -> T) async throws -> T {
        try await app.database.write(Act(who: .account(account, "某"), origin: "", kind: "undo", why: why)) { db in try body(ApprovalEye(acting: account, app.house, in: db), db) }
    }

    @Test("Their decisions are taken back like those of today, once, with what they brought about, and decided anew")
    func takenBack() async throws {
        try await Self.upgraded { app, named, officer, ids, _ in
            let posts = { @Sendable in try await app.database.read { try RosterStore.appointments(of: [named.people["吴静"]!], in: $0) } }
            #expect(try await posts().count == 2)
            for id in ids.prefix(2) { try await Self.act(officer, app) { eye, db in try Deciding.takeBack(id, eye, in: db) } }
            #expect(try await posts().map(\.to) == [.open])
            let states = try await app.database.read { db in try ids.map { try ApprovalStore.approval($0, in: db)?.state } }
            #expect(states == [.asked, .asked, .asked])
            let steps = try await app.database.read { db in try ids.flatMap { try ApprovalStore.steps(of: ApprovalStore.approval($0, in: db)!, in: db).map(\.state) } }
            #expect(steps == [.open, .open, .open])
            await #expect(throws: Refusal.self) { try await Self.act(officer, app) { eye, db in try Deciding.takeBack(ids[0], eye, in: db) } }
            try await Self.act(officer, app, why: "还是没有错") { eye, db in
                let digest = try ApprovalStore.approval(ids[0], in: db)?.digest ?? ""
                try Deciding.decide(ids[0], .decline, digest: digest, Form(), eye, in: db)
            }
            try await Self.act(officer, app) { eye, db in try Deciding.takeBack(ids[0], eye, in: db) }
            #expect(try await app.database.read { try ImageCheck.run(app.features.keepers, in: $0).findings } == [])
        }
    }

    @Test("What was open then gets due day and reminders by the steps of today, once")
    func timed() async throws {
        try await Self.upgraded { app, _, _, ids, begins in
            let today = Clock.today
            func step() async throws -> ApprovalStep { try await app.database.read { try ApprovalStore.steps(of: ApprovalStore.approval(ids[2], in: $0)!, in: $0)[0] } }
            let before = try await step()
            #expect(before.due == nil && before.told == today)
            #expect(try await Reminders.send(app.house, today: today) == 0)
            let after = try await step()
            #expect(after.due == begins && after.remind == [3, 0] && after.told == today)
            #expect(try await Reminders.send(app.house, today: begins - 2) == 1)
            #expect(try await app.database.read { try $0.count("SELECT count(*) FROM act WHERE kind = 'approval.time'") } == 1)
        }
    }
}
