import Kit
import TestBench
import Testing

@Suite("What stores ask of the database", .ownThreads)
struct StoreTests {
    @Test("an act leaves its row, its rows, its images and the last id")
    func writing() async throws {
        try await onBothEngines { database in
            let act = Act(who: .account(7, "张三"), origin: "203.0.113.7", kind: "organization.create", why: "新建")
            let id = try await database.write(act) { db in
                let id = db.nextID()
                try db.run(SQL("INSERT INTO organization (id, code, act_id) VALUES (\(id), \("BJ"), \(db.actID))"))
                try db.change("organization", id, before: nil, after: "{\"code\":\"BJ\"}")
                return id
            }
            let last = try await database.lastID()
            try await database.read { db throws in
                #expect(try db.count("SELECT count(*) FROM organization WHERE id = \(id)") == 1)
                let act = try db.first("SELECT account_id, who, origin, kind, why, at_ms FROM act") {
                    ($0.intOrNil(0), $0.text(1), $0.text(2), $0.text(3), $0.text(4), $0.int(5))
                }
                #expect(act?.0 == 7 && act?.1 == "张三" && act?.2 == "203.0.113.7" && act?.3 == "organization.create" && act?.4 == "新建")
                let change = try db.first("SELECT id, subject, subject_id, before_image, after_image FROM act_change") {
                    ($0.int(0), $0.text(1), $0.int(2), $0.textOrNil(3), $0.textOrNil(4))
                }
                #expect(change?.1 == "organization" && change?.2 == id && change?.3 == nil && change?.4 == "{\"code\":\"BJ\"}")
                #expect(change?.0 == last)
                #expect(last >> 20 >= (act?.5 ?? .max))
            }
        }
    }

    @Test("One statement that changes megabytes is done, and one that fails half-way leaves nothing of it behind")
    func large() async throws {
        try await onBothEngines { database in
            try await database.write(Bench.act) { db in
                for number in 0..<30_000 { try db.run("INSERT INTO organization (id, code, act_id) VALUES (\(db.nextID()), \("C\(100_000 + number)"), \(db.actID))") }
            }
            try await database.write(Bench.act) { db in try db.run("UPDATE organization SET code = 'D' || substr(code, 2)") }
            #expect(try await database.read { try $0.count("SELECT count(*) FROM organization WHERE code LIKE 'D%'") } == 30_000)
            await #expect(throws: (any Error).self) {
                try await database.write(Bench.act) { db in try db.run("UPDATE organization SET code = CASE WHEN code = 'D129999' THEN 'E100000' ELSE 'E' || substr(code, 2) END") }
            }
            #expect(try await database.read { try $0.count("SELECT count(*) FROM organization WHERE code LIKE 'D%'") } == 30_000)
        }
    }

    @Test("a job that throws leaves nothing behind")
    func undone() async throws {
        try await onBothEngines { database in
            await #expect(throws: Refusal("test.no", "不。")) {
                try await database.write(Bench.act) { db in
                    try db.run("INSERT INTO organization (id, code, act_id) VALUES (\(db.nextID()), 'A', \(db.actID))")
                    throw Refusal("test.no", "不。")
                }
            }
            try await database.read { db throws in
                #expect(try db.count("SELECT count(*) FROM organization") == 0)
                #expect(try db.count("SELECT count(*) FROM act") == 0)
                #expect(try db.lastID() == 0)
            }
        }
    }
}
