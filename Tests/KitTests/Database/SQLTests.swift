@testable import Kit
import TestBench
import Testing

@Suite("SQL binds and nothing else", .ownThreads)
struct SQLTests {
    @Test("what is interpolated is a parameter, whatever stands in it")
    func binding() async throws {
        let name = "'; DROP TABLE organization; --"
        let condition: SQL = "code = \(name)"
        let sql: SQL = "SELECT \(1) WHERE \(condition) AND \(nil as Int?) IS NULL"
        #expect(sql.text == "SELECT ? WHERE code = ? AND ? IS NULL")
        #expect(sql.values == [.int(1), .text(name), .null])
        try await onBothEngines { database in
            let back = try await database.read { try $0.first("SELECT \(name)") { $0.text(0) } }
            #expect(back == name)
        }
    }

    @Test("every type comes back as it went in")
    func types() async throws {
        try await onBothEngines { database in
            try await database.read { db throws in
                let row = try db.first(
                    "SELECT \(Int.max), \(Int32.min), \(true), \("汉字·𠮷"), \([0, 255, 92] as [UInt8]), \(Day.open), \(nil as String?), \(""), \([] as [UInt8]), \(Int64.min)"
                ) { row in
                    #expect(row.int(0) == Int64.max && row.int(1) == Int64(Int32.min) && row.bool(2) && row.text(3) == "汉字·𠮷")
                    #expect(row.blob(4) == [0, 255, 92] && row.day(5) == .open && row.textOrNil(6) == nil && row.textOrNil(7) == "")
                    #expect(row.blobOrNil(8) == [] && row.int(9) == .min && row.intOrNil(6) == nil && row.dayOrNil(6) == nil)
                    return true
                }
                #expect(row == true)
            }
        }
    }

    @Test("lists, with or without parentheses, of any length; an empty one matches nothing")
    func lists() async throws {
        try await onBothEngines { database in
            try await database.write(Bench.act) { db in
                for code in ["A", "B", "C"] { try db.run("INSERT INTO organization (id, code, act_id) VALUES (\(db.nextID()), \(code), \(db.actID))") }
            }
            try await database.read { db throws in
                #expect(try db.count("SELECT count(*) FROM organization WHERE code IN (\(list: ["A", "B", "X"]))") == 2)
                #expect(try db.count("SELECT count(*) FROM organization WHERE code IN \(list: ["C"])") == 1)
                #expect(try db.count("SELECT count(*) FROM organization WHERE code NOT IN \(list: [] as [String])") == 3)
                #expect(try db.count("SELECT count(*) FROM organization WHERE id IN (\(list: [] as [Int64]))") == 0)
                #expect(try db.count("SELECT count(*) FROM organization WHERE id IN \(list: Array(1...20_000))") == 0)
            }
        }
    }

    @Test("joined parts keep their parameters in order")
    func joining() {
        let sql = SQL.join(["a = \(1)", "b = \("x")", "c"], separator: " AND ")
        #expect(sql.text == "a = ? AND b = ? AND c" && sql.values == [.int(1), .text("x")])
        #expect(SQL.join([], separator: ",").text == "")
    }

    @Test("PostgreSQL's numbers pass over quotes and comments")
    func numbering() {
        let (text, count) = SQL.numbered("SELECT '?', \"?\", ? -- ?\n, ? /* ? */ FROM t WHERE a = 'it''s ?' AND b = ?")
        #expect(text == "SELECT '?', \"?\", $1 -- ?\n, $2 /* ? */ FROM t WHERE a = 'it''s ?' AND b = $3")
        #expect(count == 3)
    }

    @Test("the same text with NULL first and a number after, and with another type")
    func changingTypes() async throws {
        try await onBothEngines { database in
            try await database.read { db throws in
                for value in [Value.null, .int(5), .null, .text("x"), .int(7)] {
                    let isNull = try db.first("SELECT CASE WHEN COALESCE(\(value), NULL) IS NULL THEN 1 ELSE 0 END") { $0.bool(0) }
                    #expect(isNull == (value == .null))
                }
            }
        }
    }
}
